import type { Core, Points, Precision } from "./core/core.ts";
import { type AnyDefinition, type Driver, driver } from "./driver/driver.ts";
import { type RefineOptions, rounds } from "./driver/refine.ts";
import { checkOut, emptyEstimate, read } from "./driver/result.ts";
import type { State } from "./driver/state.ts";
import { disposed, finite, has, integer, onlyOptions, wrongKind, wrongValue } from "./errors.ts";
import type { Estimate } from "./estimate.ts";
import type { Key } from "./key.ts";
import { arrayOf, numbers } from "./parameters.ts";
import { keyed } from "./sample.ts";
import { type Shapes, type ShapesOf, type Values, volume } from "./vocabulary/distribution.ts";
import type { Estimator } from "./vocabulary/estimator.ts";
import type { Lanes } from "./vocabulary/integrand.ts";
import type { Expectation, Kind } from "./vocabulary/objective.ts";

/** Shapes of the parameters a family is really sampled with: a network's output where there is one. */
export type ThetaOf<D> = D extends { readonly family: infer Family } ? ShapesOf<Family> : ShapesOf<D>;

export interface GradientOptions {
  /** Independent replicates in one estimate; an exact sum needs none. */
  readonly samples: number;
  /** Independent problems side by side, each with its own parameters and context; 1 unless given. */
  readonly batch?: number;
  /** "f64" unless given. */
  readonly precision?: Precision;
}

export interface CallOptions {
  /** Data of the problems by name, `[batch, width]` each. */
  readonly context?: Lanes["context"];
  /** Whether baselines and control variates learn from this call; true unless given. */
  readonly learn?: boolean;
}

export interface EstimateOptions<S extends Shapes, T extends Shapes> extends CallOptions {
  /** Written and returned instead of a new estimate: then the call allocates nothing. */
  readonly out?: Estimate<S, T>;
}

/** Points at which f is wanted, `[points · samples · batch, dim]`: row r belongs to problem r % batch. */
export interface Proposal {
  /** Where its value is enough. */
  readonly hard: Points;
  /** Where ∂f/∂x is wanted too. */
  readonly soft: Points;
}

export interface Answers {
  /** f at `hard`, `[rows]`. */
  readonly hard?: Points;
  /** f at `soft`, `[rows]`. */
  readonly soft?: Points;
  /** ∂f/∂x at `soft`, `[rows, dim]`. */
  readonly gradient?: Points;
}

/**
 * The gradient of an expectation by one estimator: memory taken once, estimates as often as wanted.
 * Free it by `using`, or `dispose()`.
 */
export interface Gradient<S extends Shapes, T extends Shapes> {
  /**
   * One estimate.
   *
   * @param params  arrays by name: θ `[batch, …shape]`, shared parameters `[…shape]`
   * @param key     the same key, the same bits; a fresh one for each step: `key(1).fold(step)`
   * @throws what f throws; RangeError if f returns NaN or ±∞. A call that fails changes nothing
   */
  estimate(params: Values<S>, key: Key, options?: EstimateOptions<S, T>): Estimate<S, T>;
  /** The gradient of each sample with respect to θ, `[samples, batch, …shape]`. Their mean is the estimate, but for noiseless terms. Learns nothing. */
  perSample(params: Values<S>, key: Key, options?: { readonly context?: Lanes["context"] }): Values<T>;
  /** The first half of an estimate: where to evaluate f. For an f that is remote or asynchronous. */
  propose(params: Values<S>, key: Key, options?: { readonly context?: Lanes["context"] }): Proposal;
  /** The second half: the estimate from f's values at the points of the last `propose`. */
  combine(answers: Answers, options?: { readonly learn?: boolean }): Estimate<S, T>;
  /**
   * Round after round of estimates, pooled, each yielded: until every coordinate's standard error is small enough, the
   * evaluations are spent, or the signal says stop. A round whose values of f are all alike is not taken for certainty.
   */
  refine(params: Values<S>, key: Key, options?: RefineOptions & CallOptions): AsyncGenerator<Estimate<S, T>, void, undefined>;
  /** What baselines have learned, as plain JSON; assign it to go on from there. */
  state: State;
  /** Bytes of linear memory it holds. */
  readonly bytes: number;
  dispose(): void;
  [Symbol.dispose](): void;
}

