import { constant } from "../math/polynomial";
import { begin, Noise, SOURCE, standard } from "../random/noise";
import { CHUNK, fill, open, STREAM } from "../random/stream";
import { unit } from "../random/unit";
import { extent, one, zero } from "./elementwise";
import { A, DEPTH, DETAIL, EXTERNAL, INSTRUCTION, OUT, SPLATS, WIDTH } from "./opcodes";

// Draws of a program. Its lanes go by chunks of 1,024, so that lane i of chunk c of a site is a function of (key, site, c, i):
// of how many lanes run at once it is not.

/** The streams that say who wins begin at this site. */
export const WINS: u32 = 0x80000000;

/** Operand number `which` of an instruction: three to a record. */
@inline
export function operand(at: usize, which: i32): usize {
  return load<u32>(at + <usize>(which / 3) * INSTRUCTION + A + (<usize>(which % 3) << 3));
}

/** From entry to entry of an operand. */
@inline
export function stepOf(at: usize, which: i32): usize {
  return load<u32>(at + <usize>(which / 3) * INSTRUCTION + A + 4 + (<usize>(which % 3) << 3));
}

/** Whether an operand is one number for all lanes. */
@inline
export function isSplat(at: usize, which: i32): bool {
  return (load<i32>(at + <usize>(which / 3) * INSTRUCTION, SPLATS) & (1 << (which % 3))) != 0;
}

/** Of the key outside: u32[3], its words and the first chunk. */
@inline
export function keyOf(at: usize, externals: usize): usize {
  return load<u32>(externals + (<usize>load<i32>(at, EXTERNAL) << 2));
}

@inline
export function chunkOf(key: usize, first: i32): u32 {
  return load<u32>(key, 8) + <u32>first / CHUNK;
}

/** out[j] = standard noise of site DETAIL + j; DEPTH says which. */
export function noise<T>(at: usize, first: i32, n: i32, stride: usize, externals: usize): void {
  const key = keyOf(at, externals);
  let out = <usize>load<u32>(at, OUT), site = load<u32>(at, DETAIL);
  for (let j = load<i32>(at, WIDTH); j > 0; --j, out += stride, ++site) {
    begin(load<u32>(key), load<u32>(key, 4), site, chunkOf(key, first), SOURCE_OF_NOISE);
    standard<T>(<Noise>load<i32>(at, DEPTH), n, SOURCE_OF_NOISE, out);
  }
}

/** Fills `out` with the words of n lanes, `words` a lane. */
@inline
export function bits(key: usize, site: u32, first: i32, count: i32, out: usize): void {
  open(load<u32>(key), load<u32>(key, 4), site, chunkOf(key, first), STATE);
  fill(count, STATE, out);
}

/** A number for all lanes as lanes: a vector that is read with a step of 0. */
@inline
export function lanesOf<T>(at: usize, which: i32, from: usize): usize {
  if (!isSplat(at, which)) return from;
  const to = SPLAT + (<usize>which << 4);
  v128.store(to, v128.load_splat<T>(from));
  return to;
}

@inline
export function along(at: usize, which: i32): usize {
  return isSplat(at, which) ? 0 : 16;
}

/**
 * out[j] = 1[u < p], p = A v + B; operands v, A, B.
 */
export function bernoulli<T>(at: usize, first: i32, n: i32, stride: usize, externals: usize): void {
  const key = keyOf(at, externals), alongV = along(at, 0), size = extent<T>(n);
  let out = <usize>load<u32>(at, OUT), site = load<u32>(at, DETAIL);
  let rowV = operand(at, 0), a = operand(at, 1), b = operand(at, 2);
  for (let j = load<i32>(at, WIDTH); j > 0; --j, out += stride, ++site) {
    bits(key, site, first, n * <i32>(sizeof<T>() >> 2), BITS);
    const scale = v128.load_splat<T>(a), shift = v128.load_splat<T>(b);
    let v = lanesOf<T>(at, 0, rowV);
    for (let to = out, word = BITS, end = out + size; to < end; to += 16, word += 16, v += alongV) {
      const p = v128.add<T>(v128.mul<T>(v128.load(v), scale), shift);
      v128.store(to, v128.and(v128.lt<T>(unit<T>(v128.load(word)), p), one<T>()));
    }
    rowV += stepOf(at, 0); a += stepOf(at, 1); b += stepOf(at, 2);
  }
}

/** What a triple is told besides its operands. */
export const BIRTHS: i32 = 1;
export const FORGETS: i32 = 2;

