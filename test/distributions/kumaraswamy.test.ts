import { it } from "vitest";
import { logProb, moments, score } from "../../reference/distributions/kumaraswamy.ts";
import { kumaraswamy } from "../../src/distributions/kumaraswamy.ts";
import { laws } from "../laws.ts";
import { near } from "../laws/numbers.ts";
import { stage } from "../laws/stage.ts";
import { edges, spaced, sumOver } from "./families.ts";

const SHAPES = [Math.log(1e-4), Math.log(1e6), 1e4, -1e4];
const extreme = (dim: number) => SHAPES.flatMap((a) => edges(dim, "logConcentration0", [...SHAPES, 0], { logConcentration1: a }));

for (const dim of [1, 5]) {
  laws(`kumaraswamy(${dim})`, {
    family: kumaraswamy(dim),
    problems: [[0.75, 1.25], [0.5, 0.75], [1.25, 0.5]].map(([a, b]) => spaced(dim, { logConcentration1: [a!, 0.125], logConcentration0: [b!, 0.0625] })),
    support: (x) => x > 0 && x < 1,
    moments: ({ logConcentration1, logConcentration0 }) => {
      const each = logConcentration1!.map((a, j) => moments(a, logConcentration0![j]!));
      return { mean: each.map(({ mean }) => mean), variance: each.map(({ variance }) => variance) };
    },
    logProb: ({ logConcentration1, logConcentration0 }, x) => sumOver(x, (v, j) => logProb(v, logConcentration1![j]!, logConcentration0![j]!)),
    score: ({ logConcentration1, logConcentration0 }, x, j) => score(x[j]!, logConcentration1![j]!, logConcentration0![j]!),
    range: () => [0, 1],
    saturated: [1e-3, 0.01, 0.1].flatMap((a) => edges(dim, "logConcentration0", [a, 0.5].map(Math.log), { logConcentration1: Math.log(a) })),
    edges: { f64: extreme(dim), f32: extreme(dim) },
  });
}

it("is uniform where both concentrations are 1", () => {
  using at = stage(kumaraswamy(1), "f64", [{ logConcentration1: [0], logConcentration0: [0] }]);
  near(at.moments().mean[0]!, 1 / 2, 1e-15);
  near(at.moments().variance[0]!, 1 / 12, 1e-15);
  const u = Float64Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
  at.invert(u).x.forEach((x: number, i: number) => near(x, u[i]!, 1e-15));
  at.entropy(1).value.forEach((value: number) => near(value, 0, 1e-15));
});

it("keeps the digits of its variance at concentrations of a million", () => {
  using at = stage(kumaraswamy(1), "f64", [{ logConcentration1: [Math.log(1e6)], logConcentration0: [0] }]);
  near(at.moments().variance[0]! * 1e12, 1e12 * (1 / (1 + 2e-6) - 1 / (1 + 1e-6) ** 2), 1e-3); // x = u^(1 / a); the reference itself cancels
  near(at.moments().variance[0]! * 1e12, 1 / ((1 + 2e-6) * (1 + 1e-6) ** 2), 1e-10);
});
