/** x = location + exp(logScale) l of standard Laplace l. */
export const sample = (l: number, location: number, logScale: number): number => location + Math.exp(logScale) * l;

/** The standard noise of a uniform u. */
export const quantile = (u: number): number => (u < 0.5 ? Math.log(2 * u) : -Math.log(2 * (1 - u)));

export const logProb = (x: number, location: number, logScale: number): number => -Math.abs(x - location) / Math.exp(logScale) - Math.LN2 - logScale;

/** ∂ log p of location and logScale. */
export function score(x: number, location: number, logScale: number): [number, number] {
  const z = (x - location) / Math.exp(logScale);
  return [Math.sign(z) / Math.exp(logScale), Math.abs(z) - 1];
}
