import { digammaStep, logBeta } from "../math/gamma-functions.ts";
import { betaSlope } from "../math/implicit-beta.ts";

/** log p of concentrations exp(logConcentration1) of 1 and exp(logConcentration0) of 0. */
export function logProb(x: number, logConcentration1: number, logConcentration0: number): number {
  const [a, b] = [Math.exp(logConcentration1), Math.exp(logConcentration0)];
  return x > 0 && x < 1 ? (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta(a, b) : -Infinity;
}

/** ∂ log p of both. */
export function score(x: number, logConcentration1: number, logConcentration0: number): [number, number] {
  const [a, b] = [Math.exp(logConcentration1), Math.exp(logConcentration0)];
  return [a * (Math.log(x) + digammaStep(a, b)), b * (Math.log1p(-x) + digammaStep(b, a))];
}

/** ∂x of both (implicitly). */
export function slope(x: number, logConcentration1: number, logConcentration0: number): [number, number] {
  const [a, b] = [Math.exp(logConcentration1), Math.exp(logConcentration0)];
  return [a * betaSlope(a, b, x, 1 - x), -b * betaSlope(b, a, 1 - x, x)];
}
