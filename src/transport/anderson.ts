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
  let iterates: Iterate[] = [];
  return {
    next(before, after) {
      if (iterates.length === memory) iterates.shift();
      iterates.push(iterateOf(before, after, iterates));
      if (iterates.length < 2) return false;
      const weights = weightsOf(iterates);
      if (weights === undefined) return false;
      mix(weights, iterates, after);
      return true;
    },
    forget() {
      iterates = [];
    },
  };
}

interface Iterate {
  readonly after: Points;
  readonly residual: Float64Array;
  /** Products of its residual with those before it and with itself; the last ones are of the last. */
  readonly products: readonly number[];
}

function iterateOf(before: Points, after: Points, earlier: readonly Iterate[]): Iterate {
  const residual = new Float64Array(after.length);
  for (let j = 0; j < after.length; j++) {
    const difference = after[j]! - before[j]!;
    if (Number.isFinite(difference)) residual[j] = difference;
  }
  return { after: after.slice(), residual, products: [...earlier.map((each) => dot(each.residual, residual)), dot(residual, residual)] };
}

function mix(weights: readonly number[], iterates: readonly Iterate[], into: Points): void {
  const mixed = new Float64Array(into.length);
  for (let k = 0; k < iterates.length; k++) {
    const [weight, { after }] = [weights[k]!, iterates[k]!];
    for (let j = 0; j < mixed.length; j++) mixed[j]! += weight * after[j]!;
  }
  for (let j = 0; j < mixed.length; j++) if (Number.isFinite(into[j])) into[j] = mixed[j]!;
}

/** w with Σ w = 1 that makes |Σ wₖ rₖ| least: w ∝ (RᵀR)⁻¹ 1. */
function weightsOf(iterates: readonly Iterate[]): number[] | undefined {
  const product = (k: number, l: number): number => iterates[k]!.products.at(l - k - 1)!; // l ≤ k
  const matrix = iterates.map((_, k) => iterates.map((__, l) => (l <= k ? product(k, l) : product(l, k))));
  const trace = sum(matrix.map((row, k) => row[k]!));
  if (!(trace > 0)) return undefined;
  for (const [k, row] of matrix.entries()) row[k]! += RIDGE * trace;
  const weights = solved(matrix, iterates.map(() => 1));
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
