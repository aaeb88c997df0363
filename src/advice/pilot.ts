import type { Gradient } from "../estimate.ts";
import type { Key } from "../key.ts";
import type { Shapes, Values } from "../vocabulary/distribution.ts";
import type { Lanes } from "../vocabulary/integrand.ts";

/** What some estimates of one estimator have shown. */
export interface Seen {
  /** Estimates that count. */
  readonly rounds: number;
  /** The gradient, all coordinates in one row. */
  readonly mean: readonly number[];
  /** Of one estimate, for each coordinate. */
  readonly variances: readonly number[];
  /** Of one estimate, summed over the coordinates. */
  readonly variance: number;
  /** Relative standard error of the variance. */
  readonly uncertainty: number;
  /** Of one estimate; NaN without a clock. */
  readonly milliseconds: number;
}

/** An estimator that is tried a little at a time. */
export interface Pilot {
  /** Evaluations of f in one estimate. */
  readonly evaluations: number;
  /** Whether it remembers anything: then it may yet become better. */
  readonly learns: boolean;
  /** Goes on until so many estimates count, and says what all that count have shown. */
  readonly upTo: (rounds: number) => Seen;
  readonly dispose: () => void;
}

interface PilotOptions {
  readonly params: Values<Shapes, Float64Array>;
  readonly context?: Lanes["context"] | undefined;
  readonly key: Key;
  /** How many of the estimates do not count: they warm the machine up, and teach those that learn. */
  readonly warm: (evaluations: number, learns: boolean) => number;
}

/** Milliseconds since some moment; NaN where nothing tells the time. */
export const now = (): number => (typeof performance === "undefined" ? Number.NaN : performance.now());

/** Takes the gradient over, and frees it in the end. */
export function pilotOf(grad: Gradient<Shapes, Shapes, Float64Array>, { params, context, key, warm }: PilotOptions): Pilot {
  const estimate = (round: number) => grad.estimate(params, key.fold(round), { ...(context && { context }) });
  const rows: number[][] = [];
  let [done, spent] = [1, 0];
  const { evaluations: first } = estimate(0);
  const evaluations = first.value + first.gradient;
  const learns = Object.keys(grad.state.arrays).length > 0;
  const cold = warm(evaluations, learns);
  return {
    evaluations,
    learns,
    upTo(rounds) {
      for (; done < cold; done++) estimate(done);
      const began = now();
      for (; done < cold + rounds; done++) rows.push(Object.values(estimate(done).gradient).flatMap((g) => [...g]));
      spent += now() - began;
      return { rounds: rows.length, milliseconds: spent / rows.length, ...moments(rows) };
    },
    dispose: () => grad.dispose(),
  };
}

/** Mean, the variance by and over the coordinates, and how well it is known: from the spread of the squared distances to the mean. */
function moments(rows: readonly (readonly number[])[]): Pick<Seen, "mean" | "variances" | "variance" | "uncertainty"> {
  const n = rows.length;
  const mean = rows[0]!.map((_, j) => rows.reduce((sum, row) => sum + row[j]! / n, 0));
  const variances = mean.map((own, j) => rows.reduce((sum, row) => sum + (row[j]! - own) * (row[j]! - own), 0) / (n - 1));
  const squares = rows.map((row) => row.reduce((sum, own, j) => sum + (own - mean[j]!) * (own - mean[j]!), 0));
  const average = squares.reduce((sum, own) => sum + own / n, 0);
  const size = mean.reduce((sum, own) => sum + own * own, 0);
  if (average <= 1e-24 * size) return { mean, variances: mean.map(() => 0), variance: 0, uncertainty: 0 }; // rounding
  const spread = squares.reduce((sum, own) => sum + (own - average) * (own - average), 0) / (n - 1);
  return { mean, variances, variance: (average * n) / (n - 1), uncertainty: Math.sqrt(spread / n) / average };
}
