import { lgamma } from "../math/lgamma.ts";

/** A Poisson count by its rate. */

export function logProb(x: number, rate: number): number {
  return x === 0 ? -rate : x * Math.log(rate) - rate - lgamma(x + 1);
}

/** ∂ log p/∂log rate. */
export function score(x: number, rate: number): number {
  return x - rate;
}

/** By inversion below 10, then PTRS (Hörmann 1993), one draw at a time. */
export function sample(uniform: () => number, rate: number): number {
  return rate < 10 ? invert(uniform(), rate) : reject(uniform, rate);
}

function invert(u: number, rate: number): number {
  let [k, p] = [0, Math.exp(-rate)];
  for (let sum = p; sum <= u && p > 1e-17; sum += p) p *= rate / ++k;
  return k;
}

function reject(uniform: () => number, rate: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const hat = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = uniform() - 0.5;
    const v = uniform();
    const rim = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / rim + b) * u + rate + 0.43);
    if (rim >= 0.07 && v <= squeeze) return k;
    if (k < 0 || (rim < 0.013 && v > rim)) continue;
    if (Math.log((v * hat) / (a / (rim * rim) + b)) <= logProb(k, rate)) return k;
  }
}
