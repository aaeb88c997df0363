import type { Core, Points } from "../core/core.ts";
import { type Field, region } from "../core/region.ts";
import { transport } from "../wasm/modules.ts";
import { type Linear, weigh } from "./linear.ts";
import type { Slopes } from "./slopes.ts";
import { heightOf, widthOf } from "./workspace.ts";

/** Vectors of byRow and byColumn, as assembly/transport/fixed-point.ts has them. */
const ROW = { solution: 2, given: 3, sums: 4, count: 5 } as const;
const COLUMN = { given: 0, sums: 1, solution: 3, count: 8 } as const;

export interface ImplicitSolver {
  /**
   * Its exponent is a view, until the next.
   *
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
 * solved by conjugate gradients, each step one pass over P; all in f64, whatever the plan is in.
 */
export function implicitSolver(core: Core, caller: string, rows: number, columns: number): ImplicitSolver {
  const [height, width] = [heightOf(rows), widthOf(columns, 8)];
  const block = region(core, "f64");
  const lengths = [2, rows * columns, rows * columns, height * width, ROW.count * height, COLUMN.count * width];
  const [strengths, copy, terms, matrix, byRow, byColumn] = lengths.map((length) => block.reserve(length)) as [Field, Field, Field, Field, Field, Field];
  block.need([transport]);
  block.allocate(caller);
  const kernels = block.core.kernels.f64;
  /** A vector with the masses of its side for factors, which are sums of the plan where marginals are paid for. */
  const times = (field: Field, from: number, masses: Points, count: number): Float64Array => {
    const out = new Float64Array(count);
    const vector = field.view();
    for (let i = 0; i < count; i++) out[i] = vector[from + i]! * masses[i]!;
    return out;
  };
  return {
    free: () => block.free(),
    solve(problem, powers, masses) {
      strengths.view().set(powers);
      copy.view().set(problem.plan as Float64Array);
      weigh(problem, terms.view());
      byRow.view().set(problem.phi, ROW.given * height);
      byColumn.view().set(problem.gamma, COLUMN.given * width);
      if (width > columns) byColumn.view()[COLUMN.given * width + columns] = 0;
      kernels.fixedPointSolve(rows, columns, strengths.at, copy.at, terms.at, matrix.at, byRow.at, byColumn.at);
      return {
        exponent: terms.view(),
        rows: times(byRow, ROW.solution * height, powers[0] === 1 ? masses[0] : byRow.view().subarray(ROW.sums * height), rows),
        columns: times(byColumn, COLUMN.solution * width, powers[1] === 1 ? masses[1] : byColumn.view().subarray(COLUMN.sums * width), columns),
      };
    },
  };
}
