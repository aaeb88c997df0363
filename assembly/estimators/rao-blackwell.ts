import { span } from "../lanes";
import { numberAt, setAt } from "../memory";

/**
 * points[v] = x with its chosen coordinates set to the bits of v, for all v < 2ᵐ.
 *
 * @param coordinates  i32[m]; the first goes with the lowest bit
 * @param points       T[2ᵐ, rows, dim], written; the first block is x
 */
export function spread<T>(rows: i32, dim: i32, m: i32, coordinates: usize, points: usize): void {
  const block = span<T>(rows * dim);
  for (let v = 1; v < 1 << m; ++v) memory.copy(points + <usize>v * block, points, block);
  for (let v = 0; v < 1 << m; ++v) {
    for (let k = 0; k < m; ++k) {
      const bit = <T>((v >> k) & 1);
      let at = points + <usize>v * block + span<T>(load<i32>(coordinates + (<usize>k << 2)));
      for (let r = 0; r < rows; ++r, at += span<T>(dim)) store<T>(at, bit);
    }
  }
}

/**
 * weight[v, r] = Πₖ P(x = bit k of v), mean[r] = Σᵥ weight · value: f's mean over the chosen coordinates, the others as drawn.
 *
 * @param probs  T[batch, dim]: P(x = 1)
 * @param value  T[2ᵐ, rows]
 * @param mean   T[rows], written
 */
export function average<T>(rows: i32, batch: i32, dim: i32, m: i32, coordinates: usize, probs: usize, value: usize, weight: usize, mean: usize): void {
  averageOf(sizeof<T>(), rows, batch, dim, m, coordinates, probs, value, weight, mean);
}

function averageOf(size: i32, rows: i32, batch: i32, dim: i32, m: i32, coordinates: usize, probs: usize, value: usize, weight: usize, mean: usize): void {
  for (let r = 0; r < rows; ++r) {
    const own = r % batch * dim;
    let sum: f64 = 0;
    for (let v = 0; v < 1 << m; ++v) {
      let product: f64 = 1;
      for (let k = 0; k < m; ++k) {
        const p = numberAt(size, probs, own + load<i32>(coordinates + (<usize>k << 2)));
        product *= (v >> k) & 1 ? p : 1 - p;
      }
      setAt(size, weight, v * rows + r, product);
      sum += product * numberAt(size, value, v * rows + r);
    }
    setAt(size, mean, r, sum);
  }
}

/** coefficient[v, r] = weight[v, r] · (value[v, r] − baseline[r]). All T[2ᵐ, rows], baseline T[rows]. */
export function weigh<T>(rows: i32, points: i32, value: usize, baseline: usize, weight: usize, coefficient: usize): void {
  weighOf(sizeof<T>(), rows, points, value, baseline, weight, coefficient);
}

function weighOf(size: i32, rows: i32, points: i32, value: usize, baseline: usize, weight: usize, coefficient: usize): void {
  for (let i = 0; i < points * rows; ++i) setAt(size, coefficient, i, numberAt(size, weight, i) * (numberAt(size, value, i) - numberAt(size, baseline, i % rows)));
}
