import { lanes, span, sumOf } from "../lanes";
import { numberAt } from "../memory";

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
  const row = span<T>(dim);
  for (let r = 0, b = 0; r < rows; ++r, x += row) {
    const own = <usize>b * row;
    let h: T = load<T>(value + span<T>(b)) + along<T>(dim, x, anchor + own, slope + own);
    if (curvature) h += <T>(0.5 * form(sizeof<T>(), batch, dim, b, x, anchor + own, curvature, difference));
    store<T>(out + span<T>(r), h);
    if (++b == batch) b = 0;
  }
}

/** g · (x − a) */
@inline
function along<T>(dim: i32, x: usize, anchor: usize, slope: usize): T {
  let sum = v128.splat<T>(0), j = 0;
  for (; j <= dim - lanes<T>(); j += lanes<T>()) {
    const at = span<T>(j);
    sum = v128.add<T>(sum, v128.mul<T>(v128.load(slope + at), v128.sub<T>(v128.load(x + at), v128.load(anchor + at))));
  }
  let total: T = sumOf<T>(sum);
  for (; j < dim; ++j) total += load<T>(slope + span<T>(j)) * (load<T>(x + span<T>(j)) - load<T>(anchor + span<T>(j)));
  return total;
}

/** (x − a)ᵀ H (x − a), problem b's. */
function form(size: i32, batch: i32, dim: i32, b: i32, x: usize, anchor: usize, curvature: usize, difference: usize): f64 {
  for (let j = 0; j < dim; ++j) store<f64>(difference + (<usize>j << 3), numberAt(size, x, j) - numberAt(size, anchor, j));
  let sum: f64 = 0;
  for (let j = 0; j < dim; ++j) {
    let own: f64 = 0;
    for (let k = 0; k < dim; ++k) own += numberAt(size, curvature, (j * batch + b) * dim + k) * load<f64>(difference + (<usize>k << 3));
    sum += own * load<f64>(difference + (<usize>j << 3));
  }
  return sum;
}
