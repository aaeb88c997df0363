import { type Distribution, type Estimator, expectation, gradient, type Integrand, key, type Precision, type Shapes, type Values } from "../../src/index.ts";

/** Moments of an estimator over independent replicates, coordinate by coordinate. */
export interface Replicates {
  readonly count: number;
  /** By parameter name, one number a coordinate. */
  readonly mean: Readonly<Record<string, number[]>>;
  readonly variance: Readonly<Record<string, number[]>>;
  /** √(variance / count) */
  readonly error: Readonly<Record<string, number[]>>;
  readonly value: number;
}

/**
 * Many independent estimates with `samples` samples each: a batch of problems with the same parameters, in one call.
 */
export function replicates(
  p: Distribution,
  f: Integrand,
  by: Estimator<never, never>,
  params: Readonly<Record<string, readonly number[]>>,
  { samples, count, seed = 1, precision = "f64", combine }: { samples: number; count: number; seed?: number; precision?: Precision; combine?: (g: Record<string, ArrayLike<number>>, b: number) => Record<string, number[]> },
): Replicates {
  const tiled = Object.fromEntries(
    Object.entries(params).map(([name, own]) => [name, new (precision === "f64" ? Float64Array : Float32Array)(Array.from({ length: count * own.length }, (_, i) => own[i % own.length]!))]),
  );
  using grad = gradient(expectation(p, f), by as Estimator<Distribution, Integrand>, { samples, batch: count, precision });
  const estimate = grad.estimate(tiled as unknown as Values<Shapes, Float64Array>, key(seed));
  const own = (g: Record<string, ArrayLike<number>>, b: number): Record<string, number[]> =>
    Object.fromEntries(Object.entries(params).map(([name, { length }]) => [name, Array.from({ length }, (_, j) => g[name]![b * length + j]!)]));
  const read = combine ?? own;
  const sums: Record<string, number[]> = {};
  const squares: Record<string, number[]> = {};
  const shift = read(estimate.gradient as Record<string, ArrayLike<number>>, 0);
  for (let b = 0; b < count; b++) {
    for (const [name, g] of Object.entries(read(estimate.gradient as Record<string, ArrayLike<number>>, b))) {
      g.forEach((x, j) => {
        const d = x - shift[name]![j]!;
        (sums[name] ??= g.map(() => 0))[j]! += d;
        (squares[name] ??= g.map(() => 0))[j]! += d * d;
      });
    }
  }
  const each = (of: (name: string, j: number) => number): Record<string, number[]> =>
    Object.fromEntries(Object.entries(shift).map(([name, g]) => [name, g.map((_, j) => of(name, j))]));
  const variance = each((name, j) => Math.max(0, squares[name]![j]! - sums[name]![j]! ** 2 / count) / (count - 1));
  return {
    count,
    mean: each((name, j) => shift[name]![j]! + sums[name]![j]! / count),
    variance,
    error: each((name, j) => Math.sqrt(variance[name]![j]! / count)),
    value: Array.from(estimate.value).reduce((sum, x) => sum + x / count, 0),
  };
}
