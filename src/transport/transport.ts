import type { Core, Points } from "../core/core.ts";
import { arrayOf } from "../parameters.ts";
import type { Settings } from "./options.ts";
import { type Kept, type Point, planIn, readPoint } from "./point.ts";
import { type Checked, partOf } from "./problem.ts";
import { type Cotangents, type Pulled, pullback, type PullbackOptions } from "./pullback.ts";
import type { Run } from "./solve.ts";
import { sum } from "./vectors.ts";
import { restore, workspace, type Workspace } from "./workspace.ts";

export type Form = "cost" | "logits";

/** A solved batch of transport problems. Its arrays are the caller's. */
export interface Transport<A extends Points = Points, F extends Form = Form> {
  /** Whether the marginals were within the tolerance, problem by problem. */
  readonly converged: readonly boolean[];
  readonly iterations: readonly number[];
  /** Share of the mass in a wrong row or column. Where marginals are paid for: share that one more iteration would move. */
  readonly marginalError: readonly number[];
  /** f, `[batch, rows]`, in units of the cost: P = exp((f + g − C) / ε). Its mean is 0 where both marginals must hold; −∞ where a row has no mass. */
  readonly rowPotentials: A;
  /** g, `[batch, columns]` */
  readonly columnPotentials: A;
  /** Σ P C, `[batch]`; with logits Σ P · (−logits). */
  readonly transportCost: A;
  /** What P makes least, `[batch]`: Σ P C + ε Σ P (log P − 1), and ρ · KL of the marginals that are paid for. */
  readonly objective: A;
  /** P, `[batch, rows, columns]`; computed when asked for. */
  plan(): A;
  /** Vector–Jacobian products: from cotangents of results to those of what the problem was made of. */
  pullback(cotangents: Cotangents<A>, options?: PullbackOptions): Pulled<A, F>;
}

/** Reads the results of problems, one by one. */
export interface Reader {
  /** Problem p is in the workspace, where the run left it. */
  read(work: Workspace, p: number, run: Run): void;
  /** Results as of now; of a problem that was never read there are none. */
  transport(): Transport;
}

export function reader(core: Core, caller: string, problem: Checked, settings: Settings): Reader {
  const { precision, batch, rows, columns } = problem;
  const results = { rowPotentials: arrayOf(precision, batch * rows), columnPotentials: arrayOf(precision, batch * columns), transportCost: arrayOf(precision, batch), objective: arrayOf(precision, batch) };
  const [converged, iterations, marginalError, kept]: [boolean[], number[], number[], Kept[]] = [[], [], [], []];
  return {
    read(work, p, run) {
      const point = readPoint(work, run.scale, settings);
      if (!point.rows.every(Number.isFinite)) throw new RangeError(`${caller}: the plan of problem ${p} has more mass than numbers can hold. Its costs are too negative for "rowStrength" and "columnStrength": add a constant to them, or raise a strength.`);
      const { phi, gamma, middle, unit, moment } = point;
      for (let i = 0; i < rows; i++) results.rowPotentials[p * rows + i] = (phi[i]! - middle) * unit;
      for (let j = 0; j < columns; j++) results.columnPotentials[p * columns + j] = (gamma[j]! + middle) * unit;
      results.transportCost[p] = problem.form === "cost" ? moment : -moment;
      results.objective[p] = objectiveOf(problem, p, point, settings);
      [converged[p], iterations[p], marginalError[p]] = [run.converged, run.iterations, run.error];
      kept[p] = { scale: run.scale, standing: run.standing };
    },
    transport() {
      const own: Checked = { ...problem, x: problem.x.slice(), a: problem.a.slice(), b: problem.b.slice() };
      const [reached, done, ends] = [[...converged], [...iterations], [...kept]];
      const copy = Object.fromEntries(Object.entries(results).map(([name, array]) => [name, array.slice()])) as typeof results;
      return {
        converged: reached, iterations: done, marginalError: [...marginalError], ...copy,
        plan: () => plansOf(core, own, ends),
        pullback: (cotangents, options = {}) => pullback(core, own, settings, ends, reached, done, cotangents, options),
      };
    },
  };
}

/** Where the plan is optimal, its cost and entropy are a sum of potentials (Cuturi 2013; Chizat et al. 2018). */
function objectiveOf({ a, b, rows, columns }: Checked, p: number, { phi, gamma, unit, rows: first, columns: second }: Point, { strengths }: Settings): number {
  const side = (masses: Points, potentials: Float64Array, sums: Float64Array, strength: number): number => {
    let total = 0;
    for (let i = 0; i < masses.length; i++) {
      if (strength !== Number.POSITIVE_INFINITY) total += strength * (masses[i]! - sums[i]!);
      else if (masses[i]! > 0) total += masses[i]! * potentials[i]! * unit;
    }
    return total;
  };
  return side(partOf(a, rows, p), phi, first, strengths[0]) + side(partOf(b, columns, p), gamma, second, strengths[1]) - unit * sum(first);
}

function plansOf(core: Core, problem: Checked, kept: readonly Kept[]): Points {
  const work = workspace(core, "plan", problem);
  const { rows, columns, precision, batch } = problem;
  const plans = arrayOf(precision, batch * rows * columns);
  try {
    for (const [p, { scale, standing }] of kept.entries()) {
      restore(work, p, standing, scale);
      plans.set(planIn(work) as Float64Array, p * rows * columns);
    }
    return plans;
  } finally {
    work.free();
  }
}
