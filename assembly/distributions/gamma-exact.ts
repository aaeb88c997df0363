import { digammaOne, lgammaOne, trigammaOne } from "../math/gamma-functions";
import { expm1One } from "../math/once";
import { addAt, numberAt, setAt } from "../memory";
import { Row } from "./gamma";

// What gamma and inverse gamma variables have in closed form; θ as gamma.ts prepares it.

/**
 * H = Σⱼ α + log Γ(α) + (power − α) ψ(α) − power · logRate; ∂/∂log α = α (1 + (power − α) ψ′(α)).
 *
 * @param value     T[batch], added to with `sign`
 * @param gradient  T[2, batch, dim], added to with `sign`
 */
export function entropy<T>(batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  entropyOf(sizeof<T>(), batch, dim, tile, sign, theta, value, gradient);
}

function entropyOf(size: i32, batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  const power = numberAt(size, theta, Row.Boosted * tile + 1);
  for (let e = 0; e < batch * dim; ++e) {
    const alpha = numberAt(size, theta, e), logRate = numberAt(size, theta, Row.LogRate * tile + e);
    addAt(size, value, e / dim, sign * (alpha + lgammaOne(alpha) + (power - alpha) * digammaOne(alpha) - power * logRate));
    addAt(size, gradient, e, sign * alpha * (1 + (power - alpha) * trigammaOne(alpha)));
    addAt(size, gradient, batch * dim + e, -sign * power);
  }
}

/**
 * KL(p ‖ prior) = Σⱼ (α − α₀) ψ(α) − log Γ(α) + log Γ(α₀) + α₀ δ + α (exp(−δ) − 1), δ = logRate − logRate₀, for gamma and its inverse alike.
 *
 * @param priorTile  the prior's own tile: it may have a batch of its own
 * @param value      T[batch], added to with `sign`
 * @param gradient   T[2, batch, dim], added to with `sign`
 */
export function divergence<T>(batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  divergenceOf(sizeof<T>(), batch, dim, tile, theta, priorTile, prior, sign, value, gradient);
}

function divergenceOf(size: i32, batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const p = e % priorTile, alpha = numberAt(size, theta, e), other = numberAt(size, prior, p);
    const distance = numberAt(size, theta, Row.LogRate * tile + e) - numberAt(size, prior, Row.LogRate * priorTile + p);
    const excess = expm1One(-distance), logs = lgammaOne(other) - lgammaOne(alpha);
    addAt(size, value, e / dim, sign * ((alpha - other) * digammaOne(alpha) + logs + other * distance + alpha * excess));
    addAt(size, gradient, e, sign * alpha * ((alpha - other) * trigammaOne(alpha) + excess));
    addAt(size, gradient, batch * dim + e, sign * (other - alpha - alpha * excess));
  }
}

/**
 * Gamma: mean α / rate, variance α / rate². Inverse: scale / (α − 1) and mean² / (α − 2), ∞ where they diverge.
 *
 * @param mean, variance  T[batch, dim], written
 */
export function moments<T>(batch: i32, dim: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  momentsOf(sizeof<T>(), batch * dim, tile, theta, mean, variance);
}

function momentsOf(size: i32, n: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  const inverse = numberAt(size, theta, Row.Boosted * tile + 1) < 0;
  for (let e = 0; e < n; ++e) {
    const alpha = numberAt(size, theta, e), factor = numberAt(size, theta, Row.Factor * tile + e);
    const first = inverse ? (alpha > 1 ? factor / (alpha - 1) : Infinity) : alpha * factor;
    setAt(size, mean, e, first);
    setAt(size, variance, e, inverse ? (alpha > 2 ? first * first / (alpha - 2) : Infinity) : first * factor);
  }
}
