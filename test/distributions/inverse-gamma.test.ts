import { logProb, score, slope } from "../../reference/distributions/inverse-gamma.ts";
import { inverseGamma } from "../../src/distributions/inverse-gamma.ts";
import { laws } from "../laws.ts";
import { diagonal, edges, spaced, sumOver } from "./families.ts";

for (const dim of [1, 5]) {
  laws(`inverseGamma(${dim})`, {
    family: inverseGamma(dim),
    problems: [[2.5, 2], [2.25, -0.5], [3, 1]].map(([a, r]) => spaced(dim, { logConcentration: [a!, 0.0625], logScale: [r!, 0.125] })),
    priors: [[2, 0], [2, 0.25], [2.5, 0.5]].map(([a, r]) => spaced(dim, { logConcentration: [a!, 0.25], logScale: [r!, -0.125] })),
    support: (x) => x > 0,
    moments: ({ logConcentration, logScale }) => {
      const mean = logScale!.map((s, j) => Math.exp(s) / (Math.exp(logConcentration![j]!) - 1));
      return { mean, variance: mean.map((m, j) => m ** 2 / (Math.exp(logConcentration![j]!) - 2)) };
    },
    logProb: ({ logConcentration, logScale }, x) => sumOver(x, (v, j) => logProb(v, logConcentration![j]!, logScale![j]!)),
    score: ({ logConcentration, logScale }, x, j) => score(x[j]!, logConcentration![j]!, logScale![j]!),
    jacobian: ({ logConcentration, logScale }, x) => diagonal(x, (v, j) => slope(v, logConcentration![j]!, logScale![j]!)),
    range: () => [1e-3, 12],
    saturated: [0, -20, 20].flatMap((logScale) => edges(dim, "logConcentration", [1e-3, 0.01, 0.1].map(Math.log), { logScale })),
    edges: {
      f64: [...edges(dim, "logConcentration", [700, -700, 1e4, -1e4, -9.2, 13.8], { logScale: 0 }), ...edges(dim, "logScale", [700, -700, 1e4, -1e4], { logConcentration: -1 })],
      f32: [...edges(dim, "logConcentration", [80, -80, 1e4, -1e4, -9.2, 13.8], { logScale: 0 }), ...edges(dim, "logScale", [80, -80, 1e4, -1e4], { logConcentration: -1 })],
    },
  });
}
