import { type Estimate, estimate, sums } from "./score-function.ts";

/**
 * Mean over the samples of Σₖ c ∂(f − log q)/∂x · ∂x/∂θ for q = N(mean, exp(logScale)), with c the squared weight of a particle (Tucker et
 * al. 2019), or its weight, and then −Σₖ weight · ∂ log q/∂θ too (Burda et al. 2016). x and slope = ∂f/∂x are [particles, rows, dim] flat.
 */
export function combine(particles: number, doubly: boolean, mean: ArrayLike<number>, scale: number, x: ArrayLike<number>, slope: ArrayLike<number>, weight: ArrayLike<number>): Estimate {
  const dim = mean.length;
  const rows = weight.length / particles;
  const all = sums(2 * dim);
  const terms = new Float64Array(2 * dim);
  for (let r = 0; r < rows; r++) {
    terms.fill(0);
    for (let k = 0; k < particles; k++) {
      const w = weight[k * rows + r]!;
      for (let j = 0, at = (k * rows + r) * dim; j < dim; j++, at++) {
        const z = (x[at]! - mean[j]!) / scale;
        const pulled = (doubly ? w * w : w) * (slope[at]! + z / scale);
        terms[j]! += pulled - (doubly ? 0 : (w * z) / scale);
        terms[dim + j]! += pulled * z * scale - (doubly ? 0 : w * (z * z - 1));
      }
    }
    for (let j = 0; j < terms.length; j++) {
      all.terms[j]! += terms[j]!;
      all.squares[j]! += terms[j]! ** 2;
    }
  }
  return estimate(rows, all);
}
