import { describe, expect, it } from "vitest";
import { logProb, score } from "../../reference/distributions/relaxed-bernoulli.ts";
import { relaxedBernoulli } from "../../src/distributions/relaxed-bernoulli.ts";
import { laws } from "../laws.ts";
import { near } from "../laws/numbers.ts";
import { stage } from "../laws/stage.ts";
import { edges, spaced, sumOver } from "./families.ts";

for (const [dim, temperature] of [[1, 2], [5, 0.7]] as const) {
  laws(`relaxedBernoulli(${dim}) at ${temperature}`, {
    family: relaxedBernoulli(dim, { temperature }),
    problems: [0.3, -0.75, 1].map((s) => spaced(dim, { logits: [s, 0.25] })),
    support: (y) => y > 0 && y < 1,
    logProb: ({ logits }, x) => sumOver(x, (y, j) => logProb(y, logits![j]!, temperature)),
    score: ({ logits }, x, j) => [score(x[j]!, logits![j]!, temperature)],
    ...(temperature === 2 && { range: () => [0, 1] as const }),
    edges: { f64: edges(dim, "logits", [700, -700, 1e4, -1e4]), f32: edges(dim, "logits", [80, -80, 1e4, -1e4]) },
  });
}

describe.each(["f64", "f32"] as const)("relaxed flips in %s", (precision) => {
  const array = (precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor;

  it.each([1e-3, 0.1, 1, 50])("stay inside (0, 1) at temperature %s, with finite log p, score and slopes of the path", (temperature) => {
    const family = relaxedBernoulli(2, { temperature });
    using at = stage(family, precision, [{ logits: [0.5, -2] }]);
    const y = at.sample(20_000);
    expect(y.every((v: number) => v > 0 && v < 1)).toBe(true);
    expect(at.logProb(y).every(Number.isFinite)).toBe(true);
    expect(at.score(y, array.from({ length: 20_000 }, () => 1)).every(Number.isFinite)).toBe(true);
    expect(at.pull(y, new array(0), array.from({ length: 40_000 }, () => 1)).every(Number.isFinite)).toBe(true);
    // More than one half as often as the flip is 1.
    const above = y.filter((v: number, i: number) => i % 2 === 0 && v > 0.5).length / 20_000;
    const p = 1 / (1 + Math.exp(-0.5));
    near((above - p) / Math.sqrt((p * (1 - p)) / 20_000), 0, 5);
  });

  it("have log p of −∞ outside, and the density at its ends inside", () => {
    using at = stage(relaxedBernoulli(1, { temperature: 0.5 }), precision, [{ logits: [0.5] }]);
    expect([...at.logProb(array.of(0, 1, -0.5, 1.5, NaN))]).toEqual([-Infinity, -Infinity, -Infinity, -Infinity, -Infinity]);
    const ends = precision === "f64" ? [2.2250738585072014e-308, 1 - 2 ** -53] : [1.1754943508222875e-38, 1 - 2 ** -24];
    at.logProb(array.from(ends)).forEach((log: number, i: number) => near(log, logProb(ends[i]!, 0.5, 0.5), precision === "f64" ? 1e-12 : 1e-6));
  });
});

it("refuses a temperature that is none, in a sentence", () => {
  expect(() => relaxedBernoulli(1, { temperature: 0 })).toThrow('relaxedBernoulli: "temperature" expected a number > 0, got 0');
  expect(() => relaxedBernoulli(1, {} as { temperature: number })).toThrow('relaxedBernoulli: "temperature" expected a number > 0, got undefined');
  expect(() => relaxedBernoulli(1, { temperature: 1, tau: 2 } as { temperature: number })).toThrow('relaxedBernoulli: "tau" expected no such option');
});
