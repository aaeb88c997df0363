import { type Estimate, estimate, sums } from "./score-function.ts";

/** What an estimate with a control variate of two latents is made of; z̃ and the slopes are `[samples, dim]` flat. */
export interface Evaluated {
  readonly x: ArrayLike<number>;
  /** f(x), and c(z̃) */
  readonly value: ArrayLike<number>;
  readonly control: ArrayLike<number>;
  /** z̃, ∂c/∂z at z and at z̃ */
  readonly given: ArrayLike<number>;
  readonly slope: ArrayLike<number>;
  readonly slopeGiven: ArrayLike<number>;
}

/** Mean over the samples of (f(x) − c(z̃)) (x − p) + ∂c(z)/∂z − ∂c(z̃)/∂z · (1 − e^−|z̃|) P(x): flips, with respect to their logits. */
export function combine(probs: ArrayLike<number>, { x, value, control, given, slope, slopeGiven }: Evaluated): Estimate {
  const [samples, dim] = [value.length, probs.length];
  const all = sums(dim);
  for (let i = 0, at = 0; i < samples; i++) {
    const coefficient = value[i]! - control[i]!;
    for (let j = 0; j < dim; j++, at++) {
      const p = probs[j]!;
      const moved = (1 - Math.exp(-Math.abs(given[at]!))) * (x[at] === 1 ? p : 1 - p);
      const term = coefficient * (x[at]! - p) + slope[at]! - slopeGiven[at]! * moved;
      all.terms[j]! += term;
      all.squares[j]! += term * term;
    }
  }
  return estimate(samples, all);
}

/** A network of one hidden layer beside a linear term: v · tanh(W u + b) + l · u + c of u = tanh(z / 2). */
export interface Network {
  readonly weights: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
  readonly output: ArrayLike<number>;
  readonly linear: ArrayLike<number>;
  readonly constant: number;
}

/** The network and its slope in z; z is `[samples, dim]` flat. */
export function network({ weights, bias, output, linear, constant }: Network, z: ArrayLike<number>, value: Float64Array | Float32Array, slope: Float64Array | Float32Array): void {
  const [dim, hidden] = [linear.length, bias.length];
  const [u, h] = [new Float64Array(dim), new Float64Array(hidden)];
  for (let i = 0; i < value.length; i++) {
    const row = i * dim;
    h.set(bias as number[]);
    let sum = constant;
    for (let j = 0; j < dim; j++) {
      u[j] = Math.tanh(z[row + j]! / 2);
      sum += linear[j]! * u[j]!;
      for (let k = 0; k < hidden; k++) h[k]! += u[j]! * weights[j * hidden + k]!;
    }
    for (let k = 0; k < hidden; k++) {
      h[k] = Math.tanh(h[k]!);
      sum += output[k]! * h[k]!;
      h[k] = output[k]! * (1 - h[k]! * h[k]!);
    }
    value[i] = sum;
    for (let j = 0; j < dim; j++) {
      let down = linear[j]!;
      for (let k = 0; k < hidden; k++) down += weights[j * hidden + k]! * h[k]!;
      slope[row + j] = (down * (1 - u[j]! * u[j]!)) / 2;
    }
  }
}
