import { digamma } from "../math/digamma.ts";
import { gammaElasticity } from "../math/implicit-gamma.ts";
import { lgamma } from "../math/lgamma.ts";

/** log p of concentration exp(logConcentration) and rate exp(logRate). */
export function logProb(x: number, logConcentration: number, logRate: number): number {
  const alpha = Math.exp(logConcentration);
  return x > 0 ? alpha * logRate + (alpha - 1) * Math.log(x) - Math.exp(logRate) * x - lgamma(alpha) : -Infinity;
}

/** ∂ log p of logConcentration and logRate. */
export function score(x: number, logConcentration: number, logRate: number): [number, number] {
  const alpha = Math.exp(logConcentration);
  return [alpha * (logRate + Math.log(x) - digamma(alpha)), alpha - Math.exp(logRate) * x];
}

/** ∂x of logConcentration (implicitly) and logRate. */
export const slope = (x: number, logConcentration: number, logRate: number): [number, number] => [x * gammaElasticity(Math.exp(logConcentration), x * Math.exp(logRate)), -x];
