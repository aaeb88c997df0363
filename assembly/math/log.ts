import { BASE_TWO32, BASE_TWO64, LOG32, LOG64 } from "./coefficients";
import { constant, cubic, linear } from "./polynomial";

/**
 * ln x = k ln 2 + ln m, x = 2ᵏ m, √½ ≤ m < √2; ln m = 2 artanh s, s = (m − 1) / (m + 1) (as in Sun's fdlibm, 1993).
 *
 * For every x at most 0.84 ulp in f32 (exhaustive), 0.76 in f64 (the worst of 60,000 hard points).
 * Zeros, subnormals, negative numbers, ∞ and NaN take a second way, one for the whole vector: it gives the same bits for the other lanes.
 */
@inline
export function log<T>(x: v128): v128 {
  const limits = sizeof<T>() == 4 ? LOG_LIMITS32 : LOG_LIMITS64;
  const usual = v128.and(v128.ge<T>(x, constant<T>(limits, 0)), v128.lt<T>(x, constant<T>(limits, 1)));
  if (i32x4.bitmask(usual) == 15) return logOfNormal<T>(x, constant<T>(limits, 2), constant<T>(limits, 3));
  return logOfAny<T>(x);
}

function logOfAny<T>(x: v128): v128 {
  const limits = sizeof<T>() == 4 ? LOG_LIMITS32 : LOG_LIMITS64;
  const zero = constant<T>(limits, 3), infinity = constant<T>(limits, 1);
  const small = v128.lt<T>(x, constant<T>(limits, 0));
  const scaled = v128.bitselect(v128.mul<T>(x, constant<T>(limits, 4)), x, small);
  const offset = v128.sub<T>(constant<T>(limits, 2), v128.and(small, constant<T>(limits, 5)));
  const finite = logOfNormal<T>(scaled, offset, zero);
  const usual = v128.and(v128.gt<T>(x, zero), v128.lt<T>(x, infinity));
  const special = v128.bitselect(v128.neg<T>(infinity), v128.sqrt<T>(x), v128.eq<T>(x, zero)); // √: NaN below zero, ∞ at ∞
  return v128.bitselect(finite, special, usual);
}

/**
 * ln x + correction for a normal x, where `correction` is at most some units in the last place of ln x unless x = 1.
 *
 * @param offset  what to add to the biased exponent as read below
 */
@inline
export function logOfNormal<T>(x: v128, offset: v128, correction: v128): v128 {
  const limits = sizeof<T>() == 4 ? LOG_LIMITS32 : LOG_LIMITS64;
  const base = sizeof<T>() == 4 ? BASE_TWO32 : BASE_TWO64;
  const bits = sizeof<T>() == 4 ? BITS32 : BITS64;
  const lifted = sizeof<T>() == 4 ? i32x4.add(x, constant<T>(bits, 0)) : i64x2.add(x, constant<T>(bits, 0));
  const exponent = sizeof<T>() == 4 ? i32x4.shr_u(lifted, 23) : i64x2.shr_u(lifted, 52);
  const k = v128.add<T>(v128.or(exponent, constant<T>(limits, 6)), offset);
  const significand = v128.and(lifted, constant<T>(bits, 1));
  const m = sizeof<T>() == 4 ? i32x4.add(significand, constant<T>(bits, 2)) : i64x2.add(significand, constant<T>(bits, 2));
  const f = v128.sub<T>(m, constant<T>(limits, 7));
  const s = v128.div<T>(f, v128.add<T>(m, constant<T>(limits, 7)));
  const square = v128.mul<T>(v128.mul<T>(f, f), constant<T>(limits, 8));
  const low = v128.add<T>(v128.mul<T>(k, constant<T>(base, 2)), correction);
  const inner = v128.add<T>(v128.mul<T>(s, v128.add<T>(square, tail<T>(s))), low);
  return v128.add<T>(v128.mul<T>(k, constant<T>(base, 1)), v128.sub<T>(f, v128.sub<T>(square, inner)));
}

/** (2 artanh s − 2 s) / s for |s| ≤ 3 − 2√2. */
@inline
export function tail<T>(s: v128): v128 {
  const z = v128.mul<T>(s, s), z2 = v128.mul<T>(z, z);
  if (sizeof<T>() == 4) return v128.mul<T>(z, cubic<T>(LOG32, 0, z, z2));
  const high = v128.add<T>(linear<T>(LOG64, 4, z), v128.mul<T>(constant<T>(LOG64, 6), z2));
  return v128.mul<T>(z, v128.add<T>(cubic<T>(LOG64, 0, z, z2), v128.mul<T>(high, v128.mul<T>(z2, z2))));
}

// 0 the least normal number, 1 ∞, 2 −(2²³ + 127), 3 zero, 4 what lifts subnormals, 5 its exponent, 6 2²³, 7 one, 8 half.
export const LOG_LIMITS32 = memory.data<f32>([1.1754943508222875e-38, Infinity, -8388735, 0, 33554432, 25, 8388608, 1, 0.5]);
export const LOG_LIMITS64 = memory.data<f64>([2.2250738585072014e-308, Infinity, -4503599627371519, 0, 18014398509481984, 54, 4503599627370496, 1, 0.5]);
// The bits of 1 − those of √½, the mask of the significand, the bits of √½.
const BITS32 = memory.data<u32>([0x004afb0d, 0x007fffff, 0x3f3504f3]);
const BITS64 = memory.data<u64>([0x00095f619980c433, 0x000fffffffffffff, 0x3fe6a09e667f3bcd]);
