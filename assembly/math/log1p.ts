import { LOG_LIMITS32, LOG_LIMITS64, logOfNormal } from "./log";
import { constant } from "./polynomial";

/**
 * ln(1 + x) = ln u + (1 + x − u) / u, u = 1 + x rounded, 1 + x − u exactly (Knuth's two-sum).
 *
 * For every x at most 0.89 ulp in f32 (exhaustive), 0.75 in f64 (the worst of 60,000 hard points).
 */
@inline
export function log1p<T>(x: v128): v128 {
  const limits = sizeof<T>() == 4 ? LOG_LIMITS32 : LOG_LIMITS64;
  const one = constant<T>(limits, 7), sign = v128.and(x, v128.neg<T>(v128.splat<T>(<T>0)));
  const ordinary = v128.and(v128.gt<T>(x, v128.neg<T>(one)), v128.lt<T>(x, constant<T>(limits, 1)));
  const finite = v128.or(log1pOfOrdinary<T>(x), sign); // log1p(−0) is −0
  if (i32x4.bitmask(ordinary) == 15) return finite;
  const u = v128.add<T>(x, one);
  const special = v128.bitselect(v128.neg<T>(constant<T>(limits, 1)), v128.sqrt<T>(u), v128.eq<T>(u, constant<T>(limits, 3)));
  return v128.bitselect(finite, special, ordinary);
}

/** ln(1 + x) for −1 < x < ∞; of −0 it is 0. */
@inline
export function log1pOfOrdinary<T>(x: v128): v128 {
  const limits = sizeof<T>() == 4 ? LOG_LIMITS32 : LOG_LIMITS64;
  const one = constant<T>(limits, 7);
  const u = v128.add<T>(x, one);
  const grown = v128.sub<T>(u, one);
  const lost = v128.add<T>(v128.sub<T>(one, v128.sub<T>(u, grown)), v128.sub<T>(x, grown));
  return logOfNormal<T>(u, constant<T>(limits, 2), v128.div<T>(lost, u));
}
