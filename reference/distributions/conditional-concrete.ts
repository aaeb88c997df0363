/** z̃ given a one-hot x over plain arrays: logProbs are [batch, K], rows take problems in turn; x and z̃ are [rows, K] flat. */

/** −log(Eᵢ / pᵢ + Eₖ) of exponential E, −log Eₖ where xₖ = 1. */
export function draw(exponential: ArrayLike<number>, categories: number, logProbs: ArrayLike<number>, x: ArrayLike<number>, z: Float64Array | Float32Array): void {
  for (let i = 0; i < z.length; i++) {
    const row = i - (i % categories);
    let first = 0;
    for (let k = row; k < row + categories; k++) if (x[k] === 1) first = exponential[k]!;
    const logProb = logProbs[i % logProbs.length]!;
    z[i] = x[i] === 1 ? -Math.log(first) : logProb - Math.log(exponential[i]! + Math.exp(logProb) * first);
  }
}

/** hᵢ = cotangentᵢ (1 − exp(z̃ᵢ − z̃ₖ)), then hᵢ − pᵢ Σ h. */
export function pull(categories: number, probs: ArrayLike<number>, z: ArrayLike<number>, cotangent: ArrayLike<number>, terms: Float64Array | Float32Array): void {
  for (let row = 0; row < z.length; row += categories) {
    let most = -Infinity;
    for (let k = row; k < row + categories; k++) most = Math.max(most, z[k]!);
    let sum = 0;
    for (let k = row; k < row + categories; k++) {
      const h = -cotangent[k]! * Math.expm1(z[k]! - most);
      terms[k]! += h;
      sum += h;
    }
    for (let k = row; k < row + categories; k++) terms[k]! -= probs[k % probs.length]! * sum;
  }
}
