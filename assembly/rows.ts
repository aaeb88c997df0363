import { exp } from "./math/exp";
import { log } from "./math/log";
import { infiniteRow, rowMaximum, rowSum } from "./math/log-sum-exp";
import { restOf, restVector, storeRest, total } from "./math/rows";

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
  for (; n > 0; n -= BLOCK) {
    const rows = min(n, BLOCK), bytes = <usize>rows * sizeof<T>();
    normalizers<T>(rows, width, x);
    for (let at: usize = 0; at < bytes; at += 16) v128.store(LOGS + at, v128.add<T>(v128.load(MAXIMA + at), v128.load(LOGS + at)));
    memory.copy(out, LOGS, bytes);
    x += <usize>rows * row;
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
  const row = <usize>width * sizeof<T>(), rest = restOf<T>(width), whole = row - <usize>rest * sizeof<T>();
  const impossible = v128.splat<T>(<T>-Infinity);
  for (let i = 0; i < n; ++i, x += row, out += row) {
    const maximum = v128.splat<T>(rowMaximum<T>(width, x));
    let last = v128.splat<T>(<T>0), sum = last;
    if (rest != 0) sum = last = exp<T>(v128.sub<T>(restVector<T>(width, rest, x + row, impossible), maximum));
    for (let at: usize = 0; at < whole; at += 16) {
      const term = exp<T>(v128.sub<T>(v128.load(x + at), maximum));
      v128.store(out + at, term);
      sum = v128.add<T>(sum, term);
    }
    const factor = v128.splat<T>(<T>1 / total<T>(sum));
    for (let at: usize = 0; at < whole; at += 16) v128.store(out + at, v128.mul<T>(v128.load(out + at), factor));
    if (rest != 0) storeRest<T>(width, rest, out + row, v128.mul<T>(last, factor));
  }
}

/**
 * out[i, j] = (x[i, j] − mᵢ) − ln Σₖ exp(x[i, k] − mᵢ). An entry of −∞ gives −∞, unless it is the maximum: an infinite maximum gives NaN.
 *
 * @param x    T[n, width]
 * @param out  T[n, width], written; may be x
 */
export function logSoftmax<T>(n: i32, width: i32, x: usize, out: usize): void {
  const row = <usize>width * sizeof<T>();
  for (; n > 0; n -= BLOCK) {
    const bytes = <usize>min(n, BLOCK) * sizeof<T>();
    normalizers<T>(min(n, BLOCK), width, x);
    for (let at: usize = 0; at < bytes; at += sizeof<T>(), x += row, out += row) {
      shift<T>(width, x, load<T>(MAXIMA + at), load<T>(LOGS + at), out);
    }
  }
}

/** MAXIMA[i] = mᵢ, LOGS[i] = ln Σⱼ exp(x[i, j] − mᵢ), 0 if mᵢ is not finite: by the block, for a logarithm in every lane instead of one a row. */
function normalizers<T>(rows: i32, width: i32, x: usize): void {
  const bytes = <usize>rows * sizeof<T>();
  for (let at: usize = 0; at < bytes; at += sizeof<T>(), x += <usize>width * sizeof<T>()) {
    const maximum = rowMaximum<T>(width, x);
    const finite = maximum - maximum == 0;
    store<T>(MAXIMA + at, finite ? maximum : infiniteRow<T>(width, x, maximum));
    store<T>(LOGS + at, finite ? rowSum<T>(width, x, maximum) : <T>1);
  }
  for (let at: usize = 0; at < bytes; at += 16) v128.store(LOGS + at, log<T>(v128.load(LOGS + at)));
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
const LOGS = memory.data(2048, 16);
