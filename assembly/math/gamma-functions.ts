import { log1pOne, logOne } from "./once";

/**
 * Γ and its logarithmic derivatives of one number x > 0: the asymptotic series at y = x + n ≥ 10, and the recurrence from x to y.
 *
 * Errors are within 1e-15 of the largest term. The differences, which cancel, have functions of their own.
 */

/** ln Γ(x) */
export function lgammaOne(x: f64): f64 {
  let factors: f64 = 1;
  for (; x < 10; x += 1) factors *= x;
  const y = 1 / x;
  return (x - 0.5) * (logOne(x) - 1) + HALF_LOG_TWO_PI - 0.5 + y * series(STIRLING, y * y) - logOne(factors);
}

/** x ln x − x − ln Γ(x), which for large x is ½ ln x. */
export function lgammaGap(x: f64): f64 {
  if (x < 10) return x * logOne(x) - x - lgammaOne(x);
  const y = 1 / x;
  return 0.5 * logOne(x) - HALF_LOG_TWO_PI - y * series(STIRLING, y * y);
}

/** ψ(x) = d/dx ln Γ(x) */
export function digammaOne(x: f64): f64 {
  return logOne(x) - digammaGap(x);
}

/** ln x − ψ(x), which for large x is 1 / 2x. */
export function digammaGap(x: f64): f64 {
  let inverses: f64 = 0, y = x;
  for (; y < 10; y += 1) inverses += 1 / y;
  const z = 1 / y;
  const gap = z * (0.5 + z * series(DIGAMMA, z * z)) + inverses;
  return y == x ? gap : gap - logOne(y / x);
}

/** ψ(x + step) − ψ(x), step > 0, with its relative accuracy whatever the step. */
export function digammaStep(x: f64, step: f64): f64 {
  let sum: f64 = 0;
  for (; x < 10; x += 1) sum += step / (x + step) / x;
  const y = 1 / x, z = 1 / (x + step);
  const rest = y * y * series(DIGAMMA, y * y) - z * z * series(DIGAMMA, z * z);
  return sum + log1pOne(step / x) + 0.5 * (step * z * y) + rest;
}

/** ψ′(x) */
export function trigammaOne(x: f64): f64 {
  let sum: f64 = 0;
  for (; x < 10; x += 1) sum += 1 / x / x;
  const y = 1 / x;
  return sum + y * (1 + y * (0.5 + y * series(TRIGAMMA, y * y)));
}

/** Seven terms in z. */
function series(table: usize, z: f64): f64 {
  let sum: f64 = 0;
  for (let at = table + 48; at >= table; at -= 8) sum = sum * z + load<f64>(at);
  return sum;
}

const HALF_LOG_TWO_PI: f64 = 0.9189385332046728;
// B₂ₖ / (2k (2k − 1)), B₂ₖ / 2k, B₂ₖ
const STIRLING = memory.data<f64>([0.08333333333333333, -0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953, 0.0008417508417508417, -0.0019175269175269176, 0.00641025641025641]);
const DIGAMMA = memory.data<f64>([0.08333333333333333, -0.008333333333333333, 0.003968253968253968, -0.004166666666666667, 0.007575757575757576, -0.021092796092796094, 0.08333333333333333]);
const TRIGAMMA = memory.data<f64>([0.16666666666666666, -0.03333333333333333, 0.023809523809523808, -0.03333333333333333, 0.07575757575757576, -0.2531135531135531, 1.1666666666666667]);
