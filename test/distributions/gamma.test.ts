import { logProb, score, slope } from "../../reference/distributions/gamma.ts";
import { gamma } from "../../src/distributions/gamma.ts";
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
    logProb: ({ logConcentration, logRate }, x) => sumOver(x, (v, j) => logProb(v, logConcentration![j]!, logRate![j]!)),
    score: ({ logConcentration, logRate }, x, j) => score(x[j]!, logConcentration![j]!, logRate![j]!),
    jacobian: ({ logConcentration, logRate }, x) => diagonal(x, (v, j) => slope(v, logConcentration![j]!, logRate![j]!)),
    range: () => [0, 40],
    saturated: [0, -20, 20].flatMap((logRate) => edges(dim, "logConcentration", [1e-3, 0.01, 0.1].map(Math.log), { logRate })),
    edges: {
      f64: [...edges(dim, "logConcentration", [700, -700, 1e4, -1e4, -9.2, 13.8], { logRate: 0 }), ...edges(dim, "logRate", [700, -700, 1e4, -1e4], { logConcentration: -1 })],
      f32: [...edges(dim, "logConcentration", [80, -80, 1e4, -1e4, -9.2, 13.8], { logRate: 0 }), ...edges(dim, "logRate", [80, -80, 1e4, -1e4], { logConcentration: -1 })],
    },
  });
}