/**
 * Lays out the estimator on the objective and takes the memory for it.
 *
 * @throws {TypeError} if the family or f lacks what the estimator needs; the sentence names a cure
 * @throws {RangeError} if the memory needed cannot be had
 */
export function gradientOn<D, F, K extends Kind>(
  core: Core,
  objective: Expectation<D, F> & { readonly kind: K },
  by: Estimator<NoInfer<D>, NoInfer<F>, NoInfer<K>>,
  options: GradientOptions,
): Gradient<ShapesOf<D> & ShapesOf<F>, ThetaOf<D>> {
  const caller = "gradient";
  if (objective?.kind !== "expectation") throw wrongKind(caller, "objective", "expectation(p, f)", objective);
  const definition = by as unknown as AnyDefinition;
  if (!has("plan", definition)) throw wrongKind(caller, "estimator", "an estimator, such as scoreFunction()", by);
  onlyOptions(caller, options, ["samples", "batch", "precision"]);
  const samples = integer(caller, "samples", options.samples);
  const batch = integer(caller, "batch", options.batch ?? 1);
  const { precision = "f64" } = options;
  if (precision !== "f64" && precision !== "f32") throw wrongValue(caller, "precision", '"f64" or "f32"', precision);
  capable(definition, objective.distribution, objective.integrand);
  const made = driver(objective as unknown as Expectation<object, object>, definition, { core, precision, samples, batch });
  return gradientOf(made, precision) as unknown as Gradient<ShapesOf<D> & ShapesOf<F>, ThetaOf<D>>;
}

/** What the compiler says to TypeScript, in words for those who have none. */
function capable(definition: AnyDefinition, distribution: unknown, integrand: unknown): void {
  const p = distribution as Record<string, unknown>;
  for (const property of definition.distribution) {
    if (p[property] === undefined) throw new TypeError(`${definition.name}: ${String(p["name"])} has no ${property}. ${definition.cure}`);
  }
  for (const property of definition.integrand) {
    if ((integrand as Record<string, unknown>)[property] === undefined) {
      throw new TypeError(`${definition.name}: f is not ${property}. Use differentiable(f) or expression(f), or scoreFunction().`);
    }
  }
}

