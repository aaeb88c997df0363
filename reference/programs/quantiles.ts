/** Inversion, as assembly/tape/quantiles.ts, from 0 upwards: for means of some hundreds at most. */

export const bernoulli = (u: number, p: number): number => (u < p ? 1 : 0);

export const geometric = (u: number, p: number): number => (p < 1 ? Math.max(0, Math.floor(Math.log(u) / Math.log1p(-p))) : 0);

export function poisson(u: number, rate: number): number {
  return upwards(u, Math.exp(-rate), (k) => rate / k);
}

export function binomial(u: number, n: number, p: number): number {
  if (p > 0.5) return n - binomial(1 - u, n, 1 - p);
  return Math.min(n, upwards(u, (1 - p) ** n, (k) => ((n - k + 1) / k) * (p / (1 - p))));
}

/** The first index whose probabilities add up to u. */
export function categorical(u: number, p: ArrayLike<number>): number {
  let last = 0;
  for (let i = 0, sum = 0; i < p.length; i++) {
    if (!(p[i]! > 0)) continue;
    last = i;
    if (u < (sum += p[i]!)) break;
  }
  return last;
}

function upwards(u: number, first: number, ratio: (k: number) => number): number {
  let k = 0;
  for (let probability = first, sum = first; u >= sum && k < 1e6; sum += probability) probability *= ratio(++k);
  return k;
}
