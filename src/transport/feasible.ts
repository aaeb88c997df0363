import { wrongValue } from "../errors.ts";
import { LARGEST, type Settings } from "./options.ts";
import { type Checked, partOf } from "./problem.ts";
import type { Workspace } from "./workspace.ts";

const FORBIDDEN = -2;

/**
 * Refuses a matrix with what is no cost, and marginals that no plan can have for lack of cells.
 *
 * Forbidden cells may still leave too few to some rows together: that is looked into where the iteration does not converge.
 *
 * @returns whether cells are forbidden
 */
export function checkMatrix(caller: string, work: Workspace, p: number, { regularizations }: Settings): boolean {
  const { form, rows, columns, x, precision } = work.problem;
  work.x.view().set(x.subarray(p * rows * columns, (p + 1) * rows * columns));
  const most = LARGEST[precision] * Math.min(1, regularizations.at(-1)!);
  const found = work.kernels.problemCheck(rows * columns, form === "cost" ? -1 : 1, most, work.x.at);
  if (found >= 0) {
    const at = p * rows * columns + found;
    const [forbidden, unit] = form === "cost" ? ["Infinity", "regularization"] : ["-Infinity", "temperature"];
    if (!Number.isFinite(x[at])) throw wrongValue(caller, `${form}[${at}]`, `a number, or ${forbidden}`, x[at]);
    throw wrongValue(caller, `${form}[${at}]`, `at most ${most.toPrecision(2)} in size, or ${forbidden}`, x[at], `Sums of such numbers, over the ${unit} too, must stay within the range of ${precision}: scale them down, or forbid the cell.`);
  }
  if (found === FORBIDDEN) checkCells(caller, work.problem, p);
  return found === FORBIDDEN;
}

function checkCells(caller: string, { form, rows, columns, x, a, b }: Checked, p: number): void {
  const [first, second] = [partOf(a, rows, p), partOf(b, columns, p)];
  const at = p * rows * columns;
  const open = (i: number, j: number): boolean => Number.isFinite(x[at + i * columns + j]!) && first[i]! > 0 && second[j]! > 0;
  const side = (name: string, masses: ArrayLike<number>, cells: number, allowed: (i: number, j: number) => boolean): void => {
    for (let i = 0; i < masses.length; i++) {
      if (masses[i] === 0) continue;
      let some = false;
      for (let j = 0; j < cells && !some; j++) some = allowed(i, j);
      if (!some) throw wrongValue(caller, form, `a cell for the mass of every ${name}`, `none in ${name} ${i} of problem ${p}`, "All its cells are forbidden, or lead where no mass may be.");
    }
  };
  side("row", first, columns, open);
  side("column", second, rows, (j, i) => open(i, j));
}
