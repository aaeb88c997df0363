import { noOptions } from "../errors.ts";
import type { Antithetic } from "../vocabulary/distribution.ts";
import { type Estimator, estimator } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import { difference, pair } from "./antithetic.ts";

/**
 * ARM: (f(b) − f(b̃)) · (½ − u), with b = 1[u < p] and b̃ = 1[u > 1 − p] of the same uniforms u. A choice among K is the first 1 among
 * K − 1 such coins.
 *
 * Unbiased for any f; 2 evaluations of f per sample. `disarm()` is the same with the noise of u integrated out, and never
 * worse. Yin & Zhou 2019.
 *
 * *Requirements*: `p` has antithetic pairs (`bernoulli`, `categorical`, `oneHotCategorical`); f its values.
 */
export function arm(): Estimator<Antithetic, Integrand>;
export function arm(...given: readonly unknown[]): Estimator<Antithetic, Integrand> {
  noOptions("arm", given);
  return estimator<Antithetic, Integrand, "coefficient" | "uniform">({
    name: "arm",
    unbiased: true,
    distribution: ["antithetic"],
    integrand: [],
    plan: ({ antithetic: { uniforms } }) => ({ value: 2, gradient: 0, scratch: { coefficient: 1, uniform: uniforms } }),
    bind: (p, site) => {
      const { propose, ready } = pair(p, site);
      return {
        propose: (work, draw) => propose(work, draw(0), work.at.uniform),
        combine: (work) => difference(work, work.at.coefficient),
        terms: ({ kernels, theta, at, bytes }, { first, rows }, terms) =>
          p.antithetic.arm(kernels, rows, theta, ready.at, at.uniform + first * p.antithetic.uniforms * bytes, at.coefficient + first * bytes, terms),
      };
    },
  });
}
