import { vonMisesSlope } from "../math/implicit-von-mises";
import { addAt, numberAt, setAt } from "../memory";
import { Row } from "./von-mises";

const PI: f64 = 3.141592653589793;

/** ∂x/∂log κ = κ dx/dκ at element e, odd in x − location. */
function slope(size: i32, e: i32, tile: i32, theta: usize, x: usize): f64 {
  const p = e % tile, kappa = numberAt(size, theta, Row.Kappa * tile + p), distance = numberAt(size, x, e) - numberAt(size, theta, Row.Location * tile + p);
  const angle = distance - 2 * PI * nearest<f64>(distance / (2 * PI));
  return copysign<f64>(kappa * vonMisesSlope(size, kappa, min<f64>(PI, abs<f64>(angle)), numberAt(size, theta, Row.Gap * tile + p)), -angle);
}

/**
 * ∂x/∂location = 1, ∂x/∂log κ implicitly.
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
    addAt(size, terms, e, g);
    addAt(size, terms, n + e, g * slope(size, e, tile, theta, x));
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
  for (let e = 0; e < n; ++e) setAt(size, out, e, numberAt(size, tangent, e) + numberAt(size, tangent, n + e) * slope(size, e, tile, theta, x));
}
