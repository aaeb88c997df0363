import { lgamma } from "../math/lgamma.ts";

/** x of a standard exponential e = −log(1 − u). */
export const sample = (e: number, logA: number, logB: number): number => (-Math.expm1(-e * Math.exp(-logB))) ** Math.exp(-logA);

export function logProb(x: number, logA: number, logB: number): number {
  if (!(x > 0 && x < 1)) return -Infinity;
  const [a, b] = [Math.exp(logA), Math.exp(logB)];
  return logA + logB + (a - 1) * Math.log(x) + (b - 1) * Math.log(-Math.expm1(a * Math.log(x)));
}

/** ∂ log p of log a and log b. */
export function score(x: number, logA: number, logB: number): [number, number] {
  const s = -Math.exp(logA) * Math.log(x);
  return [1 - s + ((Math.exp(logB) - 1) * s) / Math.expm1(s), 1 + Math.exp(logB) * Math.log(-Math.expm1(-s))];
}

export function moments(logA: number, logB: number): { mean: number; variance: number } {
  const [h, b] = [Math.exp(-logA), Math.exp(logB)];
  const power = (k: number): number => Math.exp(lgamma(1 + k * h) + lgamma(1 + b) - lgamma(1 + b + k * h));
  return { mean: power(1), variance: power(2) - power(1) ** 2 };
}
