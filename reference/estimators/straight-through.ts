import { type Estimate, estimate, sums } from "./score-function.ts";

/** Mean over the samples of ∂f/∂x · p (1 − p): flips, with respect to their logits. */
export function combine(probs: ArrayLike<number>, slope: ArrayLike<number>): Estimate {
  const dim = probs.length;
  const samples = slope.length / dim;
  const all = sums(dim);
  for (let i = 0, at = 0; i < samples; i++) {
    for (let j = 0; j < dim; j++, at++) {
      const term = slope[at]! * probs[j]! * (1 - probs[j]!);
      all.terms[j]! += term;
      all.squares[j]! += term * term;
    }
  }
  return estimate(samples, all);
}

/** y of the logits moved no further than to x's side by the gap: max(l, gap) or min(l, −gap), softened. */
export function gapped(logits: ArrayLike<number>, x: ArrayLike<number>, gap: number, temperature: number, y: Float64Array | Float32Array): void {
  for (let i = 0, j = 0; i < y.length; i++) {
    const z = x[i] === 1 ? Math.max(logits[j]!, gap) : Math.min(logits[j]!, -gap);
    y[i] = 1 / (1 + Math.exp(-z / temperature));
    if (++j === logits.length) j = 0;
  }
}
