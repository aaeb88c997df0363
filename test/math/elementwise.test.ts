import { expect, test } from "vitest";
import { arrayOf, debugInstance, instance } from "../harness.ts";
import type { Harness, Precision } from "../harness.ts";

const core = instance();
const functions = ["Exp", "Log", "Expm1", "Log1p", "Sin", "Cos", "Tanh", "Sigmoid", "Softplus", "NormalQuantile", "Lgamma", "Digamma"];
/** Ordinary arguments mixed with every kind that takes another way through the kernel. */
const mixed = [0.3, -0, 1e-310, Infinity, 1.7, NaN, 4e-320, 1e30, -3, 0.02, -Infinity, 1e-42, 0.999, 2.5, 5000, 0, 1, -1, 40, -90, 0.5, 7];

function bitsOf(harness: Harness, name: string, precision: Precision, values: number[]): string[] {
  const type = arrayOf(precision);
  harness.reset();
  const x = harness.put(type.from(values));
  const out = harness.allocate(values.length * type.BYTES_PER_ELEMENT);
  harness.kernel(`elementwise${name}`, precision)(values.length, x, out);
  return Array.from(harness.take(type, out, values.length), (y) => (Object.is(y, -0) ? "-0" : String(y)));
}

for (const precision of [32, 64] as const) {
  const { BYTES_PER_ELEMENT: size } = arrayOf(precision);

  test(`an element's result depends neither on its place nor on its neighbours, f${precision}`, () => {
    for (const name of functions) {
      const alone = mixed.map((x) => bitsOf(core, name, precision, [x])[0]!);
      for (let turn = 0; turn < mixed.length; turn++) {
        const values = [...mixed.slice(turn), ...mixed.slice(0, turn)];
        const expected = [...alone.slice(turn), ...alone.slice(0, turn)];
        expect(bitsOf(core, name, precision, values), name).toEqual(expected);
      }
    }
  });

  test(`exactly n elements are written, at any n and any alignment of an element, f${precision}`, () => {
    for (const n of [0, 1, 2, 3, 4, 5, 7, 17, 1023, 1025]) {
      core.reset();
      const x = core.put(arrayOf(precision).from({ length: n + 1 }, (_, i) => i / n)) + size;
      const out = core.put(new Uint8Array((n + 2) * size).fill(0xaa)) + size;
      core.kernel("elementwiseExp", precision)(n, x, out);
      const bytes = core.take(Uint8Array, out - size, (n + 2) * size);
      expect(bytes.subarray(0, size).every((b) => b === 0xaa)).toBe(true);
      expect(bytes.subarray((n + 1) * size).every((b) => b === 0xaa)).toBe(true);
      const got = core.take(arrayOf(precision), out, n);
      expect(got.every((y, i) => Math.abs(y - Math.exp((i + 1) / n)) < 1e-6)).toBe(true);
    }
  });

  test(`a result may be written over its argument, f${precision}`, () => {
    for (const name of functions) {
      const type = arrayOf(precision);
      const expected = bitsOf(core, name, precision, mixed);
      const x = core.put(type.from(mixed));
      core.kernel(`elementwise${name}`, precision)(mixed.length, x, x);
      expect(Array.from(core.take(type, x, mixed.length), (y) => (Object.is(y, -0) ? "-0" : String(y))), name).toEqual(expected);
    }
  });
}

test("the debug build, where a failed assertion says where, computes the same", () => {
  const debug = debugInstance();
  const plain = mixed.filter((x) => x > 0.001 && x < 40);
  const far = bitsOf(debug, "Log", 64, plain).map((y, i) => Math.abs(Number(y) - Math.log(plain[i]!)));
  expect(Math.max(...far)).toBeLessThan(1e-14);
});
