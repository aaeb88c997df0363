import type { Points } from "../core/core.ts";

/** A plan of one problem and the cotangents of it and of its potentials, in units of ε. */
export interface Linear {
  readonly rows: number;
  readonly columns: number;
  readonly plan: Points;
  /** Cotangent of entry k of P, where P is not 0. */
  readonly slope: (k: number) => number;
  /** Cotangents of φ and γ. */
  readonly phi: Float64Array;
  readonly gamma: Float64Array;
}

/** P times its cotangent; its sums are what the potentials get of it. */
export function weighted({ plan, slope }: Linear): Float64Array {
  const terms = new Float64Array(plan.length);
  for (let k = 0; k < plan.length; k++) if (plan[k] !== 0) terms[k] = plan[k]! * slope(k);
  return terms;
}

/** Adds the sums of rows and columns. */
export function addSums(matrix: ArrayLike<number>, rows: Float64Array, columns: Float64Array): void {
  for (let i = 0, k = 0; i < rows.length; i++) for (let j = 0; j < columns.length; j++, k++) {
    rows[i]! += matrix[k]!;
    columns[j]! += matrix[k]!;
  }
}

/** Where entry (i, j) lies in a matrix by panels of eight rows, as assembly/transport/panels.ts has them; `lanes` numbers are a vector. */
export function panelIndex(i: number, j: number, width: number, lanes: number): number {
  const lane = j % lanes;
  return (i >> 3) * 8 * width + (j - lane) * 8 + (i & 7) * lanes + lane;
}
