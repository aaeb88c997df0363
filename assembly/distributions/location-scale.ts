import { lanes, largest, span, storeSome, wholeSpan } from "../lanes";
import { exp } from "../math/vectors";
import { addAt, numberAt, repeat, setAt } from "../memory";
import { addRows, addScore, collect, PAGE, PAGE_BYTES, standardize } from "../pages";
import { Phase } from "../random/draw";

/**
 * What the families x = location + scale · noise share. Prepared θ is T[4, tile], each row periodic with batch · dim:
 * location, scale, 1 / scale, logScale; scales that overflow are the largest finite number.
 */

/**
 * @param params  T[2, period]: location, then logScale
 * @param theta   T[4, tile], written
 */
export function prepare<T>(period: i32, tile: i32, params: usize, theta: usize): void {
  const row = span<T>(tile);
  repeat<T>(period, tile, params, theta);
  const logScale = theta + 3 * row;
  repeat<T>(period, tile, params + span<T>(period), logScale);
  const most = v128.splat<T>(largest<T>());
  const scale = theta + row, inverse = scale + row;
  for (let at: usize = 0; at < row; at += 16) v128.store(inverse + at, v128.neg<T>(v128.load(logScale + at)));
  exp<T>(tile, logScale, scale);
  exp<T>(tile, inverse, inverse);
  for (let at = scale; at < logScale; at += 16) v128.store(at, v128.min<T>(v128.load(at), most));
}

/**
 * ∂x/∂location = 1, ∂x/∂logScale = x − location:
 * terms of location += cotangent, terms of logScale += cotangent · (x − location).
 *
 * @param x          T[rows, dim]
 * @param cotangent  T[rows, dim]
 * @param terms      T[2, rows, dim], added to
 */
export function pull<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, cotangent: usize, terms: usize): void {
  const n = rows * dim;
  const second = span<T>(n);
  for (let done = 0; done < n; done += tile) {
    const run = min(tile, n - done);
    let at = theta;
    for (let left = run; left > 0; left -= lanes<T>()) {
      const c = v128.load(cotangent);
      const moved = v128.mul<T>(c, v128.sub<T>(v128.load(x), v128.load(at)));
      storeSome<T>(terms, v128.add<T>(v128.load(terms), c), left);
      storeSome<T>(terms + second, v128.add<T>(v128.load(terms + second), moved), left);
      at += 16; x += 16; cotangent += 16; terms += 16;
    }
  }
}

/**
 * out = tangent of location + (x − location) · tangent of logScale: the adjoint of `pull`.
 *
 * @param x        T[rows, dim]
 * @param tangent  T[2, rows, dim]
 * @param out      T[rows, dim], written
 */
export function push<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, tangent: usize, out: usize): void {
  const n = rows * dim;
  const second = span<T>(n);
  for (let done = 0; done < n; done += tile) {
    let at = theta;
    for (let left = min(tile, n - done); left > 0; left -= lanes<T>()) {
      const stretched = v128.mul<T>(v128.load(tangent + second), v128.sub<T>(v128.load(x), v128.load(at)));
      storeSome<T>(out, v128.add<T>(v128.load(tangent), stretched), left);
      at += 16; x += 16; tangent += 16; out += 16;
    }
  }
}

/**
 * mean = location + scale · centre, variance = scale² · spread.
 *
 * @param centre, spread  the mean and variance of the standard noise; NaN where it has none
 * @param mean, variance  T[batch, dim], written
 */
export function moments<T>(batch: i32, dim: i32, tile: i32, centre: f64, spread: f64, theta: usize, mean: usize, variance: usize): void {
  momentsOf(sizeof<T>(), batch * dim, tile, centre, spread, theta, mean, variance);
}

function momentsOf(size: i32, n: i32, tile: i32, centre: f64, spread: f64, theta: usize, mean: usize, variance: usize): void {
  for (let e = 0; e < n; ++e) {
    const scale = numberAt(size, theta, tile + e);
    setAt(size, mean, e, numberAt(size, theta, e) + scale * centre);
    setAt(size, variance, e, scale * scale * spread);
  }
}

/** A pass over a page of standard noise z, into another: (count, z, out). */
export type OfNoise = (count: i32, z: usize, out: usize) => void;

