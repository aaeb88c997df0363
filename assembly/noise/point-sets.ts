import { setAt } from "../memory";
import { fill, open, STREAM } from "../random/stream";

/**
 * Randomised point sets in the unit cube: every point is uniform, the points of one set are not independent, the sets are.
 *
 * Set r is a pure function of (key, site, r): it has the words of chunk r of the stream, coordinate by coordinate. Coordinates are odd
 * multiples of 2⁻²⁴ (f32) or 2⁻⁵³ (f64), as all uniforms are, in T[points, sets, dims].
 */

/** Words of a set's stream, as many as one coordinate takes; `words` is u32[count + 8]. */
@inline
function take(count: i32, words: usize): void {
  fill(count, STATE, words);
}

const STATE = memory.data(STREAM, 16);

/** Bits of a uniform. */
@inline
function bitsOf(size: i32): i32 {
  return size == 4 ? 23 : 52;
}

/** Below 2^bits, from words 2i and 2i + 1. */
@inline
function fraction(words: usize, i: i32, bits: i32): f64 {
  return <f64>(load<u64>(words + (<usize>i << 3)) >> (64 - bits));
}

/** A number below n of word i. */
@inline
function below(words: usize, i: i32, n: i32): i32 {
  return <i32>((<u64>load<u32>(words + (<usize>i << 2)) * <u64>n) >> 32);
}

/** Bits that count to n: the least m with 2ᵐ ≥ n. */
@inline
function bitsFor(n: i32): i32 {
  return n <= 1 ? 0 : 32 - clz(n - 1);
}

/**
 * Pairs u and 1 − u, all coordinates at once.
 *
 * @param words  u32[2 dims + 8], scratch
 * @param out    T[2, sets, dims], written
 */
export function mirrored<T>(low: u32, high: u32, site: u32, sets: i32, dims: i32, words: usize, out: usize): void {
  mirroredOf(sizeof<T>(), low, high, site, sets, dims, words, out);
}

function mirroredOf(size: i32, low: u32, high: u32, site: u32, sets: i32, dims: i32, words: usize, out: usize): void {
  const bits = bitsOf(size), all = <f64>(<u64>1 << bits);
  for (let r = 0; r < sets; ++r) {
    open(low, high, site, r, STATE);
    take(2 * dims, words);
    for (let j = 0; j < dims; ++j) {
      const u = (fraction(words, j, bits) + 0.5) / all;
      setAt(size, out, r * dims + j, u);
      setAt(size, out, (sets + r) * dims + j, 1 - u);
    }
  }
}

/**
 * Latin hypercubes: each coordinate's points one in each of as many equal intervals, in random order. McKay, Beckman & Conover 1979.
 *
 * @param words  u32[2 points + 8], scratch
 * @param order  i32[points], scratch
 * @param out    T[points, sets, dims], written
 */
export function stratified<T>(low: u32, high: u32, site: u32, points: i32, sets: i32, dims: i32, words: usize, order: usize, out: usize): void {
  stratifiedOf(sizeof<T>(), low, high, site, points, sets, dims, words, order, out);
}

function stratifiedOf(size: i32, low: u32, high: u32, site: u32, points: i32, sets: i32, dims: i32, words: usize, order: usize, out: usize): void {
  for (let r = 0; r < sets; ++r) {
    open(low, high, site, r, STATE);
    for (let j = 0; j < dims; ++j) {
      take(points, words);
      shuffle(points, words, order);
      column(size, points, points, sets, dims, r, j, words, order, out);
    }
  }
}

/** A random order of 0 … n − 1 (Fisher & Yates), from n words. */
function shuffle(n: i32, words: usize, order: usize): void {
  for (let i = 0; i < n; ++i) {
    const other = below(words, i, i + 1);
    store<i32>(order + (<usize>i << 2), load<i32>(order + (<usize>other << 2)));
    store<i32>(order + (<usize>other << 2), i);
  }
}

/** One coordinate of one set: point i anywhere in cell order[i]. */
function column(size: i32, points: i32, cells: i32, sets: i32, dims: i32, r: i32, j: i32, words: usize, order: usize, out: usize): void {
  take(2 * points, words);
  const at = out + <usize>((r * dims + j) * size), step = <usize>(sets * dims * size);
  if (size == 4) place<f32>(points, cells, words, order, at, step);
  else place<f64>(points, cells, words, order, at, step);
}

