/** A value of x (or a node of a quadrature): how probable it is, f there, and its score in each number of θ. */
export interface Outcome {
  readonly p: number;
  readonly f: number;
  readonly score: readonly number[];
}

/** E of each column. */
export function mean<O extends { readonly p: number }>(outcomes: readonly O[], of: (outcome: O) => readonly number[]): number[] {
  const sums: number[] = [];
  for (const outcome of outcomes) of(outcome).forEach((x, j) => (sums[j] = (sums[j] ?? 0) + outcome.p * x));
  return sums;
}

/** The variance of each column. */
export function variance<O extends { readonly p: number }>(outcomes: readonly O[], of: (outcome: O) => readonly number[]): number[] {
  const centre = mean(outcomes, of);
  return mean(outcomes, (outcome) => of(outcome).map((x, j) => (x - centre[j]!) ** 2));
}

/** ∇ E f = E[f s] */
export const gradientOf = (outcomes: readonly Outcome[]): number[] => mean(outcomes, ({ f, score }) => score.map((s) => f * s));

export const over = (samples: number, variances: readonly number[]): number[] => variances.map((v) => v / samples);

/** The three coins, two coins, … of these probabilities of a 1: all their outcomes, the first coin fastest. */
export function flips(probs: readonly number[]): { readonly p: number; readonly x: readonly number[] }[] {
  return Array.from({ length: 2 ** probs.length }, (_, i) => {
    const x = probs.map((_, j) => (i >> j) & 1);
    return { p: x.reduce((p, bit, j) => p * (bit === 1 ? probs[j]! : 1 - probs[j]!), 1), x };
  });
}

/** Nodes of the standard normal at equal distances: to the last digit for smooth integrands. */
export const NORMAL: readonly { readonly p: number; readonly z: number }[] = Array.from({ length: 181 }, (_, i) => {
  const z = (i - 90) / 10;
  return { p: Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) / 10, z };
});
