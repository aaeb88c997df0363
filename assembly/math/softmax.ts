import { lanes, span, sumOf } from "../lanes";
import { powerOfTwo } from "./exp";
import { rowMaximum } from "./log-sum-exp";
import { restOf, restVector, storeRest } from "./rows";

/** The passes of a softmax by rows, for blocks of rows that stay in the first cache: `lower`, `powers`, `normalise`. */

/** y[i] ← 2 to the power of y[i], nothing beyond n. */
export function powers<T>(n: i32, y: usize): void {
  const rest = n & (2 * lanes<T>() - 1), end = y + span<T>(n - rest);
  pairs<T>(y, end);
  if (rest == 0) return;
  memory.copy(REST, end, span<T>(rest));
  pairs<T>(REST, REST + 32);
  memory.copy(end, REST, span<T>(rest));
}

const REST = memory.data(32, 16);

/** Two vectors a turn, which share the constants they load. */
function pairs<T>(at: usize, end: usize): void {
  for (; at < end; at += 32) {
    const first = powerOfTwo<T>(v128.load(at)), second = powerOfTwo<T>(v128.load(at, 16));
    v128.store(at, first);
    v128.store(at, second, 16);
  }
}

export const LOG2_E: f64 = 1.4426950408889634;

/** y[r] = (z[r] − max z[r]) · by */
export function lower<T>(rows: i32, categories: i32, by: v128, z: usize, y: usize): void {
  const row = span<T>(categories), rest = restOf<T>(categories), whole = row - span<T>(rest);
  for (; rows > 0; --rows, z += row, y += row) {
    const most = v128.splat<T>(rowMaximum<T>(categories, z));
    const last = rest != 0 ? restVector<T>(categories, rest, z + row, most) : most;
    for (let at: usize = 0; at < whole; at += 16) v128.store(y + at, v128.mul<T>(v128.sub<T>(v128.load(z + at), most), by));
    if (rest != 0) storeRest<T>(categories, rest, y + row, v128.mul<T>(v128.sub<T>(last, most), by));
  }
}

/** y[r] ← y[r] / Σₖ y[r, k] */
export function normalise<T>(rows: i32, categories: i32, y: usize): void {
  const row = span<T>(categories), rest = restOf<T>(categories), whole = row - span<T>(rest);
  for (; rows > 0; --rows, y += row) {
    const last = rest != 0 ? restVector<T>(categories, rest, y + row, v128.splat<T>(0)) : v128.splat<T>(0);
    let sum = last;
    for (let at: usize = 0; at < whole; at += 16) sum = v128.add<T>(sum, v128.load(y + at));
    const factor = v128.splat<T>(<T>1 / sumOf<T>(sum));
    for (let at: usize = 0; at < whole; at += 16) v128.store(y + at, v128.mul<T>(v128.load(y + at), factor));
    if (rest != 0) storeRest<T>(categories, rest, y + row, v128.mul<T>(last, factor));
  }
}
