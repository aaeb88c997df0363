import { lanes, largest, span } from "../lanes";
import { log64, logOne } from "../math/once";
import { log } from "../math/vectors";
import { numberAt, setAt } from "../memory";
import { PAGE_BYTES } from "../pages";
import { Phase } from "./draw";
import { begin, Noise, SOURCE, standard } from "./noise";
import { tables } from "./built";
import { STREAM } from "./stream";
import { unit } from "./unit";
import { GAMMA } from "./use";
import { next, positive, ziggurat } from "./ziggurat";

/**
 * Standard gamma draws of one shape each (Marsaglia & Tsang 2000): d v, v = (1 + c z)³, z normal, d = shape − ⅓, c = 1 / √(9 d), accepted
 * where log u < ½ z² + d (1 − v + log v), for sure where u < 1 − 0.1985 (c z²)²: their 0.0331 z⁴ at shape 1, less for larger ones (it lets 97 %
 * pass at 2.5). A shape α below 1 is drawn as that of α + 1 times exp(−E / α).
 *
 * Shapes are T[3, tile]: d, c, and 1 / α where that is boosted, else 0; after them one number: whether there is any boost.
 */

/** Bytes of the sources that one variable takes: normals, uniforms (and what is rejected), exponentials of the boost. */
export const GAMMAS: i32 = 3 * SOURCE;

/** @param which  0, or 1 for the second variable of one draw */
export function beginGammas(low: u32, high: u32, site: u32, chunk: u32, which: u32, sources: usize): void {
  for (let i: u32 = 0; i < 3; ++i) begin(low, high, site, chunk, sources + i * SOURCE, GAMMA + 3 * which + i);
  tables();
}

/**
 * @param i       which shape
 * @param shapes  T[3, tile], of which the i-th are written
 */
export function setShape(size: i32, i: i32, tile: i32, alpha: f64, shapes: usize): void {
  const boosted = alpha < 1, d = alpha + (boosted ? 1 : 0) - 0.3333333333333333;
  setAt(size, shapes, i, d);
  setAt(size, shapes, tile + i, 1 / sqrt<f64>(9 * d));
  setAt(size, shapes, 2 * tile + i, boosted ? 1 / alpha : 0);
}

/** Whether any of the first `period` shapes is boosted. */
export function anyBoost(size: i32, period: i32, tile: i32, shapes: usize): bool {
  for (let i = 0; i < period; ++i) if (numberAt(size, shapes, 2 * tile + i) != 0) return true;
  return false;
}

/**
 * out[e] = d v of each element, before any boost.
 *
 * @param phase  where in the tile the page begins
 * @param out    a page, written by whole vectors
 */
export function gammas<T>(phase: Phase, count: i32, tile: i32, shapes: usize, sources: usize, out: usize): void {
  standard<T>(Noise.Normal, count, sources, out);
  standard<T>(Noise.Words, count, sources + SOURCE, WORDS);
  const row = span<T>(tile), one = v128.splat<T>(1), squeeze = v128.splat<T>(<T>-0.1985);
  const retry = sources + SOURCE + STREAM;
  let words = WORDS;
  for (let done = 0; done < count; phase = 0) {
    const run = min(count - done, tile - phase);
    let at = shapes + span<T>(phase);
    for (let left = run; left > 0; left -= lanes<T>(), at += 16, out += 16, words += 16) {
      const z = v128.load(out), d = v128.load(at);
      const along = v128.mul<T>(v128.load(at + row), z), side = v128.add<T>(one, along), square = v128.mul<T>(along, z);
      v128.store(out, v128.mul<T>(d, v128.mul<T>(side, v128.mul<T>(side, side))));
      const bound = v128.add<T>(one, v128.mul<T>(squeeze, v128.mul<T>(square, square)));
      const sure = bitsOf<T>(v128.lt<T>(unit<T>(v128.load(words)), bound));
      if (sure != (1 << lanes<T>()) - 1) {
        v128.store(NORMALS, z);
        settle(sizeof<T>(), min(left, lanes<T>()), sure, at, row, words, retry, out);
      }
    }
    done += run;
  }
}

@inline
function bitsOf<T>(mask: v128): i32 {
  return sizeof<T>() == 4 ? i32x4.bitmask(mask) : i64x2.bitmask(mask);
}

