import { logProb, score, slope } from "../../reference/distributions/student-t.ts";
import { studentT } from "../../src/distributions/student-t.ts";
import { laws } from "../laws.ts";
import { diagonal, edges, spaced, sumOver } from "./families.ts";

for (const dim of [1, 5]) {
  laws(`studentT(${dim})`, {
    family: studentT(dim),
    problems: [[2.5, 0.5, 0.25], [3.5, -1, -0.5], [2.25, 2, 0]].map(([v, m, s]) => spaced(dim, { logDegrees: [v!, 0.125], location: [m!, 0.25], logScale: [s!, -0.125] })),
    support: () => true,
    moments: ({ logDegrees, location, logScale }) => ({
      mean: location!,
      variance: logScale!.map((s, j) => Math.exp(2 * s) / (1 - 2 * Math.exp(-logDegrees![j]!))),
    }),
    logProb: ({ logDegrees, location, logScale }, x) => sumOver(x, (v, j) => logProb(v, logDegrees![j]!, location![j]!, logScale![j]!)),
    score: ({ logDegrees, location, logScale }, x, j) => score(x[j]!, logDegrees![j]!, location![j]!, logScale![j]!),
    jacobian: ({ logDegrees, location, logScale }, x) => diagonal(x, (v, j) => slope(v, logDegrees![j]!, location![j]!, logScale![j]!)),
    range: () => [-30, 31],
    saturated: [-20, 0, 20].flatMap((logScale) => edges(dim, "logDegrees", [1e-3, 0.01, 0.1].map(Math.log), { location: 0, logScale })),
    edges: {
      f64: [...edges(dim, "logDegrees", [700, -700, 1e4, -1e4, -9.2, 13.8, 30], { location: -3, logScale: 1 }), ...edges(dim, "logScale", [700, -700], { location: 1, logDegrees: 0 })],
      f32: [...edges(dim, "logDegrees", [80, -80, 1e4, -1e4, -9.2, 13.8, 30], { location: -3, logScale: 1 }), ...edges(dim, "logScale", [80, -80], { location: 1, logDegrees: 0 })],
    },
  });
}
