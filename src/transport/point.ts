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
  const [rows, columns] = [new Float64Array(work.byRow(4)), new Float64Array(work.byColumn(2))]; // not from(): it takes 20 times as long
  work.potentials(!balanced(settings));
  const [phi, gamma] = [new Float64Array(work.byRow(3)), new Float64Array(work.byColumn(4))];
  const middle = balanced(settings) ? middleOf(phi) : 0;
  return { scale, unit: 1 / Math.abs(scale), phi, gamma, middle, rows, columns, moment: work.cost() };
}

function middleOf(phi: Float64Array): number {
  let [sum, present] = [0, 0];
  for (let i = 0; i < phi.length; i++) {
    if (phi[i] === Number.NEGATIVE_INFINITY) continue;
    sum += phi[i]!;
    present++;
  }
  return sum / present;
}

/** Puts problem p where it ended. */
export function pointOf(work: Workspace, p: number, { scale, standing }: Kept, settings: Settings): Point {
  restore(work, p, standing, scale);
  return readPoint(work, scale, settings);
}

/** The plan of the problem in the workspace; its matrix makes room for it, so this is a view of that. */
export function planIn(work: Workspace): Points {
  work.write(work.x.at);
  return work.x.view();
}
