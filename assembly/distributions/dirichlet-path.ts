import { betaStep } from "../math/implicit-beta";
import { addAt, numberAt, setAt } from "../memory";
import { fineOf } from "./dirichlet";

/**
 * As αⱼ changes, xⱼ moves along its own distribution, Beta(αⱼ, α₊ − αⱼ), and the others keep their proportions, which are independent of it
 * (Jankowiak & Obermeyer 2018): ∂xᵢ/∂log αⱼ = sⱼ (1[i = j] (xⱼ + yⱼ) − xᵢ) / yⱼ with sⱼ that of the beta variable and yⱼ = 1 − xⱼ.
 */

/** sⱼ / yⱼ */
function slope(size: i32, k: i32, j: i32, entry: i32, period: i32, fine: usize, theta: usize, x: usize): f64 {
  const own = numberAt(size, x, j), rest = own > 0.5 ? others(size, k, j, x) : 1 - own;
  return betaStep(size, numberAt(size, theta, entry), numberAt(8, fine, entry), own, rest, numberAt(8, fine, period + entry)) / rest;
}

/** Σᵢ aᵢ without aⱼ, term by term: what is left of the whole sum where aⱼ is most of it has no digits. */
function others(size: i32, k: i32, j: i32, a: usize): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < k; ++i) if (i != j) sum += numberAt(size, a, i);
  return sum;
}

/** Σᵢ xᵢ */
function sumOf(size: i32, k: i32, x: usize): f64 {
  return numberAt(size, x, 0) + others(size, k, 0, x);
}

/**
 * @param x, cotangent  T[rows, k]
 * @param terms         T[rows, k], added to
 */
export function pull<T>(rows: i32, batch: i32, k: i32, tile: i32, theta: usize, x: usize, cotangent: usize, terms: usize): void {
  pullOf(sizeof<T>(), rows, batch, k, tile, theta, x, cotangent, terms);
}

function pullOf(size: i32, rows: i32, batch: i32, k: i32, tile: i32, theta: usize, x: usize, cotangent: usize, terms: usize): void {
  const fine = fineOf(size, tile, theta), row = <usize>(size * k);
  for (let r = 0; r < rows; ++r, x += row, cotangent += row, terms += row) {
    const total = sumOf(size, k, x), mean = against(size, k, 0, x, cotangent);
    for (let j = 0; j < k; ++j) {
      const g = numberAt(size, cotangent, j);
      const contrast = numberAt(size, x, j) > 0.5 ? -against(size, k, g, x, cotangent) : g * total - mean;
      addAt(size, terms, j, slope(size, k, j, r % batch * k + j, batch * k, fine, theta, x) * contrast);
    }
  }
}

/** Σᵢ xᵢ (gᵢ − level) */
function against(size: i32, k: i32, level: f64, x: usize, cotangent: usize): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < k; ++i) sum += numberAt(size, x, i) * (numberAt(size, cotangent, i) - level);
  return sum;
}

/**
 * @param x        T[rows, k]
 * @param tangent  T[rows, k]
 * @param out      T[rows, k], written
 */
export function push<T>(rows: i32, batch: i32, k: i32, tile: i32, theta: usize, x: usize, tangent: usize, out: usize): void {
  pushOf(sizeof<T>(), rows, batch, k, tile, theta, x, tangent, out);
}

function pushOf(size: i32, rows: i32, batch: i32, k: i32, tile: i32, theta: usize, x: usize, tangent: usize, out: usize): void {
  const fine = fineOf(size, tile, theta), row = <usize>(size * k);
  for (let r = 0; r < rows; ++r, x += row, tangent += row, out += row) {
    for (let j = 0; j < k; ++j) setAt(size, out, j, numberAt(size, tangent, j) * slope(size, k, j, r % batch * k + j, batch * k, fine, theta, x));
    let large = -1, fromOthers: f64 = 0;
    for (let j = 0; j < k; ++j) if (numberAt(size, x, j) > 0.5) large = j;
    if (large >= 0) fromOthers = others(size, k, large, out);
    const total = sumOf(size, k, x), along = sumOf(size, k, out);
    for (let j = 0; j < k; ++j) {
      const own = numberAt(size, out, j), at = numberAt(size, x, j);
      const rest = j == large ? others(size, k, j, x) : total - at;
      setAt(size, out, j, own * rest - at * (j == large ? fromOthers : along - own));
    }
  }
}
