import { noOptions } from "../errors.ts";
import type { Antithetic } from "../vocabulary/distribution.ts";
import { type Estimator, estimator, type ForDraws } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import { difference, pair, second } from "./antithetic.ts";

/**
 * DisARM: ½ (f(b) − f(b̃)) · (b − b̃) · max(p, 1 − p) with an antithetic pair b, b̃ from one uniform a coordinate. A choice among K is the
 * first 1 among K − 1 such coins, and what the coins that neither choice needed would add is integrated out.
 *
 * Unbiased for any f; 2 evaluations of f per sample; no baseline, no parameter. The first choice for independent binary
 * variables, at the same cost as leave-one-out with two samples; for choices it is better than that the fewer the categories, and
 * nears it where there are many of like probability. Dong, Mnih & Tucker 2020 and 2021; Yin, Ho, Yan, Qian & Zhou 2020 (U2G).
 *
 * *Requirements*: `p` has antithetic pairs (`bernoulli`, `categorical`, `oneHotCategorical`); f its values.
 */
export function disarm(): Estimator<Antithetic, Integrand> & ForDraws<"disarm">;
export function disarm(...given: readonly unknown[]): Estimator<Antithetic, Integrand> & ForDraws<"disarm"> {
  noOptions("disarm", given);
  return estimator<Antithetic, Integrand, "coefficient">({
    name: "disarm",
    onDraws: { kind: "disarm" },
    unbiased: true,
    distribution: ["antithetic"],
    integrand: [],
    plan: () => ({ value: 2, gradient: 0, scratch: { coefficient: 1 } }),
    bind: (p, site) => {
      const { propose, ready } = pair(p, site);
      return {
        propose: (work, draw) => propose(work, draw(0), 0),
        combine: (work) => difference(work, work.at.coefficient),
        terms: (work, { first, rows }, terms) => {
          const { kernels, theta, hard, at, dim, bytes } = work;
          const from = first * dim * bytes;
          p.antithetic.disarm(kernels, rows, theta, ready.at, hard.x + from, second(hard.x, work, dim) + from, at.coefficient + first * bytes, terms);
        },
      };
    },
  }) as Estimator<Antithetic, Integrand> & ForDraws<"disarm">;
}
