import type { Points } from "../core/core.ts";
import { dot, sum } from "./vectors.ts";

/** Extrapolates a fixed-point iteration from its last iterates (Anderson 1965; type II, as in Walker & Ni 2011). */
export interface Anderson {
  /**
   * Takes an iterate and what the iteration made of it; writes the extrapolation over the latter.
   *
   * @returns whether there was enough to extrapolate from
   */
  next(before: Points, after: Points): boolean;
  /** Forgets what it has seen: after a step that was none. */
  forget(): void;
}

/** Of the size of the weights' matrix: keeps nearly equal iterates from large weights. */
const RIDGE = 1e-12;

export function anderson(memory: number): Anderson {
  let iterates: { after: Points; residual: Float64Array }[] = [];
  return {
    next(before, after) {
      const residual = Float64Array.from(after, (x, j) => (Number.isFinite(x) && Number.isFinite(before[j]) ? x - before[j]! : 0));
      iterates = [...iterates.slice(1 - memory), { after: after.slice(), residual }];
      if (iterates.length < 2) return false;
      const weights = weightsOf(iterates.map((each) => each.residual));
      if (weights === undefined) return false;
      for (let j = 0; j < after.length; j++) {
        if (!Number.isFinite(after[j])) continue;
        let mixed = 0;
        for (const [k, each] of iterates.entries()) mixed += weights[k]! * each.after[j]!;
        after[j] = mixed;
      }
      return true;
    },
    forget() {
      iterates = [];
    },
  };
}

/** w with Σ w = 1 that makes |Σ wₖ rₖ| least: w ∝ (RᵀR)⁻¹ 1. */
function weightsOf(residuals: readonly Float64Array[]): number[] | undefined {
  const matrix = residuals.map((r) => residuals.map((s) => dot(r, s)));
  const trace = sum(matrix.map((row, k) => row[k]!));
  if (!(trace > 0)) return undefined;
  for (const [k, row] of matrix.entries()) row[k]! += RIDGE * trace;
  const weights = solved(matrix, residuals.map(() => 1));
  const total = sum(weights);
  return Number.isFinite(total) && total !== 0 ? weights.map((w) => w / total) : undefined;
}

/** Gaussian elimination with pivoting; the matrix is small, and is used up. */
function solved(matrix: number[][], right: number[]): number[] {
  const n = right.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(matrix[i]![k]!) > Math.abs(matrix[pivot]![k]!)) pivot = i;
    [matrix[k], matrix[pivot]] = [matrix[pivot]!, matrix[k]!];
    [right[k], right[pivot]] = [right[pivot]!, right[k]!];
    for (let i = k + 1; i < n; i++) {
      const factor = matrix[i]![k]! / matrix[k]![k]!;
      for (let j = k; j < n; j++) matrix[i]![j]! -= factor * matrix[k]![j]!;
      right[i]! -= factor * right[k]!;
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = k + 1; j < n; j++) right[k]! -= matrix[k]![j]! * right[j]!;
    right[k]! /= matrix[k]![k]!;
  }
  return right;
}
