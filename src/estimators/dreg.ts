import { noOptions, wrongValue } from "../errors.ts";
import type { Distribution, Reparameterizable, Smooth } from "../vocabulary/distribution.ts";
import { type Bound, type Estimator, estimator, type Site } from "../vocabulary/estimator.ts";
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
  });
}

/**
 * Sticking the landing: ∂(f − log q)/∂x · ∂x/∂θ, the path's gradient of the ELBO without the score of q, whose mean is 0.
 *
 * Unbiased where f is continuous; 1 evaluation of f and its gradient per sample. Where q is f's own posterior it has no variance at
 * all: training that nears it is not shaken off again. Roeder, Wu & Duvenaud 2017.
 *
 * *Requirements*: an `importanceBound` of 1 particle (with more it would be biased: `dreg()` is its like); `q` has a path and a
 * density that can be differentiated in x; f is differentiable.
 *
 * @throws {RangeError} from `gradient` for more than one particle
 */
export function stickingTheLanding(): Estimator<Needs, Differentiable, "importance-bound">;
export function stickingTheLanding(...given: readonly unknown[]): Estimator<Needs, Differentiable, "importance-bound"> {
  noOptions("stickingTheLanding", given);
  return estimator<Needs, Differentiable, PathScratch, "importance-bound">({
    ...doubly,
    name: "sticking-the-landing",
    plan: ({ path }, _, { particles }) => {
      if (particles !== 1) throw wrongValue("stickingTheLanding", "particles", "1", particles, "For more particles use dreg().");
      return planOfPaths(path, 1);
    },
  });
}

const doubly = {
  unbiased: true,
  kind: "importance-bound",
  distribution: ["path", "logProbGradient"],
  integrand: ["differentiable"],
  bind: (q: Distribution & Needs, { particles }: Site): Bound<PathScratch> => ({
    propose: (work, draw) => drawPaths(q.path, particles, work, draw),
    combine: (work) => weighPaths(q, particles, true, work),
    terms: (work, rows, terms) => pullPaths(q.path, particles, work, rows, terms),
  }),
} as const;
