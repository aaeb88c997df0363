import { logOfNormal } from "../math/log";
import { constant } from "../math/polynomial";
import { tableLog } from "./table-log";
import { half, upper } from "./unit";

/**
 * E = −log u of uniforms u with both ends fine: by inversion, with full relative precision for small E too.
 *
 * @param at … end  words, then T in their place; whole vectors
 */
export function exponential<T>(at: usize, end: usize): void {
  for (; at < end; at += 16) v128.store(at, exponentialOf<T>(v128.load(at)));
}

/**
 * −log v in the lower half, −log(1 − v) in the upper. With y = 1 − v rounded, log(1 − v) = log y + ((1 − y) − v) / y,
 * and y may be left out: the numerator is below half a unit in the last place of y and vanishes unless v is small.
 */
@inline
export function exponentialOf<T>(bits: v128): v128 {
  const limits = sizeof<T>() == 4 ? LIMITS32 : LIMITS64;
  const one = constant<T>(limits, 0);
  const v = half<T>(bits);
  const mirrored = upper<T>(bits);
  const y = v128.bitselect(v128.sub<T>(one, v), v, mirrored);
  const lost = v128.and(v128.sub<T>(v128.sub<T>(one, y), v), mirrored);
  if (sizeof<T>() == 4) return v128.neg<T>(logOfNormal<T>(y, constant<T>(limits, 1), lost));
  return v128.neg<T>(tableLog(y, lost));
}

// 1, −(2²³ + 127).
const LIMITS32 = memory.data<f32>([1, -8388735]);
const LIMITS64 = memory.data<f64>([1]);
