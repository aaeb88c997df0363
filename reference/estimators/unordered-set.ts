/** Sets drawn without replacement (Kool, van Hoof & Welling 2020), over plain arrays. */

/** Different points of p one after the other, by inversion of what is left. */
export function draw(uniform: () => number, p: ArrayLike<number>, set: Int32Array): void {
  let left = 1;
  for (let i = 0; i < set.length; i++) {
    let v = uniform() * left;
    let [chosen, last] = [-1, -1];
    for (let k = 0; k < p.length && chosen < 0; k++) {
      if (set.subarray(0, i).includes(k) || p[k] === 0) continue;
      last = k;
      v -= p[k]!;
      if (v < 0) chosen = k;
    }
    set[i] = chosen < 0 ? last : chosen;
    left -= p[set[i]!]!;
  }
}

/** P(the rest of the set comes next, given that A came) for all subsets A of the set, as bits. */
export function table(probs: ArrayLike<number>, outside: number, next: Float64Array): void {
  const last = (1 << probs.length) - 1;
  next[last] = 1;
  for (let a = last - 1; a >= 0; a--) {
    let [mass, sum] = [outside, 0];
    for (let s = 0; s < probs.length; s++) {
      if ((a >> s) & 1) continue;
      mass += probs[s]!;
      sum += probs[s]! * next[a | (1 << s)]!;
    }
    next[a] = mass > 0 ? sum / mass : 1;
  }
}

/** coefficient[i] = p(xᵢ) R(S, xᵢ) (f(xᵢ) − bᵢ), b the set's own estimate of E f, given xᵢ. */
export function weigh(probs: ArrayLike<number>, next: ArrayLike<number>, value: ArrayLike<number>, coefficient: Float64Array): void {
  for (let i = 0; i < probs.length; i++) {
    const alone = next[1 << i]!;
    let b = 0;
    for (let j = 0; j < probs.length; j++) b += probs[j]! * (i === j ? 1 : next[(1 << i) | (1 << j)]! / alone) * value[j]!;
    coefficient[i] = ((probs[i]! * alone) / next[0]!) * (value[i]! - b);
  }
}
