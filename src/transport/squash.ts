import type { Points } from "../core/core.ts";

/** Numbers between 0 and 1 in the order of some others, whatever their size: what regularization is measured against. */
export interface Squashed {
  /** uᵢ = ½ + ½ s / √(1 + s²), s = (xᵢ − mean) / standard deviation. */
  readonly u: Float64Array;
  /** Adds to the cotangent of x what that of u gives. */
  pull(cotangent: Float64Array, into: Float64Array): void;
}

/** Equal numbers all become ½, and their derivative is that of a standard deviation of 1. */
export function squash(x: Points): Squashed {
  const n = x.length;
  let [mean, variance] = [0, 0];
  for (let i = 0; i < n; i++) mean += x[i]! / n;
  for (let i = 0; i < n; i++) variance += ((x[i]! - mean) * (x[i]! - mean)) / n;
  const deviation = variance > 0 ? Math.sqrt(variance) : 1;
  const [s, u, slope] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    s[i] = (x[i]! - mean) / deviation;
    const inverse = 1 / Math.sqrt(1 + s[i]! * s[i]!);
    u[i] = 0.5 + 0.5 * s[i]! * inverse;
    slope[i] = 0.5 * inverse * inverse * inverse;
  }
  return {
    u,
    pull(cotangent, into) {
      let [first, second] = [0, 0];
      for (let i = 0; i < n; i++) {
        const each = (cotangent[i]! * slope[i]!) / n;
        first += each;
        second += each * s[i]!;
      }
      for (let i = 0; i < n; i++) into[i]! += (cotangent[i]! * slope[i]! - first - second * s[i]!) / deviation;
    },
  };
}
