import { integer } from "../errors.ts";
import type { Averaged, Cumulative, Distribution, Divergent, Entropic, Invertible, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { elementwise } from "./elementwise.ts";
import { locationScale, type Standard } from "./location-scale.ts";

/** `[dim]` each: the mode, and the natural logarithm of the scale. */
export type GumbelParameters = { readonly location: readonly [number]; readonly logScale: readonly [number] };

export interface Gumbel extends Distribution<GumbelParameters>, Scored, Reparameterizable, Invertible, Divergent<GumbelParameters>, Entropic, Smooth, Averaged, Cumulative {}

/**
 * Independent Gumbel variables xⱼ = locationⱼ − exp(logScaleⱼ) log E over the real line, E a standard exponential: the law of a maximum
 * (Gumbel 1958). Mean location + γ · scale, γ = 0.5772…; variance π²/6 · scale².
 *
 * E is exact to the last place at both ends: (x − location) / scale reaches from −3.1 to 22.8 in f32, from −3.7 to 44.3 in f64.
 * A draw that would overflow is the largest finite number.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function gumbel(dim: number): Gumbel {
  integer("gumbel", "dim", dim);
  const shape = [dim] as const;
  return {
    name: "gumbel",
    ...locationScale(dim, { location: shape, logScale: shape }, STANDARD),
    logProb: elementwise.logProb(dim, (kernels) => kernels.gumbelLogProb),
    score: elementwise.score(dim, (kernels) => kernels.gumbelScore),
    quantile: elementwise.quantile(dim, (kernels) => kernels.quantilesGumbel),
    cumulative: elementwise.cumulative(dim, (kernels) => kernels.cumulativeGumbel),
    logProbGradient: elementwise.logProbGradient(dim, (kernels) => kernels.gumbelLogProbGradient),
    divergence: elementwise.divergence(dim, (kernels) => kernels.gumbelDivergence),
  };
}

const EULER_GAMMA = 0.5772156649015329;
const STANDARD: Standard = { sample: (kernels) => kernels.gumbelSample, entropy: 1 + EULER_GAMMA, mean: EULER_GAMMA, variance: 1.6449340668482264 };
