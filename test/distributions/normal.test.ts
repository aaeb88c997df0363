import { logProb, score } from "../../reference/distributions/normal.ts";
import { normal } from "../../src/distributions/normal.ts";
import { laws } from "../laws.ts";
import { edges, spaced, sumOver } from "./families.ts";

for (const dim of [1, 5]) {
  laws(`normal(${dim})`, {
    family: normal(dim),
    problems: [[0.5, 0.25], [-1, -0.5], [2, 0]].map(([mean, s]) => spaced(dim, { mean: [mean!, 0.25], logScale: [s!, -0.125] })),
    priors: [[0, 0], [0.5, -0.25], [-1, 0.5]].map(([mean, s]) => spaced(dim, { mean: [mean!, 0], logScale: [s!, 0.125] })),
    support: () => true,
    moments: ({ mean, logScale }) => ({ mean: mean!, variance: logScale!.map((s) => Math.exp(2 * s)) }),
    logProb: ({ mean, logScale }, x) => sumOver(x, (v, j) => logProb(v, mean![j]!, logScale![j]!)),
    score: ({ mean, logScale }, x, j) => score(x[j]!, mean![j]!, logScale![j]!),
    range: () => [-12, 13],
    edges: { f64: edges(dim, "logScale", [700, -700, 1e4, -1e4], { mean: -3 }), f32: edges(dim, "logScale", [80, -80, 1e4, -1e4], { mean: -3 }) },
  });
}
