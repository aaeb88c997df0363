import { digammaOne, lgammaOne, trigammaOne } from "../math/gamma-functions";
import { addAt, numberAt, setAt } from "../memory";

// What points of a simplex with density ∝ Πⱼ xⱼ^(αⱼ − 1) have in closed form: k numbers α, `stride` apart, from `at` on.

/** Σⱼ αⱼ */
export function totalOf(size: i32, k: i32, alpha: usize, at: i32, stride: i32): f64 {
  let sum: f64 = 0;
  for (let j = 0; j < k; ++j) sum += numberAt(size, alpha, at + j * stride);
  return sum;
}

/** log Πⱼ Γ(αⱼ) / Γ(Σ α) */
function logBeta(size: i32, k: i32, alpha: usize, at: i32, stride: i32): f64 {
  let sum = -lgammaOne(totalOf(size, k, alpha, at, stride));
  for (let j = 0; j < k; ++j) sum += lgammaOne(numberAt(size, alpha, at + j * stride));
  return sum;
}

/**
 * H = log B(α) + (α₊ − k) ψ(α₊) − Σⱼ (αⱼ − 1) ψ(αⱼ), its gradient in log α added with `sign` from `to` on, `step` apart.
 */
export function entropyOf(size: i32, k: i32, alpha: usize, at: i32, stride: i32, sign: f64, gradient: usize, to: i32, step: i32): f64 {
  const total = totalOf(size, k, alpha, at, stride), spare = total - <f64>k, bend = spare * trigammaOne(total);
  let sum = logBeta(size, k, alpha, at, stride) + spare * digammaOne(total);
  for (let j = 0; j < k; ++j) {
    const own = numberAt(size, alpha, at + j * stride);
    sum -= (own - 1) * digammaOne(own);
    addAt(size, gradient, to + j * step, sign * own * (bend - (own - 1) * trigammaOne(own)));
  }
  return sum;
}

/**
 * KL(p ‖ prior) = log B(α₀) − log B(α) + Σⱼ (αⱼ − α₀ⱼ) (ψ(αⱼ) − ψ(α₊)), its gradient in log α as above.
 */
export function divergenceOf(size: i32, k: i32, alpha: usize, at: i32, stride: i32, prior: usize, other: i32, apart: i32, sign: f64, gradient: usize, to: i32, step: i32): f64 {
  const total = totalOf(size, k, alpha, at, stride), excess = total - totalOf(size, k, prior, other, apart);
  const centre = digammaOne(total), bend = excess * trigammaOne(total);
  let sum = logBeta(size, k, prior, other, apart) - logBeta(size, k, alpha, at, stride);
  for (let j = 0; j < k; ++j) {
    const own = numberAt(size, alpha, at + j * stride), difference = own - numberAt(size, prior, other + j * apart);
    sum += difference * (digammaOne(own) - centre);
    addAt(size, gradient, to + j * step, sign * own * (difference * trigammaOne(own) - bend));
  }
  return sum;
}

/**
 * @param theta     T[…, tile], the first row α, `[batch, k]`
 * @param value     T[batch], added to with `sign`
 * @param gradient  T[batch, k], added to with `sign`
 */
export function entropy<T>(batch: i32, k: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  for (let b = 0; b < batch; ++b) addAt(sizeof<T>(), value, b, sign * entropyOf(sizeof<T>(), k, theta, b * k, 1, sign, gradient, b * k, 1));
}

/**
 * @param priorTile  the prior's own tile: it may have a batch of its own
 * @param value      T[batch], added to with `sign`
 * @param gradient   T[batch, k], added to with `sign`
 */
export function divergence<T>(batch: i32, k: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  for (let b = 0; b < batch; ++b) {
    addAt(sizeof<T>(), value, b, sign * divergenceOf(sizeof<T>(), k, theta, b * k, 1, prior, b * k % priorTile, 1, sign, gradient, b * k, 1));
  }
}

/**
 * Mean αⱼ / α₊ = m, variance m (1 − m) / (α₊ + 1).
 *
 * @param mean, variance  T[batch, k], written
 */
export function moments<T>(batch: i32, k: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  for (let b = 0; b < batch; ++b) momentsOf(sizeof<T>(), k, theta, b * k, mean, variance);
}

function momentsOf(size: i32, k: i32, alpha: usize, at: i32, mean: usize, variance: usize): void {
  const total = totalOf(size, k, alpha, at, 1);
  for (let e = at; e < at + k; ++e) {
    const m = numberAt(size, alpha, e) / total;
    setAt(size, mean, e, m);
    setAt(size, variance, e, m * ((total - numberAt(size, alpha, e)) / total) / (total + 1));
  }
}
