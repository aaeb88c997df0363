/** x = location + exp(logScale) l of standard logistic l. */
export const sample = (l: number, location: number, logScale: number): number => location + Math.exp(logScale) * l;

export function logProb(x: number, location: number, logScale: number): number {
  const size = Math.abs(x - location) / Math.exp(logScale);
  return -size - 2 * Math.log1p(Math.exp(-size)) - logScale;
}

/** ∂ log p of location and logScale. */
export function score(x: number, location: number, logScale: number): [number, number] {
  const z = (x - location) / Math.exp(logScale);
  return [Math.tanh(z / 2) / Math.exp(logScale), z * Math.tanh(z / 2) - 1];
}
