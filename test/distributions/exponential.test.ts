import { logProb, score } from "../../reference/distributions/exponential.ts";
import { exponential } from "../../src/distributions/exponential.ts";
import { laws } from "../laws.ts";
import { edges, spaced, sumOver } from "./families.ts";

for (const dim of [1, 5]) {
  laws(`exponential(${dim})`, {
    family: exponential(dim),
    problems: [0, -0.75, 0.5].map((s) => spaced(dim, { logRate: [s, 0.25] })),
    priors: [0.25, 0, -0.5].map((s) => spaced(dim, { logRate: [s, -0.125] })),
    support: (x) => x > 0,
    moments: ({ logRate }) => ({ mean: logRate!.map((s) => Math.exp(-s)), variance: logRate!.map((s) => Math.exp(-2 * s)) }),
    logProb: ({ logRate }, x) => sumOver(x, (v, j) => logProb(v, logRate![j]!)),
    score: ({ logRate }, x, j) => score(x[j]!, logRate![j]!),
    range: () => [0, 30],
    edges: { f64: edges(dim, "logRate", [700, -700, 1e4, -1e4]), f32: edges(dim, "logRate", [80, -80, 1e4, -1e4]) },
  });
}
