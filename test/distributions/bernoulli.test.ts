import { afterEach, describe, expect, test } from "vitest";
import * as reference from "../../reference/distributions/bernoulli.ts";
import { flips } from "../../reference/random/flips.ts";
import { bernoulli } from "../../src/distributions/bernoulli.ts";
import { tileOf } from "../../src/vocabulary/distribution.ts";
import { arrayOf as arrayTypeOf, instance, type Precision } from "../harness.ts";
import { laws } from "../laws.ts";
import { column, moments, within } from "../laws/numbers.ts";
import { type Problem, stage, stream } from "../laws/stage.ts";

const core = instance();
/** Float32Array at 32: alike in all that these tests use. */
const arrayOf = (precision: Precision): Float64ArrayConstructor => arrayTypeOf(precision) as Float64ArrayConstructor;
afterEach(() => core.reset());

const KEY = { low: 20, high: 26 };
const EDGES = [-Infinity, -800, -40, -13.8, -1, -0, 0, 1e-300, 0.3, 13.8, 40, 800, Infinity];

interface Prepared {
  readonly tile: number;
  readonly at: number;
  /** The logits as the kernel sees them. */
  readonly logits: Float64Array;
}

function prepared(precision: Precision, logits: readonly number[], dim = logits.length): Prepared {
  const tile = tileOf(logits.length);
  const values = arrayOf(precision).from(logits);
  const params = core.put(values);
  core.allocate(64);
  const at = core.allocate((6 * tile + tile / 4 + 16) * (precision / 8));
  expect(logits.length % dim).toBe(0);
  core.kernel("bernoulliPrepare", precision)(logits.length, tile, params, at);
  return { tile, at, logits: values };
}

const logitsOf = (count: number): number[] => Array.from({ length: count }, (_, i) => (i < EDGES.length ? EDGES[i]! : 3 * Math.sin(i)));

function sampled(precision: Precision, theta: Prepared, rows: number, dim: number, chunk = 0): [Float64Array, Float64Array] {
  const n = rows * dim;
  const guard = arrayOf(precision).of(7, 7, 7, 7);
  const x = core.allocate(n * (precision / 8));
  const after = core.put(guard.slice(0, 2));
  const mirrored = core.allocate(n * (precision / 8));
  core.kernel("bernoulliSample", precision)(KEY.low, KEY.high, 3, chunk, rows, dim, theta.tile, theta.at, x, mirrored);
  expect(Array.from(core.take(arrayOf(precision), after, 2))).toEqual([7, 7]);
  return [core.take(arrayOf(precision), x, n), core.take(arrayOf(precision), mirrored, n)];
}

