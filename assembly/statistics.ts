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
  if (columns >= 16) return wide<T>(rows, columns, columns, before, values, mean, squares);
  const tile = tileOf(columns);
  const whole = rows * columns / tile;
  const left = rows - whole * (tile / columns);
  if (whole > 0) {
    wide<T>(whole, tile, tile, 0, values, MEAN, SQUARES);
    for (let from = 0; from < tile; from += columns) {
      merge<T>(columns, before, mean, squares, whole, MEAN + span<T>(from), SQUARES + span<T>(from));
      before += whole;
    }
  }
  if (left > 0) wide<T>(left, columns, columns, before, values + span<T>(whole * tile), mean, squares);
}

const MEAN = memory.data(NARROW_TILE * 8, 16);
const SQUARES = memory.data(NARROW_TILE * 8, 16);

function wide<T>(rows: i32, columns: i32, stride: i32, before: i32, values: usize, mean: usize, squares: usize): void {
  const step = span<T>(stride);
  const vectors = columns & -(lanes<T>());
  for (let j = 0; j < vectors; j += lanes<T>()) column<T>(rows, step, before, values + span<T>(j), mean + span<T>(j), squares + span<T>(j));
  for (let j = vectors; j < columns; ++j) single<T>(rows, step, before, values + span<T>(j), mean + span<T>(j), squares + span<T>(j));
}

/** One vector of columns; two rows a turn, so that the sums do not wait for each other. */
@inline
function column<T>(rows: i32, step: usize, before: i32, values: usize, mean: usize, squares: usize): void {
  const first = v128.load(values);
  let sum = v128.splat<T>(0), sum2 = sum, square = sum, square2 = sum;
  let at = values + step;
  let left = rows - 1;
  for (; left >= 2; left -= 2, at += step << 1) {
    const a = v128.sub<T>(v128.load(at), first);
    const b = v128.sub<T>(v128.load(at + step), first);
    sum = v128.add<T>(sum, a);
    sum2 = v128.add<T>(sum2, b);
    square = v128.add<T>(square, v128.mul<T>(a, a));
    square2 = v128.add<T>(square2, v128.mul<T>(b, b));
  }
  if (left > 0) {
    const a = v128.sub<T>(v128.load(at), first);
    sum = v128.add<T>(sum, a);
    square = v128.add<T>(square, v128.mul<T>(a, a));
  }
  sum = v128.add<T>(sum, sum2);
  square = v128.add<T>(square, square2);
  const count = v128.splat<T>(<T>rows);
  const shift = v128.div<T>(sum, count);
  // Rounding may leave a hair below zero where all rows are alike.
  const own = v128.max<T>(v128.splat<T>(0), v128.sub<T>(square, v128.mul<T>(sum, shift)));
  const ownMean = v128.add<T>(first, shift);
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
  for (let i = 0; i < n; ++i) {
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
