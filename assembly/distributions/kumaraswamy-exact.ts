import { digammaOne, logGammaRatio, trigammaOne } from "../math/gamma-once";
import { expm1One, expOne } from "../math/once";
import { addAt, numberAt, setAt } from "../memory";

// θ as kumaraswamy.ts prepares it: 1 / a, 1 / b, a, b, −log a − log b.

/**
 * E[xᵏ] = Γ(1 + kh) Γ(1 + b) / Γ(1 + b + kh), h = 1 / a; mean and variance, both T[batch, dim], written.
 *
 * The variance is mean² (exp(d) − 1), d = log E[x²] − 2 log E[x]; by its second derivative where h is small.
 */
export function moments<T>(batch: i32, dim: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  momentsOf(sizeof<T>(), batch * dim, tile, theta, mean, variance);
}

function momentsOf(size: i32, n: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  for (let e = 0; e < n; ++e) {
    const h = numberAt(size, theta, e), b = numberAt(size, theta, 3 * tile + e);
    const own = logGammaRatio(1, h), other = logGammaRatio(1 + b, h);
    const growth = h < 1e-5
      ? h * h * (trigammaOne(1 + h) - trigammaOne(1 + b + h))
      : logGammaRatio(1, 2 * h) - 2 * own - (logGammaRatio(1 + b, 2 * h) - 2 * other);
    const centre = expOne(own - other);
    setAt(size, mean, e, centre);
    setAt(size, variance, e, centre * centre * expm1One(growth));
  }
}

/**
 * value[b] += sign · Σⱼ (1 − 1 / b + (1 − 1 / a) h − log a − log b), h = ψ(1 + b) + γ; ∂/∂log a = h / a − 1,
 * ∂/∂log b = 1 / b + (1 − 1 / a) b ψ′(1 + b) − 1. `gradient` is T[2, batch, dim].
 */
export function entropy<T>(batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  entropyOf(sizeof<T>(), batch, dim, tile, sign, theta, value, gradient);
}

function entropyOf(size: i32, batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const inverseA = numberAt(size, theta, e), inverseB = numberAt(size, theta, tile + e), b = numberAt(size, theta, 3 * tile + e);
    const harmonic = digammaOne(1 + b) + EULER_GAMMA;
    addAt(size, value, e / dim, sign * (1 - inverseB + (1 - inverseA) * harmonic + numberAt(size, theta, 4 * tile + e)));
    addAt(size, gradient, e, sign * (harmonic * inverseA - 1));
    addAt(size, gradient, batch * dim + e, sign * (inverseB + (1 - inverseA) * b * trigammaOne(1 + b) - 1));
  }
}

const EULER_GAMMA: f64 = 0.5772156649015329;
