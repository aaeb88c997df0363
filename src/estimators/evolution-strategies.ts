import { leaveOneOut } from "../baselines/leave-one-out.ts";
import { setwise } from "../baselines/setwise.ts";
import { normal } from "../distributions/normal.ts";
import { finite, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import { type Distribution, type Invertible, sizeOf } from "../vocabulary/distribution.ts";
import { type Bound, type Definition, type Estimator, estimator, type Site, type Workspace } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import type { Noise } from "../vocabulary/noise.ts";
import { estimators } from "../wasm/modules.ts";
import { difference, second } from "./antithetic.ts";
import { perturbation } from "./perturbation.ts";
import { withNoise } from "./point-sets.ts";
import { ranks } from "./ranks.ts";

export interface EvolutionStrategiesOptions {
  /** Standard deviation σ of the perturbations, in the units of θ, > 0; 0.05 unless given. */
  readonly scale?: number;
  /** Whether each perturbation is tried both ways, at 2 evaluations of f per sample. True unless given. */
  readonly antithetic?: boolean;
  /** "ranks" puts the rank of f among all points of its problem, from −½ to ½, in the place of f. "none" unless given. */
  readonly shaping?: "none" | "ranks";
  /** Point sets to draw from, one to a sample. Independent points unless given. */
  readonly noise?: Noise;
}

/**
 * Evolution strategies: θ perturbed by normal noise, x drawn at θ ± σ ε by the same random numbers, (f(x⁺) − f(x⁻)) / (2σ) · ε.
 *
 * Unbiased for the gradient of the objective smoothed over θ + σ ε, and so biased by O(σ²) for the objective itself; the value is that of
 * the smoothed one. With `shaping: "ranks"` it is the gradient of no expectation of f, only a direction that outliers cannot bend.
 * 2 evaluations of f per sample; 1 without pairs, which then compares each point with the mean of the others and needs 2 samples.
 * Wierstra, Schaul, Glasmachers, Sun, Peters & Schmidhuber 2014; Salimans, Ho, Chen, Sidor & Sutskever 2017.
 *
 * *Requirements*: any `p`, one with a quantile for `noise`; f its values.
 *
 * @throws {TypeError} if an option is unknown, or `antithetic` is no boolean
 * @throws {RangeError} if `scale` is not a number > 0, or `shaping` neither of the two; in an estimate, if a perturbation leaves the domain
 */
export function evolutionStrategies(options: EvolutionStrategiesOptions & { readonly noise: Noise }): Estimator<Distribution & Invertible, Integrand>;
export function evolutionStrategies(options?: EvolutionStrategiesOptions): Estimator<Distribution, Integrand>;
export function evolutionStrategies(options: EvolutionStrategiesOptions = {}): Estimator<Distribution & Invertible, Integrand> {
  const caller = "evolutionStrategies";
  onlyOptions(caller, options, ["scale", "antithetic", "shaping", "noise"]);
  const { antithetic = true, shaping = "none" } = options;
  const scale = finite(caller, "scale", options.scale ?? 0.05, "a number > 0", (x) => x > 0);
  if (typeof antithetic !== "boolean") throw wrongKind(caller, "antithetic", "true or false", antithetic);
  if (shaping !== "none" && shaping !== "ranks") throw wrongValue(caller, "shaping", '"none" or "ranks"', shaping);
  const own: Definition<Distribution, Integrand, Scratch> = {
    name: "evolution-strategies",
    unbiased: false,
    modules: [estimators],
    distribution: [],
    integrand: [],
    plan: () => ({ value: antithetic ? 2 : 1, gradient: 0, scratch: { coefficient: 1, shaped: shaping === "ranks" ? (antithetic ? 2 : 1) : 0 }, least: antithetic ? 1 : 2 }),
    bind: (p, site) => bind(p, site, { scale, antithetic, shaping }),
  };
  return estimator(withNoise(caller, own, options.noise));
}

type Scratch = "coefficient" | "shaped";

function bind(p: Distribution, site: Site, { scale, antithetic, shaping }: Required<Omit<EvolutionStrategiesOptions, "noise">>): Bound<Scratch> {
  const moved = perturbation("evolutionStrategies", p, normal(sizeOf(p.params)), false, site);
  const others = setwise(leaveOneOut()).bind(site);
  const combine = (work: Workspace<Scratch>): void => {
    const { kernels, rows, hard, total, at } = work;
    if (antithetic) difference(work, at.coefficient);
    else {
      others.predict(work, hard.value, at.coefficient);
      kernels.arraySubtract(rows, hard.value, at.coefficient, at.coefficient);
      kernels.arrayFill(rows, 1, hard.weight);
      kernels.arrayCopy(rows, hard.value, total);
    }
    if (shaping === "ranks") {
      ranks(site, hard.points * work.samples, hard.value, at.shaped);
      if (antithetic) kernels.arraySubtract(rows, at.shaped, second(at.shaped, work), at.coefficient);
      else kernels.arrayCopy(rows, at.shaped, at.coefficient);
    }
    kernels.arrayScale(rows, (antithetic ? 0.5 : 1) / scale, at.coefficient);
  };
  return {
    propose: (work, draw) => {
      moved.choose(work, draw(1));
      moved.draw(work, draw(0), scale, work.hard.x);
      if (antithetic) moved.draw(work, draw(0), -scale, second(work.hard.x, work, work.dim));
    },
    combine,
    terms: (work, rows, terms) => moved.terms(work, rows, work.at.coefficient, terms),
  };
}
