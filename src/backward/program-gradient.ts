import type { ArrayOf, Core, Points, Precision } from "../core/core.ts";
import { pool, refine, type Rounds } from "../driver/rounds.ts";
import type { State } from "../driver/state.ts";
import { disposed, has, integer, onlyNames, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import type { CallOptions, Estimate, Estimating, PoolOptions, RefineOptions } from "../estimate.ts";
import { type Key, keyed } from "../key.ts";
import { isArray, numbers, recordOf } from "../parameters.ts";
import type { Pooled } from "../pool.ts";
import { type Program, remembered, type Trace } from "../programs/program.ts";
import { type Shapes, type Values, volume } from "../vocabulary/distribution.ts";
import type { Lanes } from "../vocabulary/integrand.ts";
import { directionOf, productPlan } from "./hessian.ts";
import { gradientPlan, type Plan } from "./plan.ts";
import { type Estimated, estimateOf, evaluationsOf, gradientsOf, roundOf } from "./results.ts";
import { Runner } from "./runner.ts";

export interface ProgramGradientOptions<P extends Precision = Precision> {
  /** Independent runs of the program for each problem in one estimate. */
  readonly samples: number;
  /** Problems side by side, each with its row of the context; the result is summed over them. 1 unless given. */
  readonly batch?: number;
  /** "f64" unless given. */
  readonly precision?: P;
}

/** A product of the Hessian with a vector, by parameter. */
export interface Product<S extends Shapes, A extends Points> {
  readonly product: Values<S, A>;
  readonly standardError: Values<S, A>;
  readonly samples: number;
}

/**
 * The gradient of a program's expectation with respect to all its parameters: memory taken once, estimates as often as wanted. Free it by
 * `using`, or `dispose()`.
 */
export interface ProgramGradient<S extends Shapes, A extends Points = Points> extends Estimating<S, S, A> {
  /** The expectation of each problem, `[batch]`: the value of an estimate from the same key, without the work of a gradient. */
  value(params: Values<S, A>, key: Key, options?: { readonly context?: Lanes["context"] }): A;
  /** Round after round of estimates, pooled, each yielded: as that of `Gradient`. A matrix has a standard error here, from the second round on. */
  refine(params: Values<S, A>, key: Key, options?: RefineOptions & CallOptions): AsyncGenerator<Pooled<S, S, A>, void, undefined>;
  /** Rounds of estimates, pooled: round i is an estimate with `key.fold(i)`; `merge` puts together those of several machines. */
  pool(params: Values<S, A>, key: Key, options: PoolOptions): Pooled<S, S, A>;
  /**
   * ∇²E · v, without bias: through scores as through paths. Parameters must be vectors, draws not `disarm()` nor gamma.
   *
   * Foerster, Farquhar, Al-Shedivat, Rocktäschel, Xing & Whiteson 2018, "DiCE: the infinitely differentiable Monte Carlo estimator".
   *
   * @param vector  v, in the shapes of the parameters
   */
  hessianVectorProduct(params: Values<S, A>, vector: Values<S, A>, key: Key, options?: { readonly context?: Lanes["context"] }): Product<S, A>;
  /** Bytes of linear memory it holds. */
  readonly bytes: number;
  dispose(): void;
  [Symbol.dispose](): void;
}

/**
 * Reverse mode through a program as a stochastic computation graph: the gradient in all parameters at the cost of a few runs, each draw
 * by the estimator that it names.
 *
 * Unbiased, whatever the estimators are. A draw answers for those terms of the result alone that come after it: write the result as a sum.
 * Schulman, Heess, Weber & Abbeel 2015, "Gradient estimation using stochastic computation graphs".
 *
 * `standardError` is known for vectors; a matrix has NaN, because its gradient is summed over the lanes as it is made, until rounds are pooled.
 *
 * @throws {TypeError} if a step of what moves cannot be differentiated: at once if the program declares its shapes, else by the first estimate
 * @throws {RangeError} then too, if the branches of enumerated draws are too many, or the result is wider than 1
 */
export function programGradientOn<N extends string, C extends string, P extends Precision = "f64">(core: Core, program: Program<N, C>, options: ProgramGradientOptions<P>): ProgramGradient<{ readonly [K in N]: readonly number[] }, ArrayOf<P>> {
  const caller = "programGradient";
  if (!has("trace", program)) throw wrongKind(caller, "program", "a program", program, "Make one with program(({ p }, draw) => …).");
  options ??= {} as typeof options; // what is missing is named by its own check
  onlyOptions(caller, options, ["samples", "batch", "precision"]);
  const samples = integer(caller, "samples", options.samples);
  const batch = integer(caller, "batch", options.batch ?? 1);
  const precision: Precision = options.precision ?? "f64";
  if (precision !== "f64" && precision !== "f32") throw wrongValue(caller, "precision", '"f64" or "f32"', precision);
  return new Handle(program as unknown as Program, { caller, core, precision, samples, batch, context: program.context as Readonly<Record<string, number>> }) as unknown as ProgramGradient<{ readonly [K in N]: readonly number[] }, ArrayOf<P>>;
}

/** Looks after memory: a runner for the gradient and, once it is wanted, one for products with the Hessian. */
class Handle {
  readonly #program: Program;
  readonly #setup: Runner["setup"];
  readonly #runners = new Map<string, { readonly runner: Runner; readonly shapes: string }>();
  #saved: State | undefined;
  #gone = false;

  constructor(program: Program, setup: Runner["setup"]) {
    this.#program = program;
    this.#setup = setup;
    if (program.params !== undefined) this.#runner("gradient", program.params, gradientPlan);
    // Not a method: a computed name would keep this class in every bundle.
    Object.defineProperty(this, Symbol.dispose ?? Symbol.for("Symbol.dispose"), { value: () => this.dispose() });
    Object.freeze(this);
  }

  estimate(params: unknown, key: Key, options: CallOptions = {}): Estimate {
    onlyOptions("estimate", options, ["context", "learn"]);
    return this.#estimated("estimate", params, key, options).estimate;
  }

  pool(params: unknown, key: Key, options: PoolOptions): Pooled {
    return pool(this.#series("pool", params, key), params, key, options);
  }

  refine(params: unknown, key: Key, options: RefineOptions & CallOptions = {}): AsyncGenerator<Pooled, void, undefined> {
    return refine(this.#series("refine", params, key), params, key, options);
  }

  value(params: unknown, key: Key, options: { readonly context?: Lanes["context"] } = {}): Points {
    onlyOptions("value", options, ["context"]);
    const runner = this.#begin("value", params, key, options.context);
    runner.runCosts();
    return runner.value.mean.view().slice();
  }

  hessianVectorProduct(params: unknown, vector: unknown, key: Key, options: { readonly context?: Lanes["context"] } = {}): Product<Shapes, Points> {
    const caller = "hessianVectorProduct";
    onlyOptions(caller, options, ["context"]);
    const shapes = this.#open(caller, params, key);
    const runner = this.#runner("product", shapes, productPlan);
    const given = recordOf(caller, "vector", vector, Object.keys(shapes));
    const directions = Object.entries(shapes).map(([name, shape]) => [directionOf(name), numbers(caller, `vector.${name}`, given[name], this.#setup.precision, volume(shape))]);
    const both = { ...(params as object), ...Object.fromEntries(directions) };
    runner.write(caller, both, key, options.context);
    if (runner.plan.baselines.length > 0) runner.runCosts();
    runner.runGradients();
    runner.check(caller);
    const { gradient, standardError } = gradientsOf(runner);
    return { product: gradient, standardError, samples: this.#setup.samples };
  }

  get state(): State {
    if (this.#gone) throw disposed("state", "gradient");
    return this.#runners.get("gradient")?.runner.state.save() ?? this.#saved ?? { version: 1, of: "program", arrays: {} };
  }

  set state(state: State) {
    if (this.#gone) throw disposed("state", "gradient");
    const known = this.#runners.get("gradient");
    if (known === undefined) this.#saved = state;
    else known.runner.state.restore(state);
  }

  get bytes(): number {
    return [...this.#runners.values()].reduce((sum, { runner }) => sum + runner.region.size, 0);
  }

  dispose(): void {
    this.#gone = true;
    for (const { runner } of this.#runners.values()) runner.free();
    this.#runners.clear();
  }

  #estimated(caller: string, params: unknown, key: Key, options: CallOptions): Estimated {
    const runner = this.#begin(caller, params, key, options.context);
    if (runner.plan.baselines.length > 0) runner.runCosts();
    runner.runGradients();
    runner.check(caller);
    const estimate = estimateOf(runner);
    if (options.learn ?? true) runner.learn();
    return { estimate, runner };
  }

  #series(caller: string, params: unknown, key: Key): Rounds {
    const { precision, samples, batch } = this.#setup;
    const runner = this.#runner("gradient", this.#open(caller, params, key), gradientPlan);
    const { value, gradient } = evaluationsOf(runner);
    return {
      none: { version: 2, estimator: `program, ${samples} samples, batch ${batch}`, precision, exact: !runner.plan.noisy, biased: [], amortised: false, nodes: [] },
      samples,
      evaluations: value + gradient,
      round: (name, at, roundKey, index, options) => roundOf(index, this.#estimated(name, at, roundKey, options)),
    };
  }

  #begin(caller: string, params: unknown, key: Key, context: Lanes["context"] | undefined): Runner {
    const runner = this.#runner("gradient", this.#open(caller, params, key), gradientPlan);
    runner.write(caller, params, key, context);
    return runner;
  }

  /** The shapes of a call's parameters: those declared, or vectors as they come. */
  #open(caller: string, params: unknown, key: Key): Shapes {
    if (this.#gone) throw disposed(caller, "gradient");
    keyed(caller, key);
    const { params: declared } = this.#program;
    const record = recordOf(caller, "params", params, Object.keys(declared ?? {}));
    if (declared !== undefined) {
      onlyNames(caller, "params", params, Object.keys(declared));
      return declared;
    }
    const { precision } = this.#setup;
    return Object.fromEntries(Object.entries(record).map(([name, array]) => {
      if (!isArray(array, precision)) throw wrongKind(caller, `params.${name}`, precision === "f64" ? "a Float64Array" : "a Float32Array", array);
      return [name, [array.length]];
    }));
  }

  #runner(kind: string, shapes: Shapes, make: (caller: string, trace: Trace, batch: number) => Plan): Runner {
    const like = JSON.stringify(shapes);
    const known = this.#runners.get(kind);
    if (known?.shapes === like) return known.runner;
    const { caller, batch } = this.#setup;
    const trace = this.#program.trace(caller, shapes);
    if (trace.result.width !== 1) throw wrongValue(caller, "program", "a result of width 1", `width ${trace.result.width}`, "Reduce it: .sum(), .at(0).");
    const runner = new Runner(remembered(trace, `${kind} ${batch}`, () => make(caller, trace, batch)), this.#setup);
    known?.runner.free();
    this.#runners.set(kind, { runner, shapes: like });
    if (kind === "gradient" && this.#saved !== undefined) runner.state.restore(this.#saved);
    return runner;
  }
}
