import { type Estimate, estimate, sums } from "./score-function.ts";

/** Mean over the samples of ∂f/∂x · ∂x/∂θ for x = mean + scale · z: gradient with respect to the mean, then to log scale. */
export function combine(mean: ArrayLike<number>, x: ArrayLike<number>, slope: ArrayLike<number>): Estimate {
  const dim = mean.length;
  const samples = x.length / dim;
  const all = sums(2 * dim);
  for (let i = 0, at = 0; i < samples; i++) {
    for (let j = 0; j < dim; j++, at++) {
      const g = slope[at]!;
      const wide = g * (x[at]! - mean[j]!);
      all.terms[j]! += g;
      all.squares[j]! += g * g;
      all.terms[dim + j]! += wide;
      all.squares[dim + j]! += wide * wide;
    }
  }
  return estimate(samples, all);
}
