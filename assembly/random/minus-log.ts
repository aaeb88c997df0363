import { constant, linear } from "../math/polynomial";
import { LOGARITHMS } from "./built";
import { ARTANH, FINE_SERIES, SERIES } from "./tables";

/**
 * −log y of a normal y > 0, for noise, at half the cost of math/log: the absolute error is 2 units in the last place of max(1, |log y|).
 */
@inline
export function minusLog<T>(y: v128): v128 {
  return sizeof<T>() == 4 ? minusLog32(y, y, false) : minusLog64(y, y, false, false);
}

/**
 * −log(y − lost), `lost` at most half a unit in the last place of y, and 0 unless y lies in [½, 1]: as y → 1 from below
 * the relative error is 2 units too.
 */
@inline
export function minusLogFine<T>(y: v128, lost: v128): v128 {
  return sizeof<T>() == 4 ? minusLog32(y, lost, true) : minusLog64(y, lost, true, false);
}

/** −log(y · 2⁻⁶⁴) */
@inline
export function minusLogOfFraction(y: v128): v128 {
  return minusLog64(y, y, false, true);
}

/** −k ln 2 + 2 artanh s, y = 2ᵏ m, √½ ≤ m < √2, s = (1 − m) / (1 + m). */
@inline
function minusLog32(y: v128, lost: v128, fine: bool): v128 {
  const lifted = i32x4.add(y, constant<u32>(BITS32, 0));
  const minusK = f32x4.sub(constant<u32>(BITS32, 1), v128.or(i32x4.shr_u(lifted, 23), constant<u32>(BITS32, 2)));
  const m = i32x4.add(v128.and(lifted, constant<u32>(BITS32, 3)), constant<u32>(BITS32, 4));
  const one = constant<u32>(BITS32, 5);
  const s = f32x4.div(f32x4.sub(one, m), f32x4.add(one, m));
  const z = f32x4.mul(s, s);
  const p = f32x4.add(linear<f32>(ARTANH, 0, z), f32x4.mul(constant<f32>(ARTANH, 2), f32x4.mul(z, z)));
  const cubic = f32x4.mul(f32x4.mul(s, z), p);
  const tail = fine ? f32x4.add(cubic, lost) : cubic;
  return f32x4.add(f32x4.mul(minusK, constant<u32>(BITS32, 6)), f32x4.add(f32x4.add(s, s), tail));
}

/**
 * −(k + 1) ln 2 − log(c / 2) − log(1 − r), y = 2ᵏ m, 1 ≤ m < 2, c = m rounded to 7 bits, r = (c − m) / c (Tang 1990).
 *
 * Just below 1, c is 2: the first two terms are 0 and r is 1 − y to the last bit. There m is 2 (y − lost).
 */
@inline
function minusLog64(y: v128, lost: v128, fine: bool, fraction: bool): v128 {
  const m = v128.or(v128.and(y, constant<u64>(BITS64, 0)), constant<u64>(BITS64, 1));
  const c = v128.and(i64x2.add(m, constant<u64>(BITS64, 2)), constant<u64>(BITS64, 3));
  const entry = i64x2.shr_u(c, 41); // 16 bytes for each, from the bits of 1 on
  const first = v128.load(<usize>i32x4.extract_lane(entry, 0) + (LOGARITHMS - 0x1ff800));
  const second = v128.load(<usize>i32x4.extract_lane(entry, 2) + (LOGARITHMS - 0x1ff800));
  const difference = f64x2.sub(c, m);
  const r = f64x2.mul(fine ? f64x2.add(difference, f64x2.add(lost, lost)) : difference, v128.shuffle<f64>(first, second, 0, 2));
  const r2 = f64x2.mul(r, r);
  const table = fine ? FINE_SERIES : SERIES;
  let high = linear<f64>(table, 2, r);
  if (fine) high = f64x2.add(high, f64x2.mul(constant<f64>(table, 4), r2));
  const series = f64x2.mul(r2, f64x2.add(linear<f64>(table, 0, r), f64x2.mul(r2, high)));
  const exponent = v128.or(i64x2.shr_u(y, 52), constant<u64>(BITS64, 4));
  const minusK = f64x2.sub(constant<u64>(BITS64, fraction ? 6 : 5), exponent);
  const base = f64x2.add(f64x2.mul(minusK, constant<u64>(BITS64, 7)), v128.shuffle<f64>(first, second, 1, 3));
  return f64x2.add(base, f64x2.add(r, series));
}

// The bits of 1 − those of √½; 2²³ + 127, 2²³; the mask of the significand, the bits of √½, 1, ln 2.
const BITS32 = memory.data<u32>([0x004afb0d, 0x4b00007f, 0x4b000000, 0x007fffff, 0x3f3504f3, 0x3f800000, 0x3f317218]);
// The mask of the significand, 1, half its seventh bit, the mask of seven bits; 2⁵², 2⁵² + 1022, 2⁵² + 1086; ln 2.
const BITS64 = memory.data<u64>([
  0x000fffffffffffff, 0x3ff0000000000000, 0x0000100000000000, 0xffffe00000000000,
  0x4330000000000000, 0x43300000000003fe, 0x433000000000043e, 0x3fe62e42fefa39ef,
]);
