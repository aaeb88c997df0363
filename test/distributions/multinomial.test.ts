import { describe, expect, it } from "vitest";
import { probs } from "../../reference/distributions/categorical.ts";
import { logProb } from "../../reference/distributions/multinomial.ts";
import { multinomial } from "../../src/distributions/multinomial.ts";
import { laws, type Subject } from "../laws.ts";
import { near } from "../laws/numbers.ts";
import { type Problem, stage, stream } from "../laws/stage.ts";

const p = ({ logits }: Problem): number[] => Array.from(probs(logits!));
const edges = [[-Infinity, 0, 40, -40, -Infinity], [-Infinity, -Infinity, -Infinity, -Infinity, 3], [5, -Infinity, -Infinity, -Infinity, -Infinity], [1e30, -1e30, 0, 1e30, -1e30], [-700, -745, -800, 0, -Infinity]].map((logits) => ({ logits }));

const subject = (categories: number, count: number): Subject => ({
  family: multinomial(categories, count),
  problems: [[0.4, -1.2, 1.5, 0, -0.5], [1, 1, 1, 1, 1], [-3, 4, -1, 0.5, 2]].map((logits) => ({ logits: logits.slice(0, categories) })),
  priors: [[0, 0, 0, 0, 0], [1, -1, 0.5, 0, 2], [2, 1, 0, -1, -2]].map((logits) => ({ logits: logits.slice(0, categories) })),
  support: (x, draw) => Number.isInteger(x) && x >= 0 && Array.from(draw).reduce((a, b) => a + b, 0) === count,
  moments: (problem) => ({ mean: p(problem).map((q) => count * q), variance: p(problem).map((q) => count * q * (1 - q)) }),
  logProb: (problem, x) => logProb(x, p(problem)),
  ...(categories === 5 && { edges: { f64: edges, f32: edges } }),
});

laws("multinomial(5, 4)", subject(5, 4));
laws("multinomial(3, 12)", subject(3, 12));

describe.each(["f64", "f32"] as const)("many trials in %s", (precision) => {
  it.each([200, 1e6, 2 ** 31])("have the means, variances and covariances of %s trials", (count) => {
    const family = multinomial(4, count);
    using at = stage(family, precision, [{ logits: [0.3, -1.2, 2, -9] }]);
    const q = probs([0.3, -1.2, 2, -9]);
    const x = at.sample(10_000, stream(3));
    const rounding = precision === "f32" && count > 2 ** 24 ? count * 2 ** -23 : 0;
    for (let r = 0; r < 10_000; r++) {
      const sum = x[4 * r]! + x[4 * r + 1]! + x[4 * r + 2]! + x[4 * r + 3]!;
      if (Math.abs(sum - count) > rounding) expect.fail(`row ${r} has ${sum}`);
    }
    expect(at.logProb(x).every(Number.isFinite)).toBe(true);
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j <= i; j++) {
        let [sum, squares] = [0, 0];
        for (let r = 0; r < 10_000; r++) {
          const product = (x[4 * r + i]! - count * q[i]!) * (x[4 * r + j]! - count * q[j]!);
          sum += product / 10_000;
          squares += product ** 2 / 10_000;
        }
        const exact = count * q[i]! * ((i === j ? 1 : 0) - q[j]!);
        near((sum - exact) / Math.sqrt((squares - sum ** 2) / 10_000 + 1e-12), 0, 5, `covariance of ${i} and ${j}`);
      }
    }
  });
});

it("refuses what is no number of trials or categories", () => {
  expect(() => multinomial(0, 3)).toThrow('multinomial: "categories" expected integer >= 1, got 0');
  expect(() => multinomial(2, 0.5)).toThrow('multinomial: "count" expected integer >= 1, got 0.5');
  expect(() => stage(multinomial(2, 3), "f64", [{ logits: [-Infinity, -Infinity] }])).toThrow("expected a possible category");
});
