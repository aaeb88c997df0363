import { lanes, span } from "./lanes";
import { NARROW_TILE, tileOf } from "./memory";

/**
 * Running mean and sum of squared deviations of each column, a block of rows more.
 *
 *   mean[j] ← the mean of the `before + rows` values of column j
 *   squares[j] ← Σ (value − mean[j])²
 *
 * The block's own moments are taken about its first row (no cancellation however large the mean is), then merged by
 * Chan, Golub & LeVeque 1979. Columns run along the vectors; fewer than 16 columns are read as one wide row of a tile of them.
 *
 * @param before   rows that `mean` and `squares` already stand for; 0 if they hold nothing yet
 * @param values   T[rows, columns]
 * @param mean     T[columns], updated
 * @param squares  T[columns], updated
 */
export function accumulate<T>(rows: i32, columns: i32, before: i32, values: usize, mean: usize, squares: usize): void {
  if (rows == 0) return;
  if (columns >= 16) return wide<T>(rows, columns, before, values, mean, squares);
  const tile = tileOf(columns);
  const whole = rows * columns / tile;
  const left = rows - whole * (tile / columns);
  if (whole > 0) {
    wide<T>(whole, tile, 0, values, MEAN, SQUARES);
    for (let from = 0; from < tile; from += columns) {
      merge<T>(columns, before, mean, squares, whole, MEAN + span<T>(from), SQUARES + span<T>(from));
      before += whole;
    }
  }
  if (left > 0) wide<T>(left, columns, before, values + span<T>(whole * tile), mean, squares);
}

const MEAN = memory.data(NARROW_TILE * 8, 16);
const SQUARES = memory.data(NARROW_TILE * 8, 16);

function wide<T>(rows: i32, columns: i32, before: i32, values: usize, mean: usize, squares: usize): void {
  const step = span<T>(columns);
  const vectors = columns & -(lanes<T>());
  let j = 0;
  for (; j <= columns - 4 * lanes<T>(); j += 4 * lanes<T>()) line<T>(rows, step, before, values + span<T>(j), mean + span<T>(j), squares + span<T>(j));
  for (; j < vectors; j += lanes<T>()) column<T>(rows, step, before, values + span<T>(j), mean + span<T>(j), squares + span<T>(j));
  for (; j < columns; ++j) single<T>(rows, step, before, values + span<T>(j), mean + span<T>(j), squares + span<T>(j));
}

/** Four vectors of columns, a cache line: each row is read once, and no sum waits for another. */
@inline
function line<T>(rows: i32, step: usize, before: i32, values: usize, mean: usize, squares: usize): void {
  const firstA = v128.load(values), firstB = v128.load(values, 16), firstC = v128.load(values, 32), firstD = v128.load(values, 48);
  let sumA = v128.splat<T>(0), sumB = sumA, sumC = sumA, sumD = sumA;
  let squareA = sumA, squareB = sumA, squareC = sumA, squareD = sumA;
  for (let at = values + step, end = values + step * <usize>rows; at < end; at += step) {
    const a = v128.sub<T>(v128.load(at), firstA);
    sumA = v128.add<T>(sumA, a);
    squareA = v128.add<T>(squareA, v128.mul<T>(a, a));
    const b = v128.sub<T>(v128.load(at, 16), firstB);
    sumB = v128.add<T>(sumB, b);
    squareB = v128.add<T>(squareB, v128.mul<T>(b, b));
    const c = v128.sub<T>(v128.load(at, 32), firstC);
    sumC = v128.add<T>(sumC, c);
    squareC = v128.add<T>(squareC, v128.mul<T>(c, c));
    const d = v128.sub<T>(v128.load(at, 48), firstD);
    sumD = v128.add<T>(sumD, d);
    squareD = v128.add<T>(squareD, v128.mul<T>(d, d));
  }
  take<T>(rows, before, firstA, sumA, squareA, mean, squares);
  take<T>(rows, before, firstB, sumB, squareB, mean + 16, squares + 16);
  take<T>(rows, before, firstC, sumC, squareC, mean + 32, squares + 32);
  take<T>(rows, before, firstD, sumD, squareD, mean + 48, squares + 48);
}

@inline
function column<T>(rows: i32, step: usize, before: i32, values: usize, mean: usize, squares: usize): void {
  const first = v128.load(values);
  let sum = v128.splat<T>(0), square = sum;
  for (let at = values + step, end = values + step * <usize>rows; at < end; at += step) {
    const a = v128.sub<T>(v128.load(at), first);
    sum = v128.add<T>(sum, a);
    square = v128.add<T>(square, v128.mul<T>(a, a));
  }
  take<T>(rows, before, first, sum, square, mean, squares);
}

