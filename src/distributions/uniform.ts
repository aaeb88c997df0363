import { integer } from "../errors.ts";
import type { Averaged, Dense, Distribution, Divergent, Entropic, Invertible, Reparameterizable, Smooth } from "../vocabulary/distribution.ts";
import { elementwise, real } from "./elementwise.ts";

/** `[dim]` each: the ends of the interval, low < high. */
export type UniformParameters = { readonly low: readonly [number]; readonly high: readonly [number] };

export interface Uniform extends Distribution<UniformParameters>, Dense, Reparameterizable, Invertible, Divergent<UniformParameters>, Entropic, Smooth, Averaged {}

/**
 * Independent uniform variables lowⱼ < xⱼ < highⱼ; mean (low + high) / 2, variance (high − low)² / 12.
 *
 * It has a path and no score: its support moves with its parameters, so the score-function estimator would be biased.
 * The divergence from another is the logarithm of the ratio of the widths where that one's interval holds this one's, and ∞ (of gradient 0) where not.
 * Draws are (1 − u) low + u high of a grid of 2⁻²⁴ (f32) or 2⁻⁵³ (f64) and never an end, unless no number lies between.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer; when used, if low ≥ high anywhere
 */
export function uniform(dim: number): Uniform {
  integer("uniform", "dim", dim);
  return {
    name: "uniform",
    params: { low: [dim], high: [dim] },
    domains: { low: real, high: real },
    dim,
    verify({ low, high }) {
      const i = low.findIndex((end: number, j: number) => !(end < high[j]!));
      return i < 0 ? undefined : `"params.high[${i}]" expected a number > low (${low[i]}), got ${high[i]}`;
    },
    prepared: (_, tile) => 6 * tile,
    prepare: (kernels, params, theta) => kernels.uniformPrepare(theta.batch * dim, theta.tile, params, theta.at),
    sample: elementwise.sample(dim, (kernels) => kernels.uniformSample),
    logProb: elementwise.logProb(dim, (kernels) => kernels.uniformLogProb),
    quantile: elementwise.quantile(dim, (kernels) => kernels.quantilesUniform),
    logProbGradient: () => {}, // 0 wherever there is a density
    path: elementwise.path(dim, (kernels) => kernels.uniformSample, (kernels) => kernels.uniformPull, (kernels) => kernels.uniformPush),
    moments: elementwise.moments(dim, (kernels) => kernels.uniformMoments),
    entropy: elementwise.entropy(dim, (kernels) => kernels.uniformEntropy),
    divergence: elementwise.divergence(dim, (kernels) => kernels.uniformDivergence),
  };
}
