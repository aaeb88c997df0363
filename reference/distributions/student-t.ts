import { digammaStep, logBeta } from "../math/gamma-functions.ts";
import { studentSlope } from "../math/implicit-student-t.ts";

export function logProb(x: number, logDegrees: number, location: number, logScale: number): number {
  const degrees = Math.exp(logDegrees);
  const z = (x - location) / Math.exp(logScale);
  return (-(degrees + 1) / 2) * Math.log1p((z * z) / degrees) - logScale - logDegrees / 2 - logBeta(degrees / 2, 0.5);
}

/** ∂ log p of logDegrees, location and logScale. */
export function score(x: number, logDegrees: number, location: number, logScale: number): [number, number, number] {
  const degrees = Math.exp(logDegrees);
  const z = (x - location) / Math.exp(logScale);
  const weight = (degrees + 1) / (degrees + z * z);
  const slope = digammaStep(degrees / 2, 0.5) - 1 / degrees - Math.log1p((z * z) / degrees) + (weight * z * z) / degrees;
  return [(degrees * slope) / 2, (weight * z) / Math.exp(logScale), weight * z * z - 1];
}

/** ∂x of logDegrees (implicitly), location and logScale. */
export function slope(x: number, logDegrees: number, location: number, logScale: number): [number, number, number] {
  const degrees = Math.exp(logDegrees);
  return [Math.exp(logScale) * degrees * studentSlope(degrees, (x - location) / Math.exp(logScale)), 1, x - location];
}
