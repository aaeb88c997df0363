import { describe, expect, it } from "vitest";
import { predict } from "../reference/baselines/leave-one-out.ts";
import { slopes } from "../reference/estimators/control-variate.ts";
import { accumulate } from "../reference/statistics.ts";
import { arrayOf as arraysOf, instance, type Precision } from "./harness.ts";

const precisions: readonly Precision[] = [32, 64];
const core = instance();
/** Either constructor, called in one way. */
const arrayOf = (precision: Precision): Float64ArrayConstructor => arraysOf(precision) as Float64ArrayConstructor;
/** Numbers without a pattern, with a mean far from zero. */
const values = (n: number, offset = 100): number[] => Array.from({ length: n }, (_, i) => offset + Math.sin(12.9898 * i) * 43.758 - Math.cos(78.233 * i));

function moments(precision: Precision, rows: number, columns: number, from: number[], split: readonly number[] = [rows]) {
  core.reset();
  const type = arrayOf(precision);
  const data = new type(from);
  const at = core.put(data);
  const mean = core.put(new type(columns));
  const squares = core.put(new type(columns));
  let before = 0;
  for (const part of split) {
    core.kernel("statisticsAccumulate", precision)(part, columns, before, at + before * columns * type.BYTES_PER_ELEMENT, mean, squares);
    before += part;
  }
  return { data, mean: core.take(type, mean, columns), squares: core.take(type, squares, columns) };
}

describe.each(precisions)("moments of columns in f%i", (precision) => {
  const close = precision === 32 ? 2e-5 : 1e-13;

  it.each([[1, 1], [2, 1], [7, 1], [63, 1], [64, 1], [65, 1], [1000, 1], [5, 3], [129, 3], [17, 15], [17, 16], [9, 17], [33, 100], [3, 1023]])(
    "of %i rows and %i columns are those of its twin",
    (rows, columns) => {
      const { data, mean, squares } = moments(precision, rows, columns, values(rows * columns));
      const twin = accumulate(rows, columns, data);
      for (let j = 0; j < columns; j++) {
        expect(Math.abs(mean[j]! - twin.mean[j]!)).toBeLessThanOrEqual(close * 100);
        expect(Math.abs(squares[j]! - twin.squares[j]!)).toBeLessThanOrEqual(close * (rows * 2000 + 1));
      }
    },
  );

  it.each([[[1, 1, 98]], [[50, 50]], [[99, 1]], [[33, 33, 34]]])("merge however the rows are split: %j", (split) => {
    for (const columns of [1, 3, 20]) {
      const { data, mean, squares } = moments(precision, 100, columns, values(100 * columns), split);
      const twin = accumulate(100, columns, data);
      for (let j = 0; j < columns; j++) {
        expect(Math.abs(mean[j]! / twin.mean[j]! - 1)).toBeLessThan(close);
        expect(Math.abs(squares[j]! / twin.squares[j]! - 1)).toBeLessThan(close * 100);
      }
    }
  });

  it("are exactly zero in spread where all rows are alike, however large", () => {
    const { squares } = moments(precision, 77, 3, Array.from({ length: 231 }, () => 1e6 + 0.1));
    expect([...squares]).toEqual([0, 0, 0]);
  });

  it("find the first value that is not finite", () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      core.reset();
      const from = new (arrayOf(precision))(values(19));
      expect(core.kernel("statisticsFirstNotFinite", precision)(19, core.put(from))).toBe(-1);
      from[17] = bad;
      expect(core.kernel("statisticsFirstNotFinite", precision)(19, core.put(from))).toBe(17);
    }
  });

  it("count the problems that saw two different values", () => {
    core.reset();
    const at = core.put(new (arrayOf(precision))([1, 2, 3, 1, 2, 4, 1, 5, 4])); // 3 samples of 3 problems
    const seen = core.put(new Int32Array([0, 7, 0]));
    core.kernel("statisticsSpread", precision)(3, 3, at, seen);
    expect([...core.take(Int32Array, seen, 3)]).toEqual([0, 8, 1]);
  });
});

describe.each(precisions)("regression on the other samples in f%i", (precision) => {
  const type = arrayOf(precision);
  it.each([[2, 1], [3, 1], [64, 1], [5, 3], [17, 7]])("leave-one-out of %i samples, %i problems is its twin's", (samples, batch) => {
    core.reset();
    const f = new type(values(samples * batch));
    const at = core.put(f);
    const out = core.allocate(f.byteLength);
    core.kernel("leaveOneOutPredict", precision)(samples, batch, at, core.allocate(2 * batch * 8), out);
    const twin = predict(samples, batch, f);
    core.take(type, out, f.length).forEach((b, i) => expect(Math.abs(b - twin[i]!)).toBeLessThan(precision === 32 ? 1e-4 : 1e-11));
  });

  it.each([[3, 1], [4, 2], [40, 3]])("the slope for each of %i samples of %i problems is its twin's", (samples, batch) => {
    core.reset();
    const f = new type(values(samples * batch, 3));
    const h = new type(values(samples * batch, 0).map((x, i) => x + Math.cos(i) * 9));
    const rows = samples * batch;
    const field = (n: number): number => core.put(new type(n));
    const [slope, total, coefficient] = [field(rows), field(rows), field(rows)];
    core.kernel("controlVariateApply", precision)(1, samples, batch, core.put(f), core.put(h), field(rows), field(batch), core.allocate(48), coefficient, slope, total);
    const [twin] = slopes(samples, batch, f, [h]) as [Float64Array];
    core.take(type, slope, rows).forEach((a, i) => expect(Math.abs(a - twin[i]!)).toBeLessThan((precision === 32 ? 1e-4 : 1e-11) * (1 + Math.abs(twin[i]!))));
  });
});