/**
 * logProb[i] = Σⱼ (density(z) − logScale)
 *
 * @param density  log p₀(z) of the standard noise
 */
export function logProbOf<T>(density: OfNoise, rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    standardize<T>(from, count, tile, theta, x, Z);
    density(count, Z, Z);
    collect<T>(from, count, dim, tile, theta + 3 * span<T>(tile), Z, logProb);
  }
}

/**
 * ∂ log p/∂location = slope / scale, ∂ log p/∂logScale = z · slope − 1.
 *
 * @param slope  −∂ log p₀/∂z of the standard noise
 */
export function scoreOf<T>(slope: OfNoise, rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    standardize<T>(from, count, tile, theta, x, Z);
    slope(count, Z, SLOPE);
    addScore<T>(from, count, n, dim, tile, theta, Z, SLOPE, coefficient, terms);
  }
}

/**
 * out −= coefficient · slope / scale
 *
 * @param slope  −∂ log p₀/∂z of the standard noise
 */
export function logProbGradientOf<T>(slope: OfNoise, rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    standardize<T>(from, count, tile, theta, x, Z);
    slope(count, Z, SLOPE);
    for (let phase = from % tile, done = 0; done < count; phase = 0) {
      const run = min(tile - phase, count - done);
      const inverse = theta + 2 * span<T>(tile) + span<T>(phase), to = SLOPE + span<T>(done);
      for (let at: usize = 0, end = span<T>(run); at < end; at += 16) {
        v128.store(to + at, v128.neg<T>(v128.mul<T>(v128.load(to + at), v128.load(inverse + at))));
      }
      done += run;
    }
    addRows<T>(from, count, dim, coefficient, SLOPE, out);
  }
}

const Z = memory.data(PAGE_BYTES, 16);
const SLOPE = memory.data(PAGE_BYTES, 16);

/**
 * value[b] += sign · Σⱼ (constant + logScale[b, j]), gradient of logScale += sign.
 *
 * @param constant  the entropy of the standard noise
 * @param value     T[batch], added to
 * @param gradient  T[2, batch, dim], added to
 */
export function entropy<T>(batch: i32, dim: i32, tile: i32, constant: f64, sign: f64, theta: usize, value: usize, gradient: usize): void {
  entropyOf(sizeof<T>(), batch, dim, tile, constant, sign, theta, value, gradient);
}

function entropyOf(size: i32, batch: i32, dim: i32, tile: i32, constant: f64, sign: f64, theta: usize, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    addAt(size, value, e / dim, sign * (constant + numberAt(size, theta, 3 * tile + e)));
    addAt(size, gradient, batch * dim + e, sign);
  }
}

/**
 * x[e] = location[e] + scale[e] · x[e], within the finite numbers: a draw saturates only where it would overflow.
 *
 * @param phase  where in the tile the page begins
 * @param x      a page of noise; draws, when done
 */
export function move<T>(phase: Phase, count: i32, tile: i32, theta: usize, x: usize): void {
  moveTo<T>(phase, count, tile, theta, x, x);
}

/** The same from noise in a page of its own. */
export function moveTo<T>(phase: Phase, count: i32, tile: i32, theta: usize, noise: usize, x: usize): void {
  const row = span<T>(tile);
  const most = v128.splat<T>(largest<T>()), least = v128.splat<T>(-largest<T>());
  for (let done = 0; done < count; phase = 0) {
    const run = min(count - done, tile - phase);
    let at = theta + span<T>(phase);
    for (const end = x + wholeSpan<T>(run); x < end; at += 16, noise += 16, x += 16) v128.store(x, moved<T>(at, row, noise, least, most));
    if (run & (lanes<T>() - 1)) storeSome<T>(x, moved<T>(at, row, noise, least, most), run & (lanes<T>() - 1));
    done += run;
  }
}

@inline
function moved<T>(at: usize, row: usize, x: usize, least: v128, most: v128): v128 {
  const y = v128.add<T>(v128.load(at), v128.mul<T>(v128.load(at + row), v128.load(x)));
  return v128.pmin<T>(v128.pmax<T>(y, least), most);
}