/** Merges the sums about `first` of `rows` rows into the moments of the `before` rows ahead of them. */
function take<T>(rows: i32, before: i32, first: v128, sum: v128, square: v128, mean: usize, squares: usize): void {
  const shift = v128.div<T>(sum, v128.splat<T>(<T>rows));
  // Rounding may leave a hair below zero where all rows are alike.
  const own = v128.max<T>(v128.splat<T>(0), v128.sub<T>(square, v128.mul<T>(sum, shift)));
  join<T>(rows, before, v128.add<T>(first, shift), own, mean, squares);
}

/** The mean and squared deviations of `rows` rows, merged into those of the `before` rows ahead of them. */
export function join<T>(rows: i32, before: i32, ownMean: v128, own: v128, mean: usize, squares: usize): void {
  if (before == 0) {
    v128.store(mean, ownMean);
    v128.store(squares, own);
    return;
  }
  const total = <T>(before + rows);
  const delta = v128.sub<T>(ownMean, v128.load(mean));
  v128.store(mean, v128.add<T>(v128.load(mean), v128.mul<T>(delta, v128.splat<T>(<T>rows / total))));
  const between = v128.mul<T>(v128.mul<T>(delta, delta), v128.splat<T>(<T>before * (<T>rows / total)));
  v128.store(squares, v128.add<T>(v128.load(squares), v128.add<T>(own, between)));
}

/** `column` for the columns that fill no vector. */
function single<T>(rows: i32, step: usize, before: i32, values: usize, mean: usize, squares: usize): void {
  const first = load<T>(values);
  let sum: T = 0, square: T = 0;
  for (let row = 1, at = values + step; row < rows; ++row, at += step) {
    const a: T = load<T>(at) - first;
    sum += a;
    square += a * a;
  }
  const shift: T = sum / <T>rows;
  store<T>(OWN_MEAN, first + shift);
  store<T>(OWN_SQUARES, max<T>(0, square - sum * shift));
  merge<T>(1, before, mean, squares, rows, OWN_MEAN, OWN_SQUARES);
}

const OWN_MEAN = memory.data(8, 16);
const OWN_SQUARES = memory.data(8, 16);

/** (mean, squares) of `before` rows and (mean2, squares2) of `rows` rows, together. */
function merge<T>(columns: i32, before: i32, mean: usize, squares: usize, rows: i32, mean2: usize, squares2: usize): void {
  for (let j = 0; j < columns; ++j) {
    const at = span<T>(j);
    if (before == 0) {
      store<T>(mean + at, load<T>(mean2 + at));
      store<T>(squares + at, load<T>(squares2 + at));
      continue;
    }
    const total = <T>(before + rows);
    const delta: T = load<T>(mean2 + at) - load<T>(mean + at);
    store<T>(mean + at, load<T>(mean + at) + delta * (<T>rows / total));
    store<T>(squares + at, load<T>(squares + at) + (load<T>(squares2 + at) + delta * delta * (<T>before * (<T>rows / total))));
  }
}

/**
 * The first of n values that is NaN or infinite; −1 if all are finite.
 *
 * @param values  T[n]
 */
export function firstNotFinite<T>(n: i32, values: usize): i32 {
  // x − x is 0 for a finite number alone: sixteen at a time, and one by one where a vector has another.
  let i = 0;
  for (; i <= n - 4 * lanes<T>(); i += 4 * lanes<T>()) {
    const at = values + span<T>(i);
    const a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32), d = v128.load(at, 48);
    const sum = v128.or(v128.or(v128.sub<T>(a, a), v128.sub<T>(b, b)), v128.or(v128.sub<T>(c, c), v128.sub<T>(d, d)));
    if (v128.any_true(sum)) break;
  }
  for (; i < n; ++i) {
    const value = load<T>(values + span<T>(i));
    if (value - value != 0) return i;
  }
  return -1;
}

/**
 * How many problems saw two different values: samples that are all alike say nothing about their spread.
 *
 * @param values  T[samples, batch]
 * @param seen    i32[batch], one added where two values differ
 */
export function spread<T>(samples: i32, batch: i32, values: usize, seen: usize): void {
  for (let b = 0; b < batch; ++b) {
    const first = load<T>(values + span<T>(b));
    for (let s = 1; s < samples; ++s) {
      if (load<T>(values + span<T>(s * batch + b)) == first) continue;
      const at = seen + (<usize>b << 2);
      store<i32>(at, load<i32>(at) + 1);
      break;
    }
  }
}
