/** (1 − 1 / samples) (Σ t s² / Σ s²)² of each coordinate of each problem, `[batch, width]`. */
export function spread(samples: number, batch: number, width: number, scores: ArrayLike<number>, terms: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: batch * width }, (_, c) => {
    let [weighted, squares] = [0, 0];
    for (let s = 0; s < samples; s++) {
      const square = scores[s * batch * width + c]! ** 2;
      weighted += terms[s * batch * width + c]! * square;
      squares += square;
    }
    return (1 - 1 / samples) * (weighted / squares) ** 2;
  });
}

/** weight (f − b) s with b[j] = Σ f s² / Σ s² over the other samples of the problem; scores are `[samples, batch, width]`. */
export function center(samples: number, batch: number, width: number, value: ArrayLike<number>, weight: ArrayLike<number>, scores: ArrayLike<number>): Float64Array {
  const out = new Float64Array(samples * batch * width);
  const [weighted, squares] = [new Float64Array(batch * width), new Float64Array(batch * width)];
  for (let row = 0, e = 0; row < samples * batch; row++) {
    for (let j = 0, c = (row % batch) * width; j < width; j++, c++, e++) {
      const square = scores[e]! * scores[e]!;
      weighted[c]! += value[row]! * square;
      squares[c]! += square;
    }
  }
  for (let row = 0, e = 0; row < samples * batch; row++) {
    for (let j = 0, c = (row % batch) * width; j < width; j++, c++, e++) {
      const square = scores[e]! * scores[e]!;
      out[e] = weight[row]! * (value[row]! - (weighted[c]! - value[row]! * square) / (squares[c]! - square)) * scores[e]!;
    }
  }
  return out;
}
