import type { Points } from "../core/core.ts";

/** A plan of one problem and the cotangents of it and of its potentials, in units of ε. */
export interface Linear {
  readonly rows: number;
  readonly columns: number;
  /** May be a view of linear memory: nothing is allocated there while it is read. */
  readonly plan: Points;
  /** The cotangent of P is `direct` + byMatrix · `x`, where P is not 0. */
  readonly direct: Points | undefined;
  readonly byMatrix: number;
  readonly x: Points;
  /** Cotangents of φ and γ. */
  readonly phi: Float64Array;
  readonly gamma: Float64Array;
}

/** P times its cotangent, and what the potentials get of it beside their own: its sums. */
export interface Weighted {
  readonly terms: Float64Array;
  readonly rows: Float64Array;
  readonly columns: Float64Array;
}

export function weighted(linear: Linear): Weighted {
  const { rows, columns, phi, gamma } = linear;
  const terms = new Float64Array(rows * columns);
  weigh(linear, terms);
  const sums = sumsOf(terms, rows, columns);
  for (let i = 0; i < rows; i++) sums.rows[i]! += phi[i]!;
  for (let j = 0; j < columns; j++) sums.columns[j]! += gamma[j]!;
  return { terms, ...sums };
}

/** P times its cotangent, written. */
export function weigh({ plan, direct, byMatrix, x }: Linear, terms: Points): void {
  if (direct === undefined) terms.fill(0);
  else for (let k = 0; k < plan.length; k++) terms[k] = plan[k]! * direct[k]!;
  // Where P is 0 the cost may be ∞.
  if (byMatrix !== 0) for (let k = 0; k < plan.length; k++) if (plan[k] !== 0) terms[k]! += plan[k]! * byMatrix * x[k]!;
}

/** Sums of the rows and of the columns of a matrix. */
function sumsOf(matrix: Points, rows: number, columns: number): { readonly rows: Float64Array; readonly columns: Float64Array } {
  const [ofRows, ofColumns] = [new Float64Array(rows), new Float64Array(columns)];
  for (let i = 0, k = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++, k++) {
      sum += matrix[k]!;
      ofColumns[j]! += matrix[k]!;
    }
    ofRows[i] = sum;
  }
  return { rows: ofRows, columns: ofColumns };
}

/** Where entry (i, j) lies in a matrix by panels of eight rows, as assembly/transport/panels.ts has them; `lanes` numbers are a vector. */
function panelIndex(i: number, j: number, width: number, lanes: number): number {
  const lane = j & (lanes - 1);
  return (i >> 3) * 8 * width + (j - lane) * 8 + (i & 7) * lanes + lane;
}

/** Copies a matrix into panels, or back. */
export function toPanels(rows: number, columns: number, width: number, lanes: number, matrix: ArrayLike<number>, panels: Points): void {
  for (let i = 0, k = 0; i < rows; i++) for (let j = 0; j < columns; j++, k++) panels[panelIndex(i, j, width, lanes)] = matrix[k]!;
}

export function fromPanels(rows: number, columns: number, width: number, lanes: number, panels: Points, matrix: Points): void {
  for (let i = 0, k = 0; i < rows; i++) for (let j = 0; j < columns; j++, k++) matrix[k] = panels[panelIndex(i, j, width, lanes)]!;
}
