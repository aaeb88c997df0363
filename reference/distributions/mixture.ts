/** A mixture of weights π = softmax(logits), from what its components say at one x: their log p, and their distribution functions. */

export function weights(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const each = logits.map((l) => Math.exp(l - most));
  const total = each.reduce((a, b) => a + b, 0);
  return each.map((e) => e / total);
}

export function logProb(logits: readonly number[], logProbs: readonly number[]): number {
  const all = weights(logits).map((w, k) => Math.log(w) + logProbs[k]!);
  const most = Math.max(...all);
  return most === -Infinity ? most : most + Math.log(all.reduce((sum, l) => sum + Math.exp(l - most), 0));
}

/** rₖ = πₖ pₖ / p. */
export function responsibilities(logits: readonly number[], logProbs: readonly number[]): number[] {
  const total = logProb(logits, logProbs);
  return weights(logits).map((w, k) => w * Math.exp(logProbs[k]! - total));
}

/** ∂ log p/∂logitₖ. */
export const scoreOfLogits = (logits: readonly number[], logProbs: readonly number[]): number[] => {
  const all = weights(logits);
  return responsibilities(logits, logProbs).map((r, k) => r - all[k]!);
};

/** ∂x/∂logitₖ = −πₖ (Fₖ − F) / p: `upper` are the components' 1 − Fₖ. */
export function slopeOfLogits(logits: readonly number[], logProbs: readonly number[], upper: readonly number[]): number[] {
  const all = weights(logits);
  const density = Math.exp(logProb(logits, logProbs));
  return all.map((w, k) => (w * all.reduce((sum, v, j) => sum + v * (upper[k]! - upper[j]!), 0)) / density);
}

/** Mean and variance from those of the components. */
export function moments(logits: readonly number[], means: readonly number[], variances: readonly number[]): { mean: number; variance: number } {
  const all = weights(logits);
  const mean = all.reduce((sum, w, k) => sum + w * means[k]!, 0);
  return { mean, variance: all.reduce((sum, w, k) => sum + w * (variances[k]! + (means[k]! - mean) ** 2), 0) };
}
