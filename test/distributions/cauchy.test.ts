import { expect, it } from "vitest";
import { logProb, score } from "../../reference/distributions/cauchy.ts";
import { cauchy } from "../../src/distributions/cauchy.ts";
import { laws } from "../laws.ts";
import { near } from "../laws/numbers.ts";
import { stage } from "../laws/stage.ts";
import { edges, spaced, sumOver } from "./families.ts";

for (const dim of [1, 5]) {
  laws(`cauchy(${dim})`, {
    family: cauchy(dim),
    problems: [[0.5, 0.25], [-1, -0.5], [2, 0]].map(([location, s]) => spaced(dim, { location: [location!, 0.25], logScale: [s!, -0.125] })),
    priors: [[0.75, 0.5], [-0.5, 0], [1.5, 0.25]].map(([location, s]) => spaced(dim, { location: [location!, 0.125], logScale: [s!, 0.0625] })),
    support: () => true,
    logProb: ({ location, logScale }, x) => sumOver(x, (v, j) => logProb(v, location![j]!, logScale![j]!)),
    score: ({ location, logScale }, x, j) => score(x[j]!, location![j]!, logScale![j]!),
    edges: { f64: edges(dim, "logScale", [700, -700, 1e4, -1e4], { location: -3 }), f32: edges(dim, "logScale", [80, -80, 1e4, -1e4], { location: -3 }) },
  });
}

it("has quartiles at one scale from its location, and tails as heavy as they should be", () => {
  for (const precision of ["f64", "f32"] as const) {
    using at = stage(cauchy(1), precision, [{ location: [3], logScale: [Math.LN2] }]);
    const x = at.sample(400_000);
    for (const [bound, probability] of [[1, 0.25], [3, 0.5], [5, 0.75], [3 + 2 * 1000, 1 - Math.atan(1e-3) / Math.PI]] as const) {
      const below = x.filter((v: number) => v < bound).length / x.length;
      expect(Math.abs(below - probability)).toBeLessThan(5 * Math.sqrt((probability * (1 - probability)) / x.length));
    }
  }
});

it("has a log p that neither overflows nor vanishes far out", () => {
  for (const [precision, far] of [["f64", 1e200], ["f32", 1e25]] as const) {
    using at = stage(cauchy(1), precision, [{ location: [0], logScale: [0] }]);
    const log = at.logProb(precision === "f64" ? Float64Array.of(far) : Float32Array.of(far))[0]!;
    near(log, -2 * Math.log(far) - Math.log(Math.PI), precision === "f64" ? 1e-14 : 1e-6);
  }
});
