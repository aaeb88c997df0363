import { type Estimate, estimate, sums } from "./score-function.ts";

/** Mean over the pairs of ½ (f(b) − f(b̃))(b − b̃) max(p, 1 − p) (Dong, Mnih & Tucker 2020); b and b̃ are `[samples, dim]` flat. */
export function combine(probs: ArrayLike<number>, x: ArrayLike<number>, mirrored: ArrayLike<number>, value: ArrayLike<number>, other: ArrayLike<number>): Estimate {
  const [samples, dim] = [value.length, probs.length];
  const all = sums(dim);
  for (let i = 0, at = 0; i < samples; i++) {
    const half = (value[i]! - other[i]!) / 2;
    for (let j = 0; j < dim; j++, at++) {
      const term = half * (x[at]! - mirrored[at]!) * Math.max(probs[j]!, 1 - probs[j]!);
      all.terms[j]! += term;
      all.squares[j]! += term * term;
    }
  }
  return estimate(samples, all);
}
