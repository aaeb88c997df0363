/** z̃ given flips x over plain arrays: θ repeats every logits.length elements; x and z̃ are [rows, dim] flat. */

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** ± softplus(e + softplus(± l)) of logistic noise e, the sign that of x. */
export function draw(noise: ArrayLike<number>, logits: ArrayLike<number>, x: ArrayLike<number>, z: Float64Array | Float32Array): void {
  for (let i = 0; i < z.length; i++) {
    const side = x[i] === 1 ? 1 : -1;
    z[i] = side * softplus(noise[i]! + softplus(side * logits[i % logits.length]!));
  }
}

/** ∂z̃/∂logits = (1 − e^−|z̃|) P(x). */
export function pull(probs: ArrayLike<number>, z: ArrayLike<number>, cotangent: ArrayLike<number>, terms: Float64Array | Float32Array): void {
  for (let i = 0; i < z.length; i++) {
    const p = probs[i % probs.length]!;
    terms[i]! += cotangent[i]! * -Math.expm1(-Math.abs(z[i]!)) * (z[i]! > 0 ? p : 1 - p);
  }
}
