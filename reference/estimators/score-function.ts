/** Mean and standard error of each coordinate, as an estimator reports them. */
export interface Estimate {
  readonly gradient: Float64Array;
  readonly standardError: Float64Array;
}

/** Running sums of the terms of each coordinate and of their squares. */
export interface Sums {
  readonly terms: Float64Array;
  readonly squares: Float64Array;
}

export const sums = (dim: number): Sums => ({ terms: new Float64Array(dim), squares: new Float64Array(dim) });

export function estimate(samples: number, { terms, squares }: Sums): Estimate {
  const gradient = terms.map((sum) => sum / samples);
  const standardError = squares.map((sum, j) => Math.sqrt((sum / samples - gradient[j]! ** 2) / (samples - 1)));
  return { gradient, standardError };
}

/** Mean over the samples of (f − the mean f of the others)(x − p): independent flips, x is `[samples, dim]` flat. */
export function combine(probs: ArrayLike<number>, x: ArrayLike<number>, value: ArrayLike<number>): Estimate {
  const [samples, dim] = [value.length, probs.length];
  const all = sums(dim);
  let total = 0;
  for (let i = 0; i < samples; i++) total += value[i]!;
  for (let i = 0, at = 0; i < samples; i++) {
    const coefficient = value[i]! - (total - value[i]!) / (samples - 1);
    for (let j = 0; j < dim; j++, at++) {
      const term = coefficient * (x[at]! - probs[j]!);
      all.terms[j]! += term;
      all.squares[j]! += term * term;
    }
  }
  return estimate(samples, all);
}
