import { lanes, largest, span, storeSome, wholeSpan } from "../lanes";
import { LOG2_E, powers } from "../math/softmax";
import { PAGE, PAGE_BYTES } from "../pages";
import { start } from "../random/flips";
import { begin, Noise, SOURCE, standard } from "../random/noise";
import { CHUNK } from "../random/stream";
import { part, Part } from "./bernoulli";

/**
 * z = logits + logistic noise: 1[z > 0] has the law of the flips. Maddison, Mnih & Teh 2017.
 *
 * @param theta  prepared by bernoulli's `prepare`
 * @param z      T[rows, dim], written
 */
export function draw<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, z: usize): void {
  const logits = part<T>(theta, Part.Logits, tile);
  let t = start(chunk, dim, tile);
  for (let left = rows; left > 0; left -= CHUNK, ++chunk) {
    const n = min(left, CHUNK) * dim;
    begin(low, high, site, chunk, NOISE);
    for (let from = 0; from < n; from += PAGE) {
      const count = min(n - from, PAGE);
      standard<T>(Noise.Logistic, count, NOISE, z);
      t = shift<T>(count, t, tile, logits, z);
      z += span<T>(count);
    }
  }
}

const NOISE = memory.data(SOURCE, 16);

/** z[i] += logits; returns where in the tile the next one falls. */
function shift<T>(count: i32, t: i32, tile: i32, logits: usize, z: usize): i32 {
  for (let i = 0; i < count; i += lanes<T>()) {
    const at = z + span<T>(i);
    storeSome<T>(at, v128.add<T>(v128.load(at), v128.load(logits + span<T>(t))), count - i);
    t += min(count - i, lanes<T>());
    if (t >= tile) t -= tile;
  }
  return t;
}

/**
 * z = max(logits, gap) where x is 1, min(logits, −gap) where it is 0: the least move that puts z on x's side by `gap`.
 * Fan, Chi, Rudnicky & Ramadge 2022, for two categories with logits l and 0.
 *
 * @param theta  prepared by bernoulli's `prepare`
 * @param x      T[rows, dim], 0 or 1
 * @param z      T[rows, dim], written
 */
export function gap<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, gap: f64, z: usize): void {
  const logits = part<T>(theta, Part.Logits, tile), half = v128.splat<T>(<T>0.5), above = v128.splat<T>(<T>gap), below = v128.splat<T>(<T>-gap);
  for (let n = rows * dim, done = 0; done < n; done += tile) {
    const count = min(tile, n - done);
    for (let i = 0; i < count; i += lanes<T>()) {
      const at = span<T>(i), l = v128.load(logits + at), is = v128.gt<T>(v128.load(x + at), half);
      storeSome<T>(z + at, v128.bitselect(v128.pmax<T>(l, above), v128.pmin<T>(l, below), is), count - i);
    }
    x += span<T>(count);
    z += span<T>(count);
  }
}

/** x[i] = 1[z[i] > 0], T[n] both. */
export function harden<T>(n: i32, z: usize, x: usize): void {
  const one = v128.splat<T>(1), zero = v128.splat<T>(0);
  for (let i = 0; i < n; i += lanes<T>()) {
    storeSome<T>(x + span<T>(i), v128.and(one, v128.gt<T>(v128.load(z + span<T>(i)), zero)), n - i);
  }
}

const SOFT = memory.data(PAGE_BYTES, 16);

/** y[i] = sigmoid(z[i] / temperature), T[n] both: 1 / (1 + e) or e / (1 + e) of e = exp(−|z| / temperature), a power of two. */
export function soften<T>(n: i32, z: usize, temperature: f64, y: usize): void {
  const by = v128.splat<T>(max<T>(-largest<T>(), <T>(-LOG2_E / temperature)));
  const one = v128.splat<T>(1), zero = v128.splat<T>(0);
  for (; n > 0; n -= PAGE, z += span<T>(PAGE), y += span<T>(PAGE)) {
    const count = min(n, PAGE), whole = wholeSpan<T>(count), rest = count & (lanes<T>() - 1);
    for (let at: usize = 0; at < span<T>(count); at += 16) v128.store(SOFT + at, v128.mul<T>(v128.abs<T>(v128.load(z + at)), by));
    powers<T>(count, SOFT);
    for (let at: usize = 0; at < whole; at += 16) v128.store(y + at, softened<T>(z + at, SOFT + at, zero, one));
    if (rest != 0) storeSome<T>(y + whole, softened<T>(z + whole, SOFT + whole, zero, one), rest);
  }
}

@inline
function softened<T>(z: usize, e: usize, zero: v128, one: v128): v128 {
  const small = v128.load(e);
  return v128.div<T>(v128.bitselect(one, small, v128.ge<T>(v128.load(z), zero)), v128.add<T>(one, small));
}

/** out[i] = cotangent[i] · y[i] (1 − y[i]) / temperature, T[n] all. */
export function pull<T>(n: i32, y: usize, temperature: f64, cotangent: usize, out: usize): void {
  memory.fill(out, 0, span<T>(n));
  pullThrough<T>(n, y, temperature, cotangent, out);
}

/** terms[i] += cotangent[i] · y[i] (1 − y[i]) / temperature, T[n] all: to the logits, of which z is a shift. */
export function pullThrough<T>(n: i32, y: usize, temperature: f64, cotangent: usize, terms: usize): void {
  const one = v128.splat<T>(1), by = v128.splat<T>(min<T>(largest<T>(), <T>(1 / temperature)));
  for (let i = 0; i < n; i += lanes<T>()) {
    const at = span<T>(i), value = v128.load(y + at);
    const slope = v128.mul<T>(v128.mul<T>(value, v128.sub<T>(one, value)), by);
    storeSome<T>(terms + at, v128.add<T>(v128.load(terms + at), v128.mul<T>(v128.load(cotangent + at), slope)), n - i);
  }
}
