import { lanes, span, storeSome } from "../lanes";
import { expOne } from "../math/once";
import { addAt, numberAt } from "../memory";
import { addScore, collect, PAGE, PAGE_BYTES, spread, standardize } from "../pages";
import { draw } from "../random/draw";
import { Noise } from "../random/noise";
import { logProbGradientOf, move } from "./location-scale";

/**
 * Draws of the normal family, mean + exp(logScale) · z.
 *
 * @param chunk  the first chunk of the stream
 * @param theta  as locationScalePrepare writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  draw<T>(Noise.Normal, (phase, count, tile, theta, x) => move<T>(phase, count, tile, theta, x), low, high, site, chunk, rows, dim, tile, theta, x);
}

/**
 * logProb[i] = −Σⱼ (½ z² + logScale + ½ log 2π)
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  const logScale = theta + 3 * span<T>(tile);
  const constant = v128.splat<T>(<T>-0.9189385332046728), minusHalf = v128.splat<T>(-0.5);
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    standardize<T>(from, count, tile, theta, x, Z);
    for (let at = Z, end = Z + span<T>(count); at < end; at += 16) {
      const z = v128.load(at);
      v128.store(at, v128.add<T>(constant, v128.mul<T>(minusHalf, v128.mul<T>(z, z))));
    }
    collect<T>(from, count, dim, tile, logScale, Z, logProb);
  }
}

/**
 * ∂ log p/∂mean = z / scale, ∂ log p/∂logScale = z² − 1.
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param terms        T[2, rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    standardize<T>(from, count, tile, theta, x, Z);
    addScore<T>(from, count, n, dim, tile, theta, Z, Z, coefficient, terms);
  }
}

/**
 * out −= coefficient · z / scale
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param out          T[rows, dim], added to
 */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  logProbGradientOf<T>((count, z, slope) => memory.copy(slope, z, span<T>(count)), rows, dim, tile, theta, x, coefficient, out);
}

/**
 * KL(p ‖ prior) = Σⱼ s₀ − s + ½ (exp(2 (s − s₀)) + (m − m₀)² exp(−2 s₀) − 1), s = logScale.
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
    const difference = numberAt(size, theta, e) - numberAt(size, prior, p);
    const inverse = numberAt(size, prior, p + 2 * priorTile);
    const s = numberAt(size, theta, e + 3 * tile) - numberAt(size, prior, p + 3 * priorTile);
    const ratio = expOne(2 * s);
    const pulled = difference * inverse * inverse;
    addAt(size, value, e / dim, sign * (0.5 * (ratio - 1 + difference * pulled) - s));
    addAt(size, gradient, e, sign * pulled);
    addAt(size, gradient, batch * dim + e, sign * (ratio - 1));
  }
}

const Z = memory.data(PAGE_BYTES, 16);
const WEIGHT = memory.data(PAGE_BYTES, 16);
