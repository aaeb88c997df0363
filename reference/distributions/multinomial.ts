import { lgamma } from "../math/lgamma.ts";
import * as binomial from "./binomial.ts";

/** Counts of n trials by the probabilities of their categories. */

export function logProb(x: ArrayLike<number>, p: ArrayLike<number>): number {
  let [log, total] = [0, 0];
  for (let k = 0; k < p.length; k++) {
    log += (x[k] && x[k]! * Math.log(p[k]!))! - lgamma(x[k]! + 1);
    total += x[k]!;
  }
  return log + lgamma(total + 1);
}

/** Binomial counts of the trials that are left, one category after the other. */
export function sample(uniform: () => number, count: number, p: ArrayLike<number>, x: Float64Array | Float32Array, at = 0): void {
  let [left, all] = [count, 1];
  for (let k = 0; k < p.length; k++) {
    const drawn = k === p.length - 1 ? left : binomial.sample(uniform, left, Math.min(1, p[k]! / all));
    x[at + k] = drawn;
    left -= drawn;
    all -= p[k]!;
  }
}
