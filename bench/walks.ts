/** The walk of a program in plain TypeScript, with a stochastic triple by hand: n and its jump, its weight and nothing else. */
import { unit } from "./random.ts";
import type { Floats } from "./case.ts";

/** derivative[run] of `steps` steps n += Bernoulli(p (1 − (n + i) / 2 steps)); value[run] is n. Draws are `Math.random`'s. */
export function walks(p: number, steps: number, value: Floats, derivative: Floats): void {
  const c = -1 / (2 * steps);
  for (let run = 0; run < value.length; run++) {
    let n = 0;
    let jump = 0;
    let weight = 0;
    for (let i = 1; i <= steps; i++) {
      const slope = 1 + c * (n + i);
      const q = p * slope;
      const u = Math.random();
      const x = u < q ? 1 : 0;
      let moved = 0;
      if (jump === 0) weight = 0;
      else moved = (u < q + p * c * jump ? 1 : 0) - x;
      if (x === 0) {
        const own = slope / (1 - q);
        weight += own;
        if (Math.random() * weight < own) {
          jump = 0;
          moved = 1;
        }
      }
      n += x;
      jump += moved;
    }
    value[run] = n;
    derivative[run] = jump * weight;
  }
}

/** The same with xoshiro128++. */
export function walksOfXoshiro(p: number, steps: number, value: Floats, derivative: Floats): void {
  const c = -1 / (2 * steps);
  for (let run = 0; run < value.length; run++) {
    let n = 0;
    let jump = 0;
    let weight = 0;
    for (let i = 1; i <= steps; i++) {
      const slope = 1 + c * (n + i);
      const q = p * slope;
      const u = unit();
      const x = u < q ? 1 : 0;
      let moved = 0;
      if (jump === 0) weight = 0;
      else moved = (u < q + p * c * jump ? 1 : 0) - x;
      if (x === 0) {
        const own = slope / (1 - q);
        weight += own;
        if (unit() * weight < own) {
          jump = 0;
          moved = 1;
        }
      }
      n += x;
      jump += moved;
    }
    value[run] = n;
    derivative[run] = jump * weight;
  }
}
