import { expect } from "vitest";
import { batched, type Distribution, differentiable, enumerate, type Estimator, type Integrand } from "../../src/index.ts";
import { replicates, type Replicates } from "./replicates.ts";

export type Any = Estimator<never, never>;
export const agrees = (seen: Replicates, truth: Readonly<Record<string, readonly number[]>>): void => {
  for (const [name, own] of Object.entries(truth)) own.forEach((g, j) => expect(Math.abs(seen.mean[name]![j]! - g), `${name}[${j}]`).toBeLessThan(4 * seen.error[name]![j]! + 1e-10));
};
export const enumerated = (p: Distribution, f: Integrand, params: Readonly<Record<string, readonly number[]>>): Readonly<Record<string, number[]>> =>
  replicates(p, f, enumerate() as Any, params, { samples: 1, count: 1 }).mean;

export const weights = [2, -1, 3];
export const flips = { logits: [0.3, -0.8, 1.2] };
/** Σ w x + x₀ x₂ + 7 and its gradient, for rows of three. */
export const bent = differentiable((x, value, slope) => value.forEach((_, i) => {
  const [a, b, c] = [x[3 * i]!, x[3 * i + 1]!, x[3 * i + 2]!];
  value[i] = 2 * a - b + 3 * c + a * c + 7;
  slope.set([2 + c, -1, 3 + a], 3 * i);
}));

/** E f and its derivatives by mean and logScale under N(1, 1). */
export function exactOf(f: (x: number) => number): { mean: number[]; logScale: number[] } {
  let [mean, logScale] = [0, 0];
  for (let z = -12; z <= 12; z += 1 / 512) {
    const weight = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) / 512;
    mean += weight * f(1 + z) * z;
    logScale += weight * f(1 + z) * (z * z - 1);
  }
  return { mean: [mean], logScale: [logScale] };
}
export const pointwise = (f: (x: number) => number): Integrand => batched((x, value) => x.forEach((a, i) => (value[i] = f(a))));
export const unit = { mean: [1], logScale: [0] };
