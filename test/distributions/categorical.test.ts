import { describe, expect, test } from "vitest";
import * as reference from "../../reference/distributions/categorical.ts";
import { CHUNK, stream as words } from "../../reference/random/stream.ts";
import type { Points, Precision } from "../../src/core/core.ts";
import { categorical } from "../../src/distributions/categorical.ts";
import { oneHotCategorical } from "../../src/distributions/one-hot-categorical.ts";
import { key } from "../../src/key.ts";
import { laws } from "../laws.ts";
import { type Problem, stage, testCore } from "../laws/stage.ts";

const problems: Problem[] = [{ logits: [0.3, -1.2, 2, 0, -0.5] }, { logits: [1, 1, 1, 1, 1] }, { logits: [-3, 4, -1, 0.5, 2] }];
const priors: Problem[] = [{ logits: [0, 0, 0, 0, 0] }, { logits: [1, -1, 0.5, 0, 2] }, { logits: [2, 1, 0, -1, -2] }];
const edges = [[-Infinity, 0, 40, -40, -Infinity], [-Infinity, -Infinity, -Infinity, -Infinity, 3], [5, -Infinity, -Infinity, -Infinity, -Infinity], [1e30, -1e30, 0, 1e30, -1e30], [-700, -745, -800, 0, -Infinity]].map((logits) => ({ logits }));
const p = ({ logits }: Problem): number[] => Array.from(reference.probs(logits!));

laws("categorical(5)", {
  family: categorical(5),
  problems,
  priors,
  support: (x) => Number.isInteger(x) && x >= 0 && x < 5,
  moments: (problem) => {
    const mean = p(problem).reduce((sum, q, k) => sum + q * k, 0);
    return { mean: [mean], variance: [p(problem).reduce((sum, q, k) => sum + q * (k - mean) ** 2, 0)] };
  },
  logProb: ({ logits }, x) => reference.logProbs(logits!)[x[0]!]!,
  edges: { f64: edges, f32: edges },
});

laws("oneHotCategorical(5)", {
  family: oneHotCategorical(5),
  problems,
  priors,
  support: (x, draw) => (x === 0 || x === 1) && Array.from(draw).reduce((a, b) => a + b, 0) === 1,
  moments: (problem) => ({ mean: p(problem), variance: p(problem).map((q) => q * (1 - q)) }),
  logProb: ({ logits }, x) => reference.logProbs(logits!)[Array.from(x).indexOf(1)]!,
  edges: { f64: edges, f32: edges },
});

/** The integer sums in the prepared θ. */
function cumulative(at: number, precision: Precision, categories: number): bigint[] {
  const [buffer, from] = [testCore().heap.buffer(), at + 2 * Math.ceil(categories / 4) * 4 * (precision === "f64" ? 8 : 4)];
  if (precision === "f64") return Array.from(new BigUint64Array(buffer, from, categories));
  return Array.from(new Uint32Array(buffer, from, categories), BigInt);
}

const logitsOf = (categories: number): number[] => Array.from({ length: categories }, (_, k) => (k % 7 === 3 ? -Infinity : 3 * Math.sin(k * k)));

