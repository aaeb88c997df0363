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
