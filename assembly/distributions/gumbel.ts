import { span } from "../lanes";
import { expOne, logOne } from "../math/once";
import { exp } from "../math/exp";
import { addAt, numberAt } from "../memory";
import { collect, PAGE, PAGE_BYTES, standardize } from "../pages";
import { draw } from "../random/draw";
import { Noise } from "../random/noise";
import { logProbGradientOf, move, scoreOf } from "./location-scale";

/**
 * Draws location + exp(logScale) · g, g = −log E.
 *
 * @param theta  as locationScalePrepare writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  draw<T>(Noise.Gumbel, (phase, count, tile, theta, x) => move<T>(phase, count, tile, theta, x), low, high, site, chunk, rows, dim, tile, theta, x);
}

/**
 * logProb[i] = −Σⱼ (z + exp(−z) + logScale)
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  const logScale = theta + 3 * span<T>(tile);
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    standardize<T>(from, count, tile, theta, x, Z);
    for (let at = Z, end = Z + span<T>(count); at < end; at += 16) {
      const minus = v128.neg<T>(v128.load(at));
      v128.store(at, v128.sub<T>(minus, exp<T>(minus)));
    }
    collect<T>(from, count, dim, tile, logScale, Z, logProb);
  }
}

/**
 * ∂ log p/∂location = (1 − exp(−z)) / scale, ∂ log p/∂logScale = z (1 − exp(−z)) − 1.
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param terms        T[2, rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  scoreOf<T>((count, z, slope) => slopes<T>(count, z, slope), rows, dim, tile, theta, x, coefficient, terms);
}

/**
 * out −= coefficient · (1 − exp(−z)) / scale
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param out          T[rows, dim], added to
 */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  logProbGradientOf<T>((count, z, slope) => slopes<T>(count, z, slope), rows, dim, tile, theta, x, coefficient, out);
}

function slopes<T>(count: i32, z: usize, slope: usize): void {
  const one = v128.splat<T>(1);
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
    v128.store(slope + at, v128.sub<T>(one, exp<T>(v128.neg<T>(v128.load(z + at)))));
  }
}

/**
 * KL(p ‖ prior) = Σⱼ γ (ρ − 1) − log ρ + (m − m₀) / β₀ + A − 1, β = exp(logScale), ρ = β / β₀, A = exp((m₀ − m) / β₀) Γ(1 + ρ),
 * for E[exp(−x / β₀)] = exp(−m / β₀) Γ(1 + ρ). ∂/∂location = (1 − A) / β₀, ∂/∂logScale = γ ρ − 1 + A ρ ψ(1 + ρ).
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
    const p = e % priorTile;
    const inverse = numberAt(size, prior, p + 2 * priorTile);
    const distance = (numberAt(size, theta, e) - numberAt(size, prior, p)) * inverse;
    const logRatio = numberAt(size, theta, e + 3 * tile) - numberAt(size, prior, p + 3 * priorTile);
    const ratio = expOne(logRatio);
    logGamma(1 + ratio);
    const weight = expOne(load<f64>(GAMMA) - distance) / load<f64>(GAMMA, 8), slope = load<f64>(GAMMA, 16);
    addAt(size, value, e / dim, sign * (EULER_GAMMA * (ratio - 1) - logRatio + distance + weight - 1));
    addAt(size, gradient, e, sign * (1 - weight) * inverse);
    addAt(size, gradient, batch * dim + e, sign * (EULER_GAMMA * ratio - 1 + weight * ratio * slope));
  }
}

/**
 * Γ(x) = exp(GAMMA[0]) / GAMMA[1] and ψ(x) = GAMMA[2], x ≥ 1: Stirling's series at y = x + n ≥ 10, and the factors from x to y.
 *
 *   log Γ(y) = (y − ½) (log y − 1) + ½ log 2π − ½ + Σₖ cₖ y^(1 − 2k), ψ its derivative
 */
function logGamma(x: f64): void {
  let factors: f64 = 1, inverses: f64 = 0;
  for (; x < 10; x += 1) {
    factors *= x;
    inverses += 1 / x;
  }
  const log = logOne(x), y = 1 / x, z = y * y;
  let series: f64 = 0, slope: f64 = 0;
  for (let k = 7; k > 0; --k) {
    const term = load<f64>(STIRLING + (<usize>k << 3));
    series = series * z + term;
    slope = slope * z + <f64>(2 * k - 1) * term;
  }
  store<f64>(GAMMA, (x - 0.5) * (log - 1) + load<f64>(STIRLING) + series * y);
  store<f64>(GAMMA, factors, 8);
  store<f64>(GAMMA, log - 0.5 * y - slope * z - inverses, 16);
}

const GAMMA = memory.data(24, 16);
// ½ log 2π − ½, then cₖ = B₂ₖ / (2k (2k − 1)).
const STIRLING = memory.data<f64>([
  0.4189385332046727, 0.08333333333333333, -0.002777777777777778, 0.0007936507936507937,
  -0.0005952380952380953, 0.0008417508417508417, -0.0019175269175269176, 0.00641025641025641,
]);
const EULER_GAMMA: f64 = 0.5772156649015329;
const Z = memory.data(PAGE_BYTES, 16);
