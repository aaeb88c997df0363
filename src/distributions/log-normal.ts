import { integer } from "../errors.ts";
import type { Averaged, Distribution, Divergent, Entropic, Invertible, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { families } from "../wasm/modules.ts";
import { elementwise } from "./elementwise.ts";
import { realOf } from "./location-scale.ts";
import { logLocationScale, type LogStandard } from "./log-location-scale.ts";

/** `[dim]` each: the mean of log x, and the natural logarithm of its standard deviation. */
export type LogNormalParameters = { readonly location: readonly [number]; readonly logScale: readonly [number] };

export interface LogNormal
  extends Distribution<LogNormalParameters>, Scored, Smooth, Reparameterizable, Invertible, Divergent<LogNormalParameters>, Entropic, Averaged {}

/**
 * Independent variables xⱼ > 0 whose logarithms are normal: xⱼ = exp(locationⱼ + exp(logScaleⱼ) zⱼ).
 *
 * With s = exp(logScale): median exp(location), mean exp(location + s² / 2), variance mean² · (exp(s²) − 1). The normal draws are those
 * of `normal`. A draw that would overflow is the largest finite number, one that would vanish the smallest positive.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function logNormal(dim: number): LogNormal {
  integer("logNormal", "dim", dim);
  const params = { location: [dim], logScale: [dim] } as const;
  return {
    name: "logNormal",
    modules: [families],
    params,
    domains: realOf(params),
    dim,
    prepared: (_, tile) => 4 * tile,
    prepare: (kernels, from, theta) => kernels.locationScalePrepare(theta.batch * dim, theta.tile, from, theta.at),
    sample: elementwise.sample(dim, LOGARITHM.sample),
    logProb: elementwise.logProb(dim, (kernels) => kernels.logNormalLogProb),
    score: elementwise.score(dim, (kernels) => kernels.logNormalScore),
    logProbGradient: elementwise.logProbGradient(dim, (kernels) => kernels.logNormalLogProbGradient),
    ...logLocationScale(dim, LOGARITHM),
    quantile: elementwise.quantile(dim, (kernels) => kernels.logNormalInvert),
    moments: elementwise.moments(dim, (kernels) => kernels.logNormalMoments),
    divergence: elementwise.divergence(dim, (kernels) => kernels.normalDivergence), // the same for any function of x, one to one
  };
}

const LOGARITHM: LogStandard = { side: 1, sample: (kernels) => kernels.logNormalSample, entropy: 1.4189385332046727, mean: 0 };