/**
 * The same with what a change of p does: jumps, of which a lane keeps one.
 *
 * A finite change q of p, which an earlier jump brings about, gives the jump 1[u < p + q] − 1[u < p]. An infinitesimal one, δ, brings
 * about a jump of its own, up from 0 with probability δ / (1 − p) where δ > 0, down from 1 with −δ / p where δ < 0: it wins the lane in
 * proportion to these weights, which are added. Where no jump is alive any more (`alive` and this one are 0), the old weight is
 * forgotten. Arya, Schauer, Schäfer & Rackauckas 2022, "Automatic differentiation of programs with discrete randomness".
 *
 * Operands: v, d, j; alive, weight, birth; A, B, E; C, D. p = A v + B, q = E j, δ = C d + D.
 *
 * @param out  rows of the values, then rows of the jumps; weight and birth are changed
 */
export function bernoulliTriple<T>(at: usize, first: i32, n: i32, stride: usize, externals: usize): void {
  const key = keyOf(at, externals), flags = load<i32>(at, DEPTH), size = extent<T>(n), width = load<i32>(at, WIDTH) >> 1;
  const alongV = along(at, 0), alongD = along(at, 1), alongJ = along(at, 2), jumps = <usize>width * stride;
  const weights = operand(at, 4), births = operand(at, 5), alive = lanesOf<T>(at, 3, operand(at, 3)), alongAlive = along(at, 3);
  const keeps = flags & FORGETS ? zero<T>() : v128.eq<T>(zero<T>(), zero<T>());
  let out = <usize>load<u32>(at, OUT), site = load<u32>(at, DETAIL);
  for (let k = 0; k < width; ++k, out += stride, ++site) {
    bits(key, site, first, n * <i32>(sizeof<T>() >> 2), BITS);
    if (flags & BIRTHS) bits(key, site | WINS, first, n, WORDS);
    const entry = <usize>k;
    let v = lanesOf<T>(at, 0, operand(at, 0) + entry * stepOf(at, 0)), d = lanesOf<T>(at, 1, operand(at, 1) + entry * stepOf(at, 1));
    let j = lanesOf<T>(at, 2, operand(at, 2) + entry * stepOf(at, 2)), live = alive;
    const a = v128.load_splat<T>(operand(at, 6) + entry * stepOf(at, 6)), b = v128.load_splat<T>(operand(at, 7) + entry * stepOf(at, 7));
    const e = v128.load_splat<T>(operand(at, 8) + entry * stepOf(at, 8));
    const c = v128.load_splat<T>(operand(at, 9) + entry * stepOf(at, 9)), s = v128.load_splat<T>(operand(at, 10) + entry * stepOf(at, 10));
    const birth = v128.splat<T>(<T>(<i32>site + 1));
    let word = BITS, pick = WORDS, weight = weights, born = births;
    for (let to = out, end = out + size; to < end; to += 16, word += 16, v += alongV, d += alongD, j += alongJ, live += alongAlive, weight += 16, born += 16) {
      const u = unit<T>(v128.load(word));
      const p = v128.add<T>(v128.mul<T>(v128.load(v), a), b);
      const up = v128.lt<T>(u, p), x = v128.and(up, one<T>());
      const changed = v128.and(v128.lt<T>(u, v128.add<T>(p, v128.mul<T>(v128.load(j), e))), one<T>());
      const moved = v128.sub<T>(changed, x);
      const slope = v128.add<T>(v128.mul<T>(v128.load(d), c), s);
      const lives = v128.or(keeps, v128.or(v128.ne<T>(v128.load(live), zero<T>()), v128.ne<T>(moved, zero<T>())));
      const room = v128.bitselect(p, v128.sub<T>(one<T>(), p), up);
      const fits = v128.xor(v128.gt<T>(slope, zero<T>()), up);
      const own = v128.and(v128.div<T>(v128.abs<T>(slope), room), fits);
      const total = v128.add<T>(v128.and(v128.load(weight), lives), own);
      const wins = v128.lt<T>(v128.mul<T>(chance<T>(pick), total), own);
      v128.store(to, x);
      v128.store(to + jumps, v128.bitselect(v128.sub<T>(one<T>(), v128.add<T>(x, x)), moved, wins));
      v128.store(weight, total);
      v128.store(born, v128.bitselect(birth, v128.load(born), wins));
      pick += sizeof<T>() == 4 ? 16 : 8;
    }
  }
}

/** A uniform in (0, 1) from 32 bits a lane, for who wins. */
@inline
export function chance<T>(words: usize): v128 {
  if (sizeof<T>() == 4) return unit<f32>(v128.load(words));
  const whole = f64x2.convert_low_i32x4_s(i32x4.shr_u(v128.load64_zero(words), 1));
  return f64x2.add(f64x2.mul(whole, constant<f64>(HALVES, 0)), constant<f64>(HALVES, 1));
}

// 2⁻³¹, 2⁻³².
const HALVES = memory.data<f64>([4.656612873077393e-10, 2.3283064365386963e-10]);
const SOURCE_OF_NOISE = memory.data(SOURCE, 16);
const STATE = memory.data(STREAM, 16);
export const BITS = memory.data(1024 * 8 + 64, 16);
export const WORDS = memory.data(1024 * 4 + 64, 16);
const SPLAT = memory.data(16 * 4, 16);
