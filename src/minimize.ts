import type { Core, Points } from "./core/core.ts";
import { turn } from "./driver/turn.ts";
import type { State } from "./driver/state.ts";
import { has, integer, onlyOptions, wrongKind, wrongValue } from "./errors.ts";
import type { Estimate, Estimating } from "./estimate.ts";
import { type Key, key as keyFrom, keyed, type KeyJSON } from "./key.ts";
import { optimizationOn } from "./optimization.ts";
import { recordOf } from "./parameters.ts";
import type { Shapes, Values } from "./vocabulary/distribution.ts";
import type { Lanes } from "./vocabulary/integrand.ts";
import type { Optimizer } from "./vocabulary/optimizer.ts";

export interface MinimizeOptions<S extends Shapes, A extends Points = Points> {
  /** The point to start from; it is copied, never changed. */
  readonly params: Values<S, A>;
  readonly optimizer: Optimizer;
  /** Step i uses `key.fold(i)`. */
  readonly key: Key;
  readonly steps: number;
  /** Data of the step's problems: a minibatch. */
  readonly context?: (step: number) => Lanes["context"];
  /** Ends the iteration after the step at hand. */
  readonly signal?: AbortSignal;
  /** Goes on where a run with the same options left off, to the same bits. */
  readonly resume?: Checkpoint;
}

/** A run that can be continued, as plain JSON. */
export interface Checkpoint {
  readonly version: 1;
  readonly by: "minimize" | "maximize";
  readonly step: number;
  readonly key: KeyJSON;
  readonly params: Readonly<Record<string, readonly number[]>>;
  readonly optimizer: State;
  readonly estimator: State;
}

/** Where a run stands after a step. */
export interface Progress<S extends Shapes, T extends Shapes, A extends Points = Points> {
  /** Steps done. */
  readonly step: number;
  readonly steps: number;
  /** The parameters now: the run's own arrays, which the next step changes. */
  readonly params: Values<S, A>;
  /** The estimate that the step followed, at the parameters before it. */
  readonly estimate: Estimate<S, T, A>;
  /** All it takes to resume; made when asked for. */
  checkpoint(): Checkpoint;
}

/**
 * Follows estimated gradients for `steps` steps, one estimate each, and yields after every step.
 *
 * @throws what f throws; RangeError if a gradient is not finite: the last step stands
 */
export async function* stepsOn<S extends Shapes, T extends Shapes, A extends Points>(
  core: Core,
  caller: "minimize" | "maximize",
  gradient: Estimating<S, T, A>,
  options: MinimizeOptions<S, A>,
): AsyncGenerator<Progress<S, T, A>, void, undefined> {
  const { optimizer, key, context, signal, resume } = options;
  const steps = integer(caller, "steps", options.steps);
  const params = Object.fromEntries(Object.entries(options.params as Record<string, Points>).map(([name, array]) => [name, array.slice()]));
  using optimization = optimizationOn(core, optimizer, params, { maximize: caller === "maximize" });
  let step = 0;
  if (resume !== undefined) step = continued(caller, resume, key, params, (state) => (optimization.state = state), (state) => (gradient.state = state));
  while (step < steps) {
    if (signal?.aborted) return;
    const data = context?.(step);
    const estimate = gradient.estimate(params as Values<S, A>, key.fold(step), data === undefined ? {} : { context: data });
    optimization.step(params, estimate.gradient as Record<string, Points>);
    step++;
    const done = step;
    yield {
      step,
      steps,
      params: params as Values<S, A>,
      estimate,
      checkpoint: () => ({
        version: 1,
        by: caller,
        step: done,
        key: key.toJSON(),
        params: Object.fromEntries(Object.entries(params).map(([name, array]) => [name, Array.from(array)])),
        optimizer: optimization.state,
        estimator: gradient.state,
      }),
    };
    await turn();
  }
}

/** Refuses wrong options when the iteration is asked for, not when its first step is. */
export function checkMinimize(caller: string, gradient: unknown, options: object): void {
  if (!has("estimate", gradient)) throw wrongKind(caller, "gradient", "what gradient(…) or programGradient(…) gives", gradient);
  options ??= {} as typeof options; // what is missing is named by its own check
  onlyOptions(caller, options, ["params", "optimizer", "key", "steps", "context", "signal", "resume"]);
  const { params, signal } = options as Partial<MinimizeOptions<Shapes>>;
  recordOf(caller, "params", params, []);
  if (signal !== undefined && typeof signal?.aborted !== "boolean") throw wrongKind(caller, "signal", "an AbortSignal", signal);
  keyed(caller, (options as Partial<MinimizeOptions<Shapes>>).key);
  integer(caller, "steps", (options as Partial<MinimizeOptions<Shapes>>).steps);
}

function continued(
  caller: string,
  saved: Checkpoint,
  key: Key,
  params: Record<string, Points>,
  restoreOptimizer: (state: State) => void,
  restoreEstimator: (state: State) => void,
): number {
  if (typeof saved !== "object" || saved === null) throw wrongKind(caller, "resume", "a checkpoint", saved);
  if (saved.version !== 1) throw wrongValue(caller, "resume.version", "1", saved.version, "It was saved by another version of gradex.");
  if (saved.by !== caller) throw wrongValue(caller, "resume.by", `a checkpoint of ${caller}`, saved.by);
  const step = integer(caller, "resume.step", saved.step, 0);
  const own = keyFrom(saved.key);
  if (own.low !== key.low || own.high !== key.high) throw wrongValue(caller, "resume.key", "the key of this run", JSON.stringify(saved.key));
  for (const [name, array] of Object.entries(params)) {
    const kept = saved.params?.[name];
    if (!Array.isArray(kept) || kept.length !== array.length || !kept.every(Number.isFinite)) throw wrongKind(caller, `resume.params.${name}`, `${array.length} finite numbers`, kept);
  }
  restoreOptimizer(saved.optimizer);
  restoreEstimator(saved.estimator);
  for (const [name, array] of Object.entries(params)) array.set(saved.params[name]!);
  return step;
}
