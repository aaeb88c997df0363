import { integer } from "../errors.ts";
import type { Averaged, Cumulative, Distribution, Divergent, Entropic, Invertible, Measurable, Quadratic, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { elementwise } from "./elementwise.ts";
import { locationScale, type Standard } from "./location-scale.ts";

/** `[dim]` each: the mean, and the natural logarithm of the standard deviation. */
export type NormalParameters = { readonly mean: readonly [number]; readonly logScale: readonly [number] };

export interface Normal
  extends Distribution<NormalParameters>, Scored, Smooth, Reparameterizable, Invertible, Measurable, Quadratic, Divergent<NormalParameters>, Entropic, Averaged, Cumulative {}

/**
 * Independent normal variables xⱼ = meanⱼ + exp(logScaleⱼ) zⱼ over the real line; variance exp(2 logScaleⱼ).
 *
 * f64: ziggurat with an exact tail (Marsaglia & Tsang 2000); f32: Box & Muller 1958, |z| ≤ 6.76. A draw that would overflow is the
 * largest finite number.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function normal(dim: number): Normal {
  integer("normal", "dim", dim);
  const shape = [dim] as const;
  return {
    name: "normal",
    ...locationScale(dim, { mean: shape, logScale: shape }, STANDARD),
    logProb: elementwise.logProb(dim, (kernels) => kernels.normalLogProb),
    score: elementwise.score(dim, (kernels) => kernels.normalScore),
    centre: {
      mean: (kernels, { batch, at }, mean) => kernels.arrayCopy(batch * dim, at, mean),
      pull: (kernels, rows, _, cotangent, terms) => kernels.arrayAdd(rows * dim, cotangent, terms),
    },
    quadratic: (kernels, { batch, tile, at }, curvature, value, gradient) =>
      kernels.expansionsNormalQuadratic(batch, dim, tile, at, curvature, value, gradient),
    quantile: elementwise.quantile(dim, (kernels) => kernels.quantilesNormal),
    cumulative: elementwise.cumulative(dim, (kernels) => kernels.cumulativeNormal),
    weak: elementwise.weak(dim, (kernels) => kernels.normalWeakDraw),
    logProbGradient: elementwise.logProbGradient(dim, (kernels) => kernels.normalLogProbGradient),
    divergence: elementwise.divergence(dim, (kernels) => kernels.normalDivergence),
  };
}

const STANDARD: Standard = { sample: (kernels) => kernels.normalSample, entropy: 1.4189385332046727, mean: 0, variance: 1 };
