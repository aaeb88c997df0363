/** x = exp(logScale) |z| of standard normal z. */
export const sample = (z: number, logScale: number): number => Math.exp(logScale) * Math.abs(z);

export const logProb = (x: number, logScale: number): number => (x < 0 ? -Infinity : 0.5 * Math.log(2 / Math.PI) - logScale - 0.5 * (x / Math.exp(logScale)) ** 2);

/** ∂ log p of logScale. */
export const score = (x: number, logScale: number): [number] => [(x / Math.exp(logScale)) ** 2 - 1];
