import { lgamma, stirling } from "./lgamma";
import { tail } from "./log";
import { log64 } from "./once";
import { constant } from "./polynomial";

/**
 * Probabilities of counts without cancellation (Loader 2000, "Fast and accurate computation of binomial probabilities"), in f64.
 *
 *   log Poisson(x; m) = −lead(x) − deviance(x, m),  lead(x) = log x! − x log x + x,  deviance(x, m) = x log(x / m) + m − x
 *
 * Of n independent counts with means mₖ, given that their sum is n = Σ mₖ, it is the difference of two such logarithms; so binomial and
 * multinomial probabilities are sums of these, and with real arguments negative binomial ones.
 */

/** log Poisson(x; m) for integers x ≥ 0 and 0 ≤ m < ∞; NaN for x < 0. */
export function mass(x: v128, m: v128): v128 {
  const nothing = f64x2.eq(x, constant<f64>(NUMBERS, 0));
  const some = v128.bitselect(constant<f64>(NUMBERS, 2), x, nothing);
  return f64x2.neg(v128.bitselect(m, f64x2.add(lead(some), deviance(some, m)), nothing));
}

/** log Poisson(x; m) − log s for integers x ≥ 0. */
export function massOver(s: v128, x: v128, m: v128): v128 {
  return areLarge(x) ? scaledMass(s, x, m) : f64x2.sub(mass(x, m), log64(s));
}

/** log Poisson(x; m) + log Poisson(y; o) − log s. */
export function massesOver(s: v128, x: v128, m: v128, y: v128, o: v128): v128 {
  return areLarge(f64x2.pmin(x, y)) ? scaledMasses(s, x, m, y, o) : f64x2.sub(f64x2.add(mass(x, m), mass(y, o)), log64(s));
}

/** The same for x ≥ 5: one logarithm for both. */
@inline
function scaledMass(s: v128, x: v128, m: v128): v128 {
  const root = f64x2.mul(constant<f64>(NUMBERS, 1), log64(f64x2.mul(f64x2.mul(s, s), x)));
  return f64x2.neg(f64x2.add(f64x2.add(root, constant<f64>(NUMBERS, 5)), f64x2.add(rest(x), deviance(x, m))));
}

/** For x and y ≥ 5. */
export function scaledMasses(s: v128, x: v128, m: v128, y: v128, o: v128): v128 {
  const root = f64x2.mul(constant<f64>(NUMBERS, 1), log64(f64x2.mul(f64x2.mul(s, s), f64x2.mul(x, y))));
  const first = f64x2.add(rest(x), deviance(x, m)), second = f64x2.add(rest(y), deviance(y, o));
  return f64x2.neg(f64x2.add(f64x2.add(root, constant<f64>(NUMBERS, 7)), f64x2.add(first, second)));
}

/** Whether both lanes are 5 and more. */
@inline
function areLarge(x: v128): bool {
  return i64x2.bitmask(f64x2.ge(x, constant<f64>(NUMBERS, 4))) == 3;
}

/** log x! − x log x + x for integers x ≥ 1: ½ log 2πx and the rest of Stirling's series, from a table below 5. */
export function lead(x: v128): v128 {
  const small = f64x2.lt(x, constant<f64>(NUMBERS, 4));
  const series = stirlingSeries(x);
  return v128.any_true(small) ? v128.bitselect(tabled(x), series, small) : series;
}

/** The same for real x > 0. */
export function leadOfReal(x: v128): v128 {
  const small = f64x2.lt(x, constant<f64>(NUMBERS, 3));
  const series = stirlingSeries(x);
  if (!v128.any_true(small)) return series;
  const exact = f64x2.sub(lgamma<f64>(f64x2.add(x, constant<f64>(NUMBERS, 2))), f64x2.mul(x, f64x2.sub(log64(x), constant<f64>(NUMBERS, 2))));
  return v128.bitselect(exact, series, small);
}

@inline
function stirlingSeries(x: v128): v128 {
  const half = f64x2.mul(constant<f64>(NUMBERS, 1), log64(x));
  return f64x2.add(f64x2.add(half, constant<f64>(NUMBERS, 5)), rest(x));
}

/** What Stirling's series has beside ½ log 2πx. */
@inline
function rest(x: v128): v128 {
  const y = f64x2.div(constant<f64>(NUMBERS, 2), x);
  return f64x2.mul(y, stirling<f64>(f64x2.mul(y, y)));
}

function tabled(x: v128): v128 {
  const index = i32x4.shl(i32x4.trunc_sat_f64x2_s_zero(f64x2.pmax(constant<f64>(NUMBERS, 0), f64x2.pmin(constant<f64>(NUMBERS, 4), x))), 3);
  return v128.load64_lane(LEADS + i32x4.extract_lane(index, 1), v128.load64_zero(LEADS + i32x4.extract_lane(index, 0)), 1);
}

/**
 * x log(x / m) + m − x ≥ 0 for x > 0, ∞ for m = 0. With v = (x − m) / (x + m) it is (x − m) v + 2x (artanh v − v): a short series where x
 * and m are near each other, which is where the sum would cancel.
 */
export function deviance(x: v128, m: v128): v128 {
  const difference = f64x2.sub(x, m);
  const v = f64x2.div(difference, f64x2.add(x, m));
  const near = f64x2.le(f64x2.abs(v), constant<f64>(NUMBERS, 6));
  const series = f64x2.mul(v, f64x2.add(difference, f64x2.mul(x, tail<f64>(v))));
  if (i32x4.bitmask(near) == 15) return series;
  return v128.bitselect(series, f64x2.sub(f64x2.mul(x, log64(f64x2.div(x, m))), difference), near);
}

// 0, ½, 1, 4.5, 5, ½ log 2π, 3 − 2√2 (as far as the series of log goes), log 2π.
const NUMBERS = memory.data<f64>([0, 0.5, 1, 4.5, 5, 0.9189385332046728, 0.17157287525380990, 1.8378770664093456]);
const LEADS = memory.data<f64>([0, 1, 1.3068528194400546, 1.4959226032237258, 1.6328763858683832, 0]);
