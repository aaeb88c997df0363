import { onlyOptions, wrongValue } from "../errors.ts";
import type { Scored } from "../vocabulary/distribution.ts";
import { type Estimator, estimator } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import { drawParticles, scoreParticles } from "./particles.ts";
import { estimators } from "../wasm/modules.ts";

export interface VimcoOptions {
  /** The mean of the other particles' weights that stands in for a particle's own: geometric unless given. */
  readonly mean?: "geometric" | "arithmetic";
}

/**
 * VIMCO: Σₖ (L − L₋ₖ − wₖ) ∇ log q(xₖ; θ), with L the importance bound of one sample's K particles, L₋ₖ the same with particle k's
 * weight replaced by the mean of the others', and wₖ its normalised weight.
 *
 * Unbiased for any f; K ≥ 2 evaluations of f per sample; no baseline to learn, as each particle's is made of the others.
 * Mnih & Rezende 2016.
 *
 * *Requirements*: an `importanceBound` of at least 2 particles; `q` has a score; f its values.
 *
 * @throws {RangeError} from `gradient` for one particle: use `scoreFunction()` there
 */
export function vimco(options: VimcoOptions = {}): Estimator<Scored, Integrand, "importance-bound"> {
  onlyOptions("vimco", options, ["mean"]);
  const { mean = "geometric" } = options;
  if (mean !== "geometric" && mean !== "arithmetic") throw wrongValue("vimco", "mean", '"geometric" or "arithmetic"', mean);
  return estimator<Scored, Integrand, "logs" | "coefficient", "importance-bound">({
    name: "vimco",
    unbiased: true,
    modules: [estimators],
    kind: "importance-bound",
    distribution: ["score"],
    integrand: [],
    plan: (_, __, { particles }) => {
      if (particles < 2) throw wrongValue("vimco", "particles", "at least 2", particles, "For one particle use scoreFunction(), or stickingTheLanding() where q has a path.");
      return { value: particles, gradient: 0, scratch: { logs: particles, coefficient: particles } };
    },
    bind: (q, { particles }) => ({
      propose: (work, draw) => drawParticles(q, particles, work, draw),
      combine: ({ kernels, rows, theta, hard, at, total }) => {
        q.logProb(kernels, particles * rows, theta, hard.x, at.logs);
        kernels.vimcoWeigh(particles, rows, mean === "geometric" ? 1 : 0, hard.value, at.logs, hard.weight, at.coefficient, total);
      },
      terms: (work, rows, terms) => scoreParticles(q, particles, work, rows, work.hard.x, work.at.coefficient, terms),
    }),
  });
}
