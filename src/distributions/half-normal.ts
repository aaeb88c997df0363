import { integer } from "../errors.ts";
import type { Averaged, Distribution, Divergent, Entropic, Invertible, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { families } from "../wasm/modules.ts";
import { elementwise, real } from "./elementwise.ts";

/** `[dim]`: the natural logarithm of the scale of the normal that is folded. */
export type HalfNormalParameters = { readonly logScale: readonly [number] };

export interface HalfNormal
  extends Distribution<HalfNormalParameters>, Scored, Smooth, Reparameterizable, Invertible, Divergent<HalfNormalParameters>, Entropic, Averaged {}

/**
 * Independent variables xⱼ = exp(logScaleⱼ) |zⱼ| > 0, z standard normal: mean √(2/π) · scale, variance (1 − 2/π) · scale².
 *
 * The draws are the sizes of those of `normal` around 0. A draw that would overflow is the largest finite number, one that would vanish
 * the smallest positive.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function halfNormal(dim: number): HalfNormal {
  integer("halfNormal", "dim", dim);
  return {
    name: "halfNormal",
    modules: [families],
    params: { logScale: [dim] },
    domains: { logScale: real },
    dim,
    prepared: (_, tile) => 3 * tile,
    prepare: (kernels, params, theta) => kernels.halfNormalPrepare(theta.batch * dim, theta.tile, params, theta.at),
    sample: elementwise.sample(dim, (kernels) => kernels.halfNormalSample),
    logProb: elementwise.logProb(dim, (kernels) => kernels.halfNormalLogProb),
    score: elementwise.score(dim, (kernels) => kernels.halfNormalScore),
    logProbGradient: elementwise.logProbGradient(dim, (kernels) => kernels.halfNormalLogProbGradient),
    path: elementwise.path(dim, (kernels) => kernels.halfNormalSample, (kernels) => kernels.halfNormalPull, (kernels) => kernels.halfNormalPush),
    quantile: elementwise.quantile(dim, (kernels) => kernels.halfNormalInvert),
    moments: elementwise.moments(dim, (kernels) => kernels.halfNormalMoments),
    entropy: elementwise.entropy(dim, (kernels) => kernels.halfNormalEntropy),
    divergence: elementwise.divergence(dim, (kernels) => kernels.halfNormalDivergence),
  };
}
