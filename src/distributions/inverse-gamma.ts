import { integer } from "../errors.ts";
import type { Averaged, Distribution, Divergent, Entropic, Measurable, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { real } from "./elementwise.ts";
import { gammaFamily } from "./gamma-family.ts";

/** `[dim]` each: the natural logarithms of the concentration and of the scale. */
export type InverseGammaParameters = { readonly logConcentration: readonly [number]; readonly logScale: readonly [number] };

export interface InverseGamma extends Distribution<InverseGammaParameters>, Scored, Smooth, Averaged, Measurable, Reparameterizable, Divergent<InverseGammaParameters>, Entropic {}

/**
 * Independent inverse gamma variables x > 0, reciprocals of gamma ones: density ∝ x^(−α − 1) e^(−scale / x), α = exp(logConcentrationⱼ),
 * scale = exp(logScaleⱼ); mean scale / (α − 1), infinite for α ≤ 1; variance infinite for α ≤ 2.
 *
 * Draws and path are those of `gamma`, turned over: a draw that would overflow is the largest finite number, whose score is
 * the mean of the scores of what it stands for (a scale so small that draws vanish biases it: below 1e-300, in f32 1e-35).
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function inverseGamma(dim: number): InverseGamma {
  integer("inverseGamma", "dim", dim);
  return {
    name: "inverseGamma",
    params: { logConcentration: [dim], logScale: [dim] },
    domains: { logConcentration: real, logScale: real },
    ...gammaFamily<InverseGammaParameters>(dim, -1),
  };
}
