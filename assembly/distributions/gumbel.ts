import { span } from "../lanes";
import { digamma } from "../math/digamma";
import { exp64, expOne } from "../math/once";
import { exp } from "../math/vectors";
import { lgamma } from "../math/lgamma";
import { add, addScore, collect, PAGE, PAGE_BYTES, standardize } from "../pages";
import { draw } from "../random/draw";
import { Noise } from "../random/noise";
import { move } from "./location-scale";

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
    decays<T>(count);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
      v128.store(Z + at, v128.neg<T>(v128.add<T>(v128.load(Z + at), v128.load(SLOPE + at))));
    }
    collect<T>(from, count, dim, tile, logScale, Z, logProb);
  }
}

/** SLOPE = exp(−Z) */
function decays<T>(count: i32): void {
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(SLOPE + at, v128.neg<T>(v128.load(Z + at)));
  exp<T>(count, SLOPE, SLOPE);
}

/**
 * ∂ log p/∂location = (1 − exp(−z)) / scale, ∂ log p/∂logScale = z (1 − exp(−z)) − 1.
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param terms        T[2, rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  const one = v128.splat<T>(1);
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    standardize<T>(from, count, tile, theta, x, Z);
    decays<T>(count);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
      v128.store(SLOPE + at, v128.sub<T>(one, v128.load(SLOPE + at)));
    }
    addScore<T>(from, count, n, dim, tile, theta, Z, SLOPE, coefficient, terms);
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
  const second = gradient + span<T>(batch * dim);
  for (let e = 0; e < batch * dim; ++e) {
    const q = theta + span<T>(e), p = prior + span<T>(e % priorTile);
    const inverse = <f64>load<T>(p + 2 * span<T>(priorTile));
    const distance = (<f64>load<T>(q) - <f64>load<T>(p)) * inverse;
    const logRatio = <f64>load<T>(q + 3 * span<T>(tile)) - <f64>load<T>(p + 3 * span<T>(priorTile));
    const ratio = expOne(logRatio);
    const above = f64x2.splat(1 + ratio);
    const weight = f64x2.extract_lane(exp64(f64x2.sub(lgamma<f64>(above), f64x2.splat(distance))), 0);
    const slope = f64x2.extract_lane(digamma<f64>(above), 0);
    add<T>(value + span<T>(e / dim), sign * (EULER_GAMMA * (ratio - 1) - logRatio + distance + weight - 1));
    add<T>(gradient + span<T>(e), sign * (1 - weight) * inverse);
    add<T>(second + span<T>(e), sign * (EULER_GAMMA * ratio - 1 + weight * ratio * slope));
  }
}

const EULER_GAMMA: f64 = 0.5772156649015329;
const Z = memory.data(PAGE_BYTES, 16);
const SLOPE = memory.data(PAGE_BYTES, 16);
