import type { Estimate, Gradient } from "../estimate.ts";
import type { Key } from "../key.ts";
import type { Shapes, Values } from "../vocabulary/distribution.ts";
import type { Definition } from "../vocabulary/estimator.ts";
import type { Lanes } from "../vocabulary/integrand.ts";

/** What some estimates of one estimator have shown. */
export interface Pilot {
  readonly word: string;
  readonly unbiased: boolean;
  readonly samples: number;
  /** Of one estimate. */
  readonly evaluations: number;
  readonly rounds: number;
  /** The gradient, all coordinates in one row. */
  readonly mean: readonly number[];
  /** Of one estimate, summed over the coordinates. */
  readonly variance: number;
  /** Relative standard error of the variance. */
  readonly uncertainty: number;
  /** Of one estimate; NaN without a clock. */
  readonly milliseconds: number;
}

interface PilotOptions {
  readonly params: Values<Shapes, Float64Array>;
  readonly context?: Lanes["context"];
  readonly key: Key;
  readonly evaluations: number;
}

const clock = (): number => (typeof performance === "undefined" ? Number.NaN : performance.now());

/** Rounds until the evaluations are spent; the first quarter for what learns. Frees the gradient. */
export function pilotOf(
  { grad, samples }: { readonly grad: Gradient<Shapes, Shapes, Float64Array>; readonly samples: number },
  word: string,
  { unbiased }: Pick<Definition<object, object, string>, "unbiased">,
  { params, context, key, evaluations }: PilotOptions,
): Pilot {
  const estimate = (round: number): Estimate<Shapes, Shapes, Float64Array> => grad.estimate(params, key.fold(round), { ...(context && { context }) });
  try {
    const first = estimate(0);
    const each = first.evaluations.value + first.evaluations.gradient;
    const all = Math.max(12, Math.floor(evaluations / each));
    const warm = Math.floor(all / 4);
    for (let round = 1; round < warm; round++) estimate(round);
    const began = clock();
    const rows = Array.from({ length: all - warm }, (_, i) => Object.values(estimate(warm + i).gradient).flatMap((g) => [...g]));
    const milliseconds = (clock() - began) / rows.length;
    return { word, unbiased, samples, evaluations: each, rounds: rows.length, milliseconds, ...moments(rows) };
  } finally {
    grad.dispose();
  }
}

/** Mean, the variance summed over the coordinates, and how well it is known: from the spread of the squared distances to the mean. */
function moments(rows: readonly (readonly number[])[]): Pick<Pilot, "mean" | "variance" | "uncertainty"> {
  const n = rows.length;
  const mean = rows[0]!.map((_, j) => rows.reduce((sum, row) => sum + row[j]! / n, 0));
  const squares = rows.map((row) => row.reduce((sum, own, j) => sum + (own - mean[j]!) * (own - mean[j]!), 0));
  const average = squares.reduce((sum, own) => sum + own / n, 0);
  const size = mean.reduce((sum, own) => sum + own * own, 0);
  if (average <= 1e-24 * size) return { mean, variance: 0, uncertainty: 0 }; // rounding
  const spread = squares.reduce((sum, own) => sum + (own - average) * (own - average), 0) / (n - 1);
  return { mean, variance: (average * n) / (n - 1), uncertainty: Math.sqrt(spread / n) / average };
}
