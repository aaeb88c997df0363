import { type Estimate, estimate, sums } from "./score-function.ts";

/** Mean over the samples of c (f(x⁺) − f(x⁻)), entry by entry; value is `[entries, 2, samples]`, constant `[entries, samples]`. */
export function combine(entries: number, samples: number, value: ArrayLike<number>, constant: ArrayLike<number>): Estimate {
  const all = sums(entries);
  for (let e = 0; e < entries; e++) {
    for (let r = 0; r < samples; r++) {
      const term = constant[e * samples + r]! * (value[2 * e * samples + r]! - value[(2 * e + 1) * samples + r]!);
      all.terms[e]! += term;
      all.squares[e]! += term * term;
    }
  }
  return estimate(samples, all);
}
