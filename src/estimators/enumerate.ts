import { integer, onlyOptions, wrongValue } from "../errors.ts";
import type { Finite } from "../vocabulary/distribution.ts";
import { type Estimator, estimator, type ForDraws } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";

/**
 * The exact gradient, Σ p(x) f(x) ∇ log p(x) over the whole support: no noise, standard error 0.
 *
 * f is evaluated once at every point of the support, whatever `samples` says; Bernoulli variables have 2^dim points.
 *
 * *Requirements*: `p` has a finite support; f its values.
 *
 * @param budget  the most points to evaluate for one problem; 65,536 unless given
 */
export function enumerate(options: { readonly budget?: number } = {}): Estimator<Finite, Integrand> & ForDraws<"enumerate"> {
  onlyOptions("enumerate", options, ["budget"]);
  const budget = integer("enumerate", "budget", options.budget ?? 65536);
  return estimator<Finite, Integrand, "coefficient">({
    name: "enumerate",
    onDraws: { kind: "enumerate", budget: options.budget },
    unbiased: true,
    distribution: ["support"],
    integrand: [],
    plan: ({ name, support: { size } }) => {
      if (size > budget) throw wrongValue("enumerate", "budget", `at least the ${size} points that ${name} has`, budget, "Raise it, or estimate with disarm() or scoreFunction().");
      return { value: size, gradient: 0, scratch: { coefficient: size }, exact: true };
    },
    bind: (p) => ({
      propose: ({ kernels, batch, hard }) => p.support.enumerate(kernels, 0, p.support.size, batch, hard.x),
      combine: ({ kernels, batch, theta, hard, at, total }) => {
        p.logProb(kernels, p.support.size * batch, theta, hard.x, hard.weight);
        kernels.enumerateWeigh(p.support.size, batch, hard.weight, hard.value, at.coefficient, total);
      },
      // One row a problem: the points of the support add up in it.
      terms: ({ kernels, batch, theta, hard, at, dim, bytes }, _, terms) => {
        for (let point = 0; point < p.support.size; point++) {
          const row = point * batch * bytes;
          p.score(kernels, batch, theta, hard.x + row * dim, at.coefficient + row, terms);
        }
      },
    }),
  }) as Estimator<Finite, Integrand> & ForDraws<"enumerate">;
}
