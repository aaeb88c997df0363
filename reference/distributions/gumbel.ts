/** x = location + exp(logScale) g of standard Gumbel g. */
export const sample = (g: number, location: number, logScale: number): number => location + Math.exp(logScale) * g;

export function logProb(x: number, location: number, logScale: number): number {
  const z = (x - location) / Math.exp(logScale);
  return -z - Math.exp(-z) - logScale;
}

/** ∂ log p of location and logScale. */
export function score(x: number, location: number, logScale: number): [number, number] {
  const z = (x - location) / Math.exp(logScale);
  return [-Math.expm1(-z) / Math.exp(logScale), -z * Math.expm1(-z) - 1];
}
