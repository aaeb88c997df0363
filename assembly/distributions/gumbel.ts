import { span } from "../lanes";
import { exp } from "../math/exp";
import { addScore, collect, PAGE, PAGE_BYTES, standardize } from "../pages";
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
  const one = v128.splat<T>(1);
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    standardize<T>(from, count, tile, theta, x, Z);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
      v128.store(SLOPE + at, v128.sub<T>(one, exp<T>(v128.neg<T>(v128.load(Z + at)))));
    }
    addScore<T>(from, count, n, dim, tile, theta, Z, SLOPE, coefficient, terms);
  }
}

const Z = memory.data(PAGE_BYTES, 16);
const SLOPE = memory.data(PAGE_BYTES, 16);
