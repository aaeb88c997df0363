/** Sinkhorn's iteration in plain TypeScript, in both domains; arrays of either precision, a row of the matrix after the other. */
type Floats = Float32Array | Float64Array;

/** kernel[k] = exp(scale · x[k]) */
export function kernelOf(scale: number, x: Floats, kernel: Floats): void {
  for (let k = 0; k < x.length; k++) kernel[k] = Math.exp(scale * x[k]!);
}

/** u = a / K v, then v = b / Kᵀ u; `sums` is room for the sums of columns. */
export function iterate(rows: number, columns: number, count: number, a: Floats, b: Floats, kernel: Floats, u: Floats, v: Floats, sums: Floats): void {
  for (let t = 0; t < count; t++) {
    sums.fill(0);
    for (let i = 0, row = 0; i < rows; i++, row += columns) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += kernel[row + j]! * v[j]!;
      const each = (u[i] = a[i]! / sum);
      for (let j = 0; j < columns; j++) sums[j]! += kernel[row + j]! * each;
    }
    for (let j = 0; j < columns; j++) v[j] = b[j]! / sums[j]!;
  }
}

/** P[i, j] = uᵢ K[i, j] vⱼ */
export function plan(rows: number, columns: number, kernel: Floats, u: Floats, v: Floats, out: Floats): void {
  for (let i = 0, k = 0; i < rows; i++) for (let j = 0; j < columns; j++, k++) out[k] = u[i]! * kernel[k]! * v[j]!;
}

/**
 * φᵢ = λ₁ (log aᵢ − log Σⱼ exp(scale · x[i, j] + γⱼ)), then γⱼ = λ₂ (log bⱼ − log Σᵢ exp(scale · x[i, j] + φᵢ)); λ is 1 where marginals must hold.
 */
export function iterateLogarithmic(rows: number, columns: number, count: number, scale: number, a: Floats, b: Floats, x: Floats, phi: Floats, gamma: Floats, powers: readonly [number, number] = [1, 1]): void {
  for (let t = 0; t < count; t++) {
    for (let i = 0; i < rows; i++) phi[i] = powers[0] * (Math.log(a[i]!) - logSumExp(columns, i * columns, 1, scale, x, gamma));
    for (let j = 0; j < columns; j++) gamma[j] = powers[1] * (Math.log(b[j]!) - logSumExp(rows, j, columns, scale, x, phi));
  }
}

/** log Σₖ exp(scale · x[from + k · step] + potential[k]) */
function logSumExp(count: number, from: number, step: number, scale: number, x: Floats, potential: Floats): number {
  let most = -Infinity;
  for (let k = 0, at = from; k < count; k++, at += step) most = Math.max(most, scale * x[at]! + potential[k]!);
  if (most === -Infinity) return most;
  let sum = 0;
  for (let k = 0, at = from; k < count; k++, at += step) sum += Math.exp(scale * x[at]! + potential[k]! - most);
  return most + Math.log(sum);
}

/** P[i, j] = exp(scale · x[i, j] + φᵢ + γⱼ) */
export function planOf(rows: number, columns: number, scale: number, x: Floats, phi: Floats, gamma: Floats, out: Floats): void {
  for (let i = 0, k = 0; i < rows; i++) for (let j = 0; j < columns; j++, k++) out[k] = Math.exp(scale * x[k]! + phi[i]! + gamma[j]!);
}