/** Of as many cells as a power of two the bits are joined: the cell's, then random ones. Else they are scaled. */
function place<T>(points: i32, cells: i32, words: usize, order: usize, at: usize, step: usize): void {
  const size = <i32>sizeof<T>(), rest = bitsOf(size) - bitsFor(cells);
  const parts = <f64>(<u64>1 << rest), all = <f64>(<u64>1 << bitsOf(size)), scale = all / (parts * <f64>cells);
  const joined = (cells & (cells - 1)) == 0;
  for (const end = order + (<usize>points << 2); order < end; order += 4, words += 8, at += step) {
    const rank = <u64>load<i32>(order), part = load<u64>(words) >> (64 - rest);
    const k = joined ? (rank << rest) | part : <u64>min(all - 1, (<f64>rank * parts + <f64>part) * scale);
    if (sizeof<T>() == 4) store<f32>(at, reinterpret<f32>(<u32>k | 0x3f800000) - <f32>0.99999994039535522);
    else store<f64>(at, reinterpret<f64>(k | 0x3ff0000000000000) - 0.99999999999999989);
  }
}

/**
 * Nested uniform scrambling of base-2 points (Owen 1995), exact: the digits of a point's cell are flipped by bits that depend on the
 * digits before, one random bit for each node of the tree; beyond the digits that tell the points apart, its own random bits.
 *
 * Of a (t, m, s)-net the result is one, too; every point is uniform.
 *
 * @param bits    m: there are 2ᵐ points
 * @param cells   u32[dims, 2ᵐ]: the first m digits of each point
 * @param words   u32[2 · 2ᵐ + 8], scratch
 * @param tree    i32[2 · 2ᵐ], scratch
 * @param out     T[2ᵐ, sets, dims], written
 */
export function scrambled<T>(low: u32, high: u32, site: u32, bits: i32, sets: i32, dims: i32, cells: usize, words: usize, tree: usize, out: usize): void {
  scrambledOf(sizeof<T>(), low, high, site, bits, sets, dims, cells, words, tree, out);
}

function scrambledOf(size: i32, low: u32, high: u32, site: u32, bits: i32, sets: i32, dims: i32, cells: usize, words: usize, tree: usize, out: usize): void {
  const points = 1 << bits, chosen = tree + (<usize>points << 2);
  for (let r = 0; r < sets; ++r) {
    open(low, high, site, r, STATE);
    for (let j = 0; j < dims; ++j) {
      take((points + 31) >> 5, words);
      grow(bits, words, tree);
      const own = cells + (<usize>(j << bits) << 2);
      for (let i = 0; i < points; ++i) {
        const at = <usize>i << 2;
        store<i32>(chosen + at, load<i32>(tree + (<usize>load<u32>(own + at) << 2)));
      }
      column(size, points, points, sets, dims, r, j, words, chosen, out);
    }
  }
}

/** tree[k] = k scrambled: level by level, in place from the end; node k of level d has bit 2ᵈ + k. */
function grow(bits: i32, words: usize, tree: usize): void {
  store<i32>(tree, 0);
  for (let d = 0; d < bits; ++d) {
    for (let k = (1 << d) - 1; k >= 0; --k) {
      const node = (1 << d) + k;
      const flip = (load<u32>(words + (<usize>(node >> 5) << 2)) >> (node & 31)) & 1;
      const at = tree + (<usize>k << 3), above = load<i32>(tree + (<usize>k << 2)) << 1;
      store<i32>(at, above | flip);
      store<i32>(at, above | (flip ^ 1), 4);
    }
  }
}

/**
 * Scrambled Halton points: radical inverses whose digits go through random permutations, one for each place (Owen 2017), with random
 * digits of their own beyond the places that tell the points apart.
 *
 * @param bases  i32[dims]: the primes
 * @param words  u32[max(2 points, base) + 8], scratch
 * @param order  i32[points + base], scratch
 * @param out    T[points, sets, dims], written
 */
export function halton<T>(low: u32, high: u32, site: u32, points: i32, sets: i32, dims: i32, bases: usize, words: usize, order: usize, out: usize): void {
  haltonOf(sizeof<T>(), low, high, site, points, sets, dims, bases, words, order, out);
}

function haltonOf(size: i32, low: u32, high: u32, site: u32, points: i32, sets: i32, dims: i32, bases: usize, words: usize, order: usize, out: usize): void {
  const permuted = order + (<usize>points << 2);
  for (let r = 0; r < sets; ++r) {
    open(low, high, site, r, STATE);
    for (let j = 0; j < dims; ++j) {
      const base = load<i32>(bases + (<usize>j << 2));
      memory.fill(order, 0, <usize>points << 2);
      let cells = 1;
      for (; cells < points; cells *= base) {
        take(base, words);
        shuffle(base, words, permuted);
        append(points, cells, base, permuted, order);
      }
      column(size, points, cells, sets, dims, r, j, words, order, out);
    }
  }
}

/** order[i] = order[i] · base + permuted digit of i at the place worth `cells`. */
function append(points: i32, cells: i32, base: i32, permuted: usize, order: usize): void {
  for (let i = 0, digit = 0; i < points; ++digit) {
    if (digit == base) digit = 0;
    const own = load<i32>(permuted + (<usize>digit << 2));
    for (const end = min(points, i + cells); i < end; ++i, order += 4) store<i32>(order, load<i32>(order) * base + own);
  }
}
