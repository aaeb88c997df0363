import { logProb, score } from "../../reference/distributions/gumbel.ts";
import { gumbel } from "../../src/distributions/gumbel.ts";
import { laws } from "../laws.ts";
import { edges, spaced, sumOver } from "./families.ts";

const EULER_GAMMA = 0.5772156649015329;

for (const dim of [1, 5]) {
  laws(`gumbel(${dim})`, {
    family: gumbel(dim),
    problems: [[0.5, 0.25], [-1, -0.5], [2, 0]].map(([location, s]) => spaced(dim, { location: [location!, 0.25], logScale: [s!, -0.125] })),
    priors: [[0.75, 0.5], [-0.5, 0], [1.5, 0.25]].map(([location, scale]) => spaced(dim, { location: [location!, 0.125], logScale: [scale!, 0.0625] })),
    support: () => true,
    moments: ({ location, logScale }) => ({
      mean: location!.map((m, j) => m + EULER_GAMMA * Math.exp(logScale![j]!)),
      variance: logScale!.map((s) => (Math.PI ** 2 / 6) * Math.exp(2 * s)),
    }),
    logProb: ({ location, logScale }, x) => sumOver(x, (v, j) => logProb(v, location![j]!, logScale![j]!)),
    score: ({ location, logScale }, x, j) => score(x[j]!, location![j]!, logScale![j]!),
    range: () => [-8, 40],
    edges: { f64: edges(dim, "logScale", [700, -700, 1e4, -1e4], { location: -3 }), f32: edges(dim, "logScale", [80, -80, 1e4, -1e4], { location: -3 }) },
  });
}
