import { constant } from "../math/polynomial";

/**
 * Uniforms (k + ½) 2⁻²³ (f32) or (k + ½) 2⁻⁵² (f64): odd multiples of 2⁻²⁴ or 2⁻⁵³, so u and 1 − u are exact, alike, and never 0 or 1.
 *
 * For what is compared or scaled; what feeds a logarithm takes `half`, whose low end goes on.
 *
 * @param bits  random words, 32 bits a lane (f32) or 64 (f64)
 */
@inline
export function unit<T>(bits: v128): v128 {
  return fromOneToTwo<T>(overOne<T>(bits));
}

/** The same bits as a number 1 + k 2⁻²³ (2⁻⁵²) below 2. */
@inline
export function overOne<T>(bits: v128): v128 {
  if (sizeof<T>() == 4) return v128.or(i32x4.shr_u(bits, 9), constant<f32>(UNIT32, 0));
  return v128.or(i64x2.shr_u(bits, 12), constant<f64>(UNIT64, 0));
}

/** Down to (0, 1), to the middle between two of them. */
@inline
export function fromOneToTwo<T>(x: v128): v128 {
  return sizeof<T>() == 4 ? f32x4.sub(x, constant<f32>(UNIT32, 1)) : f64x2.sub(x, constant<f64>(UNIT64, 1));
}

/**
 * Uniforms v in (0, ½] of 31 (f32) or 62 (f64) bits, each rounded once: down to 2⁻³³ or 2⁻⁶⁴, with full relative precision.
 *
 * The bit that `upper` reads is not among them: v in its lower half or 1 − v in its upper one is a uniform with both ends fine.
 */
@inline
export function half<T>(bits: v128): v128 {
  if (sizeof<T>() == 4) {
    const whole = f32x4.convert_i32x4_s(v128.and(bits, constant<f32>(HALF32, 0)));
    return f32x4.mul(f32x4.add(whole, constant<f32>(HALF32, 1)), constant<f32>(HALF32, 2));
  }
  // The words' halves as the low bits of 2⁸⁴ and of 2⁵²; the last bit is always set.
  const high = v128.or(i64x2.shr_u(i64x2.shl(bits, 1), 33), constant<f64>(HALF64, 0));
  const low = v128.or(v128.shuffle<i32>(bits, constant<f64>(HALF64, 1), 0, 5, 2, 7), constant<f64>(HALF64, 4));
  return f64x2.mul(f64x2.add(f64x2.sub(high, constant<f64>(HALF64, 2)), low), constant<f64>(HALF64, 3));
}

/** The 64-bit words with their last bit set, each rounded to a double once: 1 … 2⁶⁴. */
@inline
export function integer64(bits: v128): v128 {
  const high = v128.or(i64x2.shr_u(bits, 32), constant<f64>(HALF64, 0));
  const low = v128.or(v128.shuffle<i32>(bits, constant<f64>(HALF64, 1), 0, 5, 2, 7), constant<f64>(HALF64, 4));
  return f64x2.add(f64x2.sub(high, constant<f64>(HALF64, 2)), low);
}

/** All ones in the lanes whose first bit is set. */
@inline
export function upper<T>(bits: v128): v128 {
  const signs = i32x4.shr_s(bits, 31);
  return sizeof<T>() == 4 ? signs : v128.shuffle<i32>(signs, signs, 1, 1, 3, 3);
}

// 1, 1 − 2⁻²⁴ (2⁻⁵³).
const UNIT32 = memory.data<f32>([1, 0.99999994039535522]);
const UNIT64 = memory.data<f64>([1, 0.99999999999999989]);
// The mask 2³¹ − 1, ½, 2⁻³².
const HALF32 = memory.data<u32>([0x7fffffff, 0x3f000000, 0x2f800000]);
// 2⁸⁴, 2⁵², 2⁸⁴ + 2⁵², 2⁻⁶⁴, the last bit.
const HALF64 = memory.data<u64>([0x4530000000000000, 0x4330000000000000, 0x4530000000100000, 0x3bf0000000000000, 1]);
