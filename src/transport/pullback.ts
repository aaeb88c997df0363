import type { Core, Points } from "../core/core.ts";
import { onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import { arrayOf, numbers } from "../parameters.ts";
import { implicitSolver } from "./implicit.ts";
import type { Linear } from "./linear.ts";
import type { Settings } from "./options.ts";
import { balanced, type Kept, planIn, type Point, pointOf } from "./point.ts";
import { type Checked, partOf } from "./problem.ts";
import { type Asked, collect, type Into, linearOf, type Slopes } from "./slopes.ts";
import { powersOf, startGamma } from "./start.ts";
import { unroller } from "./unroll.ts";
import { workspace } from "./workspace.ts";

/** Cotangents of the results of `sinkhorn`, each of the shape of its result; any of them. */
export interface Cotangents<A extends Points = Points> {
  readonly plan?: A;
  readonly rowPotentials?: A;
  readonly columnPotentials?: A;
  readonly transportCost?: A;
  /** Needs no derivative of the plan (envelope theorem): right to second order before convergence, too. */
  readonly objective?: A;
}

export interface PullbackOptions {
  /**
   * "fixed-point" unless given: the derivative of the limit, right where the iteration has converged.
   * "iterations": the derivative of the iterations that were done, by going back through each; right wherever they ended.
   */
  readonly through?: "fixed-point" | "iterations";
  /** Take the derivative of the fixed point although it was not reached: it is then of something else. */
  readonly unconverged?: boolean;
}

/** Cotangents of the problem, each of the shape of what was given. */
export type Pulled<A extends Points = Points, F extends "cost" | "logits" = "cost" | "logits"> = {
  readonly rowMarginals: A;
  readonly columnMarginals: A;
} & (F extends "cost" ? { readonly cost: A; /** `[batch]` */ readonly regularization: A } : { readonly logits: A; /** `[batch]` */ readonly temperature: A });

const CALLER = "pullback";

export function pullback(
  core: Core,
  problem: Checked,
  settings: Settings,
  kept: readonly Kept[],
  converged: readonly boolean[],
  iterations: readonly number[],
  cotangents: Cotangents,
  options: PullbackOptions,
): Pulled {
  const { form, precision, batch, rows, columns, x, a, b } = problem;
  const asked = checkedCotangents(problem, cotangents);
  onlyOptions(CALLER, options, ["through", "unconverged"]);
  const { through = "fixed-point" } = options;
  if (through !== "fixed-point" && through !== "iterations") throw wrongValue(CALLER, "through", '"fixed-point" or "iterations"', through);
  const missing = converged.indexOf(false);
  if (through === "fixed-point" && asked.plans && missing >= 0 && options.unconverged !== true) {
    throw new RangeError(`${CALLER}: problem ${missing} has not converged in ${iterations[missing]} iterations, and the derivative of its fixed point would be of something else. Raise "maximumIterations" or "tolerance", say { through: "iterations" }, or { unconverged: true }.`);
  }
  const pulled: Into = { x: arrayOf(precision, x.length), a: arrayOf(precision, a.length), b: arrayOf(precision, b.length), regularization: arrayOf(precision, batch) };
  const slopes = through === "fixed-point" ? limits(core, problem, settings) : unrolled(core, problem, settings, iterations);
  const work = workspace(core, CALLER, problem);
  try {
    for (let p = 0; p < batch; p++) {
      const point = pointOf(work, p, kept[p]!, settings);
      const linear = linearOf(problem, p, point, asked, settings, planIn(work));
      collect(problem, p, point, asked, linear, asked.plans ? slopes.of(p, linear, point) : none(rows, columns), settings, pulled);
    }
  } finally {
    slopes.free();
    work.free();
  }
  return (form === "cost"
    ? { cost: pulled.x, rowMarginals: pulled.a, columnMarginals: pulled.b, regularization: pulled.regularization }
    : { logits: pulled.x, rowMarginals: pulled.a, columnMarginals: pulled.b, temperature: pulled.regularization }) as Pulled;
}

/** Cotangents of what the plan of problem p depends on. */
interface Through {
  of(p: number, linear: Linear, point: Point): Slopes;
  free(): void;
}

function limits(core: Core, { rows, columns, a, b }: Checked, { strengths }: Settings): Through {
  const solver = implicitSolver(core, CALLER, rows, columns);
  return { of: (p, linear, { unit }) => solver.solve(linear, powersOf(strengths, unit), [partOf(a, rows, p), partOf(b, columns, p)]), free: solver.free };
}

function unrolled(core: Core, problem: Checked, settings: Settings, iterations: readonly number[]): Through {
  const { columns, b, precision } = problem;
  const plain = balanced(settings) && settings.overRelaxation === 1 && settings.anderson === 0 && settings.regularizations.length === 1;
  if (!plain) throw wrongValue(CALLER, "through", '"fixed-point" where iterations are annealed, accelerated or of marginals that are paid for', "iterations", "Leave \"through\" out; where the run has not converged, raise \"maximumIterations\", or say { unconverged: true }.");
  const unroll = unroller(core, CALLER, problem, Math.max(...iterations));
  return {
    of(p, linear, { scale, unit }) {
      const gamma = arrayOf(precision, columns);
      startGamma(gamma, partOf(b, columns, p), settings.start?.columnPotentials, p, 1 / unit);
      return unroll.solve(p, linear, gamma, iterations[p]!, scale);
    },
    free: unroll.free,
  };
}

function none(rows: number, columns: number): Slopes {
  return { exponent: new Float64Array(rows * columns), rows: new Float64Array(rows), columns: new Float64Array(columns) };
}

function checkedCotangents({ precision, batch, rows, columns, x }: Checked, given: Cotangents): Asked {
  if (typeof given !== "object" || given === null) throw wrongKind(CALLER, "cotangents", "an object with arrays by result", given);
  const lengths = { plan: x.length, rowPotentials: batch * rows, columnPotentials: batch * columns, transportCost: batch, objective: batch } as const;
  onlyOptions(CALLER, given, Object.keys(lengths));
  const found: Record<string, Points> = {};
  for (const [name, length] of Object.entries(lengths)) {
    const value = given[name as keyof Cotangents];
    if (value === undefined) continue;
    const array = numbers(CALLER, `cotangents.${name}`, value, precision, length);
    for (let k = 0; k < length; k++) if (!Number.isFinite(array[k])) throw wrongValue(CALLER, `cotangents.${name}[${k}]`, "a finite number", array[k]);
    found[name] = array;
  }
  if (Object.keys(found).length === 0) throw wrongKind(CALLER, "cotangents", "at least one array", given);
  return { ...found, plans: Object.keys(found).some((name) => name !== "objective") };
}
