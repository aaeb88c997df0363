import { NORMAL_CENTRAL32, NORMAL_CENTRAL64, NORMAL_TAIL32, NORMAL_TAIL64 } from "./normal-quantile-coefficients";
import { log } from "./log";
import { constant, cubic, linear, septic } from "./polynomial";

/**
 * Φ⁻¹(p), the standard normal quantile: −∞ at 0, ∞ at 1, NaN outside [0, 1].
 *
 * A rational function of (p − ½)² for |p − ½| ≤ 0.425, and of √(−ln min(p, 1 − p)) beyond, down to the smallest subnormal
 * (the division of Wichura 1988, AS 241, with one range of tails instead of two). A vector without tails skips them.
 * For every p at most 5.6 ulp in f32 (every p ≥ 0.03, one in 24 below), 5 in f64 (the worst of 60,000 hard points).
 */
export function normalQuantile<T>(p: v128): v128 {
  const c = sizeof<T>() == 4 ? LIMITS32 : LIMITS64;
  const q = v128.sub<T>(p, constant<T>(c, 0));
  const inner = v128.le<T>(v128.abs<T>(q), constant<T>(c, 1));
  const middle = v128.mul<T>(q, central<T>(v128.sub<T>(constant<T>(c, 2), v128.mul<T>(q, q))));
  if (i32x4.bitmask(inner) == 15) return middle;
  const one = constant<T>(c, 3), zero = constant<T>(c, 4);
  const least = v128.pmin<T>(p, v128.sub<T>(one, p));
  const outer = tail<T>(v128.sub<T>(v128.sqrt<T>(v128.neg<T>(log<T>(least))), constant<T>(c, 5)));
  const size = v128.bitselect(constant<T>(c, 6), outer, v128.eq<T>(least, zero));
  const signed = v128.bitselect(v128.neg<T>(size), size, v128.lt<T>(q, zero));
  return v128.bitselect(middle, signed, inner);
}

/** Φ⁻¹(½ + q) / q in v = 0.180625 − q². */
@inline
function central<T>(v: v128): v128 {
  const v2 = v128.mul<T>(v, v), v4 = v128.mul<T>(v2, v2);
  if (sizeof<T>() == 4) return v128.div<T>(cubic<T>(NORMAL_CENTRAL32, 0, v, v2), cubic<T>(NORMAL_CENTRAL32, 4, v, v2));
  return v128.div<T>(septic<T>(NORMAL_CENTRAL64, 0, v, v2, v4), septic<T>(NORMAL_CENTRAL64, 8, v, v2, v4));
}

/** |Φ⁻¹(p)| in s = √(−ln p) − 1.6. */
@inline
function tail<T>(s: v128): v128 {
  const s2 = v128.mul<T>(s, s), s4 = v128.mul<T>(s2, s2);
  if (sizeof<T>() == 4) {
    const above = v128.add<T>(cubic<T>(NORMAL_TAIL32, 0, s, s2), v128.mul<T>(constant<T>(NORMAL_TAIL32, 4), s4));
    return v128.div<T>(above, cubic<T>(NORMAL_TAIL32, 5, s, s2));
  }
  const s8 = v128.mul<T>(s4, s4);
  return v128.div<T>(degree10<T>(NORMAL_TAIL64, 0, s, s2, s4, s8), degree10<T>(NORMAL_TAIL64, 11, s, s2, s4, s8));
}

@inline
function degree10<T>(table: usize, i: i32, s: v128, s2: v128, s4: v128, s8: v128): v128 {
  const high = v128.add<T>(linear<T>(table, i + 8, s), v128.mul<T>(constant<T>(table, i + 10), s2));
  return v128.add<T>(septic<T>(table, i, s, s2, s4), v128.mul<T>(high, s8));
}

// ½, where the tails begin, its square, 1, 0, the origin of the tails, ∞
const LIMITS32 = memory.data<f32>([0.5, 0.425, 0.180625, 1, 0, 1.6, Infinity]);
const LIMITS64 = memory.data<f64>([0.5, 0.425, 0.180625, 1, 0, 1.6, Infinity]);
