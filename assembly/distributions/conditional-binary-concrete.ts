import { lanes, span, storeSome } from "../lanes";
import { exp } from "../math/vectors";
import { PAGE, PAGE_BYTES } from "../pages";
import { start } from "../random/flips";
import { negativeLog } from "../random/negative-log";
import { begin, Noise, SOURCE, standard } from "../random/noise";
import { CHUNK } from "../random/stream";
import { part, Part } from "./bernoulli";

/**
 * z̃ given x, the law of z = logits + logistic noise where 1[z > 0] = x. With odds w = u / (1 − u) of a uniform u, and q = 1 − P(x),
 *
 *   |z̃| = log(1 + w / q) = log(q + w) − log q, and its sign is that of x
 *
 * Tucker, Mnih, Maddison, Lawson & Sohl-Dickstein 2017 have it in uniforms; this neither cancels nor overflows, and takes one logarithm.
 * Rounding may make it 0: it is kept the smallest normal number at least.
 *
 * @param theta  prepared by bernoulli's `prepare`
 * @param x      T[rows, dim], 0 or 1
 * @param z      T[rows, dim], written
 */
export function draw<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize, z: usize): void {
  let t = start(chunk, dim, tile);
  for (let left = rows; left > 0; left -= CHUNK, ++chunk) {
    const n = min(left, CHUNK) * dim;
    begin(low, high, site, chunk, NOISE);
    for (let from = 0; from < n; from += PAGE) {
      const count = min(n - from, PAGE);
      standard<T>(Noise.Odds, count, NOISE, WORK);
      widen<T>(count, t, tile, theta, x);
      negativeLog<T>(WORK, WORK + ((span<T>(count) + 31) & ~31));
      t = side<T>(count, t, tile, theta, x, z);
      x += span<T>(count);
      z += span<T>(count);
    }
  }
}

const NOISE = memory.data(SOURCE, 16);
const WORK = memory.data(PAGE_BYTES + 16, 16);

/** WORK += q, 1 − p where x is 1, p where it is 0. What lies beyond the page is made 1, of which the logarithm is 0. */
function widen<T>(count: i32, t: i32, tile: i32, theta: usize, x: usize): void {
  const one = part<T>(theta, Part.Missing, tile), zero = part<T>(theta, Part.Probs, tile), half = v128.splat<T>(<T>0.5);
  for (let i = 0; i < count; i += lanes<T>()) {
    const at = span<T>(i), is = v128.gt<T>(v128.load(x + at), half);
    const q = v128.bitselect(v128.load(one + span<T>(t)), v128.load(zero + span<T>(t)), is);
    v128.store(WORK + at, v128.add<T>(v128.load(WORK + at), q));
    t += lanes<T>();
    if (t >= tile) t -= tile;
  }
  for (let i = count, end = (count + 7) & -8; i < end; ++i) store<T>(WORK + span<T>(i), <T>1);
}

/** z = ± (−WORK − log q); returns where in the tile the next one falls. */
function side<T>(count: i32, t: i32, tile: i32, theta: usize, x: usize, z: usize): i32 {
  const one = part<T>(theta, Part.LogMissing, tile), zero = part<T>(theta, Part.LogProbs, tile), half = v128.splat<T>(<T>0.5);
  const sign = v128.splat<T>(<T>-0.0), least = v128.splat<T>(sizeof<T>() == 4 ? <T>f32.MIN_NORMAL_VALUE : <T>f64.MIN_NORMAL_VALUE);
  for (let i = 0; i < count; i += lanes<T>()) {
    const at = span<T>(i), is = v128.gt<T>(v128.load(x + at), half);
    const log = v128.bitselect(v128.load(one + span<T>(t)), v128.load(zero + span<T>(t)), is);
    const size = v128.pmax<T>(v128.neg<T>(v128.add<T>(v128.load(WORK + at), log)), least);
    storeSome<T>(z + at, v128.or(size, v128.andnot(sign, is)), count - i);
    t += min(count - i, lanes<T>());
    if (t >= tile) t -= tile;
  }
  return t;
}

/**
 * ∂z̃/∂logits = (1 − exp(−|z̃|)) · P(x): terms += cotangent times it.
 *
 * @param z, cotangent  T[rows, dim]
 * @param terms         T[rows, dim], added to
 */
export function pull<T>(rows: i32, dim: i32, tile: i32, theta: usize, z: usize, cotangent: usize, terms: usize): void {
  const probs = part<T>(theta, Part.Probs, tile), missing = part<T>(theta, Part.Missing, tile);
  const one = v128.splat<T>(1), zero = v128.splat<T>(0), sign = v128.splat<T>(<T>-0.0);
  for (let left = rows * dim, t = 0; left > 0; left -= PAGE) {
    const count = min(left, PAGE);
    for (let at: usize = 0; at < span<T>(count); at += 16) v128.store(WORK + at, v128.or(v128.load(z + at), sign));
    exp<T>(count, WORK, WORK);
    for (let i = 0; i < count; i += lanes<T>()) {
      const at = span<T>(i), is = v128.gt<T>(v128.load(z + at), zero);
      const p = v128.bitselect(v128.load(probs + span<T>(t)), v128.load(missing + span<T>(t)), is);
      const slope = v128.mul<T>(v128.sub<T>(one, v128.load(WORK + at)), p);
      storeSome<T>(terms + at, v128.add<T>(v128.load(terms + at), v128.mul<T>(v128.load(cotangent + at), slope)), count - i);
      t += min(count - i, lanes<T>());
      if (t >= tile) t -= tile;
    }
    z += span<T>(count);
    cotangent += span<T>(count);
    terms += span<T>(count);
  }
}

/**
 * out = (∂z̃/∂logits) tangent: the Jacobian is diagonal.
 *
 * @param z, tangent  T[rows, dim]
 * @param out         T[rows, dim], written
 */
export function push<T>(rows: i32, dim: i32, tile: i32, theta: usize, z: usize, tangent: usize, out: usize): void {
  memory.fill(out, 0, span<T>(rows * dim));
  pull<T>(rows, dim, tile, theta, z, tangent, out);
}
