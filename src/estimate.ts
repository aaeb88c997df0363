import type { Points } from "./core/core.ts";
import type { Shapes, Values } from "./vocabulary/distribution.ts";

/** An estimate of E[f] and of its gradient, in plain arrays that belong to the caller. */
export interface Estimate<S extends Shapes = Shapes, T extends Shapes = S> {
  /** The objective of each problem, `[batch]`. */
  readonly value: Points;
  /** The standard error of `value`; noiseless terms have none. NaN with one sample. */
  readonly valueStandardError: Points;
  /**
   * By name, in the shapes the parameters were given: of each problem for θ, of the sum over the problems for parameters they share.
   */
  readonly gradient: Values<S>;
  /**
   * The standard error of the gradient with respect to θ, coordinate by coordinate: its spread over the samples / √samples.
   * NaN with one sample; 0 for an exact sum. Trust it from about 8 samples on (with Student's t), and less where events are rare.
   */
  readonly standardError: Values<T>;
  readonly samples: number;
  /** How often f was evaluated, over all problems: where its value alone was wanted, and where its gradient was too. */
  readonly evaluations: { readonly value: number; readonly gradient: number };
}
