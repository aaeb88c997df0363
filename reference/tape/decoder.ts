import type { Points } from "../../src/core/core.ts";

export interface Decoder {
  /** `[topics, words]` */
  readonly W: Points;
  /** `[words]` */
  readonly c: Points;
}

/**
 * value = Σ_w counts_w · logSoftmax(z · W + c)_w for each row, and Σ weight · ∂value/∂(W, c), by hand.
 *
 * @param into  the gradients of W and c, added to
 */
export function pullback(rows: number, topics: number, words: number, z: Points, { W, c }: Decoder, counts: Points, weight: Points, value: Points, into: Decoder): void {
  const logits = new Float64Array(words);
  for (let row = 0; row < rows; row++) {
    const from = row * topics;
    const own = (row * words) % counts.length;
    for (let w = 0; w < words; w++) logits[w] = c[w]!;
    for (let k = 0; k < topics; k++) for (let w = 0; w < words; w++) logits[w]! += z[from + k]! * W[k * words + w]!;
    let most = -Infinity;
    for (let w = 0; w < words; w++) most = Math.max(most, logits[w]!);
    let total = 0;
    for (let w = 0; w < words; w++) total += Math.exp(logits[w]! - most);
    const log = most + Math.log(total);
    let sum = 0;
    let all = 0;
    for (let w = 0; w < words; w++) {
      sum += counts[own + w]! * (logits[w]! - log);
      all += counts[own + w]!;
    }
    value[row] = sum;
    for (let w = 0; w < words; w++) {
      const d = weight[row]! * (counts[own + w]! - all * Math.exp(logits[w]! - log));
      logits[w] = d;
      into.c[w]! += d;
    }
    for (let k = 0; k < topics; k++) for (let w = 0; w < words; w++) into.W[k * words + w]! += z[from + k]! * logits[w]!;
  }
}
