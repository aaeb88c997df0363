import type { Core, Points } from "../core/core.ts";
import { type Field, region } from "../core/region.ts";
import { arrayOf } from "../parameters.ts";
import { fromPanels, type Linear, toPanels, weighted } from "./linear.ts";
import { type Checked, partOf } from "./problem.ts";
import type { Slopes } from "./slopes.ts";
import { heightOf, widthOf } from "./workspace.ts";

export interface Unroller {
  /**
   * @param gamma       γ that the iterations began with
   * @param iterations  how many there were
   */
  solve(p: number, linear: Linear, gamma: Points, iterations: number, scale: number): Slopes;
  free(): void;
}

/** The derivative of the iterations themselves: they are done again, their potentials kept, and gone back through. */
export function unroller(core: Core, caller: string, problem: Checked, most: number): Unroller {
  const { rows, columns, precision } = problem;
  const block = region(core, precision);
  const [height, width, lanes] = [heightOf(rows), widthOf(columns, block.bytes), 16 / block.bytes];
  const lengths = [rows * columns, height * width, 5 * height, 7 * width, height * width, (most + 1) * (height + width)];
  const [x, kernel, byRow, byColumn, slope, history] = lengths.map((length) => block.reserve(length)) as [Field, Field, Field, Field, Field, Field];
  block.allocate(caller);
  const kernels = block.core.kernels[precision];
  return {
    free: () => block.free(),
    solve(p, linear, gamma, iterations, scale) {
      x.view().set(problem.x.subarray(p * rows * columns, (p + 1) * rows * columns));
      byRow.view().fill(0);
      byColumn.view().fill(0);
      byRow.view().set(partOf(problem.a, rows, p));
      byRow.view().fill(Number.NEGATIVE_INFINITY, 3 * height, 3 * height + rows);
      byColumn.view().set(partOf(problem.b, columns, p));
      byColumn.view().set(gamma, 3 * width);
      kernels.unrolledRecord(rows, columns, iterations, scale, x.at, kernel.at, byRow.at, byColumn.at, history.at);
      const found = weighted(linear);
      byRow.view().fill(0, 3 * height);
      byRow.view().set(found.rows, 3 * height);
      byColumn.view().fill(0, 5 * width);
      byColumn.view().set(found.columns, 5 * width);
      slope.view().fill(0);
      toPanels(rows, columns, width, lanes, found.terms, slope.view());
      kernels.unrolledPull(rows, columns, iterations, scale, x.at, kernel.at, history.at, byRow.at, byColumn.at, slope.at);
      const exponent = arrayOf(precision, rows * columns);
      fromPanels(rows, columns, width, lanes, slope.view(), exponent);
      return { exponent, rows: byRow.view().slice(4 * height, 4 * height + rows), columns: byColumn.view().slice(6 * width, 6 * width + columns) };
    },
  };
}
