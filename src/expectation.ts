import { has, onlyOptions, wrongKind } from "./errors.ts";
import type { Exact, Expectation } from "./vocabulary/objective.ts";

/**
 * E_{x ~ p(θ)}[f(x)], with noiseless terms added or taken away: an ELBO is
 * `expectation(q, logLikelihood, { minus: kl(prior) })`.
 *
 * @param distribution  p, a family
 * @param integrand     f: `batched`, `differentiable` or `expression`
 */
export function expectation<D, F>(distribution: D, integrand: F, options: { readonly plus?: Exact<NoInfer<D>>; readonly minus?: Exact<NoInfer<D>> } = {}): Expectation<D, F> {
  const caller = "expectation";
  if (!has("sample", distribution)) throw wrongKind(caller, "distribution", "a distribution", distribution);
  if (!has("bind", integrand)) {
    throw wrongKind(caller, "integrand", "batched(f), differentiable(f) or expression(f)", integrand, "Wrap the function.");
  }
  onlyOptions(caller, options, ["plus", "minus"]);
  for (const [name, term] of Object.entries(options)) {
    if (term !== undefined && !has("bind", term)) throw wrongKind(caller, name, "kl(…) or entropy()", term);
  }
  const exact: { sign: 1 | -1; term: Exact<D> }[] = [];
  if (options.plus !== undefined) exact.push({ sign: 1, term: options.plus });
  if (options.minus !== undefined) exact.push({ sign: -1, term: options.minus });
  return Object.freeze({ kind: "expectation" as const, distribution, integrand, exact });
}
