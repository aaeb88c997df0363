import { constant, linear } from "../math/polynomial";
import { LOGARITHMS } from "./tables";

/**
 * ln(x + correction) for normal x > 0, absolute error 2⁻⁵³ max(1, |ln x|), relative error some 2⁻⁵² as x → 1 from below.
 *
 * x = 2ᵏ m, c = m rounded to 7 bits, r = (m − c) / c: ln x = (k + 1) ln 2 + ln(c / 2) + log1p(r), |r| ≤ 2⁻⁸ (Tang 1990).
 * m − c is exact; just below 1 the first two terms are 0. Without division it takes half the time of math/log.
 *
 * @param correction  matters in [½, 1] alone
 */
@inline
export function tableLog(x: v128, correction: v128): v128 {
  const k = f64x2.sub(v128.or(i64x2.shr_u(x, 52), constant<f64>(BITS, 0)), constant<f64>(BITS, 1));
  const m = v128.or(v128.and(x, constant<f64>(BITS, 2)), constant<f64>(BITS, 3));
  const rounded = i64x2.add(m, constant<f64>(BITS, 4));
  const c = v128.and(rounded, constant<f64>(BITS, 5));
  const entry = i64x2.shr_u(c, 41); // 16 bytes each, after the entries of the bits of 1
  const first = v128.load(<usize>i32x4.extract_lane(entry, 0) + (LOGARITHMS - 0x1ff800));
  const second = v128.load(<usize>i32x4.extract_lane(entry, 2) + (LOGARITHMS - 0x1ff800));
  const inverse = v128.shuffle<f64>(first, second, 0, 2);
  const table = v128.shuffle<f64>(first, second, 1, 3);
  const r = f64x2.mul(f64x2.add(f64x2.sub(m, c), f64x2.add(correction, correction)), inverse);
  const r2 = f64x2.mul(r, r);
  const tail = f64x2.add(linear<f64>(SERIES, 2, r), f64x2.mul(constant<f64>(SERIES, 4), r2));
  const series = f64x2.mul(r2, f64x2.add(linear<f64>(SERIES, 0, r), f64x2.mul(r2, tail)));
  const base = f64x2.add(f64x2.mul(k, constant<f64>(SERIES, 5)), table);
  return f64x2.add(base, f64x2.add(r, series));
}

// 2⁵², 2⁵² + 1022, the mask of the significand, 1, half of its seventh bit, the mask of what is kept.
const BITS = memory.data<u64>([0x4330000000000000, 0x43300000000003fe, 0x000fffffffffffff, 0x3ff0000000000000, 0x0000100000000000, 0xffffe00000000000]);
// −1/2, 1/3, −1/4, 1/5, −1/6: the series of log1p; then ln 2.
const SERIES = memory.data<f64>([-0.5, 0.3333333333333333, -0.25, 0.2, -0.16666666666666666, 0.6931471805599453]);
