import { constant } from "../math/polynomial";
import { begin, Noise, SOURCE, standard } from "../random/noise";
import { CHUNK, fill, open, STREAM } from "../random/stream";
import { fromOneToTwo, overOne, unit } from "../random/unit";
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

/**
 * out[j] = 1[u < p], p = A v + B; operands v, A, B. ADDS: v + 1[u < p].
 */
export function bernoulli<T>(at: usize, first: i32, n: i32, stride: usize, externals: usize): void {
  const key = keyOf(at, externals), size = extent<T>(n);
  const adds = v128.ne<T>(v128.splat<T>(<T>(load<i32>(at, DEPTH) & ADDS)), v128.splat<T>(0));
  let out = <usize>load<u32>(at, OUT), site = load<u32>(at, DETAIL);
  for (let k = 0, width = load<i32>(at, WIDTH); k < width; ++k, out += stride, ++site) {
    bits(key, site, first, n * <i32>(sizeof<T>() >> 2), BITS);
    const v = rowOf<T>(at, 0, k, size), scale = number<T>(at, 1, k), shift = number<T>(at, 2, k), all = one<T>();
    for (let t: usize = 0; t < size; t += 16) {
      const state = v128.load(v + t), p = v128.add<T>(v128.mul<T>(state, scale), shift);
      const x = v128.and(v128.lt<T>(unit<T>(v128.load(BITS + t)), p), all);
      v128.store(out + t, v128.add<T>(x, v128.and(state, adds)));
    }
  }
}

/** What a triple is told besides its operands. */
export const BIRTHS: i32 = 1;
export const FORGETS: i32 = 2;
/** v + x instead of x, and the jump of that. */
const ADDS: i32 = 4;
/** Nobody asks any more which birth the perturbation of a lane is. */
const UNASKED: i32 = 8;

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
  const alive = rowOf<T>(at, 3, 0, size), weight = operand(at, 4), born = operand(at, 5);
  let out = <usize>load<u32>(at, OUT), site = load<u32>(at, DETAIL);
  for (let k = 0; k < width; ++k, out += stride, ++site) {
    bits(key, site, first, n * <i32>(sizeof<T>() >> 2), BITS);
    if (sizeof<T>() == 4 && flags & BIRTHS) bits(key, site | WINS, first, (n + 7 & ~7) >> 1, WORDS);
    const v = rowOf<T>(at, 0, k, size), d = rowOf<T>(at, 1, k, size), j = rowOf<T>(at, 2, k, size);
    const a = number<T>(at, 6, k), b = number<T>(at, 7, k), e = number<T>(at, 8, k), c = number<T>(at, 9, k), s = number<T>(at, 10, k);
    const birth = v128.splat<T>(<T>(<i32>site + 1)), jumps = out + <usize>width * stride;
    const chain = width == 1 && d == v && alive == j && (flags & (FORGETS | ADDS | UNASKED)) == (FORGETS | ADDS | UNASKED);
    if (chain) flips<T>(true, flags, out, jumps, v, v, j, j, weight, born, a, b, e, c, s, birth, birth, size);
    else flips<T>(false, flags, out, jumps, v, d, j, alive, weight, born, a, b, e, c, s, birth, v128.splat<T>(<T>(<i32>site - k)), size);
  }
}

/** A word of 32 bits says who wins in two lanes, so f32 goes by two vectors. */
@inline
function flips<T>(
  chain: bool, flags: i32, out: usize, jumps: usize, v: usize, d: usize, j: usize, alive: usize, weight: usize, born: usize,
  a: v128, b: v128, e: v128, c: v128, s: v128, birth: v128, before: v128, size: usize,
): void {
  for (let t: usize = 0; t < size; t += sizeof<T>() == 4 ? 32 : 16) {
    const words = sizeof<T>() == 4 ? v128.load(WORDS + (t >> 1)) : a;
    flip<T>(chain, flags, t, sizeof<T>() == 4 ? i32x4.shl(words, 16) : words, out, jumps, v, d, j, alive, weight, born, a, b, e, c, s, birth, before);
    if (sizeof<T>() == 4) flip<T>(chain, flags, t + 16, words, out, jumps, v, d, j, alive, weight, born, a, b, e, c, s, birth, before);
  }
}

/**
 * @param chain   whether x is added to the row that p and δ are of, its jump is the only one alive, and nobody asks for births: the state of a Markov chain
 * @param before  the last birth before this draw: where an earlier entry has won, what the old jump makes of this one is of no account
 */