describe.each(["f32", "f64"] as const)("choices in %s", (precision) => {
  const bits = precision === "f64" ? 64 : 32;

  test.each([1, 2, 3, 5, 10, 17, 100, 1000, 1023, 4097])("%i categories: the draws are the exact inversion of the words, few or many", (categories) => {
    const problem = { logits: logitsOf(categories) };
    using at = stage(categorical(categories), precision, [problem]);
    const many = at.sample(categories > 100 ? 20_000 : 3000);
    expect(at.sample(7)).toEqual(many.slice(0, 7));
    const sums = cumulative(at.theta.at, precision, categories);
    const { low, high } = key(1);
    for (let row = 0, next = words(low, high, 0, 0); row < Math.min(many.length, 2500); row++) {
      if (row % CHUNK === 0) next = words(low, high, 0, row / CHUNK);
      const first = BigInt(next());
      const word = bits === 32 ? first : first | (BigInt(next()) << 32n);
      if (many[row] !== reference.invert(word, bits, sums)) expect.fail(`row ${row}`);
    }
  });

  test("a batch draws for each problem what its own sums say, as often as a problem alone", () => {
    const batch = 3;
    const some = [logitsOf(9), logitsOf(9).reverse(), logitsOf(9).map(() => 0)].map((logits) => ({ logits }));
    using at = stage(categorical(9), precision, some);
    const x = at.sample(3000);
    const { low, high } = key(1);
    for (let row = 0, next = words(low, high, 0, 0); row < x.length; row++) {
      if (row % CHUNK === 0) next = words(low, high, 0, row / CHUNK);
      const uniform = precision === "f32" ? next() / 2 ** 32 : next() / 2 ** 64 + next() / 2 ** 32;
      const own = reference.probs(some[row % batch]!.logits);
      const expected = reference.choose(uniform, own);
      // Within rounding of a running sum either neighbour may come.
      const slack = own.slice(0, expected + 1).reduce((a, b) => a + b, 0) - uniform;
      if (x[row] !== expected && Math.min(Math.abs(slack), Math.abs(slack - own[expected]!)) > 1e-6) expect.fail(`row ${row}: ${x[row]} for ${expected}`);
    }
  });

  test.each([1, 2, 10, 1000])("the integer sums of %i categories stand for the probabilities to 2⁻³¹ or 2⁻⁵⁰", (categories) => {
    const problem = { logits: logitsOf(categories) };
    using at = stage(categorical(categories), precision, [problem]);
    const sums = cumulative(at.theta.at, precision, categories).map(Number);
    const exact = reference.probs(precision === "f32" ? Float32Array.from(problem.logits) : problem.logits);
    const total = sums[categories - 1]!;
    const rounding = precision === "f32" ? 2 ** -22 : 2 ** -50; // of a probability itself
    sums.forEach((sum, k) => {
      const seen = (sum - (sums[k - 1] ?? 0)) / total;
      expect(Math.abs(seen - exact[k]!)).toBeLessThanOrEqual((precision === "f32" ? 2 ** -31 : 2 ** -52) + rounding * exact[k]!);
      if (problem.logits[k] === -Infinity) expect(seen).toBe(0);
    });
  });

  test("one-hot rows are those of the indices at the same key", () => {
    const problem = { logits: logitsOf(10) };
    using index = stage(categorical(10), precision, [problem]);
    using hot = stage(oneHotCategorical(10), precision, [problem]);
    const x = hot.sample(2000);
    index.sample(2000).forEach((k: number, row: number) => expect(x.subarray(row * 10, row * 10 + 10).indexOf(1)).toBe(k));
  });

  test.each([1, 3, 4, 17, 101])("the score of rows of %i categories agrees with the plain one", (categories) => {
    const problem = { logits: logitsOf(categories) };
    using at = stage(categorical(categories), precision, [problem]);
    const x = at.sample(29);
    const coefficient = x.map((_: number, r: number) => Math.cos(r)) as Points;
    const terms = at.score(x, coefficient, 0.5);
    const expected = new Float64Array(29 * categories).fill(0.5);
    reference.score(reference.probs(problem.logits), x, coefficient, expected);
    terms.forEach((seen: number, i: number) => expect(Math.abs(seen - expected[i]!)).toBeLessThan(precision === "f64" ? 1e-14 : 1e-6));
  });
});

test("an impossible problem, +∞ and NaN are refused in a sentence", () => {
  const family = categorical(2);
  expect(() => categorical(1.5)).toThrow('categorical: "categories" expected integer >= 1, got 1.5');
  expect(() => oneHotCategorical(0)).toThrow('oneHotCategorical: "categories" expected integer >= 1, got 0');
  expect(() => stage(family, "f64", [{ logits: [0, 1] }, { logits: [-Infinity, -Infinity] }])).toThrow('test: "params.logits" expected a possible category, got −∞ for all 2 of problem 1');
  expect(() => stage(family, "f64", [{ logits: [0, Infinity] }])).toThrow('test: "params.logits[1]" expected a finite number, or −∞ for an impossible category, got Infinity');
  expect(() => stage(family, "f64", [{ logits: [0, NaN] }])).toThrow("got NaN");
});
