import { onlyOptions, wrongKind } from "../errors.ts";
import type { Biased, Estimator } from "../vocabulary/estimator.ts";
import type { Relaxable } from "../vocabulary/distribution.ts";
import type { Differentiable } from "../vocabulary/integrand.ts";
import type { GumbelSoftmaxOptions } from "./gumbel-softmax.ts";
import { relaxed } from "./relaxed.ts";
import { temperatureOf } from "./temperature.ts";

/**
 * The relaxation of permutations and rankings: ∂/∂θ of f(y), y the doubly stochastic plan of z / temperature instead of the matching x of z = logits + Gumbel
 * noise. y is the limit of Sinkhorn's iteration at any temperature, and so is its derivative: there is no number of iterations to choose. The same estimator as
 * `gumbelSoftmax`, by the name it has for matrices.
 *
 * **Biased**: the gradient of E[f(y)], not of E[f(x)]. With `hard` f is evaluated at the permutation itself, its slope led through y: then E[f] and the gradient of f's own
 * parameters are unbiased, that of θ is not. 1 evaluation of f and its gradient per sample. Mena, Belanger, Linderman & Snoek 2018.
 *
 * *Requirements*: `p` is relaxed by a plan (`permutation`, `oneHotPlackettLuce`); f is differentiable, and (unless `hard`) is asked for values between permutations.
 *
 * @throws {TypeError | RangeError} if the temperature is not a number > 0 or a function
 */
export function gumbelSinkhorn(options: GumbelSoftmaxOptions): Biased<Estimator<Relaxable & { readonly doublyStochastic: true }, Differentiable>> {
  onlyOptions("gumbelSinkhorn", options, ["temperature", "hard"]);
  const { hard = false } = options;
  if (typeof hard !== "boolean") throw wrongKind("gumbelSinkhorn", "hard", "true or false", hard);
  return relaxed("gumbel-sinkhorn", temperatureOf("gumbelSinkhorn", options.temperature), hard, ["doublyStochastic"]) as Biased<Estimator<Relaxable & { readonly doublyStochastic: true }, Differentiable>>;
}
