import { expect, it } from "vitest";
import { logProb } from "../../reference/distributions/uniform.ts";
import { uniform } from "../../src/distributions/uniform.ts";
import { key } from "../../src/key.ts";
import { sampleOn } from "../../src/sample.ts";
import { laws } from "../laws.ts";
import { near } from "../laws/numbers.ts";
import { stage, testCore } from "../laws/stage.ts";
import { spaced, sumOver } from "./families.ts";

const narrow = { f64: 1 + 2 ** -50, f32: 1 + 2 ** -21 } as const;

for (const dim of [1, 5]) {
  const edge = (low: number, high: number) => spaced(dim, { low: [low, 0], high: [high, 0] });
  laws(`uniform(${dim})`, {
    family: uniform(dim),
    problems: [[0, 1], [-1.5, 0.25], [10, 11]].map(([low, high]) => spaced(dim, { low: [low!, 0.25], high: [high!, 0.5] })),
    support: (x, draw, { low, high }) => low![0]! < x && x < high![dim - 1]! && Array.from(draw).every((v, j) => low![j]! < v && v < high![j]!),
    moments: ({ low, high }) => ({ mean: low!.map((l, j) => (l + high![j]!) / 2), variance: low!.map((l, j) => (high![j]! - l) ** 2 / 12) }),
    logProb: ({ low, high }, x) => sumOver(x, (v, j) => logProb(v, low![j]!, high![j]!)),
    range: () => [0, 1],
    edges: {
      f64: [edge(-1.7e308, 1.7e308), edge(1e-320, 2e-320), edge(1, narrow.f64)],
      f32: [edge(-3e38, 3e38), edge(1e-44, 1e-43), edge(1, narrow.f32)],
    },
  });
}

it("draws strictly between its ends where few numbers lie between", () => {
  for (const precision of ["f64", "f32"] as const) {
    using at = stage(uniform(1), precision, [{ low: [1], high: [narrow[precision]] }]);
    expect(at.sample(5000).every((x: number) => 1 < x && x < narrow[precision])).toBe(true);
  }
});

it.each(["f64", "f32"] as const)("has the logarithm of the ratio of widths as its divergence from one that holds it, in %s", (precision) => {
  using at = stage(uniform(2), precision, [{ low: [0, 1], high: [1, 4] }, { low: [-0.5, 1], high: [0.5, 1.25] }]);
  using prior = stage(uniform(2), precision, [{ low: [-0.5, 1], high: [1, 5] }]);
  const { value, gradient } = at.divergence(prior.theta, -2);
  [Math.log((1.5 * 4) / (1 * 3)), Math.log((1.5 * 4) / (1 * 0.25))].forEach((exact, b) => near(value[b]!, -2 * exact, 1e-6, `problem ${b}`));
  [1, 1 / 3, 1, 4, -1, -1 / 3, -1, -4].forEach((exact, i) => near(gradient[i]!, -2 * exact, 1e-6, `number ${i} of the gradient`));
});

it("has an infinite divergence from one that does not hold it", () => {
  using at = stage(uniform(1), "f64", [{ low: [0], high: [1] }]);
  for (const [low, high] of [[0.5, 2], [-1, 0.75]] as const) {
    using prior = stage(uniform(1), "f64", [{ low: [low], high: [high] }]);
    expect(at.divergence(prior.theta, 1).value).toEqual(Float64Array.of(Infinity));
  }
});

it("refuses an interval that is empty, with both ends named", () => {
  const params = { low: new Float64Array([0, 2]), high: new Float64Array([1, 2]) };
  expect(() => sampleOn(testCore(), uniform(2), params, key(1), { samples: 1 })).toThrow('sample: "params.high[1]" expected a number > low (2), got 2');
});
