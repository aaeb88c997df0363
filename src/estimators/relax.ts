import { onlyOptions } from "../errors.ts";
import type { Baseline } from "../vocabulary/baseline.ts";
import type { Estimator } from "../vocabulary/estimator.ts";
import type { Differentiable, Integrand } from "../vocabulary/integrand.ts";
import { common, conditioned, type Controllable } from "./conditioned.ts";
import { softenedOf, type SoftenedOptions } from "./softened.ts";
import { type LearnedControl, networkControl } from "./surrogate.ts";

export interface RelaxOptions {
  /** c, what is learned: `networkControl()` unless given. */
  readonly controlVariate?: LearnedControl;
  /** Adds REBAR's η f(soften(z / λ)) to c: f must be differentiable then. */
  readonly relaxed?: SoftenedOptions;
  /** Step size of Adam on the parameters of c, on log η and log λ; 0.01 unless given. */
  readonly rate?: number;
  /** b; `none()` unless given. */
  readonly baseline?: Baseline;
}

/**
 * RELAX: (f(x) − b − c(z̃)) ∇ log p(x) + ∂c(z)/∂θ − ∂c(z̃)/∂θ, x = harden(z), z̃ drawn anew given x; c is a formula of z that learns.
 *
 * Unbiased for any c, also while it learns: it follows the gradient of the variance, after each estimate. 1 value of f a sample, and
 * nothing else is asked of f; with `relaxed` 2 values with gradients more, or 6 where the temperature learns and f is no
 * expression. What c has learned is in
 * the gradient's `state`. Grathwohl, Choi, Wu, Roeder & Duvenaud 2018.
 *
 * *Requirements*: `p` has a latent given x (`bernoulli`, `oneHotCategorical`, `oneHotPlackettLuce`), or the score of its latent (`permutation`; then z̃ is z: Grathwohl et al. 2018); f its values; with `relaxed`, f is differentiable.
 *
 * @throws {TypeError | RangeError} if an option is not what it should be
 */
export function relax(options: RelaxOptions & { readonly relaxed: SoftenedOptions }): Estimator<Controllable, Differentiable>;
export function relax(options?: RelaxOptions & { readonly relaxed?: never }): Estimator<Controllable, Integrand>;
export function relax(options: RelaxOptions = {}): Estimator<Controllable, never> {
  onlyOptions("relax", options, ["controlVariate", "relaxed", "rate", "baseline"]);
  const { relaxed } = options;
  if (relaxed !== undefined) onlyOptions("relax", relaxed, ["temperature", "eta", "learn"]);
  return conditioned("relax", { softened: relaxed && softenedOf("relax", relaxed), surrogate: options.controlVariate ?? networkControl(), ...common("relax", options) });
}
