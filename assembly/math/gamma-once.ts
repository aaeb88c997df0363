import { logOne, log1pOne } from "./once";

/**
 * log Γ(y + h) − log Γ(y) for y ≥ 1, h ≥ 0: Stirling's series at y + n ≥ 10, and the factors from y to there.
 *
 * The difference is taken term by term, so what two large logarithms have in common costs no digits.
 */
export function logGammaRatio(y: f64, h: f64): f64 {
  let factors: f64 = 0;
  for (; y < 10; y += 1) factors += log1pOne(h / y);
  const z = y + h;
  return (y - 0.5) * log1pOne(h / y) + h * (logOne(z) - 1) + series(z) - series(y) - factors;
}

/** Σₖ cₖ y^(1 − 2k), cₖ = B₂ₖ / (2k (2k − 1)). */
function series(y: f64): f64 {
  const r = 1 / y, z = r * r;
  let sum: f64 = 0;
  for (let k: usize = 7; k > 0; --k) sum = sum * z + load<f64>(STIRLING + ((k - 1) << 3));
  return sum * r;
}

/** ψ(y), y ≥ 1: log y − 1/(2y) − Σₖ (2k − 1) cₖ y^−2k at y + n ≥ 10, less the reciprocals from y to there. */
export function digammaOne(y: f64): f64 {
  let inverses: f64 = 0;
  for (; y < 10; y += 1) inverses += 1 / y;
  const r = 1 / y, z = r * r;
  let sum: f64 = 0;
  for (let k: usize = 7; k > 0; --k) sum = sum * z + <f64>(2 * k - 1) * load<f64>(STIRLING + ((k - 1) << 3));
  return logOne(y) - 0.5 * r - sum * z - inverses;
}

/** ψ′(y), y ≥ 1: the derivative of the above. */
export function trigammaOne(y: f64): f64 {
  let inverses: f64 = 0;
  for (; y < 10; y += 1) inverses += 1 / (y * y);
  const r = 1 / y, z = r * r;
  let sum: f64 = 0;
  for (let k: usize = 7; k > 0; --k) sum = sum * z + <f64>(2 * k * (2 * k - 1)) * load<f64>(STIRLING + ((k - 1) << 3));
  return r + 0.5 * z + sum * z * r + inverses;
}

const STIRLING = memory.data<f64>([
  0.08333333333333333, -0.002777777777777778, 0.0007936507936507937,
  -0.0005952380952380953, 0.0008417508417508417, -0.0019175269175269176, 0.00641025641025641,
]);
