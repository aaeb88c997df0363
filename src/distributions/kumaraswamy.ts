import { integer } from "../errors.ts";
import type { Averaged, Distribution, Entropic, Invertible, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { families } from "../wasm/modules.ts";
import { elementwise } from "./elementwise.ts";
import { realOf } from "./location-scale.ts";

/** `[dim]` each: the natural logarithms of a and b. */
export type KumaraswamyParameters = { readonly logConcentration1: readonly [number]; readonly logConcentration0: readonly [number] };

export interface Kumaraswamy extends Distribution<KumaraswamyParameters>, Scored, Smooth, Reparameterizable, Invertible, Entropic, Averaged {}

/**
 * Independent variables 0 < xⱼ < 1 with P(xⱼ ≤ t) = 1 − (1 − tᵃ)ᵇ, a = exp(logConcentration1), b = exp(logConcentration0): close to the
 * beta distribution of the same concentrations, with a quantile in closed form (Kumaraswamy 1980).
 *
 * E[xᵏ] = b B(1 + k/a, b). A draw that would be 0 or 1 is the number next to it, whose score is the mean of the scores of what
 * it stands for, so that it is unbiased for tiny concentrations too. There is no closed KL between two of different a.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function kumaraswamy(dim: number): Kumaraswamy {
  integer("kumaraswamy", "dim", dim);
  const params = { logConcentration1: [dim], logConcentration0: [dim] } as const;
  return {
    name: "kumaraswamy",
    modules: [families],
    params,
    domains: realOf(params),
    dim,
    prepared: (_, tile) => 5 * tile,
    prepare: (kernels, from, theta) => kernels.kumaraswamyPrepare(theta.batch * dim, theta.tile, from, theta.at),
    sample: elementwise.sample(dim, (kernels) => kernels.kumaraswamySample),
    logProb: elementwise.logProb(dim, (kernels) => kernels.kumaraswamyLogProb),
    score: elementwise.score(dim, (kernels) => kernels.kumaraswamyScore),
    logProbGradient: elementwise.logProbGradient(dim, (kernels) => kernels.kumaraswamyLogProbGradient),
    path: elementwise.path(dim, (kernels) => kernels.kumaraswamySample, (kernels) => kernels.kumaraswamyPull, (kernels) => kernels.kumaraswamyPush),
    quantile: elementwise.quantile(dim, (kernels) => kernels.kumaraswamyInvert),
    moments: elementwise.moments(dim, (kernels) => kernels.kumaraswamyExactMoments),
    entropy: elementwise.entropy(dim, (kernels) => kernels.kumaraswamyExactEntropy),
  };
}
