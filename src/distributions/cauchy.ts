import { integer } from "../errors.ts";
import type { Averaged, Cumulative, Distribution, Divergent, Entropic, Invertible, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { families } from "../wasm/modules.ts";
import { elementwise } from "./elementwise.ts";
import { locationScale, type Standard } from "./location-scale.ts";

/** `[dim]` each: the median, and the natural logarithm of half the interquartile range. */
export type CauchyParameters = { readonly location: readonly [number]; readonly logScale: readonly [number] };

export interface Cauchy
  extends Distribution<CauchyParameters>, Scored, Smooth, Reparameterizable, Invertible, Divergent<CauchyParameters>, Entropic, Averaged, Cumulative {}

/**
 * Independent Cauchy variables xⱼ = locationⱼ + exp(logScaleⱼ) tan(π (u − ½)) over the real line. They have no mean and no variance: both are NaN.
 *
 * So a pathwise gradient of f has one only where f' falls off: E[x] has none, E[cos x] has. Both tails are alike and reach as far as u
 * does: |x − location| / scale up to 2.7e9 in f32, 5.9e18 in f64. A draw that would overflow is the largest finite number. KL in closed
 * form: Chyzak & Nielsen 2019.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function cauchy(dim: number): Cauchy {
  integer("cauchy", "dim", dim);
  const shape = [dim] as const;
  return {
    name: "cauchy",
    modules: [families],
    ...locationScale(dim, { location: shape, logScale: shape }, STANDARD),
    logProb: elementwise.logProb(dim, (kernels) => kernels.cauchyLogProb),
    score: elementwise.score(dim, (kernels) => kernels.cauchyScore),
    logProbGradient: elementwise.logProbGradient(dim, (kernels) => kernels.cauchyLogProbGradient),
    quantile: elementwise.quantile(dim, (kernels) => kernels.cauchyInvert),
    cumulative: elementwise.cumulative(dim, (kernels) => kernels.cumulativeCauchy),
    divergence: elementwise.divergence(dim, (kernels) => kernels.cauchyDivergence),
  };
}

const STANDARD: Standard = { sample: (kernels) => kernels.cauchySample, entropy: 2.5310242469692907, mean: NaN, variance: NaN };
