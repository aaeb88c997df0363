/** A choice among K categories over plain arrays: logits are [K], or [batch, K] where rows take problems in turn. */

export function logProbs(logits: ArrayLike<number>): Float64Array {
  const maximum = Math.max(...Array.from(logits));
  let sum = 0;
  for (let k = 0; k < logits.length; k++) sum += Math.exp(logits[k]! - maximum);
  return Float64Array.from(logits, (l) => l - maximum - Math.log(sum));
}

export function probs(logits: ArrayLike<number>): Float64Array {
  return logProbs(logits).map(Math.exp);
}

/** Inversion of running sums, in one pass. */
export function choose(uniform: number, p: ArrayLike<number>): number {
  let k = 0;
  for (let sum = p[0]!; sum <= uniform && k < p.length - 1; sum += p[k]!) k++;
  return k;
}

/** One draw for each row of logits. */
export function sampleRows(uniform: () => number, categories: number, logits: Float64Array | Float32Array, x: Float64Array | Float32Array): void {
  for (let b = 0; b < x.length; b++) x[b] = choose(uniform(), probs(logits.subarray(b * categories, (b + 1) * categories)));
}

/** #{k : Cₖ ≤ v}, v = ⌊word · C_last / 2^bits⌋, with exact integers: the index of the kernel. */
export function invert(word: bigint, bits: 32 | 64, cumulative: readonly bigint[]): number {
  const v = (word * cumulative[cumulative.length - 1]!) >> BigInt(bits);
  return cumulative.findIndex((c) => c > v);
}

/** terms[r, k] += coefficient[r] · (1[x[r] = k] − pₖ) */
export function score(p: ArrayLike<number>, x: ArrayLike<number>, coefficient: ArrayLike<number>, terms: Float64Array | Float32Array): void {
  const categories = p.length;
  for (let r = 0; r < x.length; r++) {
    for (let k = 0; k < categories; k++) terms[r * categories + k]! += coefficient[r]! * ((x[r] === k ? 1 : 0) - p[k]!);
  }
}
