import { integer } from "../errors.ts";
import type { Averaged, Cumulative, Distribution, Entropic, Invertible, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { elementwise } from "./elementwise.ts";
import { locationScale, type Standard } from "./location-scale.ts";

/** `[dim]` each: the mean, and the natural logarithm of the scale. */
export type LogisticParameters = { readonly location: readonly [number]; readonly logScale: readonly [number] };

export interface Logistic extends Distribution<LogisticParameters>, Scored, Reparameterizable, Invertible, Entropic, Smooth, Averaged, Cumulative {}

/**
 * Independent logistic variables xⱼ = locationⱼ + exp(logScaleⱼ) log(u / (1 − u)) over the real line; mean location, variance π²/3 · scale².
 *
 * u is fine at both ends: |x − location| / scale reaches 22.8 in f32, 44.3 in f64. A draw that would overflow is the largest finite number.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function logistic(dim: number): Logistic {
  integer("logistic", "dim", dim);
  const shape = [dim] as const;
  return {
    name: "logistic",
    ...locationScale(dim, { location: shape, logScale: shape }, STANDARD),
    logProb: elementwise.logProb(dim, (kernels) => kernels.logisticLogProb),
    quantile: elementwise.quantile(dim, (kernels) => kernels.quantilesLogistic),
    cumulative: elementwise.cumulative(dim, (kernels) => kernels.cumulativeLogistic),
    score: elementwise.score(dim, (kernels) => kernels.logisticScore),
    logProbGradient: elementwise.logProbGradient(dim, (kernels) => kernels.logisticLogProbGradient),
  };
}

const STANDARD: Standard = { sample: (kernels) => kernels.logisticSample, entropy: 2, mean: 0, variance: 3.289868133696453 };