describe.each([32, 64] as const)("flips in f%i", (precision) => {
  const bits = precision === 32 ? 31 : 52;

  test.each([[0, 1], [1, 1], [3, 1], [7, 17], [17, 3], [1023, 1], [1025, 5], [2500, 13], [3, 1023]])("%i rows of %i have the bits of the reference", (rows, dim) => {
    const theta = prepared(precision, logitsOf(dim));
    const p = reference.probs(theta.logits);
    const [x, mirrored] = sampled(precision, theta, rows, dim);
    expect(x).toEqual(arrayOf(precision).from(flips(KEY, 3, rows, dim, p, bits, false)));
    expect(mirrored).toEqual(arrayOf(precision).from(flips(KEY, 3, rows, dim, p, bits, true)));
  });

  test("problems of a batch take turns, and a run begun at a later chunk goes on where the problems are", () => {
    const theta = prepared(precision, logitsOf(15), 5);
    const all = sampled(precision, theta, 3 * 1024 + 9, 5)[0];
    expect(all).toEqual(arrayOf(precision).from(flips(KEY, 3, 3 * 1024 + 9, 5, reference.probs(theta.logits), bits, false)));
    expect(sampled(precision, theta, 1024 + 9, 5, 2)[0]).toEqual(all.slice(2 * 1024 * 5));
  });

  test("a flip of infinite logits is decided", () => {
    const [x, mirrored] = sampled(precision, prepared(precision, [-Infinity, Infinity]), 20_000, 2);
    for (const points of [x, mirrored]) expect(points.every((value, i) => value === i % 2)).toBe(true);
  });

  test("what the sampler compares with stands for p to 2⁻⁴⁰ in f32 and to 2⁻⁵³ in f64", () => {
    const logits = [...EDGES.slice(0, -1), ...[1e-6, 2 ** -20, 1 - 1e-6, 1 / 3].map((p) => Math.log(p / (1 - p)))];
    const theta = prepared(precision, logits);
    const first = core.take(Uint8Array, theta.at + 6 * theta.tile * (precision / 8), logits.length);
    const words = core.take(Uint32Array, theta.at + 5 * theta.tile * (precision / 8), 2 * logits.length);
    reference.probs(theta.logits).forEach((p, i) => {
      const rest = precision === 32 ? words[i]! / 2 ** 31 : (words[2 * i]! + words[2 * i + 1]! * 2 ** 32) / 2 ** 52;
      expect(Math.abs((first[i]! + rest) / 256 - p)).toBeLessThanOrEqual(precision === 32 ? 2 ** -40 : 2 ** -53);
    });
  });

  test.each([1e-6, 2 ** -20, 1 / 256, 1 - 1 / 256, 1 - 1e-6])("p = %f comes as often as it should in 3·10⁷ flips", (p) => {
    const theta = prepared(precision, [Math.log(p / (1 - p))]);
    const exact = reference.probs(theta.logits)[0]!;
    const [chunks, runs] = [1024, 30];
    const x = core.allocate(chunks * 1024 * (precision / 8));
    let ones = 0;
    for (let run = 0; run < runs; run++) {
      core.kernel("bernoulliSample", precision)(1, 1, 0, run * chunks, chunks * 1024, 1, theta.tile, theta.at, x, 0);
      ones += core.take(arrayOf(precision), x, chunks * 1024).reduce((sum, value) => sum + value, 0);
    }
    const n = chunks * 1024 * runs;
    expect(Math.abs(ones - n * exact)).toBeLessThan(4 * Math.sqrt(n * exact * (1 - exact)));
  });

  test("both flips of a kept uniform follow from it, and each has the law of the family", () => {
    const [rows, dim] = [40_007, 13];
    const theta = prepared(precision, logitsOf(dim));
    const p = core.take(arrayOf(precision), theta.at + theta.tile * (precision / 8), dim);
    const [uniform, x, mirrored] = [0, 0, 0].map(() => core.allocate(rows * dim * (precision / 8))) as [number, number, number];
    core.kernel("antitheticSample", precision)(KEY.low, KEY.high, 0, 0, rows, dim, theta.tile, theta.at, uniform, x, mirrored);
    const [u, b, m] = [uniform, x, mirrored].map((at) => core.take(arrayOf(precision), at, rows * dim)) as [Float64Array, Float64Array, Float64Array];
    let inconsistent = 0;
    const ones = [new Float64Array(dim), new Float64Array(dim)] as const;
    for (let i = 0; i < u.length; i++) {
      if (!(u[i]! > 0 && u[i]! < 1 && b[i] === Number(u[i]! < p[i % dim]!) && m[i] === Number(1 - u[i]! < p[i % dim]!))) inconsistent++;
      ones[0][i % dim]! += b[i]!;
      ones[1][i % dim]! += m[i]!;
    }
    expect(inconsistent).toBe(0);
    for (const counts of ones) counts.forEach((count, j) => expect(Math.abs(count - rows * p[j]!)).toBeLessThanOrEqual(4.5 * Math.sqrt(rows * p[j]! * (1 - p[j]!)) + 1e-3 * rows * p[j]! * (1 - p[j]!)));
  });
});

