import type { Core, Points } from "../core/core.ts";
import { type Field, region } from "../core/region.ts";
import { solveBy } from "./conjugate-gradients.ts";
import { type Linear, sumsOf, toPanels, weighted } from "./linear.ts";
import type { Slopes } from "./slopes.ts";
import { heightOf, widthOf } from "./workspace.ts";

const LANES = 2; // of f64, which this is in whatever the plan is in

export interface ImplicitSolver {
  /**
   * @param powers  1 where the marginals of a side must hold, λ = ρ / (ρ + ε) where they are paid for
   * @param masses  the marginals, which are the sums of the plan where they hold
   */
  solve(problem: Linear, powers: readonly [number, number], masses: readonly [Points, Points]): Slopes;
  free(): void;
}

/**
 * The derivative of the fixed point. What its marginals are determines dφ and dγ (Luise et al. 2018; Eisenberger et al. 2022):
 *
 *   [[D₁ / λ₁, P], [Pᵀ, D₂ / λ₂]] (dφ, dγ) = (D₁ d log a, D₂ d log b) − ((P ∘ d(scale · x)) 1, (P ∘ d(scale · x))ᵀ 1),
 *
 * D the sums of the plan. The matrix is symmetric, so cotangents go through the same system. Its rows are eliminated, and what is left is
 * solved by conjugate gradients, each step one pass over P.
 */
export function implicitSolver(core: Core, caller: string, rows: number, columns: number): ImplicitSolver {
  const [height, width] = [heightOf(rows), widthOf(columns, 8)];
  const block = region(core, "f64");
  const [matrix, byRow, t, out] = [height * width, 3 * height, width, width].map((length) => block.reserve(length)) as [Field, Field, Field, Field];
  block.allocate(caller);
  const kernels = block.core.kernels.f64;
  /** Pᵀ (weight ∘ (q − P t)), and its inner part into the last third of byRow. */
  const applied = (q: ArrayLike<number> | undefined, to: Float64Array | undefined): Points => {
    if (q === undefined) byRow.view().fill(0, height, 2 * height);
    else byRow.view().set(q, height);
    if (to === undefined) t.view().fill(0);
    else t.view().set(to);
    kernels.implicitApply(rows, columns, matrix.at, byRow.at, t.at, out.at);
    return out.view();
  };
  return {
    free: () => block.free(),
    solve(problem, powers, masses) {
      const { plan } = problem;
      const { terms: exponent, ...q } = weighted(problem);
      const sums = sumsOf(plan, rows, columns);
      toPanels(rows, columns, width, LANES, plan, matrix.view());
      byRow.view().set(sums.rows.map((sum) => (sum > 0 ? powers[0] / sum : 0)));
      const diagonal = sums.columns.map((sum) => sum / powers[1]);
      const eliminated = applied(q.rows, undefined);
      const right = q.columns.map((each, j) => (diagonal[j]! > 0 ? each - eliminated[j]! : 0));
      const ofColumns = solveBy((from, into) => {
        const product = applied(undefined, from);
        for (let j = 0; j < columns; j++) into[j] = diagonal[j]! * from[j]! + product[j]!;
      }, diagonal, right);
      applied(q.rows, ofColumns);
      const ofRows = new Float64Array(byRow.view().subarray(2 * height, 2 * height + rows));
      for (let i = 0, k = 0; i < rows; i++) for (let j = 0; j < columns; j++, k++) exponent[k]! -= plan[k]! * (ofRows[i]! + ofColumns[j]!);
      const [first, second] = [powers[0] === 1 ? masses[0] : sums.rows, powers[1] === 1 ? masses[1] : sums.columns];
      return { exponent, rows: ofRows.map((s, i) => s * first[i]!), columns: ofColumns.map((s, j) => s * second[j]!) };
    },
  };
}
