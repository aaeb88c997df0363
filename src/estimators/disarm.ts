import type { Binary } from "../vocabulary/distribution.ts";
import { type Estimator, estimator, type ForDraws } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import { difference, second } from "./antithetic.ts";

/**
 * DisARM: ½ (f(b) − f(b̃)) · (b − b̃) · max(p, 1 − p) with an antithetic pair b, b̃ from one uniform a coordinate.
 *
 * Unbiased for any f; 2 evaluations of f per sample; no baseline, no parameter. The first choice for independent binary
 * variables, at the same cost as leave-one-out with two samples. Dong, Mnih & Tucker 2020; Yin, Ho, Yan, Qian & Zhou 2020 (U2G).
 *
 * *Requirements*: `p` is binary (`bernoulli`); f its values.
 */
export function disarm(): Estimator<Binary, Integrand> & ForDraws<"disarm"> {
  return estimator<Binary, Integrand, "coefficient">({
    name: "disarm",
    onDraws: { kind: "disarm" },
    unbiased: true,
    distribution: ["antithetic"],
    integrand: [],
    cure: "Use scoreFunction() or pathwise().",
    plan: () => ({ value: 2, gradient: 0, scratch: { coefficient: 1 } }),
    bind: ({ antithetic }) => ({
      propose: (work, draw) => antithetic.sample(work.kernels, draw(0), work.rows, work.theta, 0, work.hard.x, second(work.hard.x, work, work.dim)),
      combine: (work) => difference(work, work.at.coefficient),
      terms: (work, { first, rows }, terms) => {
        const { kernels, theta, hard, at, dim, bytes } = work;
        const from = first * dim * bytes;
        antithetic.disarm(kernels, rows, theta, hard.x + from, second(hard.x, work, dim) + from, at.coefficient + first * bytes, terms);
      },
    }),
  }) as Estimator<Binary, Integrand> & ForDraws<"disarm">;
}
