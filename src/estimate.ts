import type { Points } from "./core/core.ts";
import type { State } from "./driver/state.ts";
import type { Key } from "./key.ts";
import type { Pooled } from "./pool.ts";
import type { Shapes, Values } from "./vocabulary/distribution.ts";
import type { Lanes } from "./vocabulary/integrand.ts";

/** An estimate of E[f] and of its gradient, in plain arrays that belong to the caller. */
export interface Estimate<S extends Shapes = Shapes, T extends Shapes = S, A extends Points = Points> {
  /** The objective of each problem, `[batch]`; NaN from an estimator that was told to do without. */
  readonly value: A;
  /** The standard error of `value`; noiseless terms have none. NaN with one sample. */
  readonly valueStandardError: A;
  /**
   * By name, in the shapes the parameters were given: of each problem for θ, of the sum over the problems for parameters they share.
   */
  readonly gradient: Values<S, A>;
  /**
   * The standard error of the gradient with respect to θ, coordinate by coordinate: its spread over the samples / √samples.
   * NaN with one sample; 0 for an exact sum. Trust it from about 8 samples on (with Student's t), and less where events are rare.
   */
  readonly standardError: Values<T, A>;
  /**
   * What of this estimate does not tend to the truth as samples grow, by name: "value", and parameters whose gradient is biased.
   * Empty unless the estimator is a relaxation or a straight-through. A standard error says nothing of bias.
   */
  readonly biased: readonly string[];
  readonly samples: number;
  /**
   * How often f was evaluated, over all problems: where its value alone was wanted, and where its gradient was too. A point that all
   * samples share counts once a problem, a second derivative along one direction as one gradient.
   */
  readonly evaluations: { readonly value: number; readonly gradient: number };
}

export interface RefineOptions {
  /** Stop when no coordinate's standard error is larger. */
  readonly standardError?: number;
  /** Stop before f would be evaluated more often than this, over all problems; 2²⁰ unless given. */
  readonly evaluations?: number;
  /** Ends the iteration after the round at hand; what has been yielded stands. */
  readonly signal?: AbortSignal;
}

export interface PoolOptions extends CallOptions {
  /** The first round; 0 unless given. */
  readonly first?: number;
  readonly rounds: number;
}

export interface CallOptions {
  /** Data of the problems by name, `[batch, width]` each. */
  readonly context?: Lanes["context"];
  /** Whether baselines and control variates learn from this call; true unless given. */
  readonly learn?: boolean;
}

export interface EstimateOptions<S extends Shapes, T extends Shapes, A extends Points = Points> extends CallOptions {
  /** Written and returned instead of a new estimate: then the call allocates nothing. */
  readonly out?: Estimate<S, T, A>;
}

/** Points at which f is wanted, `[points · samples · batch, dim]`: row r belongs to problem r % batch. */
export interface Proposal<A extends Points = Points> {
  /** Where its value is enough; those that all samples share, `[points · batch, dim]`, are last (of `sumAndSample()`). */
  readonly hard: A;
  /** Where ∂f/∂x is wanted too. */
  readonly soft: A;
  /** The mean of p, once a problem, `[batch, dim]`, where ∂f/∂x is wanted too: of `muProp()`. */
  readonly anchor?: A;
}

export interface Answers<A extends Points = Points> {
  /** f at `hard`, `[rows]`. */
  readonly hard?: A;
  /** f at `soft`, `[rows]`. */
  readonly soft?: A;
  /** ∂f/∂x at `soft`, `[rows, dim]`. */
  readonly gradient?: A;
  /** f at `anchor`, `[batch]`. */
  readonly anchor?: A;
  /** ∂f/∂x at `anchor`, `[batch, dim]`. */
  readonly anchorGradient?: A;
}

/** What an optimizer can follow. */
export interface Estimating<S extends Shapes, T extends Shapes, A extends Points = Points> {
  /** As that of `Gradient`. */
  estimate(params: Values<S, A>, key: Key, options?: CallOptions): Estimate<S, T, A>;
  /** What baselines have learned, as plain JSON; assign it to go on from there. */
  state: State;
}

/**
 * The gradient of an expectation by one estimator: memory taken once, estimates as often as wanted.
 * Free it by `using`, or `dispose()`.
 */
export interface Gradient<S extends Shapes, T extends Shapes, A extends Points = Points> {
  /**
   * One estimate.
   *
   * @param params  arrays by name: θ `[batch, …shape]`, shared parameters `[…shape]`
   * @param key     the same key, the same bits; a fresh one for each step: `key(1).fold(step)`
   * @throws what f throws; RangeError if f returns NaN or ±∞. A call that fails changes nothing
   */
  estimate(params: Values<S, A>, key: Key, options?: EstimateOptions<S, T, A>): Estimate<S, T, A>;
  /** The objective alone, `[batch]`: the same as `estimate(…).value` from the same key, without the work of a gradient. Learns nothing. */
  value(params: Values<S, A>, key: Key, options?: { readonly context?: Lanes["context"] }): A;
  /** The gradient of each sample with respect to θ, `[samples, batch, …shape]`. Their mean is the estimate, but for noiseless terms. Learns nothing. */
  perSample(params: Values<S, A>, key: Key, options?: { readonly context?: Lanes["context"] }): Values<T, A>;
  /** The first half of an estimate: where to evaluate f. For an f that is remote or asynchronous. */
  propose(params: Values<S, A>, key: Key, options?: { readonly context?: Lanes["context"] }): Proposal<A>;
  /** The second half: the estimate from f's values at the points of the last `propose`. */
  combine(answers: Answers<A>, options?: { readonly learn?: boolean }): Estimate<S, T, A>;
  /**
   * Round after round of estimates, pooled, each yielded: until every coordinate's standard error is small enough, the
   * evaluations are spent, or the signal says stop. A round whose values of f are all alike is not taken for certainty.
   */
  refine(params: Values<S, A>, key: Key, options?: RefineOptions & CallOptions): AsyncGenerator<Pooled<S, T, A>, void, undefined>;
  /**
   * Rounds of estimates, pooled: round i is an estimate with `key.fold(i)`, as in `refine`. Several machines may take rounds of their own;
   * `merge` puts them together, to the bits of one machine's run.
   */
  pool(params: Values<S, A>, key: Key, options: PoolOptions): Pooled<S, T, A>;
  /** What baselines have learned, as plain JSON; assign it to go on from there. */
  state: State;
  /** Bytes of linear memory it holds. */
  readonly bytes: number;
  dispose(): void;
  [Symbol.dispose](): void;
}
