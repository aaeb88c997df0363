import { onlyOptions } from "../errors.ts";
import type { Baseline } from "../vocabulary/baseline.ts";
import type { Estimator } from "../vocabulary/estimator.ts";
import type { Differentiable } from "../vocabulary/integrand.ts";
import { common, conditioned, type Controllable } from "./conditioned.ts";
import { softenedOf, type SoftenedOptions } from "./softened.ts";

export interface RebarOptions extends SoftenedOptions {
  /** Step size of Adam on log η and log λ; 0.01 unless given. */
  readonly rate?: number;
  /** b; `none()` unless given. */
  readonly baseline?: Baseline;
}

/**
 * REBAR: (f(x) − b − η f(ỹ)) ∇ log p(x) + η ∂f(y)/∂θ − η ∂f(ỹ)/∂θ, with y = soften(z / λ), x = harden(z), ỹ = soften(z̃ / λ) and z̃ drawn
 * anew given x. The score function with its relaxation as a control variate; independent noise for z and z̃.
 *
 * Unbiased for any η and λ, also while they learn (they follow the gradient of the variance, after each estimate). 1 value of f a
 * sample, and 2 values with gradients (1 where the latent has a score); 6 (3) where the temperature learns and f is no expression, for a central difference. Without a baseline it gains little
 * where f's mean is large. Tucker, Mnih, Maddison, Lawson & Sohl-Dickstein 2017.
 *
 * *Requirements*: `p` has a latent given x (`bernoulli`, `oneHotCategorical`, `oneHotPlackettLuce`), or the score of its latent (`permutation`; then z̃ is z: Grathwohl et al. 2018); f is differentiable, and is asked for values between the
 * points of the support.
 *
 * @throws {TypeError | RangeError} if an option is not what it should be
 */
export function rebar(options: RebarOptions = {}): Estimator<Controllable, Differentiable> {
  onlyOptions("rebar", options, ["temperature", "eta", "learn", "rate", "baseline"]);
  return conditioned("rebar", { softened: softenedOf("rebar", options), surrogate: undefined, ...common("rebar", options) }) as Estimator<Controllable, Differentiable>;
}
