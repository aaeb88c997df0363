import { type Estimate, estimate, sums } from "./score-function.ts";

/** moved[r, j] = params[j] + factor · direction[r, j], of one problem. */
export function move(factor: number, params: ArrayLike<number>, direction: ArrayLike<number>, moved: Float64Array | Float32Array): void {
  const width = params.length;
  for (let e = 0, j = 0; e < direction.length; e++) {
    moved[e] = params[j]! + factor * direction[e]!;
    if (++j === width) j = 0;
  }
}

/** Mean over the samples of (f(x⁺) − f(x⁻)) / (2 factor) · direction. */
export function combine(size: number, factor: number, direction: ArrayLike<number>, value: ArrayLike<number>, other: ArrayLike<number>): Estimate {
  const all = sums(size);
  for (let r = 0, e = 0; r < value.length; r++) {
    const coefficient = (value[r]! - other[r]!) / (2 * factor);
    for (let j = 0; j < size; j++, e++) {
      const term = coefficient * direction[e]!;
      all.terms[j]! += term;
      all.squares[j]! += term * term;
    }
  }
  return estimate(value.length, all);
}
