import { constant } from "../math/polynomial";
import { minusLogFine, minusLogOfFraction } from "./minus-log";
import { half, integer64, upper } from "./unit";

/**
 * E = −log u by inversion, u uniform.
 *
 * f32: both ends of u fine, as for `bothEnds`. f64: u is a 64-bit fraction rounded to a double, which costs a third less; E reaches
 * from 2⁻⁵⁴ to 44.4.
 *
 * Two vectors a round, independent of each other: 2.8 ns instead of 3.4 in f64.
 *
 * @param at … end  words, then T in their place; whole groups of eight words
 */
export function exponential<T>(at: usize, end: usize): void {
  if (sizeof<T>() == 4) return bothEnds<T>(at, end);
  for (; at < end; at += 32) {
    const first = minusLogOfFraction(integer64(v128.load(at)));
    const second = minusLogOfFraction(integer64(v128.load(at, 16)));
    v128.store(at, f64x2.pmax(first, constant<f64>(LIMITS64, 1)));
    v128.store(at, f64x2.pmax(second, constant<f64>(LIMITS64, 1)), 16);
  }
}

/** E with full relative precision at both ends, as its logarithm needs it. */
export function bothEnds<T>(at: usize, end: usize): void {
  for (; at < end; at += 32) {
    const first = exponentialOf<T>(v128.load(at));
    const second = exponentialOf<T>(v128.load(at, 16));
    v128.store(at, first);
    v128.store(at, second, 16);
  }
}

/** −log v in the lower half, −log(1 − v) in the upper. With y = 1 − v rounded, 1 − v = y − lost exactly. */
@inline
export function exponentialOf<T>(bits: v128): v128 {
  const one = constant<T>(sizeof<T>() == 4 ? LIMITS32 : LIMITS64, 0);
  const v = half<T>(bits);
  const mirrored = upper<T>(bits);
  const y = v128.bitselect(v128.sub<T>(one, v), v, mirrored);
  const lost = v128.and(v128.sub<T>(v, v128.sub<T>(one, y)), mirrored);
  return minusLogFine<T>(y, lost);
}

// 1, 2⁻⁵⁴.
const LIMITS32 = memory.data<f32>([1]);
const LIMITS64 = memory.data<f64>([1, 5.551115123125783e-17]);
