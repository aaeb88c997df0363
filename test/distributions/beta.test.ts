import { logProb, score, slope } from "../../reference/distributions/beta.ts";
import { beta } from "../../src/distributions/beta.ts";
import { laws } from "../laws.ts";
import { diagonal, edges, spaced, sumOver } from "./families.ts";

for (const dim of [1, 5]) {
  const extremes = (sizes: readonly number[]) => [
    ...edges(dim, "logConcentration1", sizes, { logConcentration0: 0.5 }),
    ...edges(dim, "logConcentration0", sizes, { logConcentration1: -1 }),
    ...sizes.flatMap((size) => edges(dim, "logConcentration1", [size], { logConcentration0: size })),
  ];
  laws(`beta(${dim})`, {
    family: beta(dim),
    problems: [[1.25, 1], [0.5, -0.25], [2, 3]].map(([a, b]) => spaced(dim, { logConcentration1: [a!, -0.125], logConcentration0: [b!, 0.125] })),
    priors: [[0.5, 0.25], [0, 0.25], [1, 2.5]].map(([a, b]) => spaced(dim, { logConcentration1: [a!, 0.125], logConcentration0: [b!, -0.125] })),
    support: (x) => x > 0 && x < 1,
    moments: ({ logConcentration1, logConcentration0 }) => {
      const mean = logConcentration1!.map((a, j) => 1 / (1 + Math.exp(logConcentration0![j]! - a)));
      return { mean, variance: mean.map((m, j) => (m * (1 - m)) / (Math.exp(logConcentration1![j]!) + Math.exp(logConcentration0![j]!) + 1)) };
    },
    logProb: ({ logConcentration1, logConcentration0 }, x) => sumOver(x, (v, j) => logProb(v, logConcentration1![j]!, logConcentration0![j]!)),
    score: ({ logConcentration1, logConcentration0 }, x, j) => score(x[j]!, logConcentration1![j]!, logConcentration0![j]!),
    jacobian: ({ logConcentration1, logConcentration0 }, x) => diagonal(x, (v, j) => slope(v, logConcentration1![j]!, logConcentration0![j]!)),
    range: () => [0, 1],
    saturated: extremes([1e-3, 0.01, 0.1].map(Math.log)),
    edges: { f64: extremes([700, -700, 1e4, -1e4, -9.2, 13.8]), f32: extremes([80, -80, 1e4, -1e4, -9.2, 13.8]) },
  });
}
