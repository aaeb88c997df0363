import { logProb, score } from "../../reference/distributions/laplace.ts";
import { laplace } from "../../src/distributions/laplace.ts";
import { laws } from "../laws.ts";
import { edges, spaced, sumOver } from "./families.ts";

for (const dim of [1, 5]) {
  laws(`laplace(${dim})`, {
    family: laplace(dim),
    problems: [[0.5, 0.25], [-1, -0.5], [2, 0]].map(([location, s]) => spaced(dim, { location: [location!, 0.25], logScale: [s!, -0.125] })),
    priors: [[0.75, 0.5], [-0.5, 0], [1.5, 0.25]].map(([location, s]) => spaced(dim, { location: [location!, 0.125], logScale: [s!, 0.0625] })),
    support: () => true,
    moments: ({ location, logScale }) => ({ mean: location!, variance: logScale!.map((s) => 2 * Math.exp(2 * s)) }),
    logProb: ({ location, logScale }, x) => sumOver(x, (v, j) => logProb(v, location![j]!, logScale![j]!)),
    score: ({ location, logScale }, x, j) => score(x[j]!, location![j]!, logScale![j]!),
    bend: ({ location }) => location!,
    range: () => [-39.5, 40.5],
    edges: { f64: edges(dim, "logScale", [700, -700, 1e4, -1e4], { location: -3 }), f32: edges(dim, "logScale", [80, -80, 1e4, -1e4], { location: -3 }) },
  });
}
