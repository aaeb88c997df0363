/** Pull-backs through E[x] over plain arrays: probs repeat; cotangent and terms are [rows, width] flat. */

export function pullFlips(probs: ArrayLike<number>, cotangent: ArrayLike<number>, terms: Float64Array | Float32Array): void {
  for (let i = 0; i < cotangent.length; i++) terms[i]! += cotangent[i]! * probs[i % probs.length]! * (1 - probs[i % probs.length]!);
}

export function pullChoices(categories: number, probs: ArrayLike<number>, cotangent: ArrayLike<number>, terms: Float64Array | Float32Array): void {
  for (let row = 0; row < cotangent.length; row += categories) {
    let mean = 0;
    for (let k = row; k < row + categories; k++) mean += probs[k % probs.length]! * cotangent[k]!;
    for (let k = row; k < row + categories; k++) terms[k]! += probs[k % probs.length]! * (cotangent[k]! - mean);
  }
}
