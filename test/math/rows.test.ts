import { expect, test } from "vitest";
import { logSoftmax, logSumExp, softmax } from "../../reference/rows.ts";
import { arrayOf, instance } from "../harness.ts";
import type { Precision } from "../harness.ts";

const core = instance();
const widths = [1, 2, 3, 4, 5, 7, 10, 17, 32, 33, 1023, 1025];

function run(kernel: string, precision: Precision, n: number, width: number, values: number[], outputs: number): number[] {
  core.reset();
  const type = arrayOf(precision);
  const x = core.put(type.from(values));
  const out = core.allocate(outputs * type.BYTES_PER_ELEMENT);
  core.kernel(`rows${kernel}`, precision)(n, width, x, out);
  return Array.from(core.take(type, out, outputs));
}

/** Numbers that look random and never change. */
const scattered = (length: number): number[] => Array.from({ length }, (_, i) => 20 * Math.sin(i * i + 1));

for (const precision of [32, 64] as const) {
  const unit = precision === 32 ? 2 ** -24 : 2 ** -53;
  const single = (values: number[]): number[] => Array.from(arrayOf(precision).from(values));
  const far = (got: number[], truth: Float64Array): number => got.reduce((worst, y, i) => Math.max(worst, Math.abs(y - truth[i]!) / Math.max(1, Math.abs(truth[i]!))), 0);

  test(`log-sum-exp, softmax and log-softmax agree with their twins at every width, f${precision}`, () => {
    for (const width of widths) {
      for (const n of [0, 1, 3, width < 10 ? 257 : 5]) {
        const x = single(scattered(n * width));
        const sums = new Float64Array(n), soft = new Float64Array(n * width), logs = new Float64Array(n * width);
        logSumExp(n, width, x, sums);
        softmax(n, width, x, soft);
        logSoftmax(n, width, x, logs);
        expect(far(run("LogSumExp", precision, n, width, x, n), sums)).toBeLessThan(8 * unit);
        expect(far(run("Softmax", precision, n, width, x, n * width), soft)).toBeLessThan(8 * unit);
        expect(far(run("LogSoftmax", precision, n, width, x, n * width), logs)).toBeLessThan(8 * unit);
      }
    }
  });

  test(`log-sum-exp of impossible, certain and undefined entries is what the limit says, f${precision}`, () => {
    for (const width of widths.slice(2)) {
      const row = (...entries: number[]): number[] => [...entries, ...Array<number>(width - entries.length).fill(-Infinity)];
      const rows = [row(), row(Infinity), row(Infinity, NaN), row(1, -Infinity), row(-1000), row(NaN)];
      expect(run("LogSumExp", precision, rows.length, width, rows.flat(), rows.length)).toEqual([-Infinity, Infinity, NaN, 1, -1000, NaN]);
    }
  });

  test(`an impossible entry has softmax 0 and log-softmax −∞, f${precision}`, () => {
    for (const width of widths.slice(2)) {
      const x = Array.from({ length: width }, (_, j) => (j === 1 ? 3 : -Infinity));
      expect(run("Softmax", precision, 1, width, x, width)).toEqual(x.map((entry) => (entry === 3 ? 1 : 0)));
      expect(run("LogSoftmax", precision, 1, width, x, width)).toEqual(x.map((entry) => (entry === 3 ? 0 : -Infinity)));
    }
  });

  test(`a row gives the same bits wherever it stands and over itself, f${precision}`, () => {
    for (const width of widths.slice(0, 10)) {
      const x = single(scattered(7 * width));
      for (const [kernel, size] of [["LogSumExp", 1], ["Softmax", width], ["LogSoftmax", width]] as const) {
        const together = run(kernel, precision, 7, width, x, 7 * size);
        const alone = Array.from({ length: 7 }, (_, i) => run(kernel, precision, 1, width, x.slice(i * width, (i + 1) * width), size)).flat();
        expect(together).toEqual(alone);
        if (size !== width) continue;
        core.reset();
        const at = core.put(arrayOf(precision).from(x));
        core.kernel(`rows${kernel}`, precision)(7, width, at, at);
        expect(Array.from(core.take(arrayOf(precision), at, 7 * width))).toEqual(together);
      }
    }
  });

  test(`a row far from zero neither overflows nor underflows, f${precision}`, () => {
    for (const offset of [-1000, 1000]) {
      expect(run("LogSumExp", precision, 1, 4, [offset, offset, offset, offset], 1)[0]).toBeCloseTo(offset + Math.log(4), precision === 32 ? 3 : 12);
      expect(run("Softmax", precision, 1, 4, [offset, offset, offset, offset], 4)).toEqual([0.25, 0.25, 0.25, 0.25]);
    }
  });
}
