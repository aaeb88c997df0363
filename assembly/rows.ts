import { log } from "./math/log";
import { infiniteRow, rowExponentials, rowMaximum, rowSum } from "./math/log-sum-exp";

/**
 * out[i] = ln Σⱼ exp(x[i, j]) = mᵢ + ln Σⱼ exp(x[i, j] − mᵢ), mᵢ = maxⱼ x[i, j].
 *
 * A row of −∞ alone (and one of width 0) gives −∞, a row with +∞ gives +∞, one with NaN NaN. A row's value depends on the row alone.
 *
 * @param x    T[n, width]
 * @param out  T[n], written
 */
export function logSumExp<T>(n: i32, width: i32, x: usize, out: usize): void {
  const row = <usize>width * sizeof<T>();
  for (let first = 0; first < n; first += BLOCK) { // the logarithms by the block: one for every lane, not one a row
    const bytes = <usize>min(n - first, BLOCK) * sizeof<T>();
    for (let at: usize = 0; at < bytes; at += sizeof<T>(), x += row) {
      const maximum = rowMaximum<T>(width, x);
      const finite = maximum - maximum == 0;
      store<T>(MAXIMA + at, finite ? maximum : infiniteRow<T>(width, x, maximum));
      store<T>(SUMS + at, finite ? rowSum<T>(width, x, maximum) : <T>1);
    }
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(SUMS + at, v128.add<T>(v128.load(MAXIMA + at), log<T>(v128.load(SUMS + at))));
    }
    memory.copy(out, SUMS, bytes);
    out += bytes;
  }
}

/**
 * out[i, j] = exp(x[i, j]) / Σₖ exp(x[i, k]). An entry of −∞ gives 0; a row whose maximum is not finite gives NaN.
 *
 * @param x    T[n, width]
 * @param out  T[n, width], written; may be x
 */
export function softmax<T>(n: i32, width: i32, x: usize, out: usize): void {
  const row = <usize>width * sizeof<T>();
  for (let i = 0; i < n; ++i, x += row, out += row) {
    scale<T>(width, out, <T>1 / rowExponentials<T>(width, x, rowMaximum<T>(width, x), out));
  }
}

/**
 * out[i, j] = (x[i, j] − mᵢ) − ln Σₖ exp(x[i, k] − mᵢ). An entry of −∞ gives −∞; a row whose maximum is not finite gives NaN.
 *
 * @param x    T[n, width]
 * @param out  T[n, width], written; may be x
 */
export function logSoftmax<T>(n: i32, width: i32, x: usize, out: usize): void {
  const row = <usize>width * sizeof<T>();
  for (let i = 0; i < n; ++i, x += row, out += row) {
    const maximum = rowMaximum<T>(width, x);
    const sum = rowSum<T>(width, x, maximum);
    shift<T>(width, x, maximum, v128.extract_lane<T>(log<T>(v128.splat<T>(sum)), 0), out);
  }
}

@inline
function scale<T>(width: i32, out: usize, factor: T): void {
  const end = out + <usize>width * sizeof<T>();
  const factors = v128.splat<T>(factor);
  for (; out + 16 <= end; out += 16) v128.store(out, v128.mul<T>(v128.load(out), factors));
  for (; out < end; out += sizeof<T>()) store<T>(out, load<T>(out) * factor);
}

/** out[j] = (x[j] − first) − second */
@inline
function shift<T>(width: i32, x: usize, first: T, second: T, out: usize): void {
  const end = out + <usize>width * sizeof<T>();
  const firsts = v128.splat<T>(first), seconds = v128.splat<T>(second);
  for (; out + 16 <= end; x += 16, out += 16) v128.store(out, v128.sub<T>(v128.sub<T>(v128.load(x), firsts), seconds));
  for (; out < end; x += sizeof<T>(), out += sizeof<T>()) store<T>(out, load<T>(x) - first - second);
}

const BLOCK = 256;
const MAXIMA = memory.data(2048, 16);
const SUMS = memory.data(2048, 16);
