import { onlyOptions } from "../errors.ts";
import type { Invertible, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { type Definition, type Estimator, estimator, type ForDraws } from "../vocabulary/estimator.ts";
import type { Differentiable } from "../vocabulary/integrand.ts";
import type { Noise } from "../vocabulary/noise.ts";
import { drawPaths, type PathScratch, planOfPaths, pullPaths, scoreParticles, weighPaths } from "./particles.ts";
import { withNoise } from "./point-sets.ts";

type Weighed = Reparameterizable & Smooth & Scored;

const definition: Definition<Reparameterizable, Differentiable, "noise"> = {
  name: "pathwise",
  unbiased: true,
  distribution: ["path"],
  integrand: ["differentiable"],
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
};

export interface PathwiseOptions {
  /** Point sets to draw from, one to a sample: `sobol({ points: 64 })`. Independent points unless given. */
  readonly noise?: Noise;
}

/**
 * The pathwise estimator: x = g(ε; θ), so ∇ E f = E[∂f/∂x · ∂x/∂θ]. Also called the reparameterization trick.
 *
 * Unbiased where f is continuous (a jump of f in x makes it wrong without a word); 1 evaluation of f and its gradient per
 * sample, or as many as a set of `noise` has points. Kingma & Welling 2014; Rezende, Mohamed & Wierstra 2014.
 *
 * On an `importanceBound` it is the gradient of Burda, Grosse & Salakhutdinov 2016, Σₖ wₖ d(f(xₖ) − log q(xₖ; θ))/dθ with the normalised
 * weights wₖ, at K evaluations a sample. `dreg()` leaves out what is only noise there. `noise` is for expectations alone.
 *
 * *Requirements*: `p` has a path, a quantile for `noise`, and on an importance bound a score and a density that can be differentiated in
 * x; f is differentiable.
 */
export function pathwise(options: PathwiseOptions & { readonly noise: Noise }): Estimator<Reparameterizable & Invertible, Differentiable>;
export function pathwise(options?: Omit<PathwiseOptions, "noise">): Estimator<Reparameterizable, Differentiable> & ForDraws<"pathwise"> & Estimator<Weighed, Differentiable, "importance-bound">;
export function pathwise(options: PathwiseOptions = {}): Estimator<never, never> {
  onlyOptions("pathwise", options, ["noise"]);
  return estimator(options.noise === undefined ? { ...definition, onDraws: { kind: "pathwise" }, bound } : withNoise("pathwise", definition, options.noise));
}

const bound: Definition<Weighed, Differentiable, PathScratch> = {
  name: "pathwise",
  unbiased: true,
  kind: "importance-bound",
  distribution: ["path", "logProbGradient", "score"],
  integrand: ["differentiable"],
  plan: ({ path }, _, { particles }) => planOfPaths(path, particles),
  bind: (q, { particles }) => ({
    propose: (work, draw) => drawPaths(q.path, particles, work, draw),
    combine: (work) => weighPaths(q, particles, false, work),
    terms: (work, rows, terms) => {
      pullPaths(q.path, particles, work, rows, terms);
      scoreParticles(q, particles, work, rows, work.soft.x, work.at.coefficient, terms);
    },
  }),
};
