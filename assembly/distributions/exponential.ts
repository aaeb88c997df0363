import { largest, lanes, smallest, span, storeSome, wholeSpan } from "../lanes";
import { expOne } from "../math/once";
import { exp } from "../math/vectors";
import { addAt, numberAt, repeat, setAt } from "../memory";
import { addRows, collect, PAGE, PAGE_BYTES, spread } from "../pages";
import { draw, Phase } from "../random/draw";
import { Noise } from "../random/noise";

/**
 * Prepared θ is T[3, tile]: 1 / rate, rate, −logRate; what overflows is the largest finite number.
 *
 * @param params  T[period]: logRate
 * @param theta   T[3, tile], written
 */
export function prepare<T>(period: i32, tile: i32, params: usize, theta: usize): void {
  prepareScale<T>(1, period, tile, params, theta);
}

/** The same of logRate = side · params: a family that takes the logarithm of its scale has side −1. */
@inline
export function prepareScale<T>(side: T, period: i32, tile: i32, params: usize, theta: usize): void {
  const row = span<T>(tile);
  const most = v128.splat<T>(largest<T>()), minusSide = v128.splat<T>(-side);
  repeat<T>(period, tile, params, theta);
  const rate = theta + row, minus = rate + row;
  for (let at: usize = 0; at < row; at += 16) v128.store(minus + at, v128.mul<T>(minusSide, v128.load(theta + at)));
  for (let at: usize = 0; at < row; at += 16) v128.store(theta + at, v128.neg<T>(v128.load(minus + at)));
  exp<T>(tile, theta, rate);
  exp<T>(tile, minus, theta);
  for (; theta < minus; theta += 16) v128.store(theta, v128.min<T>(v128.load(theta), most));
}

/**
 * Draws E / rate by inversion, E = −log u.
 *
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  draw<T>(Noise.Exponential, (phase, count, tile, theta, x) => stretch<T>(phase, count, tile, theta, x, x), low, high, site, chunk, rows, dim, tile, theta, x);
}

/** x[e] = noise[e] / rate[e], above 0 and finite whatever the rate; both pages. */
export function stretch<T>(phase: Phase, count: i32, tile: i32, theta: usize, noise: usize, x: usize): void {
  const most = v128.splat<T>(largest<T>()), least = v128.splat<T>(smallest<T>());
  for (let done = 0; done < count; phase = 0) {
    const run = min(count - done, tile - phase);
    let at = theta + span<T>(phase);
    for (const end = x + wholeSpan<T>(run); x < end; at += 16, noise += 16, x += 16) v128.store(x, stretched<T>(at, noise, least, most));
    if (run & (lanes<T>() - 1)) storeSome<T>(x, stretched<T>(at, noise, least, most), run & (lanes<T>() - 1));
    done += run;
  }
}

@inline
function stretched<T>(at: usize, x: usize, least: v128, most: v128): v128 {
  return v128.pmin<T>(v128.pmax<T>(v128.mul<T>(v128.load(at), v128.load(x)), least), most);
}

/**
 * logProb[i] = Σⱼ (logRate − rate · x) for x ≥ 0, −∞ otherwise.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  const minusLogRate = theta + 2 * span<T>(tile);
  const zero = v128.splat<T>(0), never = v128.splat<T>(-Infinity);
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    scaled<T>(from, count, tile, theta, x, Z);
    for (let at = Z, end = Z + span<T>(count); at < end; at += 16) {
      const z = v128.load(at);
      v128.store(at, v128.bitselect(v128.neg<T>(z), never, v128.ge<T>(z, zero)));
    }
    collect<T>(from, count, dim, tile, minusLogRate, Z, logProb);
  }
}

/** z[e] = rate[e] · x[e] over a page. */
export function scaled<T>(from: i32, count: i32, tile: i32, theta: usize, x: usize, z: usize): void {
  const rate = theta + span<T>(tile);
  x += span<T>(from);
  let phase = from % tile;
  for (let done = 0; done < count; phase = 0) {
    const run = min(tile - phase, count - done);
    let at = rate + span<T>(phase);
    for (const end = at + span<T>(run); at < end; at += 16, x += 16, z += 16) v128.store(z, v128.mul<T>(v128.load(at), v128.load(x)));
    done += run;
  }
}

