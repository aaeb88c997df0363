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

export interface Alias {
  readonly probs: Float64Array;
  readonly other: Int32Array;
}

/** Walker 1977, by Vose's two lists (1991). */
export function alias(p: ArrayLike<number>): Alias {
  const count = p.length;
  const scaled = Float64Array.from(p, (q) => q * count);
  const other = Int32Array.from(p, (_, k) => k);
  const [small, large]: [number[], number[]] = [[], []];
  scaled.forEach((q, k) => (q < 1 ? small : large).push(k));
  while (small.length > 0 && large.length > 0) {
    const [low, high] = [small.pop()!, large[large.length - 1]!];
    other[low] = high;
    scaled[high]! -= 1 - scaled[low]!;
    if (scaled[high]! < 1) small.push(large.pop()!);
  }
  for (const k of [...small, ...large]) scaled[k] = 1;
  return { probs: scaled, other };
}

/** Draws of one row, from its alias table. */
export function sample(uniform: () => number, { probs: p, other }: Alias, x: Float64Array | Float32Array): void {
  for (let i = 0; i < x.length; i++) {
    const u = uniform() * p.length;
    const k = Math.floor(u);
    x[i] = u - k < p[k]! ? k : other[k]!;
  }
}

/** One draw for each row of logits, by inversion of exp(l − max l). */
export function sampleRows(uniform: () => number, categories: number, logits: Float64Array | Float32Array, x: Float64Array | Float32Array): void {
  const weights = new Float64Array(categories);
  for (let b = 0, row = 0; b < x.length; b++, row += categories) {
    let most = -Infinity;
    for (let k = 0; k < categories; k++) if (logits[row + k]! > most) most = logits[row + k]!;
    let sum = 0;
    for (let k = 0; k < categories; k++) sum += weights[k] = Math.exp(logits[row + k]! - most);
    x[b] = choose(uniform() * sum, weights);
  }
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
