import type { Points } from "../core/core.ts";

/** Lists of numbers between 0 and 1 in the order of some others, whatever their size: what regularization is measured against. */
export interface Squashed {
  /** uᵢ = ½ + ½ s / √(1 + s²), s = (xᵢ − mean) / standard deviation. */
  readonly u: Float64Array;
  /** Adds to the cotangent of x what that of u gives. */
  pull(cotangent: Float64Array, into: Float64Array): void;
}

/**
 * Equal numbers all become ½, and their derivative is that of a standard deviation of 1.
 *
 * @param x  `[lists, n]`
 */
export function squash(x: Points, n: number): Squashed {
  const lists = x.length / n;
  const [s, u, slope, deviations] = [new Float64Array(x.length), new Float64Array(x.length), new Float64Array(x.length), new Float64Array(lists)];
  for (let p = 0; p < lists; p++) deviations[p] = squashOne(x, p * n, n, s, u, slope);
  return {
    u,
    pull(cotangent, into) {
      for (let p = 0; p < lists; p++) pullOne(cotangent, p * n, n, s, slope, deviations[p]!, into);
    },
  };
}

/** @returns the standard deviation of the list that begins at `from` */
function squashOne(x: Points, from: number, n: number, s: Float64Array, u: Float64Array, slope: Float64Array): number {
  const end = from + n;
  let [mean, variance] = [0, 0];
  for (let i = from; i < end; i++) mean += x[i]! / n;
  for (let i = from; i < end; i++) variance += ((x[i]! - mean) * (x[i]! - mean)) / n;
  const deviation = variance > 0 ? Math.sqrt(variance) : 1;
  for (let i = from; i < end; i++) {
    s[i] = (x[i]! - mean) / deviation;
    const inverse = 1 / Math.sqrt(1 + s[i]! * s[i]!);
    u[i] = 0.5 + 0.5 * s[i]! * inverse;
    slope[i] = 0.5 * inverse * inverse * inverse;
  }
  return deviation;
}

function pullOne(cotangent: Float64Array, from: number, n: number, s: Float64Array, slope: Float64Array, deviation: number, into: Float64Array): void {
  const end = from + n;
  let [first, second] = [0, 0];
  for (let i = from; i < end; i++) {
    const each = (cotangent[i]! * slope[i]!) / n;
    first += each;
    second += each * s[i]!;
  }
  for (let i = from; i < end; i++) into[i]! += (cotangent[i]! * slope[i]! - first - second * s[i]!) / deviation;
}
