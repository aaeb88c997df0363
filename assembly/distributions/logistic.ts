import { span } from "../lanes";
import { exp, log } from "../math/vectors";
import { collect, PAGE, PAGE_BYTES, standardize } from "../pages";
import { draw } from "../random/draw";
import { Noise } from "../random/noise";
import { logProbGradientOf, move, scoreOf } from "./location-scale";

/**
 * Draws location + exp(logScale) · log(u / (1 − u)).
 *
 * @param theta  as locationScalePrepare writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  draw<T>(Noise.Logistic, (phase, count, tile, theta, x) => move<T>(phase, count, tile, theta, x), low, high, site, chunk, rows, dim, tile, theta, x);
}

/**
 * logProb[i] = −Σⱼ (|z| + 2 log(1 + exp(−|z|)) + logScale)
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  const logScale = theta + 3 * span<T>(tile);
  const one = v128.splat<T>(1), two = v128.splat<T>(2);
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    const end = span<T>(count);
    standardize<T>(from, count, tile, theta, x, Z);
    decays<T>(count, Z, SLOPE);
    for (let at: usize = 0; at < end; at += 16) v128.store(SLOPE + at, v128.add<T>(one, v128.load(SLOPE + at)));
    log<T>(count, SLOPE, SLOPE);
    for (let at: usize = 0; at < end; at += 16) {
      const softplus = v128.load(SLOPE + at); // of a number in [1, 2]: an absolute error of half a unit of 1 is what log p has anyway
      v128.store(Z + at, v128.neg<T>(v128.add<T>(v128.abs<T>(v128.load(Z + at)), v128.mul<T>(two, softplus))));
    }
    collect<T>(from, count, dim, tile, logScale, Z, logProb);
  }
}

/** out = exp(−|z|) */
function decays<T>(count: i32, z: usize, out: usize): void {
  const sign = v128.splat<T>(<T>-0.0);
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(out + at, v128.or(v128.load(z + at), sign));
  exp<T>(count, out, out);
}

/**
 * With t = tanh(z / 2): ∂ log p/∂location = t / scale, ∂ log p/∂logScale = z t − 1.
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param terms        T[2, rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  scoreOf<T>((count, z, slope) => slopes<T>(count, z, slope), rows, dim, tile, theta, x, coefficient, terms);
}

/**
 * out −= coefficient · tanh(z / 2) / scale
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param out          T[rows, dim], added to
 */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  logProbGradientOf<T>((count, z, slope) => slopes<T>(count, z, slope), rows, dim, tile, theta, x, coefficient, out);
}

/** slope[e] = tanh(z / 2) */
function slopes<T>(count: i32, zs: usize, slope: usize): void {
  const one = v128.splat<T>(1), sign = v128.splat<T>(<T>-0.0);
  decays<T>(count, zs, slope);
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
    const z = v128.load(zs + at), decay = v128.load(slope + at);
    const size = v128.div<T>(v128.sub<T>(one, decay), v128.add<T>(one, decay));
    v128.store(slope + at, v128.or(size, v128.and(z, sign)));
  }
}

const Z = memory.data(PAGE_BYTES, 16);
const SLOPE = memory.data(PAGE_BYTES, 16);
