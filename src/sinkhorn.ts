import type { Core, Points } from "./core/core.ts";
import { turn } from "./driver/turn.ts";
import { integer, wrongKind } from "./errors.ts";
import { checkMatrix } from "./transport/feasible.ts";
import { type Settings, settingsOf, type SinkhornOptions, strengthsOf } from "./transport/options.ts";
import { type Checked, checked, type CostProblem, type LogitsProblem, type TransportProblem } from "./transport/problem.ts";
import { run } from "./transport/solve.ts";
import { checkShortage } from "./transport/shortage.ts";
import { reader, type Transport } from "./transport/transport.ts";
import { workspace } from "./transport/workspace.ts";

export interface SinkhornStepsOptions<A extends Points = Points> extends SinkhornOptions<A> {
  /** Iterations of each problem between two steps; 100 unless given. */
  readonly every?: number;
  /** Ends the iteration after the step at hand. */
  readonly signal?: AbortSignal;
}

/** Where a run stands after a step. */
export interface SinkhornStep<A extends Points = Points, F extends "cost" | "logits" = "cost" | "logits"> {
  /** The most of any problem so far. */
  readonly iterations: number;
  /** The largest of any problem. */
  readonly marginalError: number;
  /** Problems that have converged. */
  readonly converged: number;
  /** The results as they are now, made when asked for. While a run is annealed they are those of the regularization it has come to. */
  transport(): Transport<A, F>;
}

/** What an option is called by the form of the problem. */
interface OfCost {
  readonly regularization: number;
  readonly temperature?: never;
}

interface OfLogits {
  readonly temperature: number;
  readonly regularization?: never;
}

/** Solves transport problems on one core. */
export interface Sinkhorn {
  <A extends Points>(problem: CostProblem<A>, options: SinkhornOptions<A> & OfCost): Transport<A, "cost">;
  <A extends Points>(problem: LogitsProblem<A>, options: SinkhornOptions<A> & OfLogits): Transport<A, "logits">;
}

export interface SinkhornSteps {
  <A extends Points>(problem: CostProblem<A>, options: SinkhornStepsOptions<A> & OfCost): AsyncGenerator<SinkhornStep<A, "cost">, void, undefined>;
  <A extends Points>(problem: LogitsProblem<A>, options: SinkhornStepsOptions<A> & OfLogits): AsyncGenerator<SinkhornStep<A, "logits">, void, undefined>;
}

/**
 * The entropic plans of least cost, batched: P = exp((f + g − C) / ε) with row sums a and column sums b, by Sinkhorn's iteration
 * (Sinkhorn & Knopp 1967; Cuturi 2013).
 *
 * A product of matrix and vector for each half of an iteration; where they would leave the range of numbers, scalings go into the potentials
 * (Schmitzer 2019), so that there is no temperature at which results turn into NaN. A run that does not converge says so in its result.
 *
 * *Requirements*: all arrays Float64Array, or all Float32Array; they decide the precision. `regularization` with cost, `temperature` with logits.
 *
 * @param problem  `{ cost }` or `{ logits }`, `[batch, rows, columns]`, and the marginals
 * @throws {TypeError} if an array is of another kind, or an option is unknown
 * @throws {RangeError} if a number is outside its domain, the marginals have different sums, the mass of rows or columns has no cell to go to, or
 *   what is paid for grows beyond all numbers
 */
export function sinkhornOn(core: Core, given: TransportProblem, options: SinkhornOptions): Transport {
  const caller = "sinkhorn";
  const { problem, settings, forbidden } = prepared(core, caller, given, options, []);
  const work = workspace(core, caller, problem);
  const results = reader(core, caller, problem, settings);
  try {
    for (let p = 0; p < problem.batch; p++) {
      const each = run(work, p, settings);
      each.advance(settings.maximumIterations);
      if (!each.converged && forbidden[p]!) checkShortage(caller, problem, p);
      results.read(work, p, each);
    }
    return results.transport();
  } finally {
    work.free();
  }
}

/**
 * `sinkhorn` step by step, for long runs: yields after every `every` iterations, and at the end. Its numbers are those of `sinkhorn` to the bit,
 * unless steps are accelerated: acceleration looks at the run at its own times, which steps divide.
 *
 * @throws as `sinkhorn`
 */
export function sinkhornStepsOn(core: Core, given: TransportProblem, options: SinkhornStepsOptions): AsyncGenerator<SinkhornStep, void, undefined> {
  const caller = "sinkhornSteps";
  const { problem, settings, forbidden } = prepared(core, caller, given, options, ["every", "signal"]);
  const { every = 100, signal } = options;
  integer(caller, "every", every);
  if (signal !== undefined && typeof signal?.aborted !== "boolean") throw wrongKind(caller, "signal", "an AbortSignal", signal);
  return steps(core, problem, settings, forbidden, every, signal);
}

async function* steps(core: Core, problem: Checked, settings: Settings, forbidden: readonly boolean[], every: number, signal: AbortSignal | undefined): AsyncGenerator<SinkhornStep, void, undefined> {
  const work = workspace(core, "sinkhornSteps", problem);
  const results = reader(core, "sinkhornSteps", problem, settings);
  const runs = Array.from({ length: problem.batch }, (_, p) => run(work, p, settings));
  try {
    while (signal?.aborted !== true) {
      for (const [p, each] of runs.entries()) {
        if (each.done) continue;
        each.advance(every);
        if (each.done && !each.converged && forbidden[p]!) checkShortage("sinkhornSteps", problem, p);
        results.read(work, p, each);
      }
      yield {
        iterations: Math.max(...runs.map(({ iterations }) => iterations)),
        marginalError: Math.max(...runs.map(({ error }) => error)),
        converged: runs.filter(({ converged }) => converged).length,
        transport: results.transport,
      };
      if (runs.every(({ done }) => done)) return;
      await turn();
    }
  } finally {
    work.free();
  }
}

interface Prepared {
  readonly problem: Checked;
  readonly settings: Settings;
  /** Which problems have forbidden cells that may leave too few: none where mass may stay behind for a price. */
  readonly forbidden: readonly boolean[];
}

/** Checks everything there is to check before the first iteration. */
function prepared(core: Core, caller: string, given: TransportProblem, options: SinkhornOptions, more: readonly string[]): Prepared {
  const strengths = strengthsOf(caller, options, more);
  const balanced = strengths.every((strength) => strength === Number.POSITIVE_INFINITY);
  const problem = checked(caller, given, options, balanced);
  const settings = settingsOf(caller, options, problem, strengths);
  const work = workspace(core, caller, problem);
  try {
    const forbidden = Array.from({ length: problem.batch }, (_, p) => checkMatrix(caller, work, p, settings) && balanced);
    return { problem, settings, forbidden };
  } finally {
    work.free();
  }
}
