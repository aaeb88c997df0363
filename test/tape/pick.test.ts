import { expect, test } from "vitest";
import { run } from "./bound.ts";

/** Lanes [factor, index]: the entry of a parameter, and of the lane itself. */
const points = Float64Array.of(2, 0, 3, 1, -1, 2, 0.5, 7, 4, -3);
const w = Float64Array.of(10, 20, 30);
const arrays = { x: points, w, cotangent: Float64Array.of(1, 1, 1, 2, 1) };

test.each(["f64", "f32"] as const)("an entry named by a value is read, the nearest where there is none, and has its derivatives (%s)", (precision) => {
  const setting = { dim: 2, rows: 5, precision };
  const named = run((x, { w }) => w.at(x.at(1)).mul(x.at(0)), { w: [3] }, {}, setting, arrays);
  expect(named.value).toEqual([20, 60, -30, 15, 40]);
  expect(named.gradient).toEqual([10, 0, 20, 0, 30, 0, 30, 0, 10, 0]);
  expect(named.into).toEqual([2 + 4, 3, -1 + 2 * 0.5]);
  const own = run((x) => x.at(x.at(1)).square(), {}, {}, setting, arrays);
  expect(own.value).toEqual([4, 1, 4, 49, 16]);
  expect(own.gradient).toEqual([4, 0, 0, 2, 0, 4, 0, 14, 8, 0]);
});

