import type { Binary } from "../vocabulary/distribution.ts";
import { type Estimator, estimator } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import { difference, second } from "./antithetic.ts";

/**
 * ARM: (f(b) − f(b̃)) · (½ − u), with b = 1[u < p] and b̃ = 1[u > 1 − p] of the same uniforms u.
 *
 * Unbiased for any f; 2 evaluations of f per sample. `disarm()` is the same with the noise of u integrated out, and never
 * worse. Yin & Zhou 2019.
 *
 * *Requirements*: `p` is binary (`bernoulli`); f its values.
 */
export function arm(): Estimator<Binary, Integrand> {
  return estimator<Binary, Integrand, "coefficient" | "uniform">({
    name: "arm",
    unbiased: true,
    distribution: ["antithetic"],
    integrand: [],
    cure: "Use scoreFunction() or pathwise().",
    plan: ({ dim }) => ({ value: 2, gradient: 0, scratch: { coefficient: 1, uniform: dim } }),
    bind: ({ antithetic }) => ({
      propose: (work, draw) =>
        antithetic.sample(work.kernels, draw(0), work.rows, work.theta, work.at.uniform, work.hard.x, second(work.hard.x, work, work.dim)),
      combine: (work) => difference(work, work.at.coefficient),
      terms: ({ kernels, at, dim, bytes }, { first, rows }, terms) =>
        kernels.armTerms(rows, dim, at.uniform + first * dim * bytes, at.coefficient + first * bytes, terms),
    }),
  });
}
