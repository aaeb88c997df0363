import { span } from "../lanes";
import { logOne } from "../math/once";
import { constant } from "../math/polynomial";
import { cosTail, sinTail } from "../math/trigonometric";
import { log1p } from "../math/vectors";
import { addAt, numberAt } from "../memory";
import { invertBy, OWN0 as Z, OWN1 as FAR } from "../pages";
import { draw } from "../random/draw";
import { Noise } from "../random/noise";
import { half } from "../random/unit";
import { logProbGradientOf, logProbOf, moveTo, scoreOf } from "./location-scale";

/**
 * Draws location ± exp(logScale) · cot πv of v in (0, ½] and a sign.
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

/** x of uniforms u: location − scale · cot πu. Both T[rows, dim]. */
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

/** cot πv with the sign of `signed`, v in (0, ½]: by the sine and cosine of at most an eighth of a turn, π times v or ½ − v. */
@inline
function noise<T>(v: v128, signed: v128): v128 {
  const c = sizeof<T>() == 4 ? CONSTANTS32 : CONSTANTS64;
  const rest = v128.sub<T>(constant<T>(c, 1), v);
  const angle = v128.mul<T>(constant<T>(c, 0), v128.pmin<T>(v, rest));
  const z = v128.mul<T>(angle, angle);
  const sine = v128.add<T>(angle, v128.mul<T>(v128.mul<T>(angle, z), sinTail<T>(z)));
  const flat = v128.sub<T>(constant<T>(c, 2), v128.mul<T>(constant<T>(c, 1), z));
  const cosine = v128.add<T>(flat, v128.mul<T>(v128.mul<T>(z, z), cosTail<T>(z)));
  const outer = v128.le<T>(v, rest);
  const size = v128.div<T>(v128.bitselect(cosine, sine, outer), v128.bitselect(sine, cosine, outer));
  return v128.or(size, v128.and(signed, constant<T>(c, 3)));
}

// π, ½, 1, the sign.
const CONSTANTS32 = memory.data<f32>([3.1415927410125732, 0.5, 1, -0.0]);
const CONSTANTS64 = memory.data<f64>([3.141592653589793, 0.5, 1, -0.0]);

/**
 * logProb[i] = −Σⱼ (log(1 + z²) + log π + logScale)
 *
 * Where z² would overflow, 1 + |z| has the same logarithm but for the factor of 2.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  logProbOf<T>((count, z, out) => {
    const far = v128.splat<T>(farOut<T>()), minusLogPi = v128.splat<T>(<T>-1.1447298858494002);
    const end = span<T>(count);
    for (let at: usize = 0; at < end; at += 16) {
      const size = v128.abs<T>(v128.load(z + at)), beyond = v128.gt<T>(size, far);
      v128.store(FAR + at, beyond);
      v128.store(out + at, v128.bitselect(size, v128.mul<T>(size, size), beyond));
    }
    log1p<T>(count, out, out);
    for (let at: usize = 0; at < end; at += 16) {
      const l = v128.load(out + at);
      v128.store(out + at, v128.sub<T>(minusLogPi, v128.add<T>(l, v128.and(l, v128.load(FAR + at)))));
    }
  }, rows, dim, tile, theta, x, logProb);
}

/**
 * With t = 2 z / (1 + z²): ∂ log p/∂location = t / scale, ∂ log p/∂logScale = z t − 1.
 *
 * @param coefficient  T[rows]
 * @param terms        T[2, rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  scoreOf<T>((count, z, slope) => slopes<T>(count, z, slope), rows, dim, tile, theta, x, coefficient, terms);
}

/** out −= coefficient · 2 z / (1 + z²) / scale; T[rows, dim], added to. */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  logProbGradientOf<T>((count, z, slope) => slopes<T>(count, z, slope), rows, dim, tile, theta, x, coefficient, out);
}

/** 2 z / (1 + z²), and 2 / (z + 1 / z) where z² might overflow: one division a vector but for those. */
function slopes<T>(count: i32, z: usize, slope: usize): void {
  const one = v128.splat<T>(1), far = v128.splat<T>(farOut<T>());
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
    const each = v128.load(z + at), twice = v128.add<T>(each, each);
    if (v128.any_true(v128.gt<T>(v128.abs<T>(each), far))) v128.store(slope + at, v128.div<T>(v128.add<T>(one, one), v128.add<T>(each, v128.div<T>(one, each))));
    else v128.store(slope + at, v128.div<T>(twice, v128.add<T>(one, v128.mul<T>(each, each))));
  }
}

/** Below that z² does not overflow; above it 1 + z² is z². */
@inline
function farOut<T>(): T {
  return sizeof<T>() == 4 ? <T>1e18 : <T>1e150;
}

/**
 * KL(p ‖ prior) = Σⱼ log(((γ + γ₀)² + (m − m₀)²) / (4 γ γ₀)), γ = exp(logScale): Chyzak & Nielsen 2019.
 *
 * In units of γ₀: with r = γ / γ₀ and d = (m − m₀) / γ₀, S = (1 + r)² + d²; ∂/∂location = 2 d / (S γ₀), ∂/∂logScale = 2 r (1 + r) / S − 1.
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
    const ratio = numberAt(size, theta, e + tile) * inverse;
    const square = (1 + ratio) * (1 + ratio) + distance * distance;
    addAt(size, value, e / dim, sign * logOne(square / (4 * ratio)));
    addAt(size, gradient, e, sign * 2 * distance * inverse / square);
    addAt(size, gradient, batch * dim + e, sign * (2 * ratio * (1 + ratio) / square - 1));
  }
}
