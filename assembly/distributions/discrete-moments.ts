import { span } from "../lanes";
import { addAt, numberAt, setAt } from "../memory";
import { strideOf } from "../random/choices";
import * as bernoulli from "./bernoulli";
import * as categorical from "./categorical";

/** Means and variances of the discrete families from the probabilities in their prepared θ; both T[batch, dim], written. */

/** mean = p, variance = p (1 − p), n = batch · dim flips. */
export function ofFlips<T>(n: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  const probs = bernoulli.part<T>(theta, bernoulli.Part.Probs, tile), missing = bernoulli.part<T>(theta, bernoulli.Part.Missing, tile);
  memory.copy(mean, probs, span<T>(n));
  for (let i = 0; i < n; ++i) setAt(sizeof<T>(), variance, i, numberAt(sizeof<T>(), probs, i) * numberAt(sizeof<T>(), missing, i));
}

/** mean = Σₖ k pₖ, variance = Σₖ (k − mean)² pₖ: the index as a number. */
export function ofIndex<T>(batch: i32, categories: i32, theta: usize, mean: usize, variance: usize): void {
  ofIndexOf(sizeof<T>(), batch, categories, categorical.part<T>(theta, categorical.Part.Probs, batch, categories), mean, variance);
}

function ofIndexOf(size: i32, batch: i32, categories: i32, probs: usize, mean: usize, variance: usize): void {
  for (let b = 0; b < batch; ++b) {
    const row = b * strideOf(categories);
    let centre: f64 = 0, spread: f64 = 0;
    for (let k = 0; k < categories; ++k) centre += <f64>k * numberAt(size, probs, row + k);
    for (let k = 0; k < categories; ++k) spread += (<f64>k - centre) * (<f64>k - centre) * numberAt(size, probs, row + k);
    setAt(size, mean, b, centre);
    setAt(size, variance, b, spread);
  }
}

/** mean = pₖ, variance = pₖ Σ_{i ≠ k} pᵢ. */
export function ofOneHot<T>(batch: i32, categories: i32, theta: usize, mean: usize, variance: usize): void {
  ofOneHotOf(sizeof<T>(), batch, categories, categorical.part<T>(theta, categorical.Part.Probs, batch, categories), mean, variance);
}

function ofOneHotOf(size: i32, batch: i32, categories: i32, probs: usize, mean: usize, variance: usize): void {
  for (let b = 0; b < batch; ++b) {
    const row = b * strideOf(categories);
    for (let k = 0; k < categories; ++k) {
      const p = numberAt(size, probs, row + k), at = b * categories + k;
      setAt(size, mean, at, p);
      setAt(size, variance, at, 0);
      for (let i = 0; i < categories; ++i) if (i != k) addAt(size, variance, at, p * numberAt(size, probs, row + i));
    }
  }
}