describe.each([32, 64] as const)("scores of flips in f%i", (precision) => {
  const unit = precision === 32 ? 2 ** -23 : 2 ** -52;
  const close = (got: ArrayLike<number>, wanted: ArrayLike<number>, units = 8): void => {
    expect(got.length).toBe(wanted.length);
    Array.from(wanted).forEach((w, i) => {
      if (Number.isFinite(w)) expect(Math.abs(got[i]! - w), `${i}: ${got[i]} for ${w}`).toBeLessThanOrEqual(units * unit * Math.max(1, Math.abs(w)));
      else expect(got[i]).toBe(w);
    });
  };
  const sizes = [[0, 1], [1, 1], [7, 1], [1023, 1], [5, 2], [17, 7], [3, 17], [5, 64], [3, 101]] as const;

  test.each(sizes)("log p and score of %i rows of %i", (rows, dim) => {
    const theta = prepared(precision, logitsOf(dim));
    const [x] = sampled(precision, theta, rows, dim);
    if (x.length > 2) x[1] = 1 - x[1]!;
    if (x.length > 16) x[16] = 0.5;
    const p = reference.probs(theta.logits);
    const coefficient = arrayOf(precision).from({ length: rows }, (_, r) => Math.cos(r));
    const terms = arrayOf(precision).from({ length: rows * dim }, (_, i) => Math.sin(i));
    const [xAt, cAt, termsAt, out] = [core.put(x), core.put(coefficient), core.put(terms), core.allocate((rows + 1) * 8)];
    core.kernel("bernoulliLogProb", precision)(rows, dim, theta.tile, theta.at, xAt, out);
    close(core.take(arrayOf(precision), out, rows), reference.logProb(dim, theta.logits, x), 64);
    core.kernel("bernoulliScore", precision)(rows, dim, theta.tile, theta.at, xAt, cAt, termsAt);
    reference.score(dim, p, x, coefficient, terms);
    close(core.take(arrayOf(precision), termsAt, rows * dim), terms);
  });

  test.each(sizes)("DisARM's terms of %i rows of %i", (rows, dim) => {
    const theta = prepared(precision, logitsOf(dim));
    const [x, mirrored] = sampled(precision, theta, rows, dim);
    const coefficient = arrayOf(precision).from({ length: rows }, (_, r) => Math.cos(r));
    const terms = arrayOf(precision).from({ length: rows * dim }, (_, i) => Math.sin(i));
    const [xAt, mAt, cAt, termsAt] = [core.put(x), core.put(mirrored), core.put(coefficient), core.put(terms)];
    core.kernel("disarmTerms", precision)(rows, dim, theta.tile, theta.at, xAt, mAt, cAt, termsAt);
    reference.disarm(dim, reference.probs(theta.logits), x, mirrored, coefficient, terms);
    close(core.take(arrayOf(precision), termsAt, rows * dim), terms);
  });

  test("log p, log(1 − p) and entropy are those of the logits out to ±∞", () => {
    const theta = prepared(precision, EDGES);
    const [value, gradient] = [core.put(arrayOf(precision).of(0)), core.put(new (arrayOf(precision))(EDGES.length))];
    core.kernel("bernoulliEntropy", precision)(1, EDGES.length, theta.tile, theta.at, 1, value, gradient);
    close(core.take(arrayOf(precision), value, 1), [reference.entropy(theta.logits)], 16);
    const p = reference.probs(theta.logits);
    close(core.take(arrayOf(precision), gradient, EDGES.length), Array.from(p, (q, i) => (q * (1 - q) === 0 ? 0 : -q * (1 - q) * theta.logits[i]!)));
  });

  test("divergence adds KL and its gradient, also of decided flips", () => {
    const own = [0.3, -2, Infinity, -Infinity, 40, 5], other = [1, -1, 3, -0.5, 38, 5];
    const theta = prepared(precision, own, 3), prior = prepared(precision, other, 3);
    const [value, gradient] = [core.put(arrayOf(precision).of(1, 1)), core.put(arrayOf(precision).from(own, () => 1))];
    core.kernel("bernoulliDivergence", precision)(2, 3, theta.tile, theta.at, prior.tile, prior.at, -2, value, gradient);
    close(core.take(arrayOf(precision), value, 2), [0, 3].map((from) => 1 - 2 * reference.divergence(theta.logits.slice(from, from + 3), prior.logits.slice(from, from + 3))), 16);
    const p = reference.probs(theta.logits);
    close(core.take(arrayOf(precision), gradient, 6), own.map((l, i) => 1 - (Number.isFinite(l) ? 2 * p[i]! * (1 - p[i]!) * (l - other[i]!) : 0)), 64);
    const infinite = core.put(arrayOf(precision).of(0)), ignored = core.put(arrayOf(precision).of(0));
    const [half, impossible] = [prepared(precision, [0]), prepared(precision, [-Infinity])];
    core.kernel("bernoulliDivergence", precision)(1, 1, half.tile, half.at, impossible.tile, impossible.at, 1, infinite, ignored);
    expect(core.take(arrayOf(precision), infinite, 1)[0]).toBe(Infinity);
  });
});

