import { it } from "vitest";
import { logProb, moments, score } from "../../reference/distributions/weibull.ts";
import { weibull } from "../../src/distributions/weibull.ts";
import { laws } from "../laws.ts";
import { near } from "../laws/numbers.ts";
import { stage } from "../laws/stage.ts";
import { edges, spaced, sumOver } from "./families.ts";

const SHAPES = [Math.log(1e-4), Math.log(1e6), 1e4, -1e4];

for (const dim of [1, 5]) {
  laws(`weibull(${dim})`, {
    family: weibull(dim),
    problems: [[0.5, 0.75], [-1, 0.5], [0.25, 1.25]].map(([s, c]) => spaced(dim, { logScale: [s!, 0.125], logConcentration: [c!, -0.0625] })),
    priors: [[0.75, 0.5], [-0.5, 0.25], [0.5, 1]].map(([s, c]) => spaced(dim, { logScale: [s!, 0.125], logConcentration: [c!, 0.0625] })),
    support: (x) => x > 0,
    moments: ({ logScale, logConcentration }) => {
      const each = logScale!.map((s, j) => moments(s, logConcentration![j]!));
      return { mean: each.map(({ mean }) => mean), variance: each.map(({ variance }) => variance) };
    },
    logProb: ({ logScale, logConcentration }, x) => sumOver(x, (v, j) => logProb(v, logScale![j]!, logConcentration![j]!)),
    score: ({ logScale, logConcentration }, x, j) => score(x[j]!, logScale![j]!, logConcentration![j]!),
    range: () => [0, 12],
    saturated: edges(dim, "logConcentration", [1e-3, 0.01, 0.1].map(Math.log), { logScale: 0.5 }),
    edges: {
      f64: [...edges(dim, "logConcentration", SHAPES, { logScale: -3 }), ...edges(dim, "logScale", [1e4, -1e4], { logConcentration: 0.5 })],
      f32: [...edges(dim, "logConcentration", SHAPES, { logScale: -3 }), ...edges(dim, "logScale", [1e4, -1e4], { logConcentration: 0.5 })],
    },
  });
}

it("is the Rayleigh law of mean σ √(π/2) at concentration 2 and scale σ √2, and nearly certain at 1e6", () => {
  using rayleigh = stage(weibull(1), "f64", [{ logScale: [Math.log(3 * Math.SQRT2)], logConcentration: [Math.LN2] }]);
  near(rayleigh.moments().mean[0]!, 3 * Math.sqrt(Math.PI / 2), 1e-15);
  near(rayleigh.moments().variance[0]!, (2 - Math.PI / 2) * 9, 1e-14);
  using certain = stage(weibull(1), "f64", [{ logScale: [0], logConcentration: [Math.log(1e6)] }]);
  near(certain.moments().variance[0]! * 1e12, Math.PI ** 2 / 6, 1e-5); // (π²/6) / concentration² to first order
});
