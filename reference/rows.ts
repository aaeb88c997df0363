/** The twins of assembly/rows.ts. */

/** out[i] = ln Σⱼ exp(x[i, j]) */
export function logSumExp(n: number, width: number, x: ArrayLike<number>, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const maximum = rowMaximum(x, i * width, width);
    out[i] = Number.isFinite(maximum) ? maximum + Math.log(rowSum(x, i * width, width, maximum)) : maximum;
  }
}

/** out[i, j] = exp(x[i, j]) / Σₖ exp(x[i, k]) */
export function softmax(n: number, width: number, x: ArrayLike<number>, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const maximum = rowMaximum(x, i * width, width);
    const sum = rowSum(x, i * width, width, maximum);
    for (let j = i * width; j < (i + 1) * width; j++) out[j] = Math.exp(x[j]! - maximum) / sum;
  }
}

/** out[i, j] = x[i, j] − ln Σₖ exp(x[i, k]) */
export function logSoftmax(n: number, width: number, x: ArrayLike<number>, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const maximum = rowMaximum(x, i * width, width);
    const logSum = Math.log(rowSum(x, i * width, width, maximum));
    for (let j = i * width; j < (i + 1) * width; j++) out[j] = x[j]! - maximum - logSum;
  }
}

function rowMaximum(x: ArrayLike<number>, begin: number, width: number): number {
  let maximum = -Infinity;
  for (let j = begin; j < begin + width; j++) maximum = Math.max(maximum, x[j]!);
  return maximum;
}

function rowSum(x: ArrayLike<number>, begin: number, width: number, maximum: number): number {
  let sum = 0;
  for (let j = begin; j < begin + width; j++) sum += Math.exp(x[j]! - maximum);
  return sum;
}
