import { bernoulli } from "../distributions/bernoulli.ts";
import { finite, onlyOptions } from "../errors.ts";
import { type Distribution, type Invertible, sizeOf } from "../vocabulary/distribution.ts";
import { type Definition, type Estimator, estimator } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import type { Noise } from "../vocabulary/noise.ts";
import { estimators } from "../wasm/modules.ts";
import { difference, second } from "./antithetic.ts";
import { perturbation } from "./perturbation.ts";
import { withNoise } from "./point-sets.ts";

export interface SpsaOptions {
  /** How far every number of θ is moved, in its own unit, > 0; 0.05 unless given. */
  readonly step?: number;
  /** Point sets to draw from, one to a sample. Independent points unless given. */
  readonly noise?: Noise;
}

/**
 * Simultaneous perturbation: all of θ moved by ± step at once, Δ random signs, x drawn at θ + step Δ and at θ − step Δ by the same random
 * numbers; ∂ E f/∂θₑ ≈ (f(x⁺) − f(x⁻)) / (2 step Δₑ).
 *
 * Biased by O(step²), and so is the value, which is the mean of both points; 2 evaluations of f per sample, however many parameters
 * there are. It asks nothing of the family but draws. Where these jump (discrete families), the variance grows as 1 / step. Spall 1992.
 *
 * *Requirements*: any `p`, one with a quantile for `noise`; f its values.
 *
 * @throws {RangeError} if `step` is not a number > 0; in an estimate, if it takes θ out of its domain
 */
export function spsa(options: SpsaOptions & { readonly noise: Noise }): Estimator<Distribution & Invertible, Integrand>;
export function spsa(options?: SpsaOptions): Estimator<Distribution, Integrand>;
export function spsa(options: SpsaOptions = {}): Estimator<Distribution & Invertible, Integrand> {
  onlyOptions("spsa", options, ["step", "noise"]);
  const step = finite("spsa", "step", options.step ?? 0.05, "a number > 0", (x) => x > 0);
  const own: Definition<Distribution, Integrand, "coefficient"> = {
    name: "spsa",
    unbiased: false,
    modules: [estimators],
    distribution: [],
    integrand: [],
    plan: () => ({ value: 2, gradient: 0, scratch: { coefficient: 1 } }),
    bind: (p, site) => {
      const moved = perturbation("spsa", p, bernoulli(sizeOf(p.params)), true, site);
      return {
        propose: (work, draw) => {
          moved.choose(work, draw(1));
          moved.draw(work, draw(0), step, work.hard.x);
          moved.draw(work, draw(0), -step, second(work.hard.x, work, work.dim));
        },
        combine: (work) => {
          difference(work, work.at.coefficient);
          work.kernels.arrayScale(work.rows, 0.5 / step, work.at.coefficient);
        },
        terms: (work, rows, terms) => moved.terms(work, rows, work.at.coefficient, terms), // 1 / Δ = Δ
      };
    },
  };
  return estimator(withNoise("spsa", own, options.noise));
}
