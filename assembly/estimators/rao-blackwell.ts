import { span } from "../lanes";
import { expOne } from "../math/once";
import { numberAt, setAt } from "../memory";

// The points of a sample are all combinations of the values of some variables, the first variable's turn fastest: variable k has its value
// number v / stride % size at point v, with stride the product of the sizes before it.

/**
 * points[v] = x with the columns of one variable set to its value there.
 *
 * @param values  T[size, width]
 * @param points  T[count, rows, dim], changed in these columns
 */
export function spread<T>(rows: i32, dim: i32, column: i32, width: i32, size: i32, stride: i32, count: i32, values: usize, points: usize): void {
  const bytes = span<T>(width), next = span<T>(dim);
  let at = points + span<T>(column);
  for (let v = 0; v < count; ++v) {
    const own = values + <usize>(v / stride % size) * bytes;
    for (let r = 0; r < rows; ++r, at += next) memory.copy(at, own, bytes);
  }
}

/**
 * weight[v, b] *= P(the variable's value at point v), its probabilities made to sum to 1.
 *
 * @param logProb  T[size, batch], changed: probabilities
 * @param weight   T[count, batch], changed
 */
export function weight<T>(batch: i32, size: i32, stride: i32, count: i32, logProb: usize, weight: usize): void {
  weightOf(sizeof<T>(), batch, size, stride, count, logProb, weight);
}

function weightOf(bytes: i32, batch: i32, size: i32, stride: i32, count: i32, probs: usize, weight: usize): void {
  for (let b = 0; b < batch; ++b) {
    let sum: f64 = 0;
    for (let i = b; i < size * batch; i += batch) {
      const p = expOne(numberAt(bytes, probs, i));
      setAt(bytes, probs, i, p);
      sum += p;
    }
    for (let v = 0; v < count; ++v) {
      const p = numberAt(bytes, probs, v / stride % size * batch + b) / sum;
      setAt(bytes, weight, v * batch + b, numberAt(bytes, weight, v * batch + b) * p);
    }
  }
}

/**
 * weight[v, r] = prob[v, r mod batch], mean[r] = Σᵥ weight · value: f's mean over the chosen variables, the others as drawn.
 *
 * @param prob   T[count, batch]
 * @param value  T[count, rows]
 * @param mean   T[rows], written
 */
export function average<T>(rows: i32, batch: i32, count: i32, prob: usize, value: usize, weight: usize, mean: usize): void {
  averageOf(sizeof<T>(), rows, batch, count, prob, value, weight, mean);
}

function averageOf(bytes: i32, rows: i32, batch: i32, count: i32, prob: usize, value: usize, weight: usize, mean: usize): void {
  for (let r = 0; r < rows; ++r) {
    let sum: f64 = 0;
    for (let v = 0; v < count; ++v) {
      const p = numberAt(bytes, prob, v * batch + r % batch);
      setAt(bytes, weight, v * rows + r, p);
      sum += p * numberAt(bytes, value, v * rows + r);
    }
    setAt(bytes, mean, r, sum);
  }
}

/** coefficient[v, r] = weight[v, r] · (value[v, r] − baseline[r]). All T[count, rows], baseline T[rows]. */
export function weigh<T>(rows: i32, count: i32, value: usize, baseline: usize, weight: usize, coefficient: usize): void {
  weighOf(sizeof<T>(), rows, count, value, baseline, weight, coefficient);
}

function weighOf(bytes: i32, rows: i32, count: i32, value: usize, baseline: usize, weight: usize, coefficient: usize): void {
  for (let i = 0; i < count * rows; ++i) setAt(bytes, coefficient, i, numberAt(bytes, weight, i) * (numberAt(bytes, value, i) - numberAt(bytes, baseline, i % rows)));
}
