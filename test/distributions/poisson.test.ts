import { describe } from "vitest";
import { logProb, score } from "../../reference/distributions/poisson.ts";
import { poisson } from "../../src/distributions/poisson.ts";
import { laws, type Subject } from "../laws.ts";
import { countLaws } from "../laws/counts.ts";
import { edges, spaced, sumOver } from "./families.ts";

const subject = (dim: number, starts: readonly number[]): Subject => ({
  family: poisson(dim),
  problems: starts.map((s) => spaced(dim, { logRate: [s, 0.25] })),
  priors: [0.25, 3, -0.5].map((s) => spaced(dim, { logRate: [s, -0.125] })),
  support: (x) => Number.isInteger(x) && x >= 0,
  moments: ({ logRate }) => ({ mean: logRate!.map(Math.exp), variance: logRate!.map(Math.exp) }),
  logProb: ({ logRate }, x) => sumOver(x, (v, j) => logProb(v, Math.exp(logRate![j]!))),
  score: ({ logRate }, x, j) => [score(x[j]!, Math.exp(logRate![j]!))],
  last: ({ logRate }) => Math.ceil(Math.exp(logRate![0]!) + 10 * Math.exp(logRate![0]! / 2) + 20),
  edges: { f64: edges(dim, "logRate", [700, -700, 1e4, -1e4, -Infinity, 20.72]), f32: edges(dim, "logRate", [80, -80, 1e4, -1e4, -Infinity, 20.72]) },
});

laws("poisson(1)", subject(1, [3.1, 1.2, -1]));
laws("poisson(3)", subject(3, [1.9, 0.5, -0.75]));

describe.each([-2, 1.5, 2.302, 2.303, 4, 6.5, 9])("poisson(1) at logRate %s", (logRate) => {
  countLaws(subject(1, []), "f64", { logRate: [logRate] });
});
