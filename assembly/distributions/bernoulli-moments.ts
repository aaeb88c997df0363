import { lanes, span } from "../lanes";
import { join } from "../statistics";
import { Part, part } from "./bernoulli";

// Rows of x that stay in the first-level cache while their columns are read a line at a time.
const BLOCK_BYTES = 32768;

/**
 * The running moments of the terms c[i] · (x[i, j] − pⱼ) without the terms. Since x² = x, two sums a column do:
 *
 *   Σᵢ cᵢ (xᵢⱼ − pⱼ) = A − p C;  Σᵢ cᵢ² (xᵢⱼ − pⱼ)² = (1 − 2p) B + p² Q
 *   with A = Σ c x, B = Σ c² x, C = Σ c, Q = Σ c²
 *
 * @param before       samples that `mean` and `squares` already stand for
 * @param x            T[samples, batch, dim]
 * @param coefficient  T[samples, batch]
 * @param mean         T[batch, dim], updated; see `accumulate` in statistics.ts
 * @param squares      T[batch, dim], updated
 */
export function accumulate<T>(
  samples: i32, batch: i32, dim: i32, before: i32, tile: i32, theta: usize, x: usize, coefficient: usize, mean: usize, squares: usize,
): void {
  const probs = part<T>(theta, Part.Probs, tile);
  const most = max(8, <i32>(BLOCK_BYTES / span<T>(batch * dim)));
  for (let from = 0; from < samples; from += most) {
    const rows = min(most, samples - from);
    for (let b = 0; b < batch; ++b) {
      const at = span<T>(b * dim);
      const own = x + span<T>(from * batch * dim) + at;
      columns<T>(rows, batch, dim, before + from, probs + at, own, coefficient + span<T>(from * batch + b), mean + at, squares + at);
    }
  }
}

function columns<T>(rows: i32, batch: i32, dim: i32, before: i32, probs: usize, x: usize, coefficient: usize, mean: usize, squares: usize): void {
  const step = span<T>(batch * dim), next = span<T>(batch);
  let all: T = 0, allSquares: T = 0;
  for (let i = 0; i < rows; ++i) {
    const c = load<T>(coefficient + next * i);
    all += c;
    allSquares += c * c;
  }
  let j = 0;
  for (; j <= dim - 4 * lanes<T>(); j += 4 * lanes<T>()) {
    const at = span<T>(j);
    line<T>(rows, before, step, next, all, allSquares, probs + at, x + at, coefficient, mean + at, squares + at);
  }
  for (; j < dim; j += lanes<T>()) {
    // The last vector begins where it ends with the row: some columns are read again, from moments put by.
    const at = span<T>(min(j, dim - lanes<T>()));
    if (j > dim - lanes<T>()) return last<T>(rows, before, step, next, dim - j, all, allSquares, probs + at, x + at, coefficient, mean + at, squares + at);
    vector<T>(rows, before, step, next, all, allSquares, probs + at, x + at, coefficient, mean + at, squares + at);
  }
}

@inline
function line<T>(rows: i32, before: i32, step: usize, next: usize, all: T, allSquares: T, probs: usize, x: usize, coefficient: usize, mean: usize, squares: usize): void {
  let sumA = v128.splat<T>(0), sumB = sumA, sumC = sumA, sumD = sumA;
  let squareA = sumA, squareB = sumA, squareC = sumA, squareD = sumA;
  for (let end = x + step * <usize>rows; x < end; x += step, coefficient += next) {
    const c = v128.load_splat<T>(coefficient);
    const c2 = v128.mul<T>(c, c);
    const a = v128.load(x), b = v128.load(x, 16), d = v128.load(x, 32), e = v128.load(x, 48);
    sumA = v128.add<T>(sumA, v128.mul<T>(c, a));
    squareA = v128.add<T>(squareA, v128.mul<T>(c2, a));
    sumB = v128.add<T>(sumB, v128.mul<T>(c, b));
    squareB = v128.add<T>(squareB, v128.mul<T>(c2, b));
    sumC = v128.add<T>(sumC, v128.mul<T>(c, d));
    squareC = v128.add<T>(squareC, v128.mul<T>(c2, d));
    sumD = v128.add<T>(sumD, v128.mul<T>(c, e));
    squareD = v128.add<T>(squareD, v128.mul<T>(c2, e));
  }
  v128.store(SUMS, sumA); v128.store(SUMS, sumB, 16); v128.store(SUMS, sumC, 32); v128.store(SUMS, sumD, 48);
  v128.store(SUMS, squareA, 64); v128.store(SUMS, squareB, 80); v128.store(SUMS, squareC, 96); v128.store(SUMS, squareD, 112);
  for (let at: usize = 0; at < 64; at += 16) take<T>(rows, before, all, allSquares, probs + at, v128.load(SUMS + at), v128.load(SUMS + at, 64), mean + at, squares + at);
}

function vector<T>(rows: i32, before: i32, step: usize, next: usize, all: T, allSquares: T, probs: usize, x: usize, coefficient: usize, mean: usize, squares: usize): void {
  let sum = v128.splat<T>(0), square = sum;
  for (let end = x + step * <usize>rows; x < end; x += step, coefficient += next) {
    const c = v128.load_splat<T>(coefficient), a = v128.load(x);
    sum = v128.add<T>(sum, v128.mul<T>(c, a));
    square = v128.add<T>(square, v128.mul<T>(v128.mul<T>(c, c), a));
  }
  take<T>(rows, before, all, allSquares, probs, sum, square, mean, squares);
}

/** The last vector of a row, of whose columns only the last `fresh` are new: the others keep what they have. */
function last<T>(
  rows: i32, before: i32, step: usize, next: usize, fresh: i32, all: T, allSquares: T, probs: usize, x: usize, coefficient: usize, mean: usize, squares: usize,
): void {
  const kept = span<T>(lanes<T>() - fresh);
  const oldMean = v128.load(mean), oldSquares = v128.load(squares);
  vector<T>(rows, before, step, next, all, allSquares, probs, x, coefficient, mean, squares);
  v128.store(OLD, oldMean);
  memory.copy(mean, OLD, kept);
  v128.store(OLD, oldSquares);
  memory.copy(squares, OLD, kept);
}

const SUMS = memory.data(128, 16);
const OLD = memory.data(16, 16);

@inline
function take<T>(rows: i32, before: i32, all: T, allSquares: T, probs: usize, sum: v128, square: v128, mean: usize, squares: usize): void {
  const p = v128.load(probs);
  const shift = v128.div<T>(v128.sub<T>(sum, v128.mul<T>(p, v128.splat<T>(all))), v128.splat<T>(<T>rows));
  const one = v128.sub<T>(v128.splat<T>(1), v128.add<T>(p, p));
  const raw = v128.add<T>(v128.mul<T>(one, square), v128.mul<T>(v128.mul<T>(p, p), v128.splat<T>(allSquares)));
  const own = v128.max<T>(v128.splat<T>(0), v128.sub<T>(raw, v128.mul<T>(v128.splat<T>(<T>rows), v128.mul<T>(shift, shift))));
  join<T>(rows, before, shift, own, mean, squares);
}
