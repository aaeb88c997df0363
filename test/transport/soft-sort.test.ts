import { describe, expect, test } from "vitest";
import { sorter } from "../../reference/transport/soft-sort.ts";
import { createCore, type SoftOrder, softQuantile, softRank, softSort, softTopK } from "../../src/index.ts";

const lists = (count: number, width: number): Float64Array => Float64Array.from({ length: count * width }, (_, k) => Math.sin(12.9898 * (k + 1)) * 3 + Math.cos(k * k));
const ascending = (x: ArrayLike<number>): number[] => Array.from(x).sort((a, b) => a - b);
const linspace = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i / (n - 1));

const functions: readonly (readonly [string, (x: Float64Array, regularization: number) => SoftOrder<Float64Array>])[] = [
  ["softSort", (x, regularization) => softSort(x, { width: 7, regularization, tolerance: 1e-13 })],
  ["softRank", (x, regularization) => softRank(x, { width: 7, regularization, tolerance: 1e-13 })],
  ["softQuantile", (x, regularization) => softQuantile(x, { width: 7, levels: [0, 0.25, 0.5, 0.9], regularization, tolerance: 1e-13 })],
  ["softTopK", (x, regularization) => softTopK(x, { width: 7, count: 3, regularization, tolerance: 1e-13 })],
];

describe.each(functions)("%s", (_, of) => {
  test.each([0.005, 0.05, 1])("at regularization %f has the derivative that finite differences see", (regularization) => {
    const x = lists(3, 7);
    const found = of(x, regularization);
    expect(found.converged).toEqual([true, true, true]);
    const cotangent = Float64Array.from(found.values, (__, k) => Math.cos(k + 1));
    const gradient = found.pullback(cotangent);
    const value = (at: Float64Array): number => of(at, regularization).values.reduce((sum, each, k) => sum + each * cotangent[k]!, 0);
    const step = 1e-5;
    for (let i = 0; i < x.length; i++) {
      const slope = (value(x.map((each, k) => (k === i ? each + step : each))) - value(x.map((each, k) => (k === i ? each - step : each)))) / (2 * step);
      expect(Math.abs(gradient[i]! - slope), `number ${i}`).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
    }
  });

  test("does not care about order, and takes equal numbers", () => {
    const x = lists(1, 7);
    const found = of(Float64Array.from(x).reverse(), 0.05).values;
    const own = of(x, 0.05).values;
    const sorts = own.length !== 7 || own.every((each, k) => k === 0 || each >= own[k - 1]!);
    (sorts ? found : found.toReversed()).forEach((each, k) => expect(each).toBeCloseTo(own[k]!, 8));
    const equal = of(new Float64Array(7).fill(2), 0.05);
    expect(equal.values.every(Number.isFinite)).toBe(true);
    expect(equal.pullback(equal.values.map(() => 1)).every(Number.isFinite)).toBe(true);
  });

});

