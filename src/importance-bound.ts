import { has, integer, onlyOptions, wrongKind } from "./errors.ts";
import type { ImportanceBound } from "./vocabulary/objective.ts";

/**
 * The importance-weighted bound E[log 1/K Σₖ wₖ], wₖ = exp(f(xₖ)) / q(xₖ; θ), over K independent draws of q: with f the log joint
 * density of data and x, a lower bound of the log likelihood of the data, and the ELBO at K = 1.
 *
 * It rises with K to the log likelihood itself. Its estimators are `vimco()` and `scoreFunction()` for any q with a score, `dreg()`,
 * `pathwise()` and `stickingTheLanding()` where q has a path. One sample of an estimate is K draws. Burda, Grosse & Salakhutdinov 2016.
 *
 * @param distribution  q, a family
 * @param integrand     f = log p(data, x), normalised or not: `batched`, `differentiable` or `expression`
 * @param particles     K, at least 1
 */
export function importanceBound<D, F>(distribution: D, integrand: F, options: { readonly particles: number }): ImportanceBound<D, F> {
  const caller = "importanceBound";
  if (!has("sample", distribution)) throw wrongKind(caller, "distribution", "a distribution", distribution);
  if (!has("bind", integrand)) throw wrongKind(caller, "integrand", "batched(f), differentiable(f) or expression(f)", integrand, "Wrap the function.");
  onlyOptions(caller, options, ["particles"]);
  const particles = integer(caller, "particles", options.particles);
  return Object.freeze({ kind: "importance-bound" as const, distribution, integrand, particles });
}