/**
 * ∂ log p/∂logRate = 1 − rate · x.
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param terms        T[rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  const one = v128.splat<T>(1);
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    scaled<T>(from, count, tile, theta, x, Z);
    let weight = spread<T>(from, count, dim, coefficient, WEIGHT);
    let z = Z;
    for (let left = count; left > 0; left -= lanes<T>(), z += 16, weight += 16, terms += 16) {
      const term = v128.mul<T>(v128.load(weight), v128.sub<T>(one, v128.load(z)));
      storeSome<T>(terms, v128.add<T>(v128.load(terms), term), left);
    }
  }
}

/**
 * ∂x/∂logRate = −x: terms −= cotangent · x.
 *
 * @param x, cotangent  T[rows, dim]
 * @param terms         T[rows, dim], added to
 */
export function pull<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, cotangent: usize, terms: usize): void {
  for (let left = rows * dim; left > 0; left -= lanes<T>(), x += 16, cotangent += 16, terms += 16) {
    storeSome<T>(terms, v128.sub<T>(v128.load(terms), v128.mul<T>(v128.load(cotangent), v128.load(x))), left);
  }
}

/** out = −x · tangent of logRate: the adjoint of `pull`. All T[rows, dim], out written. */
export function push<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, tangent: usize, out: usize): void {
  for (let left = rows * dim; left > 0; left -= lanes<T>(), x += 16, tangent += 16, out += 16) {
    storeSome<T>(out, v128.neg<T>(v128.mul<T>(v128.load(x), v128.load(tangent))), left);
  }
}

/**
 * out −= coefficient · rate
 *
 * @param coefficient  T[rows]
 * @param out          T[rows, dim], added to
 */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  const rate = theta + span<T>(tile);
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    for (let phase = from % tile, done = 0; done < count; phase = 0) {
      const run = min(tile - phase, count - done);
      for (let at: usize = 0; at < span<T>(run); at += 16) v128.store(Z + span<T>(done) + at, v128.neg<T>(v128.load(rate + span<T>(phase) + at)));
      done += run;
    }
    addRows<T>(from, count, dim, coefficient, Z, out);
  }
}

/** mean = 1 / rate, variance = 1 / rate²; both T[batch, dim], written. */
export function moments<T>(batch: i32, dim: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  momentsOf(sizeof<T>(), batch * dim, theta, mean, variance);
}

function momentsOf(size: i32, n: i32, theta: usize, mean: usize, variance: usize): void {
  for (let e = 0; e < n; ++e) {
    const scale = numberAt(size, theta, e);
    setAt(size, mean, e, scale);
    setAt(size, variance, e, scale * scale);
  }
}

/** value[b] += sign · Σⱼ (1 − logRate), gradient −= sign; both T, `[batch]` and `[batch, dim]`. */
export function entropy<T>(batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  entropyOf(sizeof<T>(), batch, dim, tile, sign, theta, value, gradient);
}

function entropyOf(size: i32, batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    addAt(size, value, e / dim, sign * (1 + numberAt(size, theta, 2 * tile + e)));
    addAt(size, gradient, e, -sign);
  }
}

/**
 * KL(p ‖ prior) = Σⱼ d + exp(−d) − 1, d = logRate − logRate₀; ∂/∂logRate = 1 − exp(−d).
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
    const minus = numberAt(size, theta, 2 * tile + e) - numberAt(size, prior, 2 * priorTile + e % priorTile);
    const ratio = expOne(minus);
    addAt(size, value, e / dim, sign * (ratio - 1 - minus));
    addAt(size, gradient, e, sign * (1 - ratio));
  }
}

const Z = memory.data(PAGE_BYTES, 16);
const WEIGHT = memory.data(PAGE_BYTES, 16);
