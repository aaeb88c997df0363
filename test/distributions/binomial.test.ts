import { describe, expect, it } from "vitest";
import { logProb, score } from "../../reference/distributions/binomial.ts";
import { binomial } from "../../src/distributions/binomial.ts";
import { laws, type Subject } from "../laws.ts";
import { countLaws } from "../laws/counts.ts";
import { near } from "../laws/numbers.ts";
import { stage } from "../laws/stage.ts";
import { edges, spaced, sumOver } from "./families.ts";

const p = (logit: number): number => 1 / (1 + Math.exp(-logit));

const subject = (dim: number, count: number, starts: readonly number[], step: number): Subject => ({
  family: binomial(dim, count),
  problems: starts.map((s) => spaced(dim, { logits: [s, step] })),
  priors: [0.25, 1, -0.5].map((s) => spaced(dim, { logits: [s, -0.125] })),
  support: (x) => Number.isInteger(x) && x >= 0 && x <= count,
  moments: ({ logits }) => ({ mean: logits!.map((l) => count * p(l)), variance: logits!.map((l) => count * p(l) * p(-l)) }),
  logProb: ({ logits }, x) => sumOver(x, (v, j) => logProb(v, count, logits![j]!)),
  score: ({ logits }, x, j) => [score(x[j]!, count, logits![j]!)],
  edges: { f64: edges(dim, "logits", [700, -700, 1e4, -1e4, Infinity, -Infinity]), f32: edges(dim, "logits", [80, -80, 1e4, -1e4, Infinity, -Infinity]) },
});

laws("binomial(1, 50)", subject(1, 50, [0.4, -2.5, 3], 0)); // one rejected, two inverted, of these one mirrored
laws("binomial(3, 3)", subject(3, 3, [0.5, -2, 1], 1));

describe.each([[21, 0], [1, 0.4], [100, -2.2], [100, 2.3], [1000, 1], [1e6, -0.5], [2 ** 31, -19]])("binomial(1, %s) at logit %s", (count, logit) => {
  const mean = count * p(logit);
  countLaws({ ...subject(1, count, [], 0), last: () => Math.min(count, Math.ceil(mean + 10 * Math.sqrt(mean) + 20)) }, "f64", { logits: [logit] });
});

describe.each(["f64", "f32"] as const)("binomial counts in %s", (precision) => {
  it("have log p of 501 trials at .6: 499 ln .4 + 2 ln .6 + ln 125,250 of 2 successes", () => {
    using at = stage(binomial(1, 501), precision, [{ logits: [Math.log(1.5)] }]);
    near(at.logProb((precision === "f64" ? Float64Array : Float32Array).of(2))[0]!, 499 * Math.log(0.4) + 2 * Math.log(0.6) + Math.log(125_250), precision === "f64" ? 1e-15 : 1e-6);
  });

  it.each([[Infinity, 7], [-Infinity, 0]])("are certain at a logit of %s", (logit, x) => {
    using at = stage(binomial(1, 7), precision, [{ logits: [logit] }]);
    expect([...new Set(at.sample(2000))]).toEqual([x]);
    expect([...at.logProb((precision === "f64" ? Float64Array : Float32Array).of(x, 3))]).toEqual([0, -Infinity]);
  });
});

it("refuses numbers of trials that are none, in a sentence", () => {
  expect(() => binomial(1, 0)).toThrow('binomial: "count" expected integer >= 1, got 0');
  expect(() => binomial(1, 2 ** 31 + 1)).toThrow('binomial: "count" expected integer <= 2147483648');
  expect(() => binomial(1, 1.5)).toThrow('got 1.5');
});
