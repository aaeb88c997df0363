/** x = e / exp(logRate) of standard exponential e. */
export const sample = (e: number, logRate: number): number => e * Math.exp(-logRate);

export const logProb = (x: number, logRate: number): number => (x < 0 ? -Infinity : logRate - Math.exp(logRate) * x);

/** ∂ log p of logRate. */
export const score = (x: number, logRate: number): [number] => [1 - Math.exp(logRate) * x];
