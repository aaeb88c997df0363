import { logProb, score, slope } from "../../reference/distributions/von-mises.ts";
import { vonMises } from "../../src/distributions/von-mises.ts";
import { laws } from "../laws.ts";
import { diagonal, edges, spaced, sumOver } from "./families.ts";

for (const dim of [1, 5]) {
  laws(`vonMises(${dim})`, {
    family: vonMises(dim),
    // The first is so narrow that nothing passes π: the implicit path is measured from there.
    problems: [[0, 3], [2.5, 0.5], [-1, -2]].map(([m, c]) => spaced(dim, { location: [m!, 0.25], logConcentration: [c!, -0.25] })),
    priors: [[0.5, 2], [2, 0], [1, 1]].map(([m, c]) => spaced(dim, { location: [m!, -0.25], logConcentration: [c!, 0.125] })),
    support: (x) => Math.abs(x) <= Math.PI,
    logProb: ({ location, logConcentration }, x) => sumOver(x, (v, j) => logProb(v, location![j]!, logConcentration![j]!)),
    score: ({ location, logConcentration }, x, j) => score(x[j]!, location![j]!, logConcentration![j]!),
    jacobian: ({ location, logConcentration }, x) => diagonal(x, (v, j) => slope(v, location![j]!, logConcentration![j]!)),
    range: () => [-Math.PI, Math.PI],
    edges: {
      f64: edges(dim, "logConcentration", [700, -700, 1e4, -1e4, -9.2, 13.8, 30], { location: -3 }),
      f32: edges(dim, "logConcentration", [80, -80, 1e4, -1e4, -9.2, 13.8, 30], { location: -3 }),
    },
  });
}