test("the support counts its first coordinate fastest", () => {
  const x = core.allocate(4 * 2 * 3 * 8);
  core.kernel("bernoulliEnumerate", 64)(3, 5, 2, 3, x);
  expect(Array.from(core.take(Float64Array, x, 12))).toEqual([1, 1, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1]);
});

const family = bernoulli(3);
const problems: Problem[] = [{ logits: [0.3, -1.2, 2] }, { logits: [-0.5, 0, 0.25] }, { logits: [-3, 1, 1] }];
const p = ({ logits }: Problem): number[] => Array.from(reference.probs(logits!));
laws("bernoulli(3)", {
  family,
  problems,
  support: (x) => x === 0 || x === 1,
  moments: (problem) => ({ mean: p(problem), variance: p(problem).map((q) => q * (1 - q)) }),
  logProb: ({ logits }, x) => reference.logProb(3, logits!, x)[0]!,
  edges: { f64: [EDGES.slice(0, 3), EDGES.slice(3, 6), EDGES.slice(-3)].map((logits) => ({ logits })), f32: [EDGES.slice(0, 3), EDGES.slice(-3)].map((logits) => ({ logits })) },
  priors: [{ logits: [0, 0, 0] }, { logits: [1, -1, 0.5] }, { logits: [-2, 0.1, 1] }],
});

describe("DisARM's terms", () => {
  test.each(problems)("have the gradient of an expectation as their mean: %o", (problem) => {
    using at = stage(family, "f64", [problem]);
    const f = (x: ArrayLike<number>): number => (x[0]! - 0.4) ** 2 + x[0]! * x[1]! - 2 * x[1]! * x[2]! + x[2]!;
    const rows = 400_000;
    const [, x, mirrored] = at.run([0, 3 * rows, 3 * rows], ([, a, b]) => family.antithetic.sample(at.kernels, stream(3), rows, at.theta, 0, 0, a!, b!));
    const coefficient = Float64Array.from({ length: rows }, (_, r) => f(x!.subarray(3 * r, 3 * r + 3)) - f(mirrored!.subarray(3 * r, 3 * r + 3)));
    const terms = at.run([x!, mirrored!, coefficient, 3 * rows], ([a, b, c, t]) => family.antithetic.disarm(at.kernels, rows, at.theta, 0, a!, b!, c!, t!))[3]!;
    const points = at.run([24], ([all]) => family.support.enumerate(at.kernels, 0, 8, 1, all!))[0]!;
    const weight = Float64Array.from(at.logProb(points), (log, i) => Math.exp(log) * f(points.subarray(3 * i, 3 * i + 3)));
    const exact = at.score(points, weight);
    for (let j = 0; j < 3; j++) {
      const seen = moments(column(terms, j, 3));
      within(seen.mean, column(exact, j, 3).reduce((a, b) => a + b, 0), seen.meanError, 4.5, `∂/∂logits[${j}]`);
    }
  });
});

test("NaN logits and a dim that is no positive integer are refused in a sentence", () => {
  expect(() => bernoulli(0)).toThrow('bernoulli: "dim" expected integer >= 1, got 0');
  expect(() => stage(family, "f64", [{ logits: [0, NaN, 1] }])).toThrow('test: "params.logits[1]" expected a number, ∞ or −∞, got NaN');
});
