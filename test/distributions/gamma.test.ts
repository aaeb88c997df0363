import * as inverse from "../../reference/distributions/inverse-gamma.ts";
import * as reference from "../../reference/distributions/gamma.ts";
import { gamma } from "../../src/distributions/gamma.ts";
import { inverseGamma } from "../../src/distributions/inverse-gamma.ts";
import { laws } from "../laws.ts";
import { diagonal, edges, spaced, sumOver } from "./families.ts";

for (const dim of [1, 5]) {
  laws(`gamma(${dim})`, {
    family: gamma(dim),
    problems: [[1, 0.25], [-0.5, -0.5], [2, 0]].map(([a, r]) => spaced(dim, { logConcentration: [a!, -0.25], logRate: [r!, 0.125] })),
    priors: [[0.5, 0], [0, 0.25], [1, 0.5]].map(([a, r]) => spaced(dim, { logConcentration: [a!, 0.25], logRate: [r!, -0.125] })),
    support: (x) => x > 0,
    moments: ({ logConcentration, logRate }) => ({
      mean: logRate!.map((r, j) => Math.exp(logConcentration![j]! - r)),
      variance: logRate!.map((r, j) => Math.exp(logConcentration![j]! - 2 * r)),
    }),
    logProb: ({ logConcentration, logRate }, x) => sumOver(x, (v, j) => reference.logProb(v, logConcentration![j]!, logRate![j]!)),
    score: ({ logConcentration, logRate }, x, j) => reference.score(x[j]!, logConcentration![j]!, logRate![j]!),
    jacobian: ({ logConcentration, logRate }, x) => diagonal(x, (v, j) => reference.slope(v, logConcentration![j]!, logRate![j]!)),
    range: () => [0, 40],
    edges: {
      f64: [...edges(dim, "logConcentration", [700, -700, 1e4, -1e4, -9.2, 13.8], { logRate: 0 }), ...edges(dim, "logRate", [700, -700, 1e4, -1e4], { logConcentration: -1 })],
      f32: [...edges(dim, "logConcentration", [80, -80, 1e4, -1e4, -9.2, 13.8], { logRate: 0 }), ...edges(dim, "logRate", [80, -80, 1e4, -1e4], { logConcentration: -1 })],
    },
  });

  laws(`inverseGamma(${dim})`, {
    family: inverseGamma(dim),
    problems: [[2.5, 2], [2.25, -0.5], [3, 1]].map(([a, r]) => spaced(dim, { logConcentration: [a!, 0.0625], logScale: [r!, 0.125] })),
    priors: [[2, 0], [2, 0.25], [2.5, 0.5]].map(([a, r]) => spaced(dim, { logConcentration: [a!, 0.25], logScale: [r!, -0.125] })),
    support: (x) => x > 0,
    moments: ({ logConcentration, logScale }) => {
      const mean = logScale!.map((s, j) => Math.exp(s) / (Math.exp(logConcentration![j]!) - 1));
      return { mean, variance: mean.map((m, j) => m ** 2 / (Math.exp(logConcentration![j]!) - 2)) };
    },
    logProb: ({ logConcentration, logScale }, x) => sumOver(x, (v, j) => inverse.logProb(v, logConcentration![j]!, logScale![j]!)),
    score: ({ logConcentration, logScale }, x, j) => inverse.score(x[j]!, logConcentration![j]!, logScale![j]!),
    jacobian: ({ logConcentration, logScale }, x) => diagonal(x, (v, j) => inverse.slope(v, logConcentration![j]!, logScale![j]!)),
    range: () => [1e-3, 12],
    edges: {
      f64: [...edges(dim, "logConcentration", [700, -700, 1e4, -1e4, -9.2, 13.8], { logScale: 0 }), ...edges(dim, "logScale", [700, -700, 1e4, -1e4], { logConcentration: -1 })],
      f32: [...edges(dim, "logConcentration", [80, -80, 1e4, -1e4, -9.2, 13.8], { logScale: 0 }), ...edges(dim, "logScale", [80, -80, 1e4, -1e4], { logConcentration: -1 })],
    },
  });
}
