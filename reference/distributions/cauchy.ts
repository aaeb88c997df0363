/** x = location + exp(logScale) c of standard Cauchy c. */
export const sample = (c: number, location: number, logScale: number): number => location + Math.exp(logScale) * c;

/** The standard noise of a uniform u. */
export const quantile = (u: number): number => (u < 0.5 ? -1 / Math.tan(Math.PI * u) : 1 / Math.tan(Math.PI * (1 - u)));

export function logProb(x: number, location: number, logScale: number): number {
  const z = (x - location) / Math.exp(logScale);
  return -2 * Math.log(Math.hypot(1, z)) - Math.log(Math.PI) - logScale;
}

/** ∂ log p of location and logScale. */
export function score(x: number, location: number, logScale: number): [number, number] {
  const z = (x - location) / Math.exp(logScale);
  const slope = (2 * z) / (1 + z * z);
  return [slope / Math.exp(logScale), z * slope - 1];
}
