import { logOne } from "./once";

/**
 * Modified Bessel functions of order 0 and 1 at κ > 0: log(e^−κ I₀(κ)) at `to`, 1 − I₁(κ) / I₀(κ) after it.
 *
 * Below 30 by their power series, whose terms are positive; from there on by the asymptotic one, of which the two differ in small terms alone.
 *
 * @param to  f64[2], written
 */
export function bessel(kappa: f64, to: usize): void {
  if (kappa < 30) powers(kappa, to);
  else asymptotic(kappa, to);
}

function powers(kappa: f64, to: usize): void {
  const q = 0.25 * kappa * kappa;
  let first: f64 = 1, second: f64 = 1, zero: f64 = 1, one: f64 = 1;
  for (let k: f64 = 1; first > 1e-17 * zero; k += 1) {
    first *= q / (k * k);
    second *= q / (k * (k + 1));
    zero += first;
    one += second;
  }
  store<f64>(to, logOne(zero) - kappa);
  store<f64>(to, 1 - 0.5 * kappa * one / zero, 8);
}

function asymptotic(kappa: f64, to: usize): void {
  let first: f64 = 1, second: f64 = 1, zero: f64 = 1, difference: f64 = 0;
  for (let k: f64 = 1; k < 30 && first > 1e-18; k += 1) {
    const odd = (2 * k - 1) * (2 * k - 1), each = 1 / (8 * k * kappa);
    first *= odd * each;
    second *= (odd - 4) * each;
    zero += first;
    difference += first - second;
  }
  store<f64>(to, logOne(zero) - 0.5 * logOne(kappa) - HALF_LOG_TWO_PI);
  store<f64>(to, difference / zero, 8);
}

/** The derivative of A(κ) = I₁ / I₀, which is 1 − A / κ − A², from 1 − A. */
export function ratioSlope(kappa: f64, gap: f64): f64 {
  const inverse = 1 / kappa;
  if (kappa > 1e4) return inverse * inverse * (0.5 + inverse * (0.25 + 0.375 * inverse));
  if (kappa < 1e-3) return 0.5 - 0.1875 * kappa * kappa;
  return gap * (2 - gap) - (1 - gap) * inverse;
}

const HALF_LOG_TWO_PI: f64 = 0.9189385332046728;
