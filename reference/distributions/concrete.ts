/** z = log p + Gumbel noise, y = softmax(z / temperature), and the pull-back of a cotangent of ½ in y to the logits. */
export function relaxed(uniform: () => number, logProbs: ArrayLike<number>, temperature: number, z: Float64Array | Float32Array, y: Float64Array | Float32Array, terms: Float64Array | Float32Array): void {
  const categories = logProbs.length;
  for (let row = 0; row < z.length; row += categories) {
    let most = -Infinity;
    for (let k = 0; k < categories; k++) {
      z[row + k] = logProbs[k]! - Math.log(-Math.log(uniform()));
      most = Math.max(most, z[row + k]!);
    }
    let sum = 0;
    for (let k = 0; k < categories; k++) sum += y[row + k] = Math.exp((z[row + k]! - most) / temperature);
    let mean = 0;
    for (let k = 0; k < categories; k++) mean += 0.5 * (y[row + k]! /= sum);
    let total = 0;
    for (let k = 0; k < categories; k++) total += (y[row + k]! * (0.5 - mean)) / temperature;
    for (let k = 0; k < categories; k++) terms[row + k]! += (y[row + k]! * (0.5 - mean)) / temperature - Math.exp(logProbs[k]!) * total;
  }
}

/** softmax(z / temperature) of each row. */
export function soften(categories: number, z: ArrayLike<number>, temperature: number): Float64Array {
  const y = Float64Array.from(z);
  for (let row = 0; row < z.length; row += categories) {
    let [most, sum] = [-Infinity, 0];
    for (let k = row; k < row + categories; k++) most = Math.max(most, z[k]!);
    for (let k = row; k < row + categories; k++) sum += y[k] = Math.exp((z[k]! - most) / temperature);
    for (let k = row; k < row + categories; k++) y[k]! /= sum;
  }
  return y;
}

/** max log p where x is 1, min(log p, max log p − gap) where it is 0; logProbs are [batch, K], rows take problems in turn. */
export function gap(categories: number, logProbs: ArrayLike<number>, x: ArrayLike<number>, by: number): Float64Array {
  return Float64Array.from(x, (own, i) => {
    const start = (i % logProbs.length) - (i % categories);
    let most = -Infinity;
    for (let k = start; k < start + categories; k++) most = Math.max(most, logProbs[k]!);
    return own === 1 ? most : Math.min(logProbs[i % logProbs.length]!, most - by);
  });
}
