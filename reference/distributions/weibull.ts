import { lgamma } from "../math/lgamma.ts";

/** x = scale · e^(1 / concentration) of standard exponential e. */
export const sample = (e: number, logScale: number, logConcentration: number): number => Math.exp(logScale) * e ** Math.exp(-logConcentration);

export function logProb(x: number, logScale: number, logConcentration: number): number {
  if (!(x > 0)) return -Infinity;
  const w = Math.exp(logConcentration) * (Math.log(x) - logScale);
  return logConcentration - Math.log(x) + w - Math.exp(w);
}

/** ∂ log p of logScale and logConcentration. */
export function score(x: number, logScale: number, logConcentration: number): [number, number] {
  const w = Math.exp(logConcentration) * (Math.log(x) - logScale);
  return [Math.exp(logConcentration) * Math.expm1(w), 1 - w * Math.expm1(w)];
}

export function moments(logScale: number, logConcentration: number): { mean: number; variance: number } {
  const h = Math.exp(-logConcentration);
  const mean = Math.exp(logScale + lgamma(1 + h));
  return { mean, variance: mean * mean * Math.expm1(lgamma(1 + 2 * h) - 2 * lgamma(1 + h)) };
}
