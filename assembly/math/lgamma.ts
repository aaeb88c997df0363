import { GAMMA32, GAMMA64, LGAMMA32, LGAMMA64, STIRLING32, STIRLING64 } from "./special-coefficients";
import { log } from "./log";
import { constant, cubic, linear, septic } from "./polynomial";

/**
 * ln Γ(x) for x ≥ 0; NaN for x < 0.
 *
 * Below 4.5: ln Γ(2 + t) + ln p, t the distance of x from an integer, p the factors of Γ between. Γ's logarithm is a polynomial
 * times t around 2, and ln x takes it to 1, so both its zeros come out with relative accuracy. From 4.5 on: Stirling's series, fitted.
 * For every x ≥ 0 at most 4.85 ulp in f32 (exhaustive), 3.5 in f64 (the worst of 60,000 hard points).
 */
export function lgamma<T>(x: v128): v128 {
  const c = sizeof<T>() == 4 ? STEPS32 : STEPS64;
  const zero = constant<T>(c, 0), half = constant<T>(c, 1), one = constant<T>(c, 2);
  const from05 = v128.ge<T>(x, half), from125 = v128.ge<T>(x, constant<T>(c, 3));
  const from25 = v128.ge<T>(x, constant<T>(c, 4)), from35 = v128.ge<T>(x, constant<T>(c, 5));
  const large = v128.or(v128.ge<T>(x, constant<T>(c, 6)), v128.lt<T>(x, zero));

  const lower = v128.add<T>(v128.and(from05, one), v128.and(from125, one));
  const t = v128.sub<T>(x, v128.add<T>(lower, v128.add<T>(v128.and(from25, one), v128.and(from35, one))));
  const first = v128.bitselect(v128.bitselect(v128.sub<T>(x, one), one, from25), x, from125);
  const up = v128.bitselect(one, v128.add<T>(x, one), from05);
  const second = v128.bitselect(v128.sub<T>(x, constant<T>(c, 7)), up, from35);
  const l = log<T>(v128.bitselect(x, v128.mul<T>(first, second), large));

  const signed = v128.bitselect(l, v128.neg<T>(l), from125);
  const small = v128.add<T>(v128.mul<T>(t, nearTwo<T>(t)), signed);
  const y = v128.div<T>(one, x);
  const rest = v128.add<T>(constant<T>(sizeof<T>() == 4 ? GAMMA32 : GAMMA64, 0), v128.mul<T>(y, stirling<T>(v128.mul<T>(y, y))));
  const series = v128.add<T>(v128.mul<T>(v128.sub<T>(x, half), v128.sub<T>(l, one)), rest);
  return v128.bitselect(series, small, large);
}

/** ln Γ(2 + t) / t, −¾ ≤ t ≤ ½. */
@inline
function nearTwo<T>(t: v128): v128 {
  const t2 = v128.mul<T>(t, t), t4 = v128.mul<T>(t2, t2), t8 = v128.mul<T>(t4, t4);
  if (sizeof<T>() == 4) return v128.add<T>(septic<T>(LGAMMA32, 0, t, t2, t4), v128.mul<T>(cubic<T>(LGAMMA32, 8, t, t2), t8));
  const last = v128.add<T>(cubic<T>(LGAMMA64, 16, t, t2), v128.mul<T>(constant<T>(LGAMMA64, 20), t4));
  const high = v128.add<T>(septic<T>(LGAMMA64, 8, t, t2, t4), v128.mul<T>(last, t8));
  return v128.add<T>(septic<T>(LGAMMA64, 0, t, t2, t4), v128.mul<T>(high, t8));
}

/** The rest of Stirling's series, times x, in z = 1 / x². */
@inline
export function stirling<T>(z: v128): v128 {
  const z2 = v128.mul<T>(z, z);
  if (sizeof<T>() == 4) return v128.add<T>(linear<T>(STIRLING32, 0, z), v128.mul<T>(constant<T>(STIRLING32, 2), z2));
  return septic<T>(STIRLING64, 0, z, z2, v128.mul<T>(z2, z2));
}

// 0, ½, 1, the steps from 1.25 to 4.5, 2
const STEPS32 = memory.data<f32>([0, 0.5, 1, 1.25, 2.5, 3.5, 4.5, 2]);
const STEPS64 = memory.data<f64>([0, 0.5, 1, 1.25, 2.5, 3.5, 4.5, 2]);
