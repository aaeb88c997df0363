import { describe, expect, test } from "vitest";
import { sinkhornDivergence } from "../../src/index.ts";

const points = (length: number, seed: number): Float64Array => Float64Array.from({ length }, (_, k) => Math.sin(12.9898 * (k + 1) * seed) + 0.3 * Math.cos(k * seed));
const weights = (length: number): Float64Array => {
  const raw = Float64Array.from({ length }, (_, k) => 1 + (k % 3));
  return raw.map((each) => each / raw.reduce((a, b) => a + b));
};

describe("sinkhornDivergence", () => {
  test.each([0.05, 0.5, 5])("is 0 with no slope for equal clouds and above 0 for others, at regularization %f", (regularization) => {
    const [x, y] = [points(24, 3), points(24, 5)];
    const equal = sinkhornDivergence({ x, y: x.slice() }, { dim: 2, regularization });
    expect(equal.converged).toEqual([true]);
    expect(Math.abs(equal.value[0]!)).toBeLessThan(1e-12);
    const { x: slope } = equal.pullback(Float64Array.of(1));
    slope.forEach((each) => expect(Math.abs(each)).toBeLessThan(1e-7));
    expect(sinkhornDivergence({ x, y }, { dim: 2, regularization }).value[0]).toBeGreaterThan(1e-3);
  });

  test("of points that moved together is the squared distance they moved, whatever the blur", () => {
    const x = points(20, 2);
    const y = x.map((each, k) => each + (k % 2 === 0 ? 0.3 : -0.4));
    for (const regularization of [0.05, 1]) expect(sinkhornDivergence({ x, y }, { dim: 2, regularization }).value[0]).toBeCloseTo(0.25, 8);
  });

  test("between single points is their squared distance; far from blur that of the best matching", () => {
    expect(sinkhornDivergence({ x: Float64Array.of(1, 2), y: Float64Array.of(4, 6) }, { dim: 2, regularization: 1 }).value[0]).toBeCloseTo(25, 10);
    const cold = sinkhornDivergence({ x: Float64Array.of(0, 1, 2), y: Float64Array.of(2.5, 0.5, 1.5) }, { dim: 1, regularization: 0.01 });
    expect(cold.value[0]).toBeCloseTo(0.25, 6);
  });

  test("has the slopes that finite differences see, with weights and in a batch", () => {
    const [dim, batch, regularization] = [2, 2, 0.3];
    const given = { x: points(2 * 5 * dim, 3), y: points(2 * 4 * dim, 7), xWeights: weights(5), yWeights: Float64Array.of(...weights(4), ...weights(4).reverse()) };
    const options = { dim, batch, regularization, tolerance: 1e-12 };
    const cotangent = Float64Array.of(1, -0.7);
    const slopes = sinkhornDivergence(given, options).pullback(cotangent);
    const value = (moved: Partial<typeof given>): number => sinkhornDivergence({ ...given, ...moved }, options).value.reduce((sum, each, p) => sum + each * cotangent[p]!, 0);
    for (const name of ["x", "y"] as const) {
      for (let i = 0; i < given[name].length; i++) {
        const moved = (by: number): number => value({ [name]: given[name].map((each, k) => (k === i ? each + by : each)) });
        expect(Math.abs(slopes[name][i]! - (moved(1e-5) - moved(-1e-5)) / 2e-5), `${name}[${i}]`).toBeLessThan(1e-6);
      }
    }
  });

  test("has in f32 the numbers of f64", () => {
    const [x, y] = [Float32Array.from(points(20, 3)), Float32Array.from(points(20, 5))];
    const wide = sinkhornDivergence({ x: Float64Array.from(x), y: Float64Array.from(y) }, { dim: 2, regularization: 0.2 });
    const narrow = sinkhornDivergence({ x, y }, { dim: 2, regularization: 0.2 });
    expect(narrow.value).toBeInstanceOf(Float32Array);
    expect(Math.abs(narrow.value[0]! - wide.value[0]!)).toBeLessThan(1e-4);
    narrow.pullback(Float32Array.of(1)).x.forEach((each, i) => expect(Math.abs(each - wide.pullback(Float64Array.of(1)).x[i]!)).toBeLessThan(1e-4));
  });

  test("refuses clouds that do not fit", () => {
    expect(() => sinkhornDivergence({ x: new Float64Array(3), y: new Float64Array(2) }, { dim: 2, regularization: 1 })).toThrow('sinkhornDivergence: "x" expected a multiple of batch · dim = 2 numbers, got 3');
    expect(() => sinkhornDivergence({ x: new Float64Array(2), y: new Float64Array(2) }, { dim: 2, regularization: 0 })).toThrow('"regularization" expected a number > 0, got 0');
    expect(() => sinkhornDivergence({ x: Float64Array.of(0, Infinity), y: new Float64Array(2) }, { dim: 2, regularization: 1 })).toThrow('"x[1]" expected a finite number');
  });
});
