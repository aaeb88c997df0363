import { type Estimate, estimate, sums } from "./score-function.ts";

/** y = sigmoid(z / temperature). */
export function soften(z: ArrayLike<number>, temperature: number, y: Float64Array | Float32Array): void {
  for (let i = 0; i < y.length; i++) y[i] = 1 / (1 + Math.exp(-z[i]! / temperature));
}

/** Mean over the samples of ∂f/∂y · y (1 − y) / temperature: flips, with respect to their logits. Hard, the slope is that at x. */
export function combine(dim: number, y: ArrayLike<number>, temperature: number, slope: ArrayLike<number>): Estimate {
  const samples = y.length / dim;
  const all = sums(dim);
  for (let i = 0, at = 0; i < samples; i++) {
    for (let j = 0; j < dim; j++, at++) {
      const term = (slope[at]! * y[at]! * (1 - y[at]!)) / temperature;
      all.terms[j]! += term;
      all.squares[j]! += term * term;
    }
  }
  return estimate(samples, all);
}
