import { digamma } from "./digamma.ts";
import { lgamma } from "./lgamma.ts";

/** ψ(x + step) − ψ(x), by differences of the terms of its series. */
export function digammaStep(x: number, step: number): number {
  let sum = 0;
  for (; x < 15; x++) sum += step / x / (x + step);
  const difference = (power: number): number => x ** -power - (x + step) ** -power;
  return sum + Math.log1p(step / x) + difference(1) / 2 + difference(2) / 12 - difference(4) / 120 + difference(6) / 252 - difference(8) / 240;
}

/** ψ′(x), by its series from 15 on. */
export function trigamma(x: number): number {
  let sum = 0;
  for (; x < 15; x++) sum += 1 / (x * x);
  const z = 1 / (x * x);
  return sum + 1 / x + z / 2 + (z / x) * (1 / 6 - z * (1 / 30 - z * (1 / 42 - z * (1 / 30 - (z * 5) / 66))));
}

/** log x − ψ(x) */
export const digammaGap = (x: number): number => (x < 1e3 ? Math.log(x) - digamma(x) : 1 / (2 * x) + 1 / (12 * x * x));

export const logBeta = (a: number, b: number): number => lgamma(a) + lgamma(b) - lgamma(a + b);
