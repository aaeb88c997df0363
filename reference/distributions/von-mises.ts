import { bessel } from "../math/bessel.ts";
import { vonMisesSlope } from "../math/implicit-von-mises.ts";

export function logProb(x: number, location: number, logConcentration: number): number {
  const kappa = Math.exp(logConcentration);
  return kappa * (Math.cos(x - location) - 1) - Math.log(2 * Math.PI) - bessel(kappa).log;
}

/** ∂ log p of location and logConcentration. */
export function score(x: number, location: number, logConcentration: number): [number, number] {
  const kappa = Math.exp(logConcentration);
  return [kappa * Math.sin(x - location), kappa * (Math.cos(x - location) - 1 + bessel(kappa).gap)];
}

/** ∂x of location and logConcentration (implicitly). */
export function slope(x: number, location: number, logConcentration: number): [number, number] {
  const kappa = Math.exp(logConcentration);
  return [1, kappa * vonMisesSlope(kappa, Math.atan2(Math.sin(x - location), Math.cos(x - location)))];
}
