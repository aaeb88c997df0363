import { lanes, span, storeSome } from "../lanes";
import { expOne } from "../math/once";
import { normalQuantile } from "../math/normal-quantile";
import { addAt, numberAt, setAt } from "../memory";
import { collect, invertBy, logProbGradientBy, OWN0 as Z, OWN1 as WEIGHT, PAGE, spread } from "../pages";
import { draw } from "../random/draw";
import { Noise } from "../random/noise";
import * as exponential from "./exponential";

/**
 * Prepared θ is T[3, tile]: scale, 1 / scale, logScale, as that of the exponential with logRate = −logScale.
 *
 * @param params  T[period]: logScale
 * @param theta   T[3, tile], written
 */
export function prepare<T>(period: i32, tile: i32, params: usize, theta: usize): void {
  exponential.prepareScale<T>(-1, period, tile, params, theta);
}

/**
 * Draws exp(logScale) · |z|, z standard normal.
 *
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  draw<T>(Noise.Normal, (phase, count, tile, theta, x) => {
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(Z + at, v128.abs<T>(v128.load(x + at)));
    exponential.stretch<T>(phase, count, tile, theta, Z, x);
  }, low, high, site, chunk, rows, dim, tile, theta, x);
}

/** x = scale · Φ⁻¹(½ + ½ u). Both T[rows, dim]. */
export function invert<T>(rows: i32, dim: i32, tile: i32, theta: usize, uniform: usize, x: usize): void {
  invertBy<T>((phase, count, tile, theta, uniform, x) => {
    const half = v128.splat<T>(<T>0.5);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
      const upper = v128.sub<T>(half, v128.mul<T>(half, v128.load(uniform + at)));
      v128.store(Z + at, v128.abs<T>(normalQuantile<T>(upper)));
    }
    exponential.stretch<T>(phase, count, tile, theta, Z, x);
  }, rows, dim, tile, theta, uniform, x);
}

/**
 * logProb[i] = Σⱼ (½ log(2 / π) − logScale − ½ z²), z = x / scale, for x ≥ 0, −∞ otherwise.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  const constant = v128.splat<T>(<T>-0.22579135264472744), minusHalf = v128.splat<T>(-0.5);
  const zero = v128.splat<T>(0), never = v128.splat<T>(-Infinity);
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    exponential.scaled<T>(from, count, tile, theta, x, Z);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
      const z = v128.load(Z + at);
      const log = v128.add<T>(constant, v128.mul<T>(minusHalf, v128.mul<T>(z, z)));
      v128.store(Z + at, v128.bitselect(log, never, v128.ge<T>(z, zero)));
    }
    collect<T>(from, count, dim, tile, theta + 2 * span<T>(tile), Z, logProb);
  }
}

/**
 * ∂ log p/∂logScale = z² − 1.
 *
 * @param coefficient  T[rows]
 * @param terms        T[rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  const one = v128.splat<T>(1);
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    exponential.scaled<T>(from, count, tile, theta, x, Z);
    let weight = spread<T>(from, count, dim, coefficient, WEIGHT);
    let at = Z;
    for (let left = count; left > 0; left -= lanes<T>(), at += 16, weight += 16, terms += 16) {
      const z = v128.load(at);
      storeSome<T>(terms, v128.add<T>(v128.load(terms), v128.mul<T>(v128.load(weight), v128.sub<T>(v128.mul<T>(z, z), one))), left);
    }
  }
}

/** out −= coefficient · z / scale; T[rows, dim], added to. */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  logProbGradientBy<T>((from, count, tile, theta, x, out) => {
    exponential.scaled<T>(from, count, tile, theta, x - span<T>(from), out);
    exponential.scaled<T>(from, count, tile, theta, out - span<T>(from), out);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(out + at, v128.neg<T>(v128.load(out + at)));
  }, rows, dim, tile, theta, x, coefficient, out);
}

/**
 * ∂x/∂logScale = x: terms += cotangent · x.
 *
 * @param cotangent  T[rows, dim]
 * @param terms      T[rows, dim], added to
 */
export function pull<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, cotangent: usize, terms: usize): void {
  for (let left = rows * dim; left > 0; left -= lanes<T>(), x += 16, cotangent += 16, terms += 16) {
    storeSome<T>(terms, v128.add<T>(v128.load(terms), v128.mul<T>(v128.load(cotangent), v128.load(x))), left);
  }
}

/** out = x · tangent of logScale: the adjoint of `pull`. All T[rows, dim], out written. */
export function push<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, tangent: usize, out: usize): void {
  for (let left = rows * dim; left > 0; left -= lanes<T>(), x += 16, tangent += 16, out += 16) {
    storeSome<T>(out, v128.mul<T>(v128.load(x), v128.load(tangent)), left);
  }
}

/** mean = √(2 / π) scale, variance = (1 − 2 / π) scale²; both T[batch, dim], written. */
export function moments<T>(batch: i32, dim: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  momentsOf(sizeof<T>(), batch * dim, theta, mean, variance);
}

function momentsOf(size: i32, n: i32, theta: usize, mean: usize, variance: usize): void {
  for (let e = 0; e < n; ++e) {
    const scale = numberAt(size, theta, e);
    setAt(size, mean, e, 0.7978845608028654 * scale);
    setAt(size, variance, e, 0.3633802276324186 * scale * scale);
  }
}

/** value[b] += sign · Σⱼ (½ log(π e / 2) + logScale), gradient += sign; T, `[batch]` and `[batch, dim]`. */
export function entropy<T>(batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  entropyOf(sizeof<T>(), batch, dim, tile, sign, theta, value, gradient);
}

function entropyOf(size: i32, batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    addAt(size, value, e / dim, sign * (0.7257913526447274 + numberAt(size, theta, 2 * tile + e)));
    addAt(size, gradient, e, sign);
  }
}

/**
 * KL(p ‖ prior) = Σⱼ ½ (exp(2 d) − 1) − d, d = logScale − logScale₀; ∂/∂logScale = exp(2 d) − 1.
 *
 * @param priorTile  the prior's own tile: it may have a batch of its own
 * @param value      T[batch], added to with `sign`
 * @param gradient   T[batch, dim], added to with `sign`
 */
export function divergence<T>(batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  divergenceOf(sizeof<T>(), batch, dim, tile, theta, priorTile, prior, sign, value, gradient);
}

function divergenceOf(size: i32, batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const d = numberAt(size, theta, 2 * tile + e) - numberAt(size, prior, 2 * priorTile + e % priorTile);
    const more = expOne(2 * d) - 1;
    addAt(size, value, e / dim, sign * (0.5 * more - d));
    addAt(size, gradient, e, sign * more);
  }
}
