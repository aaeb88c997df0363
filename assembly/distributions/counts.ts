import { lanes, span, storeSome } from "../lanes";
import { numberAt, setAt } from "../memory";
import { PAGE, PAGE_BYTES, spread, sumRows } from "../pages";
import { Part, partOf } from "../random/count-parts";
import { put } from "../random/count-pages";

/**
 * terms[r, j] += coefficient[r] · (Slope x + Offset): the score of a parameter in which log p is linear but for its norm.
 *
 * The difference is taken in f64 in both precisions: of a mean of 10⁹ an f32 keeps steps of 64.
 *
 * @param theta        f64[…, tile], see random/count-parts.ts
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param terms        T[rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  for (let from = 0, n = rows * dim, phase = 0; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    let weight = spread<T>(from, count, dim, coefficient, WEIGHT);
    for (let done = 0; done < count;) {
      const run = min(count - done, tile - phase);
      const slope = partOf(theta, Part.Slope, tile), offset = partOf(theta, Part.Offset, tile);
      for (let i = phase, left = run; left > 0; left -= lanes<T>(), i += lanes<T>(), x += 16, weight += 16, terms += 16) {
        const at = <usize>i << 3;
        const term = v128.mul<T>(v128.load(weight), linear<T>(x, slope + at, offset + at));
        storeSome<T>(terms, v128.add<T>(v128.load(terms), term), left);
      }
      done += run;
      phase += run;
      if (phase == tile) phase = 0;
    }
  }
}

const WEIGHT = memory.data(PAGE_BYTES, 16);

@inline
function linear<T>(x: usize, slope: usize, offset: usize): v128 {
  if (sizeof<T>() == 8) return line(v128.load(x), slope, offset);
  const four = v128.load(x);
  const low = f32x4.demote_f64x2_zero(line(f64x2.promote_low_f32x4(four), slope, offset));
  const high = f32x4.demote_f64x2_zero(line(f64x2.promote_low_f32x4(v128.shuffle<u64>(four, four, 1, 1)), slope + 16, offset + 16));
  return v128.shuffle<u64>(low, high, 0, 2);
}

@inline
function line(x: v128, slope: usize, offset: usize): v128 {
  return f64x2.add(f64x2.mul(v128.load(slope), x), v128.load(offset));
}

/**
 * @param period          batch · dim
 * @param mean, variance  T[period], written
 */
export function moments<T>(period: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  for (let i = 0; i < period; ++i) {
    setAt(sizeof<T>(), mean, i, numberAt(8, partOf(theta, Part.Mean, tile), i));
    setAt(sizeof<T>(), variance, i, numberAt(8, partOf(theta, Part.Variance, tile), i));
  }
}

/**
 * logProb[r] = Σⱼ log p(x[r, j]), computed in f64.
 *
 * @param masses   log p of a run, f64[count, whole vectors]: (size of a number of x, count, θ of the first, tile, x, out)
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function sumMasses<T>(masses: (size: i32, count: i32, theta: usize, stride: i32, x: usize, out: usize) => void, rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim, phase = 0; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    for (let done = 0; done < count;) {
      const run = min(count - done, tile - phase);
      masses(sizeof<T>(), run, theta + (<usize>phase << 3), tile, x, MASSES + (<usize>done << 3));
      x += span<T>(run);
      done += run;
      phase += run;
      if (phase == tile) phase = 0;
    }
    put(sizeof<T>(), count, MASSES, ROUNDED);
    sumRows<T>(from, count, dim, ROUNDED, logProb);
  }
}

const MASSES = memory.data(PAGE_BYTES, 16);
const ROUNDED = memory.data(PAGE_BYTES, 16);

/** Numbers i and i + 1 of an array of numbers of `size` bytes. */
@inline
export function pairAt(size: i32, array: usize, i: i32): v128 {
  return size == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(array + (<usize>i << 2))) : v128.load(array + (<usize>i << 3));
}

/** `log` where x is an integer of 0 … limit, −∞ elsewhere. */
@inline
export function within(x: v128, limit: v128, log: v128): v128 {
  const inside = v128.and(v128.and(f64x2.ge(x, f64x2.splat(0)), f64x2.le(x, limit)), f64x2.eq(x, f64x2.floor(x)));
  return v128.bitselect(log, f64x2.splat(-Infinity), inside);
}