/** The draws of a vector that the squeeze did not let pass: in their order, for each takes what it needs of the same generator. */
function settle(size: i32, count: i32, sure: i32, at: usize, row: usize, words: usize, retry: usize, out: usize): void {
  for (let i = 0; i < count; ++i) {
    if (sure >> i & 1) continue;
    const u = size == 4 ? (<f64>load<u32>(words + (<usize>i << 2)) + 0.5) * 2.3283064365386963e-10 : positive(load<u64>(words + (<usize>i << 3)));
    setAt(size, out, i, accepted(numberAt(size, at, i), numberAt(size, at + row, i), numberAt(size, NORMALS, i), u, retry));
  }
}

/** d v of the first normal that is accepted; all in f64, where 1 − v + log v keeps its digits. */
function accepted(d: f64, c: f64, z: f64, u: f64, retry: usize): f64 {
  for (;;) {
    const side = 1 + c * z, v = side * side * side;
    if (side > 0) {
      const logs = log64(f64x2.replace_lane(f64x2.splat(u), 1, v));
      if (f64x2.extract_lane(logs, 0) < 0.5 * z * z + d * (1 - v + f64x2.extract_lane(logs, 1))) return d * v;
    }
    z = normal(retry);
    u = positive(next(retry));
  }
  return 0;
}

function normal(retry: usize): f64 {
  store<u64>(NORMALS, next(retry), 16);
  ziggurat(retry, NORMALS + 16, NORMALS + 24);
  return load<f64>(NORMALS, 16);
}

/** out[e] = −E / α, the logarithm of the boost; 0 where there is none. */
export function boosts<T>(phase: Phase, count: i32, tile: i32, shapes: usize, sources: usize, out: usize): void {
  const least = v128.splat<T>(<T>-0.25 * largest<T>()); // finite, so that two of them have a difference
  standard<T>(Noise.Exponential, count, sources + 2 * SOURCE, out);
  for (let done = 0; done < count; phase = 0) {
    const run = min(count - done, tile - phase);
    let at = shapes + 2 * span<T>(tile) + span<T>(phase);
    for (const end = at + span<T>(run); at < end; at += 16, out += 16) v128.store(out, v128.pmax<T>(v128.neg<T>(v128.mul<T>(v128.load(at), v128.load(out))), least));
    done += run;
  }
}

/**
 * out[e] = the logarithm of a standard gamma draw, boost and all: of tiny concentrations too, whose draws would vanish.
 *
 * @param work  a page to work in
 */
export function logGammas<T>(phase: Phase, count: i32, tile: i32, shapes: usize, sources: usize, work: usize, out: usize): void {
  gammas<T>(phase, count, tile, shapes, sources, out);
  log<T>(count, out, out);
  boosts<T>(phase, count, tile, shapes, sources, work);
  for (const end = out + span<T>(count); out < end; out += 16, work += 16) v128.store(out, v128.add<T>(v128.load(out), v128.load(work)));
}

/** One standard gamma draw of shape α ≥ 1, by the scalar generator alone. */
export function gammaOne(alpha: f64, retry: usize): f64 {
  const d = alpha - 0.3333333333333333;
  const z = normal(retry);
  return accepted(d, 1 / sqrt<f64>(9 * d), z, positive(next(retry)), retry);
}

/**
 * Two standard gamma draws of shape α ≥ 1 whose first proposals are of opposite normals: each is a rejection of its own, so both have the law, and
 * they are opposed where neither needs a second proposal.
 *
 * @param to  f64[2], written
 */
export function gammasOpposed(alpha: f64, retry: usize, to: usize): void {
  const d = alpha - 0.3333333333333333, c = 1 / sqrt<f64>(9 * d);
  const z = normal(retry);
  store<f64>(to, accepted(d, c, z, positive(next(retry)), retry));
  store<f64>(to, accepted(d, c, -z, positive(next(retry)), retry), 8);
}

/** One standard exponential draw. */
export function exponentialOne(retry: usize): f64 {
  return -logOne(positive(next(retry)));
}

const WORDS = memory.data(PAGE_BYTES, 16);
const NORMALS = memory.data(32, 16);
