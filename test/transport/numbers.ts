/** Numbers in (0, 1) that look random and are the same everywhere. */
export function unit(length: number, seed: number): Float64Array {
  let state = (Math.imul(seed, 2654435761) + 12345) >>> 0;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  });
}

/** Positive numbers whose sum is 1. */
export function masses(length: number, seed: number): Float64Array {
  const u = unit(length, seed).map((x) => x + 0.2);
  const sum = u.reduce((total, x) => total + x, 0);
  return u.map((x) => x / sum);
}

/** Normal-looking numbers: sums of uniform ones. */
export function bell(length: number, seed: number): Float64Array {
  const u = unit(12 * length, seed);
  return Float64Array.from({ length }, (_, i) => u.subarray(12 * i, 12 * i + 12).reduce((sum, x) => sum + x, -6));
}

export const largest = (x: ArrayLike<number>): number => Array.from(x).reduce((most, each) => (Math.abs(each) <= most ? most : Math.abs(each)), 0);

/** The largest difference; NaN or another length is none that passes. */
export function apart(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length !== y.length) return Number.POSITIVE_INFINITY;
  return largest(Array.from(x, (each, i) => (each === y[i] ? 0 : each - y[i]!)));
}

/** Sums of rows, or of columns. */
export function sums(matrix: ArrayLike<number>, rows: number, columns: number, side: "rows" | "columns"): Float64Array {
  const found = new Float64Array(side === "rows" ? rows : columns);
  for (let k = 0; k < rows * columns; k++) found[side === "rows" ? Math.floor(k / columns) : k % columns]! += matrix[k]!;
  return found;
}
