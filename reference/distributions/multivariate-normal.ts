/** x = mean + L z over plain arrays; L by rows, what is above its diagonal is not read. */

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

export function transform(mean: ArrayLike<number>, scaleTril: ArrayLike<number>, z: ArrayLike<number>, x: Float64Array | Float32Array): void {
  const d = mean.length;
  for (let row = 0; row < x.length; row += d) {
    for (let i = 0; i < d; i++) {
      let sum = mean[i]!;
      for (let j = 0; j <= i; j++) sum += scaleTril[i * d + j]! * z[row + j]!;
      x[row + i] = sum;
    }
  }
}

/** Draws by the polar method (Marsaglia & Bray 1964), then `transform`. */
export function sample(uniform: () => number, mean: ArrayLike<number>, scaleTril: ArrayLike<number>, z: Float64Array | Float32Array, x: Float64Array | Float32Array): void {
  for (let i = 0; i < z.length; ) {
    const [u, v] = [2 * uniform() - 1, 2 * uniform() - 1];
    const s = u * u + v * v;
    if (s >= 1 || s === 0) continue;
    const factor = Math.sqrt((-2 * Math.log(s)) / s);
    z[i++] = u * factor;
    if (i < z.length) z[i++] = v * factor;
  }
  transform(mean, scaleTril, z, x);
}

/** y = L⁻¹ (x − mean) */
export function whiten(mean: ArrayLike<number>, scaleTril: ArrayLike<number>, x: ArrayLike<number>): Float64Array {
  const d = mean.length;
  const y = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    let rest = x[i]! - mean[i]!;
    for (let j = 0; j < i; j++) rest -= scaleTril[i * d + j]! * y[j]!;
    y[i] = rest / scaleTril[i * d + i]!;
  }
  return y;
}

export function logProb(mean: ArrayLike<number>, scaleTril: ArrayLike<number>, x: ArrayLike<number>): number {
  const d = mean.length;
  return whiten(mean, scaleTril, x).reduce((sum, y, j) => sum - 0.5 * y * y - Math.log(Math.abs(scaleTril[j * d + j]!)) - HALF_LOG_TWO_PI, 0);
}

/** s = L⁻ᵀ y */
export function unwhiten(scaleTril: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  const d = y.length;
  const s = new Float64Array(d);
  for (let j = d - 1; j >= 0; j--) {
    let rest = y[j]!;
    for (let i = j + 1; i < d; i++) rest -= scaleTril[i * d + j]! * s[i]!;
    s[j] = rest / scaleTril[j * d + j]!;
  }
  return s;
}

/** ∂ log p/∂mean, then ∂ log p/∂scaleTril by rows. */
export function score(mean: ArrayLike<number>, scaleTril: ArrayLike<number>, x: ArrayLike<number>): [Float64Array, Float64Array] {
  const d = mean.length;
  const y = whiten(mean, scaleTril, x);
  const s = unwhiten(scaleTril, y);
  const lower = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) lower[i * d + j] = s[i]! * y[j]! - (i === j ? 1 / scaleTril[j * d + j]! : 0);
  return [s, lower];
}

/** gᵢ zⱼ for i ≥ j, by rows: the pull-back of a cotangent to scaleTril. */
export function outer(g: ArrayLike<number>, z: ArrayLike<number>): Float64Array {
  const d = g.length;
  const lower = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) lower[i * d + j] = g[i]! * z[j]!;
  return lower;
}
