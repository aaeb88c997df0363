import { numberAt, setAt } from "../memory";

/**
 * out[r] = f(a) + g · (x − a) + ½ (x − a)ᵀ H (x − a), a, g and H those of the row's problem.
 *
 * @param x           T[rows, dim]
 * @param anchor      T[batch, dim]: a
 * @param value       T[batch]: f(a)
 * @param slope       T[batch, dim]: g
 * @param curvature   T[dim, batch, dim]: H; 0 for none
 * @param difference  f64[dim], scratch
 * @param out         T[rows], written
 */
export function evaluate<T>(
  rows: i32, batch: i32, dim: i32, x: usize, anchor: usize, value: usize, slope: usize, curvature: usize, difference: usize, out: usize,
): void {
  evaluateOf(sizeof<T>(), rows, batch, dim, x, anchor, value, slope, curvature, difference, out);
}

function evaluateOf(
  size: i32, rows: i32, batch: i32, dim: i32, x: usize, anchor: usize, value: usize, slope: usize, curvature: usize, difference: usize, out: usize,
): void {
  for (let r = 0, b = 0; r < rows; ++r) {
    let sum: f64 = 0;
    for (let j = 0; j < dim; ++j) {
      const d = numberAt(size, x, r * dim + j) - numberAt(size, anchor, b * dim + j);
      store<f64>(difference + (<usize>j << 3), d);
      sum += d * numberAt(size, slope, b * dim + j);
    }
    if (curvature) sum += 0.5 * form(size, batch, dim, b, curvature, difference);
    setAt(size, out, r, numberAt(size, value, b) + sum);
    if (++b == batch) b = 0;
  }
}

/** dᵀ H d */
function form(size: i32, batch: i32, dim: i32, b: i32, curvature: usize, difference: usize): f64 {
  let sum: f64 = 0;
  for (let j = 0; j < dim; ++j) {
    let own: f64 = 0;
    for (let k = 0; k < dim; ++k) own += numberAt(size, curvature, (j * batch + b) * dim + k) * load<f64>(difference + (<usize>k << 3));
    sum += own * load<f64>(difference + (<usize>j << 3));
  }
  return sum;
}
