import { expect } from "vitest";

/** Mean, variance of the numbers, and the standard errors of both. */
export function moments(values: ArrayLike<number>): { mean: number; variance: number; meanError: number; varianceError: number } {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (values[i]! - mean) / (i + 1);
  let second = 0;
  let fourth = 0;
  for (let i = 0; i < n; i++) {
    const square = (values[i]! - mean) ** 2;
    second += square / n;
    fourth += square ** 2 / n;
  }
  return { mean, variance: second, meanError: Math.sqrt(second / n), varianceError: Math.sqrt(Math.max(0, fourth - second ** 2) / n) };
}

/** Every `stride`-th number from `start`. */
export function column(values: ArrayLike<number>, start: number, stride: number): Float64Array {
  return Float64Array.from({ length: Math.ceil((values.length - start) / stride) }, (_, i) => values[start + i * stride]!);
}

export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = moments(a);
  const y = moments(b);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - x.mean) * (b[i]! - y.mean);
  const scale = Math.sqrt(x.variance * y.variance) * a.length;
  return scale === 0 ? 0 : sum / scale;
}

/** Fails with both numbers if they are further apart than `errors` standard errors (and than what rounding explains). */
export function within(actual: number, expected: number, standardError: number, errors = 5, what = ""): void {
  const allowed = errors * standardError + 1e-6 * Math.abs(expected) + 1e-12;
  if (!(Math.abs(actual - expected) <= allowed)) expect.fail(`${what} expected ${expected}, got ${actual}: ${((actual - expected) / standardError).toFixed(1)} standard errors`);
}

/** Fails unless |actual − expected| ≤ tolerance (1 + |expected|). */
export function near(actual: number, expected: number, tolerance: number, what = ""): void {
  if (!(Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)))) expect.fail(`${what} expected ${expected}, got ${actual}`);
}

export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/** Neighbours that expect fewer than 20 draws are taken together. */
export function chiSquare(seen: Float64Array, expected: Float64Array): { readonly statistic: number; readonly degrees: number } {
  let [statistic, degrees, due, got] = [0, -1, 0, 0];
  for (let i = 0; i < seen.length; i++) {
    due += expected[i]!;
    got += seen[i]!;
    if (due < 20 && i < seen.length - 1) continue;
    statistic += (got - due) ** 2 / Math.max(due, 1);
    degrees++;
    [due, got] = [0, 0];
  }
  return { statistic, degrees };
}
