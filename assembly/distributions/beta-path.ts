import { betaStep } from "../math/implicit-beta";
import { addAt, numberAt, setAt } from "../memory";
import { fineOf, Row } from "./beta";
import { divergenceOf, entropyOf } from "./dirichlet-exact";

/** ∂x/∂log a at element e. */
function first(size: i32, e: i32, tile: i32, theta: usize, x: usize): f64 {
  const p = e % tile, at = numberAt(size, x, e);
  return betaStep(size, numberAt(size, theta, p), numberAt(size, theta, tile + p), at, 1 - at, numberAt(8, fineOf(size, tile, theta), p));
}

/** ∂x/∂log b: that of 1 − x, which is Beta(b, a). */
function second(size: i32, e: i32, tile: i32, theta: usize, x: usize): f64 {
  const p = e % tile, at = numberAt(size, x, e);
  return -betaStep(size, numberAt(size, theta, tile + p), numberAt(size, theta, p), 1 - at, at, numberAt(8, fineOf(size, tile, theta), tile + p));
}

/**
 * Both implicitly.
 *
 * @param x, cotangent  T[rows, dim]
 * @param terms         T[2, rows, dim], added to
 */
export function pull<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, cotangent: usize, terms: usize): void {
  pullOf(sizeof<T>(), rows * dim, tile, theta, x, cotangent, terms);
}

function pullOf(size: i32, n: i32, tile: i32, theta: usize, x: usize, cotangent: usize, terms: usize): void {
  for (let e = 0; e < n; ++e) {
    const g = numberAt(size, cotangent, e);
    addAt(size, terms, e, g * first(size, e, tile, theta, x));
    addAt(size, terms, n + e, g * second(size, e, tile, theta, x));
  }
}

/**
 * @param x        T[rows, dim]
 * @param tangent  T[2, rows, dim]
 * @param out      T[rows, dim], written
 */
export function push<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, tangent: usize, out: usize): void {
  pushOf(sizeof<T>(), rows * dim, tile, theta, x, tangent, out);
}

function pushOf(size: i32, n: i32, tile: i32, theta: usize, x: usize, tangent: usize, out: usize): void {
  for (let e = 0; e < n; ++e) {
    const moved = numberAt(size, tangent, e) * first(size, e, tile, theta, x);
    setAt(size, out, e, moved + numberAt(size, tangent, n + e) * second(size, e, tile, theta, x));
  }
}

/**
 * As those of a Dirichlet point of two coordinates.
 *
 * @param value     T[batch], added to with `sign`
 * @param gradient  T[2, batch, dim], added to with `sign`
 */
export function entropy<T>(batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  const n = batch * dim;
  for (let e = 0; e < n; ++e) addAt(sizeof<T>(), value, e / dim, sign * entropyOf(sizeof<T>(), 2, theta, e, tile, sign, gradient, e, n));
}

/**
 * @param priorTile  the prior's own tile: it may have a batch of its own
 * @param value      T[batch], added to with `sign`
 * @param gradient   T[2, batch, dim], added to with `sign`
 */
export function divergence<T>(batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  const n = batch * dim;
  for (let e = 0; e < n; ++e) {
    addAt(sizeof<T>(), value, e / dim, sign * divergenceOf(sizeof<T>(), 2, theta, e, tile, prior, e % priorTile, priorTile, sign, gradient, e, n));
  }
}

/**
 * Mean a / (a + b), variance a b / (a + b)² / (a + b + 1).
 *
 * @param mean, variance  T[batch, dim], written
 */
export function moments<T>(batch: i32, dim: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const a = numberAt(sizeof<T>(), theta, e), b = numberAt(sizeof<T>(), theta, Row.B * tile + e), n = a + b;
    setAt(sizeof<T>(), mean, e, a / n);
    setAt(sizeof<T>(), variance, e, (a / n) * (b / n) / (n + 1));
  }
}
