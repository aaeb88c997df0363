/** Rankings by the logits of their items: x has the items in order of rank. */

export function sample(uniform: () => number, logits: ArrayLike<number>): number[] {
  const z = Array.from(logits, (l) => l - Math.log(-Math.log(uniform())));
  return z.map((_, i) => i).sort((a, b) => z[b]! - z[a]!);
}

/** log Σ_{j ≥ i} exp(l of item j), for each i. */
function tails(x: ArrayLike<number>, logits: ArrayLike<number>): number[] {
  const logs: number[] = [];
  let log = -Infinity;
  for (let i = x.length - 1; i >= 0; i--) {
    const own = logits[x[i]!]!;
    log = Math.max(log, own) + Math.log1p(Math.exp(-Math.abs(log - own)));
    logs[i] = log;
  }
  return logs;
}

export function logProb(x: ArrayLike<number>, logits: ArrayLike<number>): number {
  return tails(x, logits).reduce((sum, log, i) => sum + logits[x[i]!]! - log, 0);
}

/** ∂ log p/∂logits, times a coefficient, into `terms` from `at` on. */
export function addScore(x: ArrayLike<number>, logits: ArrayLike<number>, coefficient: number, terms: Float64Array | Float32Array, at: number): void {
  const logs = tails(x, logits);
  for (let i = 0; i < x.length; i++) {
    let share = 0;
    for (let j = 0; j <= i; j++) share += Math.exp(logits[x[i]!]! - logs[j]!);
    terms[at + x[i]!]! += coefficient * (1 - share);
  }
}
