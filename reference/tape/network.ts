import type { Points } from "../../src/core/core.ts";

export interface Layer {
  /** `[16, 32]` and the like, row by row. */
  readonly hidden: Points;
  readonly output: Points;
}

/**
 * value = tanh(x · W₁) · W₂ and the gradients of its sum, as one would write them by hand: a lane at a time, no object, no closure.
 *
 * @param gradient  `[lanes, inputs]`, written
 * @param into      the gradients of W₁ and W₂, added to
 */
export function differentiate(lanes: number, inputs: number, width: number, x: Points, { hidden, output }: Layer, value: Points, gradient: Points, into: Layer): void {
  const t = new Float64Array(width);
  const d = new Float64Array(width);
  for (let lane = 0; lane < lanes; lane++) {
    const from = lane * inputs;
    t.fill(0);
    for (let i = 0; i < inputs; i++) {
      const xi = x[from + i]!;
      for (let j = 0; j < width; j++) t[j]! += xi * hidden[i * width + j]!;
    }
    let sum = 0;
    for (let j = 0; j < width; j++) {
      t[j] = Math.tanh(t[j]!);
      sum += t[j]! * output[j]!;
      into.output[j]! += t[j]!;
      d[j] = output[j]! * (1 - t[j]! * t[j]!);
    }
    value[lane] = sum;
    for (let i = 0; i < inputs; i++) {
      const xi = x[from + i]!;
      let slope = 0;
      for (let j = 0; j < width; j++) {
        slope += d[j]! * hidden[i * width + j]!;
        into.hidden[i * width + j]! += xi * d[j]!;
      }
      gradient[from + i] = slope;
    }
  }
}
