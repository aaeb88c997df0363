import { logProb, score } from "../../reference/distributions/half-normal.ts";
import { halfNormal } from "../../src/distributions/half-normal.ts";
import { laws } from "../laws.ts";
import { edges, spaced, sumOver } from "./families.ts";

for (const dim of [1, 5]) {
  laws(`halfNormal(${dim})`, {
    family: halfNormal(dim),
    problems: [0.25, -0.75, 0.5].map((s) => spaced(dim, { logScale: [s, 0.25] })),
    priors: [0.25, 0, -0.5].map((s) => spaced(dim, { logScale: [s, -0.125] })),
    support: (x) => x > 0,
    moments: ({ logScale }) => ({ mean: logScale!.map((s) => Math.sqrt(2 / Math.PI) * Math.exp(s)), variance: logScale!.map((s) => (1 - 2 / Math.PI) * Math.exp(2 * s)) }),
    logProb: ({ logScale }, x) => sumOver(x, (v, j) => logProb(v, logScale![j]!)),
    score: ({ logScale }, x, j) => score(x[j]!, logScale![j]!),
    range: () => [0, 12],
    edges: { f64: edges(dim, "logScale", [700, -700, 1e4, -1e4]), f32: edges(dim, "logScale", [80, -80, 1e4, -1e4]) },
  });
}
