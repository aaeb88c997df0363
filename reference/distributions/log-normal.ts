import * as normal from "./normal.ts";

/** x = exp(location + exp(logScale) z) of standard normal z. */
export const sample = (z: number, location: number, logScale: number): number => Math.exp(location + Math.exp(logScale) * z);

export const logProb = (x: number, location: number, logScale: number): number => (x > 0 ? normal.logProb(Math.log(x), location, logScale) - Math.log(x) : -Infinity);

/** ∂ log p of location and logScale. */
export const score = (x: number, location: number, logScale: number): readonly number[] => normal.score(Math.log(x), location, logScale);

export function moments(location: number, logScale: number): { mean: number; variance: number } {
  const square = Math.exp(2 * logScale);
  const mean = Math.exp(location + square / 2);
  return { mean, variance: mean * mean * Math.expm1(square) };
}
