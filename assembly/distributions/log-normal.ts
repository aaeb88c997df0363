import { span } from "../lanes";
import { expm1One, expOne } from "../math/once";
import { normalQuantile } from "../math/normal-quantile";
import { numberAt, setAt } from "../memory";
import { invertBy, logProbGradientBy, OWN0 as Z, scoreBy } from "../pages";
import { draw } from "../random/draw";
import { Noise } from "../random/noise";
import { expTo, gradientOf, logProbOf, slopesOf } from "./log-location-scale";

/**
 * Draws exp(location + exp(logScale) · z), z standard normal.
 *
 * @param theta  as locationScalePrepare writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  draw<T>(Noise.Normal, (phase, count, tile, theta, x) => expTo<T>(phase, count, tile, theta, x, x), low, high, site, chunk, rows, dim, tile, theta, x);
}

/** x = exp(location + scale · Φ⁻¹(u)). Both T[rows, dim]. */
export function invert<T>(rows: i32, dim: i32, tile: i32, theta: usize, uniform: usize, x: usize): void {
  invertBy<T>((phase, count, tile, theta, uniform, x) => {
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(Z + at, normalQuantile<T>(v128.load(uniform + at)));
    expTo<T>(phase, count, tile, theta, Z, x);
  }, rows, dim, tile, theta, uniform, x);
}

/**
 * logProb[i] = −Σⱼ (½ z² + logScale + log x + ½ log 2π) for x > 0, −∞ otherwise.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  logProbOf<T>((count, z, out) => {
    const constant = v128.splat<T>(<T>-0.9189385332046728), minusHalf = v128.splat<T>(-0.5);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
      const each = v128.load(z + at);
      v128.store(out + at, v128.add<T>(constant, v128.mul<T>(minusHalf, v128.mul<T>(each, each))));
    }
  }, rows, dim, tile, theta, x, logProb);
}

/**
 * ∂ log p/∂location = z / scale, ∂ log p/∂logScale = z² − 1.
 *
 * @param coefficient  T[rows]
 * @param terms        T[2, rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  scoreBy<T>((from, count, tile, theta, _, x, first, second) => {
    slopesOf<T>((count, z, slope) => memory.copy(slope, z, span<T>(count)), 1, from, count, tile, theta, x, first, second);
  }, rows, dim, tile, theta, x, coefficient, terms);
}

/** out −= coefficient · (z / scale + 1) / x; T[rows, dim], added to. */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  logProbGradientBy<T>((from, count, tile, theta, x, out) => {
    gradientOf<T>((count, z, slope) => memory.copy(slope, z, span<T>(count)), from, count, tile, theta, x, out);
  }, rows, dim, tile, theta, x, coefficient, out);
}

/** mean = exp(location + ½ scale²), variance = mean² (exp(scale²) − 1); both T[batch, dim], written. */
export function moments<T>(batch: i32, dim: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  momentsOf(sizeof<T>(), batch * dim, tile, theta, mean, variance);
}

function momentsOf(size: i32, n: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  for (let e = 0; e < n; ++e) {
    const scale = numberAt(size, theta, tile + e);
    const centre = expOne(numberAt(size, theta, e) + 0.5 * scale * scale);
    setAt(size, mean, e, centre);
    setAt(size, variance, e, centre * centre * expm1One(scale * scale));
  }
}
