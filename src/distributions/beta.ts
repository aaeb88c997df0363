import { integer } from "../errors.ts";
import type { Averaged, Distribution, Divergent, Entropic, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { implicit } from "../wasm/modules.ts";
import { elementwise, real } from "./elementwise.ts";

/** `[dim]` each: the natural logarithms of the concentrations of 1 (often a or α) and of 0 (b or β). */
export type BetaParameters = { readonly logConcentration1: readonly [number]; readonly logConcentration0: readonly [number] };

export interface Beta extends Distribution<BetaParameters>, Scored, Smooth, Averaged, Reparameterizable, Divergent<BetaParameters>, Entropic {}

/**
 * Independent beta variables 0 < x < 1 with density ∝ x^(a − 1) (1 − x)^(b − 1), a = exp(logConcentration1ⱼ), b = exp(logConcentration0ⱼ); mean a / (a + b).
 *
 * Drawn from two gamma variables by their logarithms, so that tiny concentrations give small numbers and not zeros; a draw that would round to 0
 * or 1 is the number next to it. Its path is implicit (Figurnov, Mohamed & Mnih 2018): the derivative of x at one level of the distribution
 * function, which x alone decides; within 3e-8 of itself in f64, 2e-6 in f32, for concentrations from 1e-4 to 1e6 and x in both tails.
 *
 * x cannot be nearer to 1 than 1.1e-16 (f32: 6e-8), nor to 0 than 4.9e-324 (1.4e-45). The score of such an end is the mean of the scores of what it
 * stands for, so that it is unbiased for tiny concentrations too; elsewhere it is the derivative of log p.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function beta(dim: number): Beta {
  integer("beta", "dim", dim);
  return {
    name: "beta",
    params: { logConcentration1: [dim], logConcentration0: [dim] },
    domains: { logConcentration1: real, logConcentration0: real },
    dim,
    modules: [implicit],
    prepared: (_, tile) => 19 * tile + 4,
    prepare: (kernels, params, theta) => kernels.betaPrepare(theta.batch * dim, theta.tile, params, theta.at),
    sample: elementwise.sample(dim, (kernels) => kernels.betaSample),
    logProb: elementwise.logProb(dim, (kernels) => kernels.betaLogProb),
    score: elementwise.score(dim, (kernels) => kernels.betaScore),
    logProbGradient: elementwise.logProbGradient(dim, (kernels) => kernels.betaLogProbGradient),
    path: elementwise.path(dim, (kernels) => kernels.betaSample, (kernels) => kernels.betaPathPull, (kernels) => kernels.betaPathPush),
    entropy: elementwise.entropy(dim, (kernels) => kernels.betaPathEntropy),
    divergence: elementwise.divergence(dim, (kernels) => kernels.betaPathDivergence),
    moments: elementwise.moments(dim, (kernels) => kernels.betaPathMoments),
  };
}
