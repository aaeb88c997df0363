import { arrayOf } from "../parameters.ts";
import type { Points } from "../core/core.ts";
import type { Settings } from "./options.ts";
import { restore, type Standing, type Workspace } from "./workspace.ts";

/** What is kept of a problem that was solved. */
export interface Kept {
  readonly scale: number;
  readonly standing: Standing;
}

/** Where one problem ended, in units of ε: P[i, j] = exp(scale · x[i, j] + φᵢ + γⱼ). */
export interface Point {
  readonly scale: number;
  /** ε, or τ */
  readonly unit: number;
  readonly phi: Float64Array;
  readonly gamma: Float64Array;
  /** Mean of φ over the rows that have mass, by which potentials are centred; 0 where no constant is free. */
  readonly middle: number;
  /** Sums of the plan. */
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  /** Σ P x */
  readonly moment: number;
}

export const balanced = ({ strengths }: Settings): boolean => strengths.every((strength) => strength === Number.POSITIVE_INFINITY);

/** Of the problem that is in the workspace. */
export function readPoint(work: Workspace, scale: number, settings: Settings): Point {
  work.marginals();
  const [rows, columns] = [Float64Array.from(work.byRow(3)), Float64Array.from(work.byColumn(2))];
  work.potentials();
  const [phi, gamma] = [Float64Array.from(work.byRow(3)), Float64Array.from(work.byColumn(4))];
  const present = phi.filter((x) => x > Number.NEGATIVE_INFINITY);
  const middle = balanced(settings) ? present.reduce((sum, x) => sum + x, 0) / present.length : 0;
  return { scale, unit: 1 / Math.abs(scale), phi, gamma, middle, rows, columns, moment: work.cost() };
}

/** Puts problem p where it ended. */
export function pointOf(work: Workspace, p: number, { scale, standing }: Kept, settings: Settings): Point {
  restore(work, p, standing, scale);
  return readPoint(work, scale, settings);
}

/** The plan of the problem in the workspace; its matrix makes room for it. */
export function takePlan(work: Workspace): Points {
  const { rows, columns, precision } = work.problem;
  work.write(work.x.at);
  const plan = arrayOf(precision, rows * columns);
  plan.set(work.x.view() as Float64Array);
  return plan;
}
