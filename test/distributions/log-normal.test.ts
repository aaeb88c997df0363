import { it } from "vitest";
import { logProb, moments, score } from "../../reference/distributions/log-normal.ts";
import { logNormal } from "../../src/distributions/log-normal.ts";
import { laws } from "../laws.ts";
import { near } from "../laws/numbers.ts";
import { directions, stage } from "../laws/stage.ts";
import { edges, spaced, sumOver } from "./families.ts";

for (const dim of [1, 5]) {
  laws(`logNormal(${dim})`, {
    family: logNormal(dim),
    problems: [[0.5, -0.75], [-1, -0.5], [0.25, -1.25]].map(([location, s]) => spaced(dim, { location: [location!, 0.125], logScale: [s!, -0.125] })),
    priors: [[0.75, -0.5], [-0.5, 0], [0.5, 0.25]].map(([location, s]) => spaced(dim, { location: [location!, 0.125], logScale: [s!, 0.0625] })),
    support: (x) => x > 0,
    moments: ({ location, logScale }) => {
      const each = location!.map((m, j) => moments(m, logScale![j]!));
      return { mean: each.map(({ mean }) => mean), variance: each.map(({ variance }) => variance) };
    },
    logProb: ({ location, logScale }, x) => sumOver(x, (v, j) => logProb(v, location![j]!, logScale![j]!)),
    score: ({ location, logScale }, x, j) => score(x[j]!, location![j]!, logScale![j]!),
    range: () => [0, 40],
    edges: {
      f64: [...edges(dim, "logScale", [700, -700, 1e4, -1e4], { location: -3 }), ...edges(dim, "location", [1e4, -1e4], { logScale: 0 })],
      f32: [...edges(dim, "logScale", [80, -80, 1e4, -1e4], { location: -3 }), ...edges(dim, "location", [1e4, -1e4], { logScale: 0 })],
    },
  });
}

it("has mean e at location ½ and scale 1, and so have its derivatives by both", () => {
  const problem = { location: [0.5], logScale: [0] };
  using at = stage(logNormal(1), "f64", [problem]);
  near(at.moments().mean[0]!, Math.E, 1e-15);
  for (const { up, down } of directions(logNormal(1), [problem], 1e-5)) {
    using above = stage(logNormal(1), "f64", up);
    using below = stage(logNormal(1), "f64", down);
    near((above.moments().mean[0]! - below.moments().mean[0]!) / 2e-5, Math.E, 1e-9);
  }
});
