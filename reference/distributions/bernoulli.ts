/** Independent flips over plain arrays: θ repeats every logits.length elements; x is [rows, dim] flat. */

export function probs(logits: ArrayLike<number>): Float64Array {
  return Float64Array.from(logits, (l) => (l < 0 ? Math.exp(l) / (1 + Math.exp(l)) : 1 / (1 + Math.exp(-l))));
}

export function sample(uniform: () => number, p: ArrayLike<number>, x: Float64Array | Float32Array): void {
  for (let i = 0, j = 0; i < x.length; i++) {
    x[i] = uniform() < p[j]! ? 1 : 0;
    if (++j === p.length) j = 0;
  }
}

/** One u for both: x = 1[u < p], mirrored = 1[1 − u < p]. */
export function pair(uniform: () => number, p: ArrayLike<number>, x: Float64Array | Float32Array, mirrored: Float64Array | Float32Array): void {
  for (let i = 0, j = 0; i < x.length; i++) {
    const u = uniform();
    x[i] = u < p[j]! ? 1 : 0;
    mirrored[i] = 1 - u < p[j]! ? 1 : 0;
    if (++j === p.length) j = 0;
  }
}

/** log p at 1, log(1 − p) at 0 */
function mass(x: number, logits: number): number {
  if (x !== 0 && x !== 1) return -Infinity;
  const l = x === 1 ? logits : -logits;
  return Math.min(l, 0) - Math.log1p(Math.exp(-Math.abs(l)));
}

export function logProb(dim: number, logits: ArrayLike<number>, x: ArrayLike<number>): Float64Array {
  const out = new Float64Array(x.length / dim);
  for (let i = 0; i < x.length; i++) out[Math.floor(i / dim)]! += mass(x[i]!, logits[i % logits.length]!);
  return out;
}

export function score(dim: number, p: ArrayLike<number>, x: ArrayLike<number>, coefficient: ArrayLike<number>, terms: Float64Array | Float32Array): void {
  const rows = x.length / dim;
  for (let r = 0, i = 0, t = 0; r < rows; r++) {
    const c = coefficient[r]!;
    for (let j = 0; j < dim; j++, i++) {
      terms[i]! += c * (x[i]! - p[t]!);
      if (++t === p.length) t = 0;
    }
  }
}

export function disarm(dim: number, p: ArrayLike<number>, x: ArrayLike<number>, mirrored: ArrayLike<number>, coefficient: ArrayLike<number>, terms: Float64Array | Float32Array): void {
  const rows = x.length / dim;
  for (let r = 0, i = 0, t = 0; r < rows; r++) {
    const half = coefficient[r]! / 2;
    for (let j = 0; j < dim; j++, i++) {
      terms[i]! += half * (x[i]! - mirrored[i]!) * Math.max(p[t]!, 1 - p[t]!);
      if (++t === p.length) t = 0;
    }
  }
}

/** Σⱼ KL of one problem */
export function divergence(logits: ArrayLike<number>, prior: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < logits.length; j++) {
    const p = probs([logits[j]!])[0]!;
    for (const x of [0, 1]) {
      const weight = x === 1 ? p : 1 - p;
      if (weight > 0) sum += weight * (mass(x, logits[j]!) - mass(x, prior[j]!));
    }
  }
  return sum;
}

export function entropy(logits: ArrayLike<number>): number {
  let sum = 0;
  for (const l of Array.from(logits)) for (const x of [0, 1]) if (Number.isFinite(mass(x, l))) sum -= Math.exp(mass(x, l)) * mass(x, l);
  return sum;
}
