/** For each value of `[samples, batch]`: the mean of the other samples of its problem. */
export function predict(samples: number, batch: number, value: ArrayLike<number>): Float64Array {
  const baseline = new Float64Array(samples * batch);
  for (let s = 0; s < samples; s++) {
    for (let b = 0; b < batch; b++) {
      let sum = 0;
      for (let other = 0; other < samples; other++) if (other !== s) sum += value[other * batch + b]!;
      baseline[s * batch + b] = sum / (samples - 1);
    }
  }
  return baseline;
}
