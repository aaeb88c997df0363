import { integer } from "../errors.ts";
import type { Averaged, Distribution, Entropic, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { implicit } from "../wasm/modules.ts";
import { elementwise, real } from "./elementwise.ts";

/** `[dim]` each: the natural logarithm of the degrees of freedom, the location, the natural logarithm of the scale. */
export type StudentTParameters = { readonly logDegrees: readonly [number]; readonly location: readonly [number]; readonly logScale: readonly [number] };

export interface StudentT extends Distribution<StudentTParameters>, Scored, Smooth, Averaged, Reparameterizable, Entropic {}

/**
 * Independent Student t variables xⱼ = locationⱼ + exp(logScaleⱼ) tⱼ of ν = exp(logDegreesⱼ) degrees of freedom, over the real line; mean location for
 * ν > 1, variance scale² ν / (ν − 2) for ν > 2.
 *
 * Drawn without rejection (Bailey 1994), for every ν; a draw that would overflow is the largest finite number, whose score
 * is the mean of the scores of what it stands for. Its path is implicit in ν: the
 * derivative of x at one level of the distribution function (Figurnov, Mohamed & Mnih 2018), which x alone decides. The divergence from another has
 * no closed form.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function studentT(dim: number): StudentT {
  integer("studentT", "dim", dim);
  return {
    name: "studentT",
    params: { logDegrees: [dim], location: [dim], logScale: [dim] },
    domains: { logDegrees: real, location: real, logScale: real },
    dim,
    modules: [implicit],
    prepared: (_, tile) => 11 * tile,
    prepare: (kernels, params, theta) => kernels.studentTPrepare(theta.batch * dim, theta.tile, params, theta.at),
    sample: elementwise.sample(dim, (kernels) => kernels.studentTSample),
    logProb: elementwise.logProb(dim, (kernels) => kernels.studentTLogProb),
    score: elementwise.score(dim, (kernels) => kernels.studentTScore),
    logProbGradient: elementwise.logProbGradient(dim, (kernels) => kernels.studentTLogProbGradient),
    path: elementwise.path(dim, (kernels) => kernels.studentTSample, (kernels) => kernels.studentTPathPull, (kernels) => kernels.studentTPathPush),
    entropy: elementwise.entropy(dim, (kernels) => kernels.studentTPathEntropy),
    moments: elementwise.moments(dim, (kernels) => kernels.studentTPathMoments),
  };
}
