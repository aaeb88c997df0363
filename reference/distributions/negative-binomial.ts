import { digamma } from "../math/digamma.ts";
import { lgamma } from "../math/lgamma.ts";
import * as poisson from "./poisson.ts";

/** Successes before r failures, r real, by log r and the log-odds of a success. */

const logSigmoid = (logit: number): number => Math.min(0, logit) - Math.log1p(Math.exp(-Math.abs(logit)));

export function logProb(x: number, logConcentration: number, logit: number): number {
  const r = Math.exp(logConcentration);
  return lgamma(r + x) - lgamma(r) - lgamma(x + 1) + r * logSigmoid(-logit) + (x && x * logSigmoid(logit));
}

/** ∂ log p of logConcentration and logit. */
export function score(x: number, logConcentration: number, logit: number): [number, number] {
  const r = Math.exp(logConcentration);
  const p = 1 / (1 + Math.exp(-logit));
  return [r * (digamma(r + x) - digamma(r) + logSigmoid(-logit)), (1 - p) * x - p * r];
}

/** A Poisson count of a gamma rate (Marsaglia & Tsang 2000), one draw at a time. */
export function sample(uniform: () => number, normal: () => number, concentration: number, odds: number): number {
  return poisson.sample(uniform, gamma(uniform, normal, concentration) * odds);
}

function gamma(uniform: () => number, normal: () => number, shape: number): number {
  if (shape < 1) return gamma(uniform, normal, shape + 1) * uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = normal();
    const v = (1 + c * z) ** 3;
    if (v > 0 && Math.log(uniform()) < 0.5 * z * z + d * (1 - v + Math.log(v))) return d * v;
  }
}
