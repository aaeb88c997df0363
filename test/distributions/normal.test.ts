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
    logProb: ({ mean, logScale }, x) => sumOver(x, (v, j) => -0.5 * ((v - mean![j]!) / Math.exp(logScale![j]!)) ** 2 - logScale![j]! - 0.5 * Math.log(2 * Math.PI)),
    range: () => [-12, 13],
    edges: { f64: edges(dim, "logScale", [700, -700, 1e4, -1e4], { mean: -3 }), f32: edges(dim, "logScale", [80, -80, 1e4, -1e4], { mean: -3 }) },
  });
}