@inline
function flip<T>(
  chain: bool, flags: i32, t: usize, words: v128, out: usize, jumps: usize, v: usize, d: usize, j: usize, alive: usize, weight: usize, born: usize,
  a: v128, b: v128, e: v128, c: v128, s: v128, birth: v128, before: v128,
): void {
  const nothing = zero<T>(), all = one<T>(), ones = v128.eq<T>(nothing, nothing);
  const keeps = flags & FORGETS ? nothing : ones, adds = flags & ADDS ? ones : nothing;
  const bits = v128.load(BITS + t), over = overOne<T>(bits), u = fromOneToTwo<T>(over), state = v128.load(v + t), jump = v128.load(j + t);
  const p = v128.add<T>(v128.mul<T>(state, a), b);
  const up = v128.lt<T>(u, p), moves = v128.lt<T>(u, v128.add<T>(p, v128.mul<T>(jump, e)));
  const x = v128.and(up, all), y = v128.andnot(all, up);
  const lives = chain
    ? v128.ne<T>(jump, nothing)
    : v128.or(v128.or(keeps, v128.xor(up, moves)), v128.ne<T>(v128.load(alive + t), nothing));
  const slope = v128.add<T>(v128.mul<T>(chain ? state : v128.load(d + t), c), s);
  // δ / (1 − p) at x = 0, −δ / p at x = 1; what is negative is none.
  const own = v128.pmax<T>(nothing, v128.div<T>(slope, v128.sub<T>(y, p)));
  const total = v128.add<T>(v128.and(v128.load(weight + t), lives), own);
  const wins = v128.lt<T>(v128.mul<T>(chance<T>(bits, over, words), total), own);
  v128.store(out + t, v128.add<T>(chain ? state : v128.and(state, adds), x));
  let moved = v128.add<T>(chain ? jump : v128.and(jump, adds), v128.and(moves, all));
  // Of an old jump of no account both runs are the same: 0 and not x + Δ − x.
  if (!chain) moved = v128.bitselect(moved, x, v128.le<T>(v128.load(born + t), before));
  v128.store(jumps + t, v128.sub<T>(v128.bitselect(y, moved, wins), x));
  v128.store(weight + t, total);
  if (!chain) v128.store(born + t, v128.pmax<T>(v128.load(born + t), v128.and(birth, wins)));
}

/**
 * A uniform in (0, 1) for who wins. In f32 from 16 bits of `words`, and below them those of u, which is `over` − 1; in f64 from the 12 bits
 * that u leaves, and below them the last 16 that it takes: what these have to do with the outcome is less than 2⁻³² in probability.
 */
@inline
function chance<T>(bits: v128, over: v128, words: v128): v128 {
  if (sizeof<T>() == 4) return fromOneToTwo<f32>(v128.xor(over, i32x4.shr_u(words, 9)));
  return f64x2.sub(v128.or(i8x16.swizzle(bits, v128.load(LEFT)), constant<f64>(OVER, 0)), constant<f64>(OVER, 1));
}

// Of each double, from its last byte on: where it takes its bits from; 255 is none.
const LEFT = memory.data<u8>([255, 255, 255, 2, 3, 0, 1, 255, 255, 255, 255, 10, 11, 8, 9, 255], 16);
// 1, 1 − 2⁻²⁹.
const OVER = memory.data<f64>([1, 0.9999999981373549]);

/** Entry k of an operand as a row; a number for all lanes is written out as one. */
@inline
function rowOf<T>(at: usize, which: i32, k: i32, size: usize): usize {
  const from = operand(at, which) + <usize>k * stepOf(at, which);
  return isSplat(at, which) ? repeated<T>(from, SPLAT + <usize>which * ROW, size) : from;
}

function repeated<T>(from: usize, to: usize, size: usize): usize {
  const x = v128.load_splat<T>(from);
  for (let t: usize = 0; t < size; t += 16) v128.store(to + t, x);
  return to;
}

@inline
function number<T>(at: usize, which: i32, k: i32): v128 {
  return v128.load_splat<T>(operand(at, which) + <usize>k * stepOf(at, which));
}

const SOURCE_OF_NOISE = memory.data(SOURCE, 16);
const STATE = memory.data(STREAM, 16);
export const BITS = memory.data(1024 * 8 + 64, 16);
export const WORDS = memory.data(1024 * 4 + 64, 16);
/** Bytes of a row of a whole chunk. */
const ROW: usize = 8192;
const SPLAT = memory.data(8192 * 4, 16);
