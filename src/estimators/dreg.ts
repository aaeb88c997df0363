import { noOptions, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import type { Distribution, Reparameterizable, Smooth } from "../vocabulary/distribution.ts";
import { type Biased, type Bound, type Estimator, estimator } from "../vocabulary/estimator.ts";
import type { Differentiable } from "../vocabulary/integrand.ts";
import { drawPaths, type PathScratch, planOfPaths, pullPaths, weighPaths } from "./particles.ts";

type Needs = Reparameterizable & Smooth;

/**
 * DReG: Σₖ wₖ² ∂(f − log q)/∂x · ∂xₖ/∂θ, with wₖ the normalised weight of particle k: the gradient of an importance bound without
 * the score of q, whose mean is turned into a path's by reparameterizing a second time.
 *
 * Unbiased where f is continuous; K evaluations of f and its gradient per sample. Where q is f's own posterior it has no variance at
 * all, and its signal does not drown in noise as K grows. Far from there it may have more variance than `pathwise()`. f's own parameters
 * get their gradient through the weights wₖ. Tucker, Lawson, Gu & Maddison 2019.
 *
 * *Requirements*: an `importanceBound`; `q` has a path and a density that can be differentiated in x; f is differentiable.
 */
export function dreg(): Estimator<Needs, Differentiable, "importance-bound">;
export function dreg(...given: readonly unknown[]): Estimator<Needs, Differentiable, "importance-bound"> {
  noOptions("dreg", given);
  return estimator<Needs, Differentiable, PathScratch, "importance-bound">({
    ...doubly,
    name: "dreg",
    plan: ({ path }, _, { particles }) => planOfPaths(path, particles),
    bind: (q, { particles }) => landing(q, particles, true),
  });
}

export interface StickingTheLandingOptions {
  /** Says that more than 1 particle is meant, where the estimate is biased. */
  readonly biased: true;
}

/**
 * Sticking the landing: Σₖ wₖ ∂(f − log q)/∂x · ∂xₖ/∂θ, with wₖ the normalised weight of particle k: the path's gradient of the bound without the
 * score of q. With 1 particle that is ∂(f − log q)/∂x · ∂x/∂θ of the ELBO, and what is left out has mean 0.
 *
 * Unbiased with 1 particle where f is continuous; K evaluations of f and its gradient per sample. Where q is f's own posterior it has no variance at
 * all: training that nears it is not shaken off again. Roeder, Wu & Duvenaud 2017.
 *
 * **Biased** with more particles, and then to be asked for as `stickingTheLanding({ biased: true })`: what is left out, −Σₖ wₖ ∇ log q(xₖ), has the mean
 * E Σₖ (wₖ² − wₖ) ∂(f − log q)/∂x · ∂xₖ/∂θ, by which it differs from `dreg()`; no number of samples removes it. The bound and the gradient of f's
 * own parameters stay unbiased, and at the posterior the bias is 0. Tucker, Lawson, Gu & Maddison 2019.
 *
 * *Requirements*: an `importanceBound`, of 1 particle unless `biased`; `q` has a path and a density that can be differentiated in x; f is
 * differentiable.
 *
 * @throws {RangeError} from `gradient` for more than one particle, unless `biased`
 */
export function stickingTheLanding(options: StickingTheLandingOptions): Biased<Estimator<Needs, Differentiable, "importance-bound">>;
export function stickingTheLanding(): Estimator<Needs, Differentiable, "importance-bound">;
export function stickingTheLanding(options?: StickingTheLandingOptions): Estimator<Needs, Differentiable, "importance-bound"> {
  const caller = "stickingTheLanding";
  if (options !== undefined) {
    onlyOptions(caller, options, ["biased"]);
    if (options.biased !== true) throw wrongKind(caller, "biased", "true, or nothing to be said of it", options.biased, "Without it, it is for 1 particle.");
  }
  const biased = options !== undefined;
  return estimator<Needs, Differentiable, PathScratch, "importance-bound">({
    ...doubly,
    name: "sticking-the-landing",
    ...(biased && { unbiased: false, biased: ["distribution"] }),
    plan: ({ path }, _, { particles }) => {
      if (particles !== 1 && !biased) throw wrongValue(caller, "particles", "1", particles, "For more particles use dreg(), or say { biased: true }: it is, there.");
      return planOfPaths(path, particles);
    },
    bind: (q, { particles }) => landing(q, particles, !biased),
  });
}

/** The weight of each particle's path, or its square. */
const landing = (q: Distribution & Needs, particles: number, squared: boolean): Bound<PathScratch> => ({
  propose: (work, draw) => drawPaths(q.path, particles, work, draw),
  combine: (work) => weighPaths(q, particles, squared, work),
  terms: (work, rows, terms) => pullPaths(q.path, particles, work, rows, terms),
});

const doubly = {
  unbiased: true,
  kind: "importance-bound",
  distribution: ["path", "logProbGradient"],
  integrand: ["differentiable"],
} as const;
