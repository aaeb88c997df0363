import type { Reparameterizable } from "../vocabulary/distribution.ts";
import { type Estimator, estimator, type ForDraws } from "../vocabulary/estimator.ts";
import type { Differentiable } from "../vocabulary/integrand.ts";

/**
 * The pathwise estimator: x = g(ε; θ), so ∇ E f = E[∂f/∂x · ∂x/∂θ]. Also called the reparameterization trick.
 *
 * Unbiased where f is continuous (a jump of f in x makes it wrong without a word); 1 evaluation of f and its gradient per
 * sample. Kingma & Welling 2014; Rezende, Mohamed & Wierstra 2014.
 *
 * *Requirements*: `p` has a path; f is differentiable.
 */
export function pathwise(): Estimator<Reparameterizable, Differentiable> & ForDraws<"pathwise"> {
  return estimator<Reparameterizable, Differentiable, "noise">({
    name: "pathwise",
    onDraws: { kind: "pathwise" },
    unbiased: true,
    distribution: ["path"],
    integrand: ["differentiable"],
    cure: "Use scoreFunction(); disarm() where it is binary; enumerate() where the support is small.",
    plan: ({ path }) => ({ value: 0, gradient: 1, scratch: { noise: path.noise } }),
    bind: ({ path }) => ({
      propose: ({ kernels, rows, theta, soft, at }, draw) => path.draw(kernels, draw(0), rows, theta, at.noise, soft.x),
      combine: ({ kernels, rows, soft, total }) => {
        kernels.arrayFill(rows, 1, soft.weight);
        kernels.arrayCopy(rows, soft.value, total);
      },
      terms: ({ kernels, theta, soft, at, dim, bytes }, { first, rows }, terms) => {
        const from = first * dim * bytes;
        path.pull(kernels, rows, theta, at.noise + first * path.noise * bytes, soft.x + from, soft.gradient + from, terms);
      },
    }),
  }) as Estimator<Reparameterizable, Differentiable> & ForDraws<"pathwise">;
}
