import { integer } from "../errors.ts";
import type { Averaged, Distribution, Divergent, Entropic, Invertible, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { families } from "../wasm/modules.ts";
import { elementwise } from "./elementwise.ts";
import { realOf } from "./location-scale.ts";
import { logLocationScale, type LogStandard } from "./log-location-scale.ts";

/** `[dim]` each: the natural logarithms of the scale λ and of the concentration (shape) κ. */
export type WeibullParameters = { readonly logScale: readonly [number]; readonly logConcentration: readonly [number] };

export interface Weibull
  extends Distribution<WeibullParameters>, Scored, Smooth, Reparameterizable, Invertible, Divergent<WeibullParameters>, Entropic, Averaged {}

/**
 * Independent Weibull variables xⱼ = λⱼ E^(1/κⱼ) > 0, E a standard exponential: P(x > t) = exp(−(t/λ)^κ), λ = exp(logScale), κ = exp(logConcentration).
 *
 * Mean λ Γ(1 + 1/κ), variance λ² (Γ(1 + 2/κ) − Γ(1 + 1/κ)²). κ = 1 is the exponential of rate 1/λ, κ = 2 the Rayleigh. E is exact to
 * the last place at both ends. A draw that would overflow is the largest finite number, one that would vanish the smallest positive;
 * the score of these ends is the mean of the scores of what they stand for.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function weibull(dim: number): Weibull {
  integer("weibull", "dim", dim);
  const params = { logScale: [dim], logConcentration: [dim] } as const;
  return {
    name: "weibull",
    modules: [families],
    params,
    domains: realOf(params),
    dim,
    prepared: (_, tile) => 4 * tile,
    prepare: (kernels, from, theta) => kernels.weibullPrepare(theta.batch * dim, theta.tile, from, theta.at),
    sample: elementwise.sample(dim, LOGARITHM.sample),
    logProb: elementwise.logProb(dim, (kernels) => kernels.weibullLogProb),
    score: elementwise.score(dim, (kernels) => kernels.weibullScore),
    logProbGradient: elementwise.logProbGradient(dim, (kernels) => kernels.weibullLogProbGradient),
    ...logLocationScale(dim, LOGARITHM),
    quantile: elementwise.quantile(dim, (kernels) => kernels.weibullInvert),
    moments: elementwise.moments(dim, (kernels) => kernels.weibullMoments),
    divergence: elementwise.divergence(dim, (kernels) => kernels.weibullDivergence),
  };
}

const EULER_GAMMA = 0.5772156649015329;
const LOGARITHM: LogStandard = { side: -1, sample: (kernels) => kernels.weibullSample, entropy: 1 + EULER_GAMMA, mean: -EULER_GAMMA };
