import { lanes, span } from "../lanes";
import { philox } from "./philox";
import { CHUNK, fill, open, STREAM } from "./stream";
import { TIES } from "./use";

/** Random bits of one refinement; P(x = 1) = (first + rest / 2^REST) / 256. */
@inline
export function restBits<T>(): i32 {
  return sizeof<T>() == 4 ? 31 : 52;
}

/**
 * x = 1[u < p]; `mirrored`, if not 0, is 1[1 − u < p] of the same u.
 *
 * Eight bits of u decide 255 of 256 flips; a tie with the first eight bits of p takes 31 more (f64: 52) from a block of
 * Philox of its own, (element, chunk, site, TIES), so that no bit is used twice. A flip costs 0.29 ns, from a word each 0.6.
 *
 * @param rows, dim    x is T[rows, dim], written
 * @param tile, first  u8[tile + 64], the second 64 a repetition of the first
 * @param rest         u32[tile] (f64: u64[tile])
 * @param mirrored     T[rows, dim], written, or 0
 */
export function flips<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, first: usize, rest: usize, x: usize, mirrored: usize): void {
  let t = start(chunk, dim, tile);
  for (let left = rows; left > 0; left -= CHUNK, ++chunk) {
    const n = min(left, CHUNK) * dim;
    open(low, high, site, chunk, STATE);
    for (let from = 0; from < n; from += BLOCK) {
      const count = min(n - from, BLOCK);
      fill((count + 3) >> 2, STATE, BITS);
      t = block<T>(low, high, site, chunk, from, BITS, count, t, tile, first, rest, x, mirrored);
      x += span<T>(count);
      if (mirrored) mirrored += span<T>(count);
    }
  }
}

/** Where in the tile the first element of a chunk falls. */
@inline
export function start(chunk: u32, dim: i32, tile: i32): i32 {
  return <i32>((<u64>chunk * CHUNK % tile) * dim % tile);
}

const BLOCK: i32 = 8192; // flips by one fill of 8 KiB
const BITS = memory.data(8192 + 64, 16);
const STATE = memory.data(STREAM, 16);
const LAST = memory.data(128, 16);
const MIRRORED = memory.data(128, 16);

/** `count` flips from element `from` of the chunk, t of the tile; returns where in the tile the next one falls. */
function block<T>(low: u32, high: u32, site: u32, chunk: u32, from: i32, bits: usize, count: i32, t: i32, tile: i32, first: usize, rest: usize, x: usize, mirrored: usize): i32 {
  let i = 0;
  for (; i <= count - 16; i += 16) {
    sixteen<T>(low, high, site, chunk, from + i, bits + i, first, rest, t, tile, x + span<T>(i), 0);
    if (mirrored) sixteen<T>(low, high, site, chunk, from + i, bits + i, first, rest, t, tile, mirrored + span<T>(i), -1);
    t += 16;
    if (t >= tile) t -= tile;
  }
  const left = count - i;
  if (left == 0) return t;
  block<T>(low, high, site, chunk, from + i, bits + i, 16, t, tile, first, rest, LAST, mirrored ? MIRRORED : 0);
  memory.copy(x + span<T>(i), LAST, span<T>(left));
  if (mirrored) memory.copy(mirrored + span<T>(i), MIRRORED, span<T>(left));
  t += left;
  return t >= tile ? t - tile : t;
}

/** Sixteen flips of u, or of 1 − u where `mirror` is −1: the complement of all of its bits. */
@inline
function sixteen<T>(low: u32, high: u32, site: u32, chunk: u32, element: i32, bits: usize, first: usize, rest: usize, t: i32, tile: i32, out: usize, mirror: i32): void {
  const limit = v128.load(first + t);
  const word = mirror ? v128.not(v128.load(bits)) : v128.load(bits);
  widen<T>(i8x16.ge_u(word, limit), out);
  const ties = i8x16.eq(word, limit);
  if (v128.any_true(ties)) refine<T>(low, high, site, chunk, element, i8x16.bitmask(ties), rest, t, tile, out, mirror);
}

/** out[j] = 0 where byte j is all ones, 1 where it is 0. */
@inline
function widen<T>(outside: v128, out: usize): void {
  const one = v128.load_splat<T>(sizeof<T>() == 4 ? ONE32 : ONE64);
  const a = v128.shuffle<u8>(outside, outside, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const b = v128.shuffle<u8>(outside, outside, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  four<T>(v128.shuffle<u16>(a, a, 0, 8, 1, 9, 2, 10, 3, 11), one, out);
  four<T>(v128.shuffle<u16>(a, a, 4, 12, 5, 13, 6, 14, 7, 15), one, out + 4 * sizeof<T>());
  four<T>(v128.shuffle<u16>(b, b, 0, 8, 1, 9, 2, 10, 3, 11), one, out + 8 * sizeof<T>());
  four<T>(v128.shuffle<u16>(b, b, 4, 12, 5, 13, 6, 14, 7, 15), one, out + 12 * sizeof<T>());
}

@inline
function four<T>(outside: v128, one: v128, out: usize): void {
  if (sizeof<T>() == 4) v128.store(out, v128.andnot(one, outside));
  else {
    v128.store(out, v128.andnot(one, v128.shuffle<u32>(outside, outside, 0, 4, 1, 5)));
    v128.store(out, v128.andnot(one, v128.shuffle<u32>(outside, outside, 2, 6, 3, 7)), 16);
  }
}

const ONE32 = memory.data<f32>([1]);
const ONE64 = memory.data<f64>([1]);
const WORDS = memory.data(16, 16);

/** Decides the flips whose first eight bits tie with those of p, one bit of `ties` each. */
function refine<T>(low: u32, high: u32, site: u32, chunk: u32, element: i32, ties: i32, rest: usize, t: i32, tile: i32, out: usize, mirror: i32): void {
  for (; ties != 0; ties &= ties - 1) {
    const j = ctz(ties);
    let at = t + j;
    if (at >= tile) at -= tile;
    philox(low, high, element + j, chunk, site, TIES, WORDS);
    const below = sizeof<T>() == 4
      ? <u32>(load<u32>(WORDS) ^ mirror) >> (32 - restBits<T>()) < load<u32>(rest + span<T>(at))
      : <u64>(load<u64>(WORDS) ^ mirror) >> (64 - restBits<T>()) < load<u64>(rest + span<T>(at));
    store<T>(out + span<T>(j), <T>i32(below));
  }
}
