import { onlyOptions, wrongKind } from "../errors.ts";
import type { Relaxable } from "../vocabulary/distribution.ts";
import type { Biased, Estimator } from "../vocabulary/estimator.ts";
import type { Differentiable } from "../vocabulary/integrand.ts";
import { relaxed } from "./relaxed.ts";
import { type Temperature, temperatureOf } from "./temperature.ts";

export interface GumbelSoftmaxOptions {
  /** A number > 0, or a schedule: `annealed({ from, to, steps })`, any function of the step. High is smooth and far from f, low is steep. */
  readonly temperature: Temperature;
  /** f is evaluated at the draw itself, its slope led through the relaxed point (straight-through Gumbel-softmax); false unless given. */
  readonly hard?: boolean;
}

/**
 * The relaxation of a discrete family: ∂/∂θ of f(y), y = soften(z / temperature) instead of x = harden(z). Binary Concrete of flips,
 * Concrete of a one-hot choice, Gumbel-Sinkhorn of a permutation.
 *
 * **Biased**: the gradient of E[f(y)], not of E[f(x)]; the bias may turn its sign, and no number of samples removes it. As the
 * temperature falls the bias goes and the variance grows. With `hard` E[f] and the gradient of f's own parameters are unbiased, that
 * of θ is not. 1 evaluation of f and its gradient per sample. Maddison, Mnih & Teh 2017; Jang, Gu & Poole 2017.
 *
 * *Requirements*: `p` has a relaxation (`bernoulli`, `oneHotCategorical`); f is differentiable, and (unless `hard`) is asked for values
 * between the points of the support.
 *
 * @throws {TypeError | RangeError} if the temperature is not a number > 0 or a function
 */
export function gumbelSoftmax(options: GumbelSoftmaxOptions): Biased<Estimator<Relaxable, Differentiable>> {
  onlyOptions("gumbelSoftmax", options, ["temperature", "hard"]);
  const { hard = false } = options;
  if (typeof hard !== "boolean") throw wrongKind("gumbelSoftmax", "hard", "true or false", hard);
  return relaxed("gumbel-softmax", temperatureOf("gumbelSoftmax", options.temperature), hard);
}
