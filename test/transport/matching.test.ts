import { describe, expect, it } from "vitest";
import { matching as plain } from "../../reference/transport/matching.ts";
import { key, matching, normal, sample } from "../../src/index.ts";

const draws = (n: number, seed: number): Float64Array => sample(normal(1), { mean: Float64Array.of(0), logScale: Float64Array.of(0) }, key(seed), { samples: n });
/** Whole numbers with many ties. */
const coarse = (n: number, seed: number): Float64Array => draws(n, seed).map((x) => Math.round(2 * x));

const sumOf = (scores: ArrayLike<number>, columns: number, chosen: ArrayLike<number>): number =>
  Array.from(chosen).reduce((sum, column, row) => sum + (column < 0 ? 0 : scores[row * columns + column]!), 0);

/** Every choice of different columns for all rows (or rows for all columns). */
function best(rows: number, columns: number, scores: ArrayLike<number>): number {
  const [few, many] = rows <= columns ? [rows, columns] : [columns, rows];
  const at = (i: number, j: number): number => (rows <= columns ? scores[i * columns + j]! : scores[j * columns + i]!);
  const search = (i: number, used: number): number => {
    if (i === few) return 0;
    let most = -Infinity;
    for (let j = 0; j < many; j++) if (!(used & (1 << j))) most = Math.max(most, at(i, j) + search(i + 1, used | (1 << j)));
    return most;
  };
  return search(0, 0);
}

const shapes: readonly (readonly [number, number])[] = [[1, 1], [1, 5], [5, 1], [2, 2], [3, 3], [3, 7], [7, 3], [6, 6], [5, 8], [8, 4]];

describe.each([["normal scores", draws], ["scores with ties", coarse]] as const)("matching of %s", (_, make) => {
  it.each(shapes)("%i × %i: is the best of all, greatest and least, in both precisions", (rows, columns) => {
    for (let seed = 0; seed < 20; seed++) {
      const scores = make(rows * columns, seed);
      for (const minimize of [false, true]) {
        const truth = (minimize ? -1 : 1) * best(rows, columns, minimize ? scores.map((x) => -x) : scores);
        const { columns: chosen, value } = matching(scores, { rows, columns, minimize });
        expect(value[0]).toBeCloseTo(truth, 12);
        expect(sumOf(scores, columns, chosen)).toBeCloseTo(truth, 12);
        const taken = [...chosen].filter((column) => column >= 0);
        expect(new Set(taken).size).toBe(Math.min(rows, columns));
        expect(taken.length).toBe(Math.min(rows, columns));
        const narrow = Float32Array.from(scores);
        expect(sumOf(narrow, columns, matching(narrow, { rows, columns, minimize }).columns)).toBeCloseTo(truth, 5);
      }
    }
  });

  it.each([[17, 17], [33, 40], [64, 64], [100, 61], [200, 200]] as const)("%i × %i: is as good as the plain twin's", (rows, columns) => {
    const scores = make(rows * columns, 7);
    const least = matching(scores, { rows, columns, minimize: true });
    const [few, many] = rows <= columns ? [rows, columns] : [columns, rows];
    const cost = rows <= columns ? scores : Float64Array.from(scores, (__, i) => scores[(i % rows) * columns + Math.floor(i / rows)]!);
    expect(least.value[0]).toBeCloseTo(sumOf(cost, many, plain(few, many, cost)), 9);
  });
});

describe("matching", () => {
  it("solves a batch as its problems one by one", () => {
    const scores = draws(5 * 12, 3);
    const all = matching(scores, { rows: 3, columns: 4, batch: 5 });
    for (let b = 0; b < 5; b++) expect([...matching(scores.slice(12 * b, 12 * (b + 1)), { rows: 3, columns: 4 }).columns]).toEqual(Array.from(all.columns.subarray(3 * b, 3 * (b + 1))));
  });

  it("gives the identity its diagonal, and takes the first of equal columns", () => {
    expect([...matching(Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), { rows: 3, columns: 3 }).columns]).toEqual([0, 1, 2]);
    const one = matching(new Float64Array(16), { rows: 4, columns: 4 });
    expect(matching(new Float64Array(16), { rows: 4, columns: 4 })).toEqual(one);
    expect([...matching(new Float64Array(5), { rows: 1, columns: 5 }).columns]).toEqual([0]);
  });

  it("has Google's example: the greatest of [[.3, −1.2, .8], [1.1, .4, −.5], [−.7, .9, .2]] is [2, 0, 1]", () => {
    expect([...matching(Float64Array.of(0.3, -1.2, 0.8, 1.1, 0.4, -0.5, -0.7, 0.9, 0.2), { rows: 3, columns: 3 }).columns]).toEqual([2, 0, 1]);
  });

  it("keeps off forbidden pairs, and finds the only way there is", () => {
    const n = 9;
    const costs = Float64Array.from({ length: n * n }, (_, at) => ((at % n) - Math.floor(at / n) === 1 || ((at % n) === 0 && Math.floor(at / n) === n - 1) ? 1 : Infinity));
    const { columns, value } = matching(costs, { rows: n, columns: n, minimize: true });
    expect([...columns]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 0]);
    expect(value[0]).toBe(n);
    for (let seed = 0; seed < 20; seed++) {
      const scores = draws(36, seed).map((x) => (x < -0.4 ? -Infinity : x));
      const truth = best(6, 6, scores);
      if (truth === -Infinity) expect(() => matching(scores, { rows: 6, columns: 6 })).toThrow(RangeError);
      else expect(matching(scores, { rows: 6, columns: 6 }).value[0]).toBeCloseTo(truth, 12);
    }
  });

  it("works on costs from 1e-4 to 1e4, negative ones, and all alike", () => {
    const hostile = draws(900, 5).map((x) => Math.sign(x) * 10 ** (4 * Math.tanh(x)));
    const least = matching(hostile, { rows: 30, columns: 30, minimize: true });
    expect(least.value[0]).toBeCloseTo(sumOf(hostile, 30, plain(30, 30, hostile)), 7);
    expect(new Set(matching(new Float64Array(900).fill(-3), { rows: 30, columns: 30 }).columns).size).toBe(30);
  });

  const loose = matching as (...given: unknown[]) => unknown;
  it.each<[string, () => unknown, string]>([
    ["a list", () => loose([1], { rows: 1, columns: 1 }), 'matching: "scores" expected a Float64Array or a Float32Array, got an array of 1'],
    ["another length", () => matching(new Float64Array(5), { rows: 2, columns: 2 }), 'matching: "scores" expected batch · rows · columns = 4 numbers, got 5'],
    ["NaN", () => matching(Float64Array.of(1, Number.NaN), { rows: 1, columns: 2 }), 'matching: "scores[1]" expected a number, or −∞ for a pair that must not be, got NaN'],
    ["an infinitely good pair", () => matching(Float64Array.of(1, Infinity), { rows: 1, columns: 2 }), 'matching: "scores[1]" expected a number, or −∞ for a pair that must not be, got Infinity'],
    ["what cannot be", () => matching(Float64Array.of(-Infinity, 1, -Infinity, 1), { rows: 2, columns: 2 }), 'matching: "scores" expected an assignment without a forbidden pair, got none in problem 0. Each of the 2 rows needs a partner of its own.'],
    ["no rows", () => matching(new Float64Array(0), { rows: 0, columns: 2 }), 'matching: "rows" expected integer >= 1, got 0'],
  ])("refuses %s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});
