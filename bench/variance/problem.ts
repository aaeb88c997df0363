import type { Biased, Estimator, Kind } from "../../src/index.ts";

/** An estimator whose needs are forgotten: each problem hands it what it asks for. */
export type Any = Estimator<never, never> | Biased<Estimator<never, never>> | Estimator<never, never, "importance-bound">;

/** One row of a table. */
export interface Entry {
  /** As it is written in code. */
  readonly call: string;
  readonly by: Any;
  /** Whether it learns from its estimates: then it is trained before it is measured. */
  readonly learns?: true;
  /** The exact variance of each number of θ, of an estimate of so many samples, where it is known. */
  readonly exact?: (samples: number) => readonly number[];
}

/** An expectation with a known gradient, and the estimators that are compared on it. */
export interface Problem {
  readonly title: string;
  /** What it is, where it is from, and what to see in it. */
  readonly remark: string;
  /** Of a kind of its own: `expectation(…)` or `importanceBound(…)`. */
  readonly objective: { readonly kind: Kind };
  /** θ by name. Each name has a column; its variance is summed over its numbers. */
  readonly params: Readonly<Record<string, readonly number[]>>;
  /** The exact gradient, name after name. */
  readonly gradient: readonly number[];
  readonly entries: readonly Entry[];
}
