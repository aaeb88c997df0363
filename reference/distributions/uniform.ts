/** x between low and high of u between 0 and 1. */
export const sample = (u: number, low: number, high: number): number => (1 - u) * low + u * high;

export const logProb = (x: number, low: number, high: number): number => (low < x && x < high ? -Math.log(high - low) : -Infinity);
