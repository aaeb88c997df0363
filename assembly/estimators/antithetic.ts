import { part, Part } from "../distributions/bernoulli";
import { lanes, span, storeSome } from "../lanes";
import { start } from "../random/flips";
import { CHUNK, fill, open, STREAM } from "../random/stream";
import { unit } from "../random/unit";

/**
 * One uniform u a coordinate, kept, with x = 1[u < p] and mirrored = 1[1 − u < p], for estimators that need u itself.
 *
 * u is (k + ½) / 2²³ (f64: 2⁵²), a grid that is its own mirror image: 1 − u is exact, so both points have the same law.
 *
 * @param theta              prepared by bernoulli's `prepare`
 * @param uniform            T[rows, dim], written
 * @param x, mirrored        T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, uniform: usize, x: usize, mirrored: usize): void {
  const probs = part<T>(theta, Part.Probs, tile);
  let t = start(chunk, dim, tile);
  for (let left = rows; left > 0; left -= CHUNK, ++chunk) {
    const n = min(left, CHUNK) * dim;
    open(low, high, site, chunk, STATE);
    for (let from = 0; from < n; from += BLOCK) {
      const count = min(n - from, BLOCK);
      fill(count * (sizeof<T>() / 4), STATE, BITS);
      t = block<T>(count, t, tile, probs, uniform, x, mirrored);
      uniform += span<T>(count);
      x += span<T>(count);
      mirrored += span<T>(count);
    }
  }
}

const BLOCK: i32 = 1024;
const BITS = memory.data(1024 * 8, 16);
const STATE = memory.data(STREAM, 16);

function block<T>(count: i32, t: i32, tile: i32, probs: usize, uniform: usize, x: usize, mirrored: usize): i32 {
  const one = v128.splat<T>(1);
  for (let i = 0; i < count; i += lanes<T>()) {
    const at = span<T>(i), left = count - i;
    const u = unit<T>(v128.load(BITS + at));
    const p = v128.load(probs + span<T>(t));
    storeSome<T>(uniform + at, u, left);
    storeSome<T>(x + at, v128.and(one, v128.lt<T>(u, p)), left);
    storeSome<T>(mirrored + at, v128.and(one, v128.lt<T>(v128.sub<T>(one, u), p)), left);
    t += min(left, lanes<T>());
    if (t >= tile) t -= tile;
  }
  return t;
}
