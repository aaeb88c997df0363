import type { Points, Precision } from "./core/core.ts";
import { fromDraws, wrongKind, wrongValue } from "./errors.ts";
import { arrayOf, packTheta, reserveTheta } from "./parameters.ts";
import { type Distribution, type Divergent, type Domain, type Entropic, volume } from "./vocabulary/distribution.ts";
import type { Exact } from "./vocabulary/objective.ts";

/**
 * KL(p(θ) ‖ prior) in closed form, the prior from the same family.
 *
 * @param prior  its parameters, by the family's names: one set `[…shape]` for all problems, or `[batch, …shape]`; any precision
 */
export function kl<N extends string>(prior: Readonly<Record<N, Points>>): Exact<Pick<Divergent, "divergence"> & { readonly domains: Readonly<Record<N, Domain>> }> {
  return {
    bind: (p, { region, batch, caller }) => {
      const family = p as unknown as Distribution & Divergent;
      if (family.divergence === undefined) throw wrongKind(caller, "kl", "a family with a closed KL divergence", family.name, fromDraws.divergence);
      const fixed = reserveTheta(region, family, batch);
      return {
        begin: (kernels) => {
          packTheta("kl", family, repeated(prior, family, batch, region.precision), batch, region.precision, fixed.params);
          family.prepare(kernels, fixed.params.at, fixed.theta);
        },
        add(kernels, theta, sign, value, gradient) {
          const known = kernels.statisticsFirstNotFinite(batch, value) < 0;
          family.divergence(kernels, theta, fixed.theta, sign, value, gradient);
          const same = family.sameInPrior ?? [];
          if (same.length === 0 || !known) return;
          const problem = region.core.view(region.precision, value, batch).findIndex((each: number) => Number.isNaN(each));
          if (problem < 0) return;
          throw wrongValue(caller, `prior.${same.join(", prior.")}`, `what ${family.name} has itself: only then is its KL divergence closed`, `another in problem ${problem}`, fromDraws.divergence);
        },
      };
    },
  };
}

/** The entropy of p(θ) in closed form. */
export function entropy(): Exact<Entropic> {
  return {
    bind: (p, { caller }) => {
      if (p.entropy === undefined) throw wrongKind(caller, "entropy", "a family with a closed entropy", (p as unknown as Distribution).name, fromDraws.entropy);
      return { begin: () => {}, add: (kernels, theta, sign, value, gradient) => p.entropy(kernels, theta, sign, value, gradient) };
    },
  };
}

/** The prior's arrays for every problem. */
function repeated(prior: Readonly<Record<string, Points>>, family: Distribution, batch: number, precision: Precision): Record<string, Points> {
  return Object.fromEntries(
    Object.entries(family.params).map(([name, shape]) => {
      const own = prior?.[name];
      const width = volume(shape);
      if (own === undefined) throw wrongKind("kl", `prior.${name}`, `an array of ${width}`, own);
      if (own.length !== width && own.length !== width * batch) throw wrongValue("kl", `prior.${name}`, `${width} numbers`, String(own.length));
      const all = arrayOf(precision, width * batch);
      for (let at = 0; at < all.length; at += own.length) all.set(own as Float64Array, at);
      return [name, all];
    }),
  );
}

