import type { Core, Points } from "../core/core.ts";
import type { Kernels, Pointer } from "../core/kernels.ts";
import { type Field, region } from "../core/region.ts";
import { type Checked, partOf } from "./problem.ts";

const PANEL = 8; // rows that kernels go through together

/** One problem at a time in linear memory: its matrix, the kernel K of it, and vectors along rows and columns as assembly/transport/ has them. */
export interface Workspace {
  readonly problem: Checked;
  readonly x: Field;
  /** a, u, φ, log u + φ, sums of the plan */
  readonly byRow: Vectors;
  /** b, v, the next v, γ, log v + γ */
  readonly byColumn: Vectors;
  readonly kernels: Kernels;
  /** Copies problem p's numbers in. */
  load(p: number): void;
  /** K of γ, v = 1, u of log u + φ. */
  begin(scale: number): void;
  /** Iterations done, at most `count`; `error` is what the last of them began with. */
  iterate(count: number, tolerance: number, powers: readonly [number, number], step: number, logarithmic: boolean, scale: number): number;
  readonly error: number;
  /** Sums of the plan's rows into byRow[4], of its columns into byColumn[2]. */
  marginals(): void;
  /** log u + φ into byRow[3], log v + γ into byColumn[4]; `paid` says that marginals are paid for. */
  potentials(paid: boolean): void;
  /** Σ P x */
  cost(): number;
  /** P, `[rows, columns]`, to an address. */
  write(out: Pointer): void;
  free(): void;
}

/** Vectors of the same length in one field. */
export type Vectors = (which: number) => Points;

export const heightOf = (rows: number): number => Math.ceil(rows / PANEL) * PANEL;
export const widthOf = (columns: number, bytes: number): number => Math.ceil((columns * bytes) / 16) * (16 / bytes);


export function workspace(core: Core, caller: string, problem: Checked): Workspace {
  const { rows, columns, precision } = problem;
  const block = region(core, precision);
  const height = heightOf(rows);
  const width = widthOf(columns, block.bytes);
  const [x, kernel, first, second] = [rows * columns, height * width, 5 * height, 5 * width].map((length) => block.reserve(length)) as [Field, Field, Field, Field];
  const outcome = block.reserve(1, "f64");
  block.allocate(caller);
  const kernels = block.core.kernels[precision];
  return {
    problem, x, kernels,
    byRow: vectors(first, height, rows),
    byColumn: vectors(second, width, columns),
    load(p) {
      x.view().set(problem.x.subarray(p * rows * columns, (p + 1) * rows * columns));
      first.view().fill(0);
      second.view().fill(0);
      first.view().set(partOf(problem.a, rows, p));
      second.view().set(partOf(problem.b, columns, p));
    },
    begin: (scale) => kernels.sinkhornBegin(rows, columns, scale, x.at, kernel.at, first.at, second.at),
    iterate: (count, tolerance, [powerA, powerB], step, logarithmic, scale) =>
      kernels.sinkhornIterate(rows, columns, count, tolerance, powerA, powerB, step, logarithmic ? 1 : 0, scale, x.at, kernel.at, first.at, second.at, outcome.at),
    get error() {
      return outcome.view()[0]!;
    },
    marginals: () => kernels.planMarginals(rows, columns, kernel.at, first.at, second.at),
    potentials: (paid) => kernels.sinkhornPotentials(rows, columns, paid ? 1 : 0, first.at, second.at),
    cost: () => kernels.planCost(rows, columns, kernel.at, first.at, second.at, x.at),
    write: (out) => kernels.planWrite(rows, columns, kernel.at, first.at, second.at, out),
    free: () => block.free(),
  };
}

/** Views are made once, and again when memory has grown. */
function vectors(field: Field, padded: number, length: number): Vectors {
  let [of, made]: [Points | undefined, Points[]] = [undefined, []];
  return (which) => {
    const view = field.view();
    if (view !== of) [of, made] = [view, []];
    return (made[which] ??= view.subarray(which * padded, which * padded + length));
  };
}

/** Where a problem's iterations stand, outside linear memory: K is built again from it, to the bit. */
export interface Standing {
  readonly gamma: Points;
  readonly u: Points;
  readonly v: Points;
  /** log u + φ, as of the last time it was asked for; where marginals are paid for, always. */
  readonly total: Points;
}

export function standing({ byRow, byColumn }: Workspace): Standing {
  return { gamma: byColumn(3).slice(), u: byRow(1).slice(), v: byColumn(1).slice(), total: byRow(3).slice() };
}

/** Problem p in the workspace as it stood. */
export function restore(work: Workspace, p: number, { gamma, u, v, total }: Standing, scale: number): void {
  work.load(p);
  work.byColumn(3).set(gamma as Float64Array);
  work.byRow(3).set(total as Float64Array);
  work.begin(scale);
  work.byRow(1).set(u as Float64Array);
  work.byColumn(1).set(v as Float64Array);
}
