import { lgamma } from "../math/lgamma.ts";
import { logProbs } from "./categorical.ts";

/** A relaxed choice: the density of y in the simplex, by its logits. */

export function logProb(y: ArrayLike<number>, logits: ArrayLike<number>, temperature: number): number {
  const k = y.length;
  const logs = logProbs(logits);
  const a = logs.map((l, i) => l - temperature * Math.log(y[i]!));
  const most = Math.max(...a);
  const total = most + Math.log(a.reduce((sum, v) => sum + Math.exp(v - most), 0));
  return lgamma(k) + (k - 1) * Math.log(temperature) + a.reduce((sum, v, i) => sum + v - Math.log(y[i]!), 0) - k * total;
}

/** ∂ log p/∂logits, times a coefficient, into `terms` from `at` on. */
export function addScore(y: ArrayLike<number>, logProbs: ArrayLike<number>, temperature: number, coefficient: number, terms: Float64Array | Float32Array, at: number): void {
  const k = logProbs.length;
  let most = -Infinity;
  for (let i = 0; i < k; i++) most = Math.max(most, logProbs[i]! - temperature * Math.log(y[at + i]!));
  let total = 0;
  for (let i = 0; i < k; i++) total += Math.exp(logProbs[i]! - temperature * Math.log(y[at + i]!) - most);
  for (let i = 0; i < k; i++) terms[at + i]! += coefficient * (1 - (k * Math.exp(logProbs[i]! - temperature * Math.log(y[at + i]!) - most)) / total);
}
