import { integer } from "../errors.ts";
import type { Averaged, Cumulative, Distribution, Divergent, Entropic, Invertible, Measurable, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { elementwise, real } from "./elementwise.ts";

/** `[dim]`: the natural logarithm of the rate. */
export type ExponentialParameters = { readonly logRate: readonly [number] };

export interface Exponential
  extends Distribution<ExponentialParameters>, Scored, Reparameterizable, Invertible, Measurable, Divergent<ExponentialParameters>, Entropic, Smooth, Averaged, Cumulative {}

/**
 * Independent waiting times x > 0 of rate exp(logRateⱼ); mean exp(−logRateⱼ), variance exp(−2 logRateⱼ).
 *
 * By inversion, x = −log(u) / rate (Devroye 1986, II.2), u uniform with both ends fine: x / mean reaches from 2⁻³³ to 22.8 in f32 and from
 * 2⁻⁶⁴ to 44.3 in f64. A draw that would overflow is the largest finite number, one that would vanish the smallest positive.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function exponential(dim: number): Exponential {
  integer("exponential", "dim", dim);
  return {
    name: "exponential",
    params: { logRate: [dim] },
    domains: { logRate: real },
    dim,
    prepared: (_, tile) => 3 * tile,
    prepare: (kernels, params, theta) => kernels.exponentialPrepare(theta.batch * dim, theta.tile, params, theta.at),
    sample: elementwise.sample(dim, (kernels) => kernels.exponentialSample),
    logProb: elementwise.logProb(dim, (kernels) => kernels.exponentialLogProb),
    score: elementwise.score(dim, (kernels) => kernels.exponentialScore),
    quantile: elementwise.quantile(dim, (kernels) => kernels.quantilesExponential),
    cumulative: elementwise.cumulative(dim, (kernels) => kernels.cumulativeExponential),
    weak: elementwise.weak(dim, (kernels) => kernels.exponentialWeakDraw),
    logProbGradient: elementwise.logProbGradient(dim, (kernels) => kernels.exponentialLogProbGradient),
    path: elementwise.path(dim, (kernels) => kernels.exponentialSample, (kernels) => kernels.exponentialPull, (kernels) => kernels.exponentialPush),
    moments: elementwise.moments(dim, (kernels) => kernels.exponentialMoments),
    entropy: elementwise.entropy(dim, (kernels) => kernels.exponentialEntropy),
    divergence: elementwise.divergence(dim, (kernels) => kernels.exponentialDivergence),
  };
}
