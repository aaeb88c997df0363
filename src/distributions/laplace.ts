import { integer } from "../errors.ts";
import type { Averaged, Cumulative, Distribution, Divergent, Entropic, Invertible, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { families } from "../wasm/modules.ts";
import { elementwise } from "./elementwise.ts";
import { locationScale, type Standard } from "./location-scale.ts";

/** `[dim]` each: the mean, and the natural logarithm of the scale. */
export type LaplaceParameters = { readonly location: readonly [number]; readonly logScale: readonly [number] };

export interface Laplace
  extends Distribution<LaplaceParameters>, Scored, Smooth, Reparameterizable, Invertible, Divergent<LaplaceParameters>, Entropic, Averaged, Cumulative {}

/**
 * Independent Laplace variables of density exp(−|xⱼ − locationⱼ| / scaleⱼ) / (2 scaleⱼ) over the real line, scale = exp(logScale);
 * mean location, variance 2 · scale².
 *
 * By inversion (Devroye 1986, II.2), both tails alike: |x − location| / scale reaches 22.1 in f32, 43.6 in f64. A draw that would overflow
 * is the largest finite number. The score of the location is a sign, so its gradient of log p jumps at the location.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function laplace(dim: number): Laplace {
  integer("laplace", "dim", dim);
  const shape = [dim] as const;
  return {
    name: "laplace",
    modules: [families],
    ...locationScale(dim, { location: shape, logScale: shape }, STANDARD),
    logProb: elementwise.logProb(dim, (kernels) => kernels.laplaceLogProb),
    score: elementwise.score(dim, (kernels) => kernels.laplaceScore),
    logProbGradient: elementwise.logProbGradient(dim, (kernels) => kernels.laplaceLogProbGradient),
    quantile: elementwise.quantile(dim, (kernels) => kernels.laplaceInvert),
    cumulative: elementwise.cumulative(dim, (kernels) => kernels.cumulativeLaplace),
    divergence: elementwise.divergence(dim, (kernels) => kernels.laplaceDivergence),
  };
}

const STANDARD: Standard = { sample: (kernels) => kernels.laplaceSample, entropy: 1.6931471805599454, mean: 0, variance: 2 };
