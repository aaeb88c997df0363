import type { Points } from "../core/core.ts";
import type { Linear } from "./linear.ts";
import type { Settings } from "./options.ts";
import { balanced, type Point } from "./point.ts";
import { type Checked, partOf } from "./problem.ts";
import { dot, sum } from "./vectors.ts";

/** Cotangents that were asked for, checked. */
export interface Asked {
  readonly plan?: Points;
  readonly rowPotentials?: Points;
  readonly columnPotentials?: Points;
  readonly transportCost?: Points;
  readonly objective?: Points;
  /** Whether the derivative of the plan matters. */
  readonly plans: boolean;
}

/** Cotangents of what the plan depends on. */
export interface Slopes {
  /** of scale · x, `[rows, columns]` */
  readonly exponent: ArrayLike<number>;
  /** of log a and log b */
  readonly rows: ArrayLike<number>;
  readonly columns: ArrayLike<number>;
}

/** Where the cotangents of all problems go. */
export interface Into {
  readonly x: Points;
  readonly a: Points;
  readonly b: Points;
  readonly regularization: Points;
}

const signOf = ({ form }: Checked): number => (form === "cost" ? 1 : -1); // of x in the cost

/** The cotangents of P, φ and γ of problem p. The potentials are reported in units of the cost and centred, which these undo. */
export function linearOf(problem: Checked, p: number, { unit, phi }: Point, asked: Asked, settings: Settings, plan: Points): Linear {
  const { rows, columns, x } = problem;
  const cell = p * rows * columns;
  const [first, second] = [part(asked.rowPotentials, p, rows), part(asked.columnPotentials, p, columns)];
  const byMatrix = (asked.transportCost?.[p] ?? 0) * signOf(problem);
  if (balanced(settings)) {
    const free = new Float64Array(rows);
    for (let i = 0; i < rows; i++) free[i] = phi[i]! > Number.NEGATIVE_INFINITY ? 1 : 0;
    const excess = (sum(second) - dot(first, free)) / sum(free);
    for (let i = 0; i < rows; i++) first[i] = free[i]! * (first[i]! + excess);
  }
  for (const each of [first, second]) for (let i = 0; i < each.length; i++) each[i]! *= unit;
  return {
    rows, columns, plan, byMatrix,
    direct: asked.plan?.subarray(cell, cell + rows * columns),
    x: x.subarray(cell, cell + rows * columns),
    phi: first,
    gamma: second,
  };
}

function part(array: Points | undefined, p: number, width: number): Float64Array {
  return array === undefined ? new Float64Array(width) : new Float64Array(array.subarray(p * width, (p + 1) * width));
}

/** Adds problem p's cotangents: through the plan by `slopes`, and those of what is read off it. */
export function collect(problem: Checked, p: number, point: Point, asked: Asked, linear: Linear, slopes: Slopes, settings: Settings, into: Into): void {
  const { rows, columns, x } = problem;
  const { scale, unit, phi, gamma } = point;
  const envelope = asked.objective?.[p] ?? 0;
  const direct = ((asked.transportCost?.[p] ?? 0) + envelope) * signOf(problem);
  const cell = p * rows * columns;
  const { exponent } = slopes;
  const [out, { plan }] = [into.x, linear];
  let moment = 0;
  for (let k = 0; k < rows * columns; k++) {
    const each = exponent[k]!;
    if (each !== 0) moment += each * x[cell + k]!; // where it is 0 the cost may be ∞
    out[cell + k] = scale * each + direct * plan[k]!;
  }
  const [ofRows, ofColumns] = [linear.phi, linear.gamma].map((w, side) => paired(w, side === 0 ? phi : gamma) / unit) as [number, number];
  const entropy = scale * point.moment + paired(point.rows, phi) + paired(point.columns, gamma) - sum(point.rows);
  const paid = paired(slopes.rows, phi) / settings.strengths[0] + paired(slopes.columns, gamma) / settings.strengths[1];
  into.regularization[p] = (-scale * moment) / unit + ofRows + ofColumns + envelope * entropy - paid;
  marginal(partOf(into.a, rows, p), partOf(problem.a, rows, p), slopes.rows, point.rows, settings.strengths[0], envelope, (i) => (phi[i]! - point.middle) * unit);
  marginal(partOf(into.b, columns, p), partOf(problem.b, columns, p), slopes.columns, point.columns, settings.strengths[1], envelope, (j) => (gamma[j]! + point.middle) * unit);
}

/** Σ wᵢ xᵢ, of potentials that may be −∞ where nothing is. */
function paired(w: ArrayLike<number>, x: Float64Array): number {
  let total = 0;
  for (let i = 0; i < w.length; i++) if (x[i]! > Number.NEGATIVE_INFINITY) total += w[i]! * x[i]!;
  return total;
}

function marginal(into: Points, masses: Points, slopes: ArrayLike<number>, sums: Float64Array, strength: number, envelope: number, potential: (i: number) => number): void {
  for (let i = 0; i < masses.length; i++) {
    if (masses[i] === 0) continue;
    const own = strength === Number.POSITIVE_INFINITY ? potential(i) : strength * (1 - sums[i]! / masses[i]!);
    into[i]! += slopes[i]! / masses[i]! + envelope * own;
  }
}
