import * as gamma from "./gamma.ts";

// 1 / x is a gamma variable whose rate is the scale of x.

export const logProb = (x: number, logConcentration: number, logScale: number): number =>
  x > 0 ? gamma.logProb(1 / x, logConcentration, logScale) - 2 * Math.log(x) : -Infinity;

/** ∂ log p of logConcentration and logScale. */
export const score = (x: number, logConcentration: number, logScale: number): [number, number] => gamma.score(1 / x, logConcentration, logScale);

/** ∂x of logConcentration (implicitly) and logScale. */
export function slope(x: number, logConcentration: number, logScale: number): [number, number] {
  const [concentration, scale] = gamma.slope(1 / x, logConcentration, logScale);
  return [-x * x * concentration, -x * x * scale];
}
