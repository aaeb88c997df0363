import { BASE_TWO32, BASE_TWO64, EXP32, EXP64 } from "./coefficients";
import { constant, cubic, linear, septic } from "./polynomial";

/**
 * eˣ = 2ⁿ (1 + r + r² P(r)), n = round(x / ln 2), |r| ≤ ½ ln 2 (Cody & Waite 1980).
 *
 * The power of two is applied in two factors, so that results overflow to ∞ and fade into the subnormals with one rounding.
 */
@inline
export function exp<T>(x: v128): v128 {
  const limits = sizeof<T>() == 4 ? EXP_LIMITS32 : EXP_LIMITS64;
  const vanishing = v128.lt<T>(x, constant<T>(limits, 0));
  const scales = sizeof<T>() == 4 ? SCALES32 : SCALES64;
  x = v128.pmin<T>(v128.pmax<T>(x, constant<T>(limits, 0)), constant<T>(limits, 1));
  const shifted = nearest<T>(x);
  const r = remainder<T>(x, shifted);
  const power = v128.add<T>(constant<T>(limits, 3), v128.add<T>(r, tail<T>(r)));
  const negative = v128.lt<T>(x, constant<T>(limits, 4));
  const bias = v128.bitselect(constant<T>(scales, 0), constant<T>(scales, 1), negative);
  const factor = v128.bitselect(constant<T>(scales, 2), constant<T>(scales, 3), negative);
  return v128.mul<T>(v128.mul<T>(power, twoTo<T>(shifted, bias)), v128.andnot(factor, vanishing));
}

/** eˣ for x ≤ 0, or the least normal number or so where that is less: for sums with a term that is 1. NaN stays. */
@inline
export function expBelowOne<T>(x: v128): v128 {
  const limits = sizeof<T>() == 4 ? EXP_LIMITS32 : EXP_LIMITS64;
  x = v128.pmax<T>(x, constant<T>(limits, 5));
  const shifted = nearest<T>(x);
  const r = remainder<T>(x, shifted);
  const power = v128.add<T>(constant<T>(limits, 3), v128.add<T>(r, tail<T>(r)));
  return v128.mul<T>(power, twoTo<T>(shifted, constant<T>(limits, 3)));
}

/** n = round(x / ln 2) in the low bits of a large number. */
@inline
export function nearest<T>(x: v128): v128 {
  const magic = sizeof<T>() == 4 ? EXP_LIMITS32 : EXP_LIMITS64;
  const base = sizeof<T>() == 4 ? BASE_TWO32 : BASE_TWO64;
  return v128.add<T>(v128.mul<T>(x, constant<T>(base, 0)), constant<T>(magic, 2));
}

/** r = x − n ln 2 */
@inline
export function remainder<T>(x: v128, shifted: v128): v128 {
  const magic = sizeof<T>() == 4 ? EXP_LIMITS32 : EXP_LIMITS64;
  const base = sizeof<T>() == 4 ? BASE_TWO32 : BASE_TWO64;
  const n = v128.sub<T>(shifted, constant<T>(magic, 2));
  const r = v128.sub<T>(x, v128.mul<T>(n, constant<T>(base, 1)));
  return v128.sub<T>(r, v128.mul<T>(n, constant<T>(base, 2)));
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
// 2⁶⁴, 2⁻⁶⁴ (f64: 2¹²⁸, 2⁻¹²⁸) to multiply 2ⁿ by, then their inverses for what is left; the first of a pair is for x < 0.
const SCALES32 = memory.data<f32>([1.8446744073709552e19, 5.421010862427522e-20, 5.421010862427522e-20, 1.8446744073709552e19]);
const SCALES64 = memory.data<f64>([3.402823669209385e38, 2.938735877055719e-39, 2.938735877055719e-39, 3.402823669209385e38]);
