import { BASE_TWO32, BASE_TWO64, EXP32, EXP64 } from "./coefficients";
import { constant, cubic, linear, septic } from "./polynomial";

/**
 * eˣ = 2ⁿ (1 + r + r² P(r)), n = round(x / ln 2), |r| ≤ ½ ln 2 (Cody & Waite 1980).
 *
 * The power of two is applied in two factors, so that results overflow to ∞ and fade into the subnormals with one rounding.
 * For every x at most 0.95 ulp in f32 (exhaustive), 0.85 in f64 (the worst of 60,000 hard points).
 */
@inline
export function exp<T>(x: v128): v128 {
  const limits = sizeof<T>() == 4 ? EXP_LIMITS32 : EXP_LIMITS64;
  const scales = sizeof<T>() == 4 ? SCALES32 : SCALES64;
  const vanishing = v128.lt<T>(x, constant<T>(limits, 0)); // a product that underflows to 0 would cost tens of nanoseconds
  x = v128.pmin<T>(v128.pmax<T>(x, constant<T>(limits, 0)), constant<T>(limits, 1));
  const shifted = nearest<T>(x);
  const power = v128.add<T>(constant<T>(limits, 3), fraction<T>(x, shifted));
  const negative = v128.lt<T>(x, constant<T>(limits, 4));
  const bias = v128.xor(constant<T>(scales, 0), v128.and(negative, constant<T>(scales, 1)));
  const factor = sizeof<T>() == 4 ? i32x4.sub(constant<T>(scales, 2), bias) : i64x2.sub(constant<T>(scales, 2), bias);
  return v128.mul<T>(v128.mul<T>(power, twoTo<T>(shifted, bias)), v128.andnot(factor, vanishing));
}

/** eˣ for x ≤ 0, or the least normal number or so where that is less: for sums with a term that is 1. NaN stays. */
@inline
export function expBelowOne<T>(x: v128): v128 {
  const limits = sizeof<T>() == 4 ? EXP_LIMITS32 : EXP_LIMITS64;
  x = v128.pmax<T>(x, constant<T>(limits, 5));
  const shifted = nearest<T>(x);
  const base = sizeof<T>() == 4 ? BASE_TWO32 : BASE_TWO64;
  const n = v128.sub<T>(shifted, constant<T>(limits, 2));
  const r = v128.sub<T>(v128.sub<T>(x, v128.mul<T>(n, constant<T>(base, 1))), v128.mul<T>(n, constant<T>(base, 2)));
  const power = v128.add<T>(constant<T>(limits, 3), v128.add<T>(r, tail<T>(r)));
  return v128.mul<T>(power, twoTo<T>(shifted, constant<T>(limits, 3)));
}

/** eˣ for x ≤ 0, and 0 where that would be no normal number. NaN becomes 0. */
@inline
export function expOrZero<T>(x: v128): v128 {
  return v128.and(expBelowOne<T>(x), v128.ge<T>(x, constant<T>(sizeof<T>() == 4 ? LEAST32 : LEAST64, 0)));
}

/**
 * 2ˣ for x ≤ 0, and 0 where that would be no normal number: a softmax whose factor has 1 / ln 2 in it already saves a sixth of `expOrZero`.
 * NaN stays. r ln 2 is rounded once, half a unit more than `exp` has.
 */
@inline
export function powerOfTwo<T>(x: v128): v128 {
  const limits = sizeof<T>() == 4 ? EXP_LIMITS32 : EXP_LIMITS64, powers = sizeof<T>() == 4 ? POWERS32 : POWERS64;
  const kept = v128.pmax<T>(x, constant<T>(powers, 0));
  const shifted = v128.add<T>(kept, constant<T>(limits, 2));
  const r = v128.mul<T>(v128.sub<T>(kept, v128.sub<T>(shifted, constant<T>(limits, 2))), constant<T>(powers, 1));
  const one = constant<T>(limits, 3);
  return v128.mul<T>(v128.add<T>(one, v128.add<T>(r, tail<T>(r))), twoTo<T>(shifted, one));
}

/** n = round(x / ln 2) in the low bits of a large number. */
@inline
export function nearest<T>(x: v128): v128 {
  const magic = sizeof<T>() == 4 ? EXP_LIMITS32 : EXP_LIMITS64;
  const base = sizeof<T>() == 4 ? BASE_TWO32 : BASE_TWO64;
  return v128.add<T>(v128.mul<T>(x, constant<T>(base, 0)), constant<T>(magic, 2));
}

/** eʳ − 1, r = x − n ln 2 = h − l: the small part l joins the other small terms, and not the rounding of r. */
@inline
export function fraction<T>(x: v128, shifted: v128): v128 {
  const magic = sizeof<T>() == 4 ? EXP_LIMITS32 : EXP_LIMITS64;
  const base = sizeof<T>() == 4 ? BASE_TWO32 : BASE_TWO64;
  const n = v128.sub<T>(shifted, constant<T>(magic, 2));
  const h = v128.sub<T>(x, v128.mul<T>(n, constant<T>(base, 1)));
  const l = v128.mul<T>(n, constant<T>(base, 2));
  return v128.add<T>(h, v128.sub<T>(tail<T>(v128.sub<T>(h, l)), l));
}

/** eʳ − 1 − r for |r| ≤ ½ ln 2. */
@inline
export function tail<T>(r: v128): v128 {
  const r2 = v128.mul<T>(r, r), r4 = v128.mul<T>(r2, r2);
  if (sizeof<T>() == 4) {
    return v128.mul<T>(r2, v128.add<T>(cubic<T>(EXP32, 0, r, r2), v128.mul<T>(constant<T>(EXP32, 4), r4)));
  }
  const high = v128.mul<T>(linear<T>(EXP64, 8, r), v128.mul<T>(r4, r4));
  return v128.mul<T>(r2, v128.add<T>(septic<T>(EXP64, 0, r, r2, r4), high));
}

/** 2ⁿ shifted by `bias`, the bits of a power of two. A product with it keeps a NaN, which an integer sum of exponents would not. */
@inline
export function twoTo<T>(shifted: v128, bias: v128): v128 {
  return sizeof<T>() == 4 ? i32x4.add(i32x4.shl(shifted, 23), bias) : i64x2.add(i64x2.shl(shifted, 52), bias);
}

// The least argument that matters, the largest, 1.5 · 2^(bits of the significand), 1, 0, the least argument of a normal result.
export const EXP_LIMITS32 = memory.data<f32>([-104.5, 89, 12582912, 1, 0, -87]);
export const EXP_LIMITS64 = memory.data<f64>([-746, 710, 6755399441055744, 1, 0, -708]);
// The bits of 2⁻⁶⁴ (f64: 2⁻¹²⁸), what makes 2⁶⁴ of them for x < 0, and what their difference from gives the other of the two factors.
const SCALES32 = memory.data<u32>([0x1f800000, 0x40000000, 0x7f000000]);
const SCALES64 = memory.data<u64>([0x37f0000000000000, 0x7000000000000000, 0x7fe0000000000000]);
// The exponent whose power of two is all zeros, and ln 2.
const POWERS32 = memory.data<f32>([-127, 0.6931471805599453]);
const POWERS64 = memory.data<f64>([-1023, 0.6931471805599453]);
// Below that eˣ is no normal number.
const LEAST32 = memory.data<f32>([-87]);
const LEAST64 = memory.data<f64>([-708]);
