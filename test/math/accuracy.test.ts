import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { arrayOf, instance } from "../harness.ts";
import type { Precision } from "../harness.ts";

/** [x, y, rest]: the value is y + rest units in the last place of y; null stands for NaN. Written by scripts/hard-points.py. */
type Point = [x: number | null, y: number | null, rest: number];
const vectors = JSON.parse(readFileSync(new URL("../vectors/math.json", import.meta.url), "utf8")) as Record<string, Point[]>;

const bars: Record<string, number> = {
  exp: 1.25, log: 1.25, sin: 1.25, cos: 1.25, log1p: 1.5, expm1: 1.5, tanh: 3, sigmoid: 3, softplus: 3, lgamma: 5, digamma: 5, normalQuantile: 8, normalGap: 5,
};
const core = instance();

/** The unit in the last place of y. */
function spacing(y: number, precision: Precision): number {
  const [least, digits] = precision === 32 ? [-126, 23] : [-1022, 52];
  let exponent = Math.max(least, Math.floor(Math.log2(Math.abs(y))));
  if (2 ** exponent > Math.abs(y)) exponent = Math.max(least, exponent - 1); // log2 rounds up just below a power of two
  return 2 ** (exponent - digits);
}

function errorOf(got: number, [, y, rest]: Point, precision: Precision): number {
  const truth = y ?? NaN;
  if (Object.is(got, truth) && rest === 0) return 0;
  if (!Number.isFinite(got) || !Number.isFinite(truth)) return Object.is(got, truth) ? 0 : Infinity;
  if (got === 0 && truth === 0 && !Object.is(got, truth)) return Infinity;
  return Math.abs((got - truth) / spacing(truth, precision) - rest);
}

for (const [name, bar] of Object.entries(bars)) {
  for (const precision of [32, 64] as const) {
    test(`${name} is within ${bar} ulp at every hard point, f${precision}`, () => {
      const points = vectors[`${name}${precision}`]!;
      const type = arrayOf(precision);
      core.reset();
      const x = core.put(type.from(points, (p) => p[0] ?? NaN));
      const out = core.allocate(points.length * type.BYTES_PER_ELEMENT);
      core.kernel(`elementwise${name[0]!.toUpperCase()}${name.slice(1)}`, precision)(points.length, x, out);
      const got = core.take(type, out, points.length);
      const beyond = points.flatMap((p, i) => (errorOf(got[i]!, p, precision) <= bar ? [] : [{ x: p[0], got: got[i], truth: p[1] }]));
      expect(beyond).toEqual([]);
    });
  }
}
