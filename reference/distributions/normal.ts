/** x = mean + exp(logScale) z of standard normal z. */
export const sample = (z: number, mean: number, logScale: number): number => mean + Math.exp(logScale) * z;

export function logProb(x: number, mean: number, logScale: number): number {
  const z = (x - mean) / Math.exp(logScale);
  return -0.5 * z * z - logScale - 0.5 * Math.log(2 * Math.PI);
}

/** ∂ log p of mean and logScale. */
export function score(x: number, mean: number, logScale: number): [number, number] {
  const z = (x - mean) / Math.exp(logScale);
  return [z / Math.exp(logScale), z * z - 1];
}
