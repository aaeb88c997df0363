import { integer } from "../errors.ts";
import type { Averaged, Distribution, Divergent, Entropic, Path, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { implicit } from "../wasm/modules.ts";
import { elementwise, real } from "./elementwise.ts";

/** `[categories]`: the natural logarithms of the concentrations. */
export type DirichletParameters = { readonly logConcentration: readonly [number] };

export interface Dirichlet extends Distribution<DirichletParameters>, Scored, Smooth, Averaged, Reparameterizable, Divergent<DirichletParameters>, Entropic {}

/**
 * Points x of the simplex, xⱼ > 0 with sum 1, with density ∝ Πⱼ xⱼ^(αⱼ − 1), αⱼ = exp(logConcentrationⱼ); mean αⱼ / Σα.
 *
 * Drawn as gamma variables over their sum, by logarithms: coordinates of tiny concentrations are small numbers where others have zeros.
 * The score of the smallest number is the mean of the scores of what it stands for, so that it is unbiased for tiny concentrations too.
 * Its path is implicit: as αⱼ changes, xⱼ moves along its own beta distribution and the others keep their proportions (Jankowiak & Obermeyer
 * 2018). `logProbGradient` takes each coordinate as if it could move alone.
 *
 * @param categories  coordinates of one draw, at least 2
 * @throws {TypeError} if `categories` is not a number
 * @throws {RangeError} if `categories` is not an integer of at least 2
 */
export function dirichlet(categories: number): Dirichlet {
  const k = integer("dirichlet", "categories", categories, 2);
  return {
    name: "dirichlet",
    params: { logConcentration: [k] },
    domains: { logConcentration: real },
    dim: k,
    modules: [implicit],
    prepared: (batch, tile) => 8 * tile + 4 + 4 * batch * k,
    prepare: (kernels, params, theta) => kernels.dirichletPrepare(theta.batch, k, theta.tile, params, theta.at),
    sample: elementwise.sample(k, (kernels) => kernels.dirichletSample),
    logProb: elementwise.logProb(k, (kernels) => kernels.dirichletLogProb),
    score: elementwise.score(k, (kernels) => kernels.dirichletScore),
    logProbGradient: elementwise.logProbGradient(k, (kernels) => kernels.dirichletLogProbGradient),
    path: path(k),
    entropy: elementwise.entropy(k, (kernels) => kernels.dirichletExactEntropy),
    divergence: elementwise.divergence(k, (kernels) => kernels.dirichletExactDivergence),
    moments: elementwise.moments(k, (kernels) => kernels.dirichletExactMoments),
  };
}

const path = (k: number): Path => ({
  noise: 0,
  draw: (kernels, { key, site, chunk }, rows, { tile, at }, _, x) => kernels.dirichletSample(key.low, key.high, site, chunk, rows, k, tile, at, x),
  pull: (kernels, rows, { batch, tile, at }, _, x, cotangent, terms) => kernels.dirichletPathPull(rows, batch, k, tile, at, x, cotangent, terms),
  push: (kernels, rows, { batch, tile, at }, _, x, tangent, out) => kernels.dirichletPathPush(rows, batch, k, tile, at, x, tangent, out),
});
