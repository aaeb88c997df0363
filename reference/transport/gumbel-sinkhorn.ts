import { iterateLogarithmic, planOf } from "./sinkhorn.ts";

/** The doubly stochastic plan of z / temperature by Sinkhorn's iteration in the log domain, until columns are within the tolerance. */
export function soften(n: number, z: Float64Array, temperature: number, y: Float64Array, tolerance = 1e-14, most = 200_000): void {
  const [ones, phi, gamma] = [new Float64Array(n).fill(1), new Float64Array(n), new Float64Array(n)];
  for (let count = 0; count < most; count++) {
    iterateLogarithmic(n, n, 1, 1 / temperature, ones, ones, z, phi, gamma);
    planOf(n, n, 1 / temperature, z, phi, gamma, y);
    let error = 0;
    for (let i = 0; i < n; i++) error += Math.abs(y.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b, 0) - 1);
    if (error <= tolerance * n) return;
  }
}

/** The cotangent of z: P ∘ (W − s ⊕ t) / temperature, s and t by Gaussian elimination of [[D₁, P], [Pᵀ, D₂]] without its last row and column. */
export function pull(n: number, y: ArrayLike<number>, temperature: number, cotangent: ArrayLike<number>, out: Float64Array): void {
  const size = 2 * n - 1;
  const matrix = Array.from({ length: size }, () => new Float64Array(size + 1));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [p, w] = [y[i * n + j]!, cotangent[i * n + j]!];
      matrix[i]![i]! += p;
      matrix[i]![size]! += p * w;
      if (j === n - 1) continue;
      matrix[i]![n + j]! += p;
      matrix[n + j]![i]! += p;
      matrix[n + j]![n + j]! += p;
      matrix[n + j]![size]! += p * w;
    }
  }
  for (let k = 0; k < size; k++) {
    let best = k;
    for (let i = k + 1; i < size; i++) if (Math.abs(matrix[i]![k]!) > Math.abs(matrix[best]![k]!)) best = i;
    [matrix[k], matrix[best]] = [matrix[best]!, matrix[k]!];
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const factor = matrix[i]![k]! / matrix[k]![k]!;
      for (let j = k; j <= size; j++) matrix[i]![j]! -= factor * matrix[k]![j]!;
    }
  }
  const at = (k: number): number => (k === size ? 0 : matrix[k]![size]! / matrix[k]![k]!);
  for (let i = 0, k = 0; i < n; i++) for (let j = 0; j < n; j++, k++) out[k] = (y[k]! * (cotangent[k]! - at(i) - at(n + j))) / temperature;
}
