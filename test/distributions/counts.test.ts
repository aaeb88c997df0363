import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import type { Points } from "../../src/core/core.ts";
import { binomial } from "../../src/distributions/binomial.ts";
import { geometric } from "../../src/distributions/geometric.ts";
import { negativeBinomial } from "../../src/distributions/negative-binomial.ts";
import { poisson } from "../../src/distributions/poisson.ts";
import { moments, near, within } from "../laws/numbers.ts";
import { type Family, type Problem, stage, stream } from "../laws/stage.ts";

/** log p, and ∂ log p/∂logConcentration, to 60 digits rounded (mpmath): parameters, x, and the number. */
const vectors = JSON.parse(readFileSync("test/vectors/counts.json", "utf8")) as Readonly<Record<"poisson" | "binomial" | "negativeBinomial" | "scoreOfConcentration", readonly (readonly number[])[]>>;

function logOf(p: Family, problem: Problem, x: number): number {
  using at = stage(p, "f64", [problem]);
  return at.logProb(Float64Array.of(x))[0]!;
}

describe("log p in f64, from parameters of e⁻³⁰ to 10¹³", () => {
  test("of Poisson counts is right to 10⁻¹³ up to rates of 10⁹", () => {
    // The rate itself is known to half a unit in the last place: a relative 10⁻¹⁶ of it changes log p by |x − rate| as much.
    for (const [s, x, exact] of vectors.poisson) near(logOf(poisson(1), { logRate: [s!] }, x!), exact!, s! < 25 ? 1e-13 : 1e-10, `of ${x} at ${s}`);
  });

  test("of binomial counts is right to 10⁻¹² up to 2³¹ trials, and at the ends of the range relatively", () => {
    for (const [n, l, x, exact] of vectors.binomial) {
      const log = logOf(binomial(1, n!), { logits: [l!] }, x!);
      near(log, exact!, 1e-12, `of ${x} of ${n} at ${l}`);
      if (x === 0 || x === n) near(log / exact!, 1, 1e-15, `of ${x} of ${n} at ${l}`);
    }
  });

  test("of negative binomial counts is right to 10⁻¹²", () => {
    for (const [r, l, x, exact] of vectors.negativeBinomial) near(logOf(negativeBinomial(1), { logConcentration: [r!], logits: [l!] }, x!), exact!, 1e-12, `of ${x} at ${r}, ${l}`);
  });

  test("has a slope in the concentration that is right to what rounding of the mean leaves", () => {
    for (const [a, l, x, exact] of vectors.scoreOfConcentration) {
      using at = stage(negativeBinomial(1), "f64", [{ logConcentration: [a!], logits: [l!] }]);
      const [r, mean] = [Math.exp(a!), Math.exp(a! + l!)];
      const seen = at.score(Float64Array.of(x!), Float64Array.of(1))[0]!;
      expect(Math.abs(seen - exact!), `of ${x} at ${a}, ${l}: ${seen} for ${exact}`).toBeLessThan(1e-12 * (1 + Math.abs(exact!)) + (2 ** -52 * mean * r) / (r + mean));
    }
  });

  test("in f32 is that of f64 at the same numbers, to the last places", () => {
    const rate = Math.fround(20.72);
    using narrow = stage(poisson(1), "f32", [{ logRate: [rate] }]);
    using wide = stage(poisson(1), "f64", [{ logRate: [rate] }]);
    const x = narrow.sample(500);
    const exact = wide.logProb(Float64Array.from(x));
    narrow.logProb(x).forEach((log: number, i: number) => near(log, exact[i]!, 1e-6));
  });
});

const MANY = 40_000;

describe.each(["f64", "f32"] as const)("draws of large counts in %s", (precision) => {
  const check = (p: Family, problem: Problem, mean: number, variance: number): void => {
    using at = stage(p, precision, [problem]);
    const x: Points = at.sample(MANY, stream(5));
    const seen = moments(x);
    // In f32 the parameter is rounded, too: the mean is that of the rounded one.
    within(seen.mean, mean, seen.meanError, 5, "mean");
    within(seen.variance, variance, seen.varianceError, 5, "variance");
    expect(x.every((v: number) => Number.isInteger(v) && v >= 0)).toBe(true);
    const [m, v] = at.run([1, 1], ([a, b]) => p.moments!(at.kernels, at.theta, a!, b!));
    near(m![0]! / mean, 1, precision === "f64" ? 1e-12 : 1e-6);
    near(v![0]! / variance, 1, precision === "f64" ? 1e-12 : 1e-6);
    const one: Points = new (precision === "f64" ? Float64Array : Float32Array)(MANY).fill(1);
    const terms = p.params["logRate"] || p.params["logits"] ? at.score(x, one) : one;
    const score = moments(terms.subarray(terms.length - MANY));
    within(score.mean, 0, score.meanError, 5, "mean score");
  };

  test.each([10, 1e3, 1e6, 1e9])("a Poisson count of %s", (rate) => {
    const logRate = Math.fround(Math.log(rate));
    check(poisson(1), { logRate: [logRate] }, Math.exp(logRate), Math.exp(logRate));
  });

  test.each([[1e3, 0.25], [1e6, -3], [1e9, 0.5], [2 ** 31, 2], [2 ** 31, -20]])("a binomial count of %s trials at logit %s", (n, l) => {
    const p = 1 / (1 + Math.exp(-Math.fround(l)));
    check(binomial(1, n), { logits: [Math.fround(l)] }, n * p, n * p * (1 - p));
  });

  test("a geometric count of 10⁶", () => {
    const l = Math.fround(-Math.log(1e6));
    check(geometric(1), { logits: [l] }, Math.exp(-l), Math.exp(-l) * (1 + Math.exp(-l)));
  });

  test.each([[3, 15], [18, 1], [-1, 10]])("a negative binomial count at logConcentration %s, logits %s", (r, l) => {
    check(negativeBinomial(1), { logConcentration: [r], logits: [l] }, Math.exp(r + l), Math.exp(r + l) * (1 + Math.exp(l)));
  });

  it("is where it ends the same for any number of rows beside it", () => {
    // Small and large means side by side: each draw depends on its own bits and parameters alone.
    const logRate = [-1, 2, 2.5, 6, 20, 0.5, 9];
    using all = stage(poisson(7), precision, [{ logRate }]);
    using same = stage(poisson(7), precision, [{ logRate: logRate.map((s, j) => (j === 3 ? s : 2.7)) }]);
    const [a, b] = [all.sample(500), same.sample(500)];
    for (let r = 0; r < 500; r++) expect(a[7 * r + 3]).toBe(b[7 * r + 3]);
  });
});

test("domains are those of the parameters, in a sentence", () => {
  expect(() => stage(poisson(1), "f64", [{ logRate: [Infinity] }])).toThrow('test: "params.logRate[0]" expected a finite number, or −∞ for a rate of 0, got Infinity');
  expect(() => stage(geometric(1), "f64", [{ logits: [-Infinity] }])).toThrow('test: "params.logits[0]" expected a finite number, or ∞ for a success at once, got -Infinity');
  expect(() => stage(negativeBinomial(1), "f64", [{ logConcentration: [0], logits: [Infinity] }])).toThrow("expected a finite number, or −∞ for no success, got Infinity");
  expect(() => stage(binomial(1, 2), "f64", [{ logits: [NaN] }])).toThrow("got NaN");
  for (const family of [poisson, geometric, negativeBinomial]) expect(() => family(0)).toThrow('"dim" expected integer >= 1, got 0');
});
