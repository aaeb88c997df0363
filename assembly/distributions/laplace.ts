import { span } from "../lanes";
import { expOne } from "../math/once";
import { addAt, numberAt } from "../memory";
import { invertBy, OWN0 as Z } from "../pages";
import { draw } from "../random/draw";
import { minusLogFine } from "../random/minus-log";
import { Noise } from "../random/noise";
import { half } from "../random/unit";
import { logProbGradientOf, logProbOf, moveTo, scoreOf } from "./location-scale";

/**
 * Draws location ± exp(logScale) · E, E = −log 2v of v in (0, ½] and a sign.
 *
 * @param theta  as locationScalePrepare writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  draw<T>(Noise.Words, (phase, count, tile, theta, x) => {
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
      const bits = v128.load(x + at);
      v128.store(Z + at, noise<T>(half<T>(bits), bits));
    }
    moveTo<T>(phase, count, tile, theta, Z, x);
  }, low, high, site, chunk, rows, dim, tile, theta, x);
}

/** x of uniforms u: location + scale · log 2u below the median, location − scale · log 2(1 − u) above. Both T[rows, dim]. */
export function invert<T>(rows: i32, dim: i32, tile: i32, theta: usize, uniform: usize, x: usize): void {
  invertBy<T>((phase, count, tile, theta, uniform, x) => {
    const one = v128.splat<T>(1), middle = v128.splat<T>(<T>0.5);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
      const u = v128.load(uniform + at);
      v128.store(Z + at, noise<T>(v128.pmin<T>(u, v128.sub<T>(one, u)), v128.sub<T>(u, middle)));
    }
    moveTo<T>(phase, count, tile, theta, Z, x);
  }, rows, dim, tile, theta, uniform, x);
}

/** −log 2v with the sign of `signed`. */
@inline
function noise<T>(v: v128, signed: v128): v128 {
  const size = minusLogFine<T>(v128.add<T>(v, v), v128.splat<T>(0));
  return v128.or(v128.abs<T>(size), v128.and(signed, v128.splat<T>(<T>-0.0)));
}

/**
 * logProb[i] = −Σⱼ (|z| + log 2 + logScale)
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  logProbOf<T>((count, z, out) => {
    const minusLogTwo = v128.splat<T>(<T>-0.6931471805599453);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(out + at, v128.sub<T>(minusLogTwo, v128.abs<T>(v128.load(z + at))));
  }, rows, dim, tile, theta, x, logProb);
}

/**
 * ∂ log p/∂location = sign z / scale, ∂ log p/∂logScale = |z| − 1.
 *
 * @param coefficient  T[rows]
 * @param terms        T[2, rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  scoreOf<T>((count, z, slope) => signs<T>(count, z, slope), rows, dim, tile, theta, x, coefficient, terms);
}

/** out −= coefficient · sign z / scale; T[rows, dim], added to. */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  logProbGradientOf<T>((count, z, slope) => signs<T>(count, z, slope), rows, dim, tile, theta, x, coefficient, out);
}

function signs<T>(count: i32, z: usize, slope: usize): void {
  const one = v128.splat<T>(1), sign = v128.splat<T>(<T>-0.0);
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(slope + at, v128.or(one, v128.and(v128.load(z + at), sign)));
}

/**
 * KL(p ‖ prior) = Σⱼ s₀ − s + d + exp(s − s₀ − δ) − 1, d = |m − m₀| / exp(s₀), δ = |m − m₀| / exp(s), s = logScale.
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
    const difference = numberAt(size, theta, e) - numberAt(size, prior, p), inverse = numberAt(size, prior, p + 2 * priorTile);
    const s = numberAt(size, theta, e + 3 * tile) - numberAt(size, prior, p + 3 * priorTile);
    const distance = abs(difference) * inverse, own = abs(difference) * numberAt(size, theta, e + 2 * tile);
    const weight = expOne(s - own);
    addAt(size, value, e / dim, sign * (distance - s + weight - 1));
    addAt(size, gradient, e, sign * copysign<f64>(inverse * (1 - expOne(-own)), difference));
    addAt(size, gradient, batch * dim + e, sign * (weight * (1 + own) - 1));
  }
}
