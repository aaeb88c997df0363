import { describe, expect, it } from "vitest";
import { logProb, score } from "../../reference/distributions/geometric.ts";
import { geometric } from "../../src/distributions/geometric.ts";
import { laws, type Subject } from "../laws.ts";
import { countLaws } from "../laws/counts.ts";
import { stage } from "../laws/stage.ts";
import { edges, spaced, sumOver } from "./families.ts";

const mean = (logit: number): number => Math.exp(-logit);

const subject = (dim: number): Subject => ({
  family: geometric(dim),
  problems: [-1.5, 0.5, -0.75].map((s) => spaced(dim, { logits: [s, 0.25] })),
  priors: [-1, 0, -0.5].map((s) => spaced(dim, { logits: [s, 0.125] })),
  support: (x) => Number.isInteger(x) && x >= 0,
  moments: ({ logits }) => ({ mean: logits!.map(mean), variance: logits!.map((l) => mean(l) * (1 + mean(l))) }),
  logProb: ({ logits }, x) => sumOver(x, (v, j) => logProb(v, logits![j]!)),
  score: ({ logits }, x, j) => [score(x[j]!, logits![j]!)],
  last: ({ logits }) => Math.ceil(30 * (1 + mean(logits![0]!))),
  edges: { f64: edges(dim, "logits", [700, -700, 1e4, -1e4, Infinity]), f32: edges(dim, "logits", [80, -80, 1e4, -1e4, Infinity]) },
});

laws("geometric(1)", subject(1));
laws("geometric(5)", subject(5));

describe.each([3, -4, -7])("geometric(1) at logit %s", (logit) => {
  countLaws(subject(1), "f64", { logits: [logit] });
});

it("is at once successful at a logit of ∞, and seldom odd by rounding at one of −16", () => {
  using sure = stage(geometric(1), "f64", [{ logits: [Infinity] }]);
  expect([...new Set(sure.sample(1000)), ...sure.logProb(Float64Array.of(0, 1))]).toEqual([0, 0, -Infinity]);
  // 24 bits of noise would leave out most counts of this size; half of them are odd.
  using rare = stage(geometric(1), "f64", [{ logits: [-16] }]);
  const odd = rare.sample(40_000).filter((x: number) => x % 2 === 1).length / 40_000;
  expect(Math.abs(odd - 0.5)).toBeLessThan(5 * 0.0025);
});
