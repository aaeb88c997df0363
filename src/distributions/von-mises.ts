import { integer } from "../errors.ts";
import type { Circular, Distribution, Divergent, Entropic, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { implicit } from "../wasm/modules.ts";
import { elementwise, real } from "./elementwise.ts";

/** `[dim]` each: where the density is highest, an angle; and the natural logarithm of the concentration κ. */
export type VonMisesParameters = { readonly location: readonly [number]; readonly logConcentration: readonly [number] };

export interface VonMises extends Distribution<VonMisesParameters>, Scored, Smooth, Circular, Reparameterizable, Divergent<VonMisesParameters>, Entropic {}

// Rows of the prepared θ: see assembly/distributions/von-mises.ts.
const [LOCATION, GAP] = [0, 5];

/**
 * Independent angles xⱼ in (−π, π] with density exp(κ cos(x − location)) / 2π I₀(κ), κ = exp(logConcentrationⱼ); the density of any x is that of
 * its angle.
 *
 * Drawn by rejection (Best & Fisher 1979), for every κ > 0; its variance is nearly 1 / κ for large ones. Its path is implicit (Figurnov, Mohamed &
 * Mnih 2018), and that of the angle from the location: f must be periodic in x, for a draw that passes π comes back at −π.
 *
 * Its `mean` and `variance` are those of a circle, as elsewhere (Mardia & Jupp 2000): the mean direction, which is the location within (−π, π], and the
 * circular variance 1 − I₁(κ) / I₀(κ), from 1 for κ → 0 to 0 (nearly 1 / 2κ) for κ → ∞, to the last digits at both ends. Those of x as a number
 * on the line have no closed form, and no estimator is given them.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function vonMises(dim: number): VonMises {
  integer("vonMises", "dim", dim);
  return {
    name: "vonMises",
    params: { location: [dim], logConcentration: [dim] },
    domains: { location: real, logConcentration: real },
    dim,
    modules: [implicit],
    prepared: (_, tile) => 6 * tile,
    prepare: (kernels, params, theta) => kernels.vonMisesPrepare(theta.batch * dim, theta.tile, params, theta.at),
    sample: elementwise.sample(dim, (kernels) => kernels.vonMisesSample),
    logProb: elementwise.logProb(dim, (kernels) => kernels.vonMisesLogProb),
    score: elementwise.score(dim, (kernels) => kernels.vonMisesScore),
    logProbGradient: elementwise.logProbGradient(dim, (kernels) => kernels.vonMisesLogProbGradient),
    path: elementwise.path(dim, (kernels) => kernels.vonMisesSample, (kernels) => kernels.vonMisesPathPull, (kernels) => kernels.vonMisesPathPush),
    circular: (kernels, { batch, tile, at }, mean, variance) => {
      kernels.arrayCopy(batch * dim, at + LOCATION * tile * kernels.arrayBytes(), mean);
      kernels.arrayCopy(batch * dim, at + GAP * tile * kernels.arrayBytes(), variance);
    },
    entropy: elementwise.entropy(dim, (kernels) => kernels.vonMisesExactEntropy),
    divergence: elementwise.divergence(dim, (kernels) => kernels.vonMisesExactDivergence),
  };
}
