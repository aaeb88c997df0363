import { describe, expect, test } from "vitest";
import { iterate, iterateLogarithmic, kernelOf, plan, planOf } from "../../reference/transport/sinkhorn.ts";
import { pull } from "../../reference/transport/unrolled.ts";
import { sinkhorn } from "../../src/index.ts";
import { arrayOf, instance, type Precision } from "../harness.ts";
import { apart, bell, masses, unit } from "./numbers.ts";

const SIZES = [[1, 1], [1, 9], [9, 1], [2, 3], [3, 2], [7, 5], [8, 4], [9, 17], [16, 33], [31, 30]] as const;

describe.each([32, 64] as const)("the kernels in f%i", (precision: Precision) => {
  const numbers = arrayOf(precision);
  const bar = precision === 32 ? 2e-6 : 1e-14;

  test.each(SIZES)("do what the twin in the exponential domain does, %i × %i", (rows, columns) => {
    const [x, a, b] = [unit(rows * columns, 1), masses(rows, 2), masses(columns, 3)].map((each) => numbers.from(each)) as [Float64Array, Float64Array, Float64Array];
    const [kernel, u, v, sums, out] = [rows * columns, rows, columns, columns, rows * columns].map((length) => new Float64Array(length)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    kernelOf(-10, x, kernel);
    v.fill(1);
    iterate(rows, columns, 13, a, b, kernel, u, v, sums);
    plan(rows, columns, kernel, u, v, out);
    const found = sinkhorn({ cost: x, rowMarginals: a, columnMarginals: b }, { rows, columns, regularization: 0.1, tolerance: 0, maximumIterations: 13 });
    expect(apart(found.plan(), out)).toBeLessThan(bar);
    expect(Math.abs(found.transportCost[0]! - out.reduce((sum, p, k) => sum + p * x[k]!, 0))).toBeLessThan(bar);
  });

  test.each(SIZES)("do what the twin in the log domain does, marginals paid for or not, %i × %i", (rows, columns) => {
    const [x, a, b] = [bell(rows * columns, 1), masses(rows, 2), masses(columns, 3)].map((each) => numbers.from(each)) as [Float64Array, Float64Array, Float64Array];
    for (const [strength, powers] of [[Number.POSITIVE_INFINITY, [1, 1]], [0.9, [0.75, 0.75]]] as const) {
      const [phi, gamma, out] = [rows, columns, rows * columns].map((length) => new Float64Array(length)) as [Float64Array, Float64Array, Float64Array];
      iterateLogarithmic(rows, columns, 7, -1 / 0.3, a, b, x, phi, gamma, powers);
      planOf(rows, columns, -1 / 0.3, x, phi, gamma, out);
      for (const domain of ["exponential", "logarithmic"] as const) {
        const settings = { rows, columns, regularization: 0.3, tolerance: 0, maximumIterations: 7, domain, rowStrength: strength, columnStrength: strength };
        const found = sinkhorn({ cost: x, rowMarginals: a, columnMarginals: b }, settings);
        expect(apart(found.plan(), out)).toBeLessThan(10 * bar);
        expect(Math.max(...found.columnPotentials.map((g, j) => Math.abs(g - found.columnPotentials[0]! - 0.3 * (gamma[j]! - gamma[0]!))))).toBeLessThan(50 * bar);
      }
    }
  });

  test("go back through the iterations as the twin does", () => {
    for (const [rows, columns] of [[7, 5], [9, 17]] as const) {
      const [x, a, b, plan] = [unit(rows * columns, 1), masses(rows, 2), masses(columns, 3), bell(rows * columns, 4)].map((each) => numbers.from(each)) as [Float64Array, Float64Array, Float64Array, Float64Array];
      const own = pull(rows, columns, 6, -5, Float64Array.from(a), Float64Array.from(b), Float64Array.from(x), plan);
      const found = sinkhorn({ cost: x, rowMarginals: a, columnMarginals: b }, { rows, columns, regularization: 0.2, tolerance: 0, maximumIterations: 6 }).pullback({ plan }, { through: "iterations" });
      const bar = precision === 32 ? 2e-5 : 1e-13;
      expect(apart(found.cost, own.exponent.map((slope) => -5 * slope))).toBeLessThan(bar);
      expect(apart(found.rowMarginals, own.rows.map((slope, i) => slope / a[i]!))).toBeLessThan(bar);
      expect(apart(found.columnMarginals, own.columns.map((slope, j) => slope / b[j]!))).toBeLessThan(bar);
    }
  });

  test("take one step beyond by over-relaxation as written", () => {
    const [rows, columns, step] = [9, 6, 1.4];
    const [x, a, b] = [unit(rows * columns, 1), masses(rows, 2), masses(columns, 3)].map((each) => numbers.from(each)) as [Float64Array, Float64Array, Float64Array];
    const [phi, gamma] = [new Float64Array(rows), new Float64Array(columns)];
    for (let t = 0; t < 5; t++) {
      const [first, second] = [phi.slice(), gamma.slice()];
      const [nextPhi, nextGamma] = [phi.slice(), gamma.slice()];
      iterateLogarithmic(rows, columns, 1, -10, a, b, x, nextPhi, gamma);
      for (let i = 0; i < rows; i++) phi[i] = t === 0 ? nextPhi[i]! : first[i]! + step * (nextPhi[i]! - first[i]!);
      // The half iteration of columns alone: that of rows of the transposed problem.
      const transposed = Float64Array.from({ length: rows * columns }, (_, k) => x[(k % rows) * columns + Math.floor(k / rows)]!);
      iterateLogarithmic(columns, rows, 1, -10, b, a, transposed, nextGamma, phi.slice());
      for (let j = 0; j < columns; j++) gamma[j] = second[j]! + step * (nextGamma[j]! - second[j]!);
    }
    const out = new Float64Array(rows * columns);
    planOf(rows, columns, -10, x, phi, gamma, out);
    const found = sinkhorn({ cost: x, rowMarginals: a, columnMarginals: b }, { rows, columns, regularization: 0.1, tolerance: 0, maximumIterations: 5, overRelaxation: step });
    expect(apart(found.plan(), out)).toBeLessThan(10 * bar);
  });
});

test("an iteration leaves what is behind its arrays alone", () => {
  const core = instance();
  for (const precision of [32, 64] as const) {
    const numbers = arrayOf(precision);
    const [rows, columns, lanes] = [9, 5, 16 / (precision / 8)];
    const [height, width] = [16, Math.ceil(columns / lanes) * lanes];
    const guard = (length: number, fill: (i: number) => number): { at: number; length: number } => {
      const values = new numbers(new ArrayBuffer((length + 8) * (precision / 8)), 0, length + 8);
      for (let i = 0; i < length + 8; i++) values[i] = i < length ? fill(i) : 77;
      return { at: core.put(values), length };
    };
    const x = guard(rows * columns, (i) => Math.sin(i));
    const kernel = guard(height * width, () => 0);
    const byRow = guard(5 * height, (i) => (i < rows ? 1 / rows : i >= 3 * height && i < 3 * height + rows ? -Infinity : 0));
    const byColumn = guard(5 * width, (i) => (i < columns ? 1 / columns : 0));
    const outcome = core.allocate(8);
    core.kernel("sinkhornBegin", precision)(rows, columns, -3, x.at, kernel.at, byRow.at, byColumn.at);
    expect(core.kernel("sinkhornIterate", precision)(rows, columns, 4, -1, 1, 1, 1, 0, -3, x.at, kernel.at, byRow.at, byColumn.at, outcome)).toBe(4);
    core.kernel("planMarginals", precision)(rows, columns, kernel.at, byRow.at, byColumn.at);
    for (const { at, length } of [x, kernel, byRow, byColumn]) expect(Array.from(core.take(numbers, at + length * (precision / 8), 8))).toEqual(new Array(8).fill(77));
    const columnSums = core.take(numbers, byColumn.at + 2 * width * (precision / 8), columns);
    expect(apart(columnSums, new Array(columns).fill(1 / columns))).toBeLessThan(1e-6);
  }
});