describe("soft order", () => {
  test("has in f32 the numbers of f64", () => {
    const x = Float32Array.from(lists(2, 7));
    const [narrow, wide] = [softRank(x, { width: 7, regularization: 0.05 }), softRank(Float64Array.from(x), { width: 7, regularization: 0.05 })];
    expect(narrow.values).toBeInstanceOf(Float32Array);
    narrow.values.forEach((each, i) => expect(Math.abs(each - wide.values[i]!)).toBeLessThan(1e-4));
    const [of, exactly] = [narrow.pullback(Float32Array.from({ length: 14 }, (_, k) => Math.cos(k))), wide.pullback(Float64Array.from({ length: 14 }, (_, k) => Math.cos(k)))];
    of.forEach((each, i) => expect(Math.abs(each - exactly[i]!)).toBeLessThan(1e-3));
  });

  test.each([2, 3, 8, 9, 33])("of lists of %d, and its derivative, are those of the reference", (width) => {
    const x = lists(3, width);
    const own = sorter(x, width, 0.1, 1e-12);
    own.sort();
    const found = softSort(x, { width, regularization: 0.1, tolerance: 1e-12 });
    const cotangent = x.map((_, k) => Math.cos(k + 2));
    found.values.forEach((each, k) => expect(each).toBeCloseTo(own.values[k]!, 9));
    const slopes = own.pull(cotangent);
    found.pullback(cotangent).forEach((each, k) => expect(each).toBeCloseTo(slopes[k]!, 9));
  });

  test("ascends, keeps the sum, and is the sorted list where it is cold", () => {
    const x = lists(4, 20);
    for (const regularization of [1, 0.1, 0.01, 1e-3]) {
      const { values } = softSort(x, { width: 20, regularization });
      for (let p = 0; p < 4; p++) {
        const own = values.subarray(p * 20, p * 20 + 20);
        for (let k = 1; k < 20; k++) expect(own[k]! - own[k - 1]!).toBeGreaterThan(-1e-12);
        expect(own.reduce((a, b) => a + b)).toBeCloseTo(x.subarray(p * 20, p * 20 + 20).reduce((a, b) => a + b), 6);
      }
    }
    const few = Float64Array.of(3, -1, 0.5, 2);
    const cold = softSort(few, { width: 4, regularization: 1e-3 });
    cold.values.forEach((each, k) => expect(each).toBeCloseTo(ascending(few)[k]!, 4));
    softRank(few, { width: 4, regularization: 1e-3 }).values.forEach((each, i) => expect(each).toBeCloseTo([3, 0, 1, 2][i]!, 4));
  });

  test("of a hundred even numbers has the quantiles that interpolation has", () => {
    const levels = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99];
    for (const level of levels) {
      const { values, converged } = softQuantile(linspace(100), { width: 100, levels: [level], regularization: 1e-3 });
      expect(converged).toEqual([true]);
      expect(Math.abs(values[0]! - level)).toBeLessThan(1e-3);
    }
    const { values } = softQuantile(linspace(100), { width: 100, levels, regularization: 1e-4 });
    values.forEach((each, k) => expect(Math.abs(each - levels[k]!)).toBeLessThan(1e-3));
    const ends = softQuantile(Float64Array.of(4, 1, 3), { width: 3, levels: [0, 0.5, 1], regularization: 1e-3 });
    ends.values.forEach((each, k) => expect(each).toBeCloseTo([1, 3, 4][k]!, 4));
  });

  test("takes the k greatest, with the sum k", () => {
    const x = lists(5, 50);
    for (const count of [1, 7, 49]) {
      const { values } = softTopK(x, { width: 50, count, regularization: 1e-4 });
      for (let p = 0; p < 5; p++) {
        const [own, list] = [values.subarray(p * 50, p * 50 + 50), x.subarray(p * 50, p * 50 + 50)];
        expect(own.reduce((a, b) => a + b)).toBeCloseTo(count, 6);
        const least = ascending(list)[50 - count]!;
        list.forEach((each, i) => (each >= least ? expect(own[i]).toBeGreaterThan(0.5) : expect(own[i]).toBeLessThan(0.5)));
      }
    }
  });

  test("refuses what it cannot order", () => {
    expect(() => softSort(new Float64Array(5), { width: 2 })).toThrow('softSort: "x" expected a multiple of width = 2 numbers, got 5');
    expect(() => softSort(Float64Array.of(1, NaN), { width: 2 })).toThrow('softSort: "x[1]" expected a finite number, got NaN');
    expect(() => softTopK(new Float64Array(2), { width: 2, count: 2 })).toThrow('softTopK: "count" expected integer <= 1, got 2');
    expect(() => softQuantile(new Float64Array(3), { width: 3, levels: [0.5, 0.6] })).toThrow('softQuantile: "levels[1]"');
    expect(() => softQuantile(new Float64Array(3), { width: 3, levels: [] })).toThrow('softQuantile: "levels" expected an array of at least one number');
    expect(() => softRank(new Float64Array(2), { width: 2, colour: 1 } as never)).toThrow("colour");
    expect(createCore().softSort(Float64Array.of(1), { width: 1 }).values).toEqual(Float64Array.of(1));
  });
});