function gradientOf(made: Driver, precision: Precision): Gradient<Shapes, Shapes> {
  const like = emptyEstimate(made, precision);
  let open = false; // a proposal waits for its values
  let busy = false;
  let gone = false;

  function enter<R>(caller: string, run: () => R): R {
    if (gone) throw disposed(caller, "gradient");
    if (busy) throw new TypeError(`${caller}: this gradient is at work on another estimate, from within f. Make a second one for f.`);
    busy = true;
    try {
      return run();
    } finally {
      busy = false;
    }
  }

  function values(caller: string, params: unknown, key: Key, options: CallOptions): void {
    open = false;
    keyed(caller, key);
    made.write(caller, params, options.context);
    made.propose(key);
    made.evaluate();
  }

  function conclude(caller: string, before: number, learn: boolean, into: Estimate, save?: () => void): Estimate {
    made.combine(caller, before);
    save?.();
    made.finish(before + made.samples);
    read(made, before + made.samples, before / made.samples + 1, into);
    if (learn) made.bound.learn?.(made.work);
    return into;
  }

  const gradient: Gradient<Shapes, Shapes> = {
    estimate: (params, key, options = {}) =>
      enter("estimate", () => {
        onlyOptions("estimate", options, ["context", "learn", "out"]);
        if (options.out !== undefined) checkOut("estimate", options.out, like, precision);
        values("estimate", params, key, options);
        return conclude("estimate", 0, options.learn ?? true, options.out ?? emptyEstimate(made, precision));
      }),
    perSample: (params, key, options = {}) =>
      enter("perSample", () => {
        onlyOptions("perSample", options, ["context"]);
        values("perSample", params, key, options);
        made.combine("perSample", 0);
        return terms(made, precision);
      }),
    propose: (params, key, options = {}) =>
      enter("propose", () => {
        onlyOptions("propose", options, ["context"]);
        open = false;
        keyed("propose", key);
        made.write("propose", params, options.context);
        made.propose(key);
        open = true;
        const { hard, soft, rows, dim } = made.work;
        return { hard: copy(made, hard.x, hard.points * rows * dim, precision), soft: copy(made, soft.x, soft.points * rows * dim, precision) };
      }),
    combine: (answers, options = {}) =>
      enter("combine", () => {
        onlyOptions("combine", options, ["learn"]);
        if (!open) throw new TypeError("combine: there is no open proposal. Call propose() first, and nothing between.");
        answer(made, answers, precision);
        open = false;
        return conclude("combine", 0, options.learn ?? true, emptyEstimate(made, precision));
      }),
    refine: (params, key, options = {}) => {
      const caller = "refine";
      onlyOptions(caller, options, ["context", "learn", "standardError", "evaluations", "signal"]);
      if (options.standardError !== undefined) finite(caller, "standardError", options.standardError, "a number > 0", (x) => x > 0);
      if (options.evaluations !== undefined) integer(caller, "evaluations", options.evaluations);
      keyed(caller, key);
      let latest = like;
      return rounds(made, key, options, (roundKey, before, restore, save) =>
        enter(caller, () => {
          values(caller, params, roundKey, options);
          if (before > 0) restore();
          latest = conclude(caller, before, options.learn ?? true, emptyEstimate(made, precision), save);
        }), () => latest);
    },
    get state() {
      if (gone) throw disposed("state", "gradient");
      return made.state.save();
    },
    set state(saved) {
      enter("state", () => made.state.restore(saved));
    },
    get bytes() {
      return made.region.size;
    },
    dispose: () => {
      if (busy) throw new TypeError("dispose: this gradient is at work. Dispose it when f has returned.");
      gone = true;
      made.region.free();
    },
    [Symbol.dispose ?? Symbol.for("Symbol.dispose")]: () => gradient.dispose(),
  } as Gradient<Shapes, Shapes>;
  return gradient;
}

function terms(made: Driver, precision: Precision): Values<Shapes> {
  const { shapes, work, region } = made;
  const record = Object.fromEntries(Object.entries(shapes.theta).map(([name, shape]) => [name, arrayOf(precision, work.rows * volume(shape))]));
  made.moments.each(made.bound, work, (first, rows, at) => {
    for (const [name, shape] of Object.entries(shapes.theta)) {
      const width = volume(shape);
      record[name]!.set(region.core.view(precision, at, rows * width) as Float64Array, first * width);
      at += rows * width * region.bytes;
    }
  });
  return record;
}

function copy({ region }: Driver, at: number, length: number, precision: Precision): Points {
  return region.core.view(precision, at, length).slice();
}

function answer({ work, region, plan }: Driver, answers: Answers, precision: Precision): void {
  const put = (name: keyof Answers, at: number, length: number): void => {
    if (length > 0) region.core.view(precision, at, length).set(numbers("combine", `answers.${name}`, answers[name], precision, length) as Float64Array);
  };
  if (typeof answers !== "object" || answers === null) throw wrongKind("combine", "answers", "an object with hard, soft or gradient", answers);
  put("hard", work.hard.value, plan.value * work.rows);
  put("soft", work.soft.value, plan.gradient * work.rows);
  put("gradient", work.soft.gradient, plan.gradient * work.rows * work.dim);
}
