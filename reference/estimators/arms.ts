/** ARMS (Dimitriev & Zhou 2021) of n flips of coins that avoid one another. */

/** P(A of n flips all show the rarer side), of probability s. */
export function together(n: number, s: number, count: number): number {
  return count === 0 ? 1 : Math.max(0, count * s ** (1 / (n - 1)) - (count - 1)) ** (n - 1);
}

/** s (1 − s) / (s − J): what leave-one-out is multiplied with. */
export function debias(n: number, p: number): number {
  const s = Math.min(p, 1 - p);
  return s === 0 ? 1 : (s * (1 - s)) / (s - together(n, s, 2));
}

/** One set for each row: x is [n, rows, dim] flat. */
export function sample(exponential: () => number, n: number, p: ArrayLike<number>, x: Float64Array | Float32Array): void {
  const step = x.length / n;
  const odds = Array.from(p, (own) => {
    const h = Math.min(own, 1 - own) ** (1 / (n - 1));
    return h / (1 - h);
  });
  for (let e = 0, j = 0; e < step; e++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += x[i * step + e] = exponential();
    for (let i = e; i < x.length; i += step) x[i] = sum - x[i]! < odds[j]! * x[i]! !== p[j]! > 0.5 ? 1 : 0;
    if (++j === p.length) j = 0;
  }
}

/** terms[r, k] += debias / (n − 1) Σᵢ (fᵢ − f̄) x[i, r, k] */
export function terms(n: number, p: ArrayLike<number>, x: ArrayLike<number>, value: ArrayLike<number>, out: Float64Array | Float32Array): void {
  const [dim, rows] = [p.length, value.length / n];
  const factor = Array.from(p, (own) => debias(n, own) / (n - 1));
  for (let r = 0; r < rows; r++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += value[i * rows + r]! / n;
    for (let k = 0; k < dim; k++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += (value[i * rows + r]! - mean) * x[(i * rows + r) * dim + k]!;
      out[r * dim + k]! += factor[k]! * sum;
    }
  }
}
