import { digammaStep, trigammaOne } from "../math/gamma-functions";
import { studentStep } from "../math/implicit-student-t";
import { addAt, largestOf, numberAt, setAt } from "../memory";
import { Row } from "./student-t";

/** ∂x/∂log ν at element e, odd in x − location, and finite. */
function slope(size: i32, e: i32, tile: i32, theta: usize, x: usize): f64 {
  const p = e % tile, degrees = numberAt(size, theta, Row.Degrees * tile + p);
  const z = (numberAt(size, x, e) - numberAt(size, theta, p)) * numberAt(size, theta, Row.InverseScale * tile + p);
  const step = numberAt(size, theta, Row.Scale * tile + p) * copysign<f64>(studentStep(size, degrees, abs<f64>(z), numberAt(size, theta, Row.Lead * tile + p)), -z);
  return max<f64>(-largestOf(size), min<f64>(largestOf(size), step));
}

/**
 * ∂x/∂log ν implicitly, ∂x/∂location = 1, ∂x/∂logScale = x − location.
 *
 * @param x, cotangent  T[rows, dim]
 * @param terms         T[3, rows, dim], added to
 */
export function pull<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, cotangent: usize, terms: usize): void {
  pullOf(sizeof<T>(), rows * dim, tile, theta, x, cotangent, terms);
}

function pullOf(size: i32, n: i32, tile: i32, theta: usize, x: usize, cotangent: usize, terms: usize): void {
  for (let e = 0; e < n; ++e) {
    const g = numberAt(size, cotangent, e);
    addAt(size, terms, e, g * slope(size, e, tile, theta, x));
    addAt(size, terms, n + e, g);
    addAt(size, terms, 2 * n + e, g * (numberAt(size, x, e) - numberAt(size, theta, e % tile)));
  }
}

/**
 * @param x        T[rows, dim]
 * @param tangent  T[3, rows, dim]
 * @param out      T[rows, dim], written
 */
export function push<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, tangent: usize, out: usize): void {
  pushOf(sizeof<T>(), rows * dim, tile, theta, x, tangent, out);
}

function pushOf(size: i32, n: i32, tile: i32, theta: usize, x: usize, tangent: usize, out: usize): void {
  for (let e = 0; e < n; ++e) {
    const moved = numberAt(size, tangent, n + e) + numberAt(size, tangent, 2 * n + e) * (numberAt(size, x, e) - numberAt(size, theta, e % tile));
    setAt(size, out, e, moved + numberAt(size, tangent, e) * slope(size, e, tile, theta, x));
  }
}

/**
 * H = Σⱼ ½(ν + 1) (ψ(½(ν + 1)) − ψ(½ν)) + offset; ∂/∂log ν = ν (¼(ν + 1) (ψ′(½(ν + 1)) − ψ′(½ν)) + 1 / 2ν), ∂/∂logScale = 1.
 *
 * @param value     T[batch], added to with `sign`
 * @param gradient  T[3, batch, dim], added to with `sign`
 */
export function entropy<T>(batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  entropyOf(sizeof<T>(), batch, dim, tile, sign, theta, value, gradient);
}

function entropyOf(size: i32, batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const degrees = numberAt(size, theta, Row.Degrees * tile + e), half = 0.5 * degrees;
    addAt(size, value, e / dim, sign * (0.5 * (degrees + 1) * digammaStep(half, 0.5) + numberAt(size, theta, Row.Offset * tile + e)));
    const bend = trigammaOne(half + 0.5) - trigammaOne(half);
    addAt(size, gradient, e, sign * (0.25 * degrees * (degrees + 1) * bend + 0.5));
    addAt(size, gradient, 2 * batch * dim + e, sign);
  }
}

/**
 * Mean location for ν > 1, else none; variance scale² ν / (ν − 2) for ν > 2, ∞ for ν > 1, else none.
 *
 * @param mean, variance  T[batch, dim], written
 */
export function moments<T>(batch: i32, dim: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  momentsOf(sizeof<T>(), batch * dim, tile, theta, mean, variance);
}

function momentsOf(size: i32, n: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  for (let e = 0; e < n; ++e) {
    const degrees = numberAt(size, theta, Row.Degrees * tile + e), scale = numberAt(size, theta, Row.Scale * tile + e);
    setAt(size, mean, e, degrees > 1 ? numberAt(size, theta, e) : NaN);
    setAt(size, variance, e, degrees > 2 ? scale * scale * (degrees / (degrees - 2)) : degrees > 1 ? Infinity : NaN);
  }
}
