import { integer, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import type { Averaged, Distribution, Divergent, Entropic, Invertible, Path, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { families } from "../wasm/modules.ts";
import { elementwise } from "./elementwise.ts";
import { realOf } from "./location-scale.ts";

/** `[dim]` each: mean and natural logarithm of the standard deviation of the normal that is truncated, not of what is left of it. */
export type TruncatedNormalParameters = { readonly location: readonly [number]; readonly logScale: readonly [number] };

export interface TruncatedNormal
  extends Distribution<TruncatedNormalParameters>, Scored, Smooth, Reparameterizable, Invertible, Divergent<TruncatedNormalParameters>, Entropic, Averaged {}

export interface TruncatedNormalOptions {
  /** The lower end; −∞ for none. */
  readonly low: number;
  /** The upper end, above `low`; ∞ for none. */
  readonly high: number;
}

/**
 * Independent normal variables of mean locationⱼ and scale exp(logScaleⱼ), given that low ≤ xⱼ ≤ high: fixed ends, which are part of the family.
 *
 * By inversion, in whichever form keeps its digits: through Φ⁻¹ in the middle, as the excess over the nearer end where the interval lies in a
 * tail, however far out, and as a bent uniform where it is narrow. The path holds u and differentiates implicitly (Figurnov, Mohamed & Mnih
 * 2018); u is kept. Where the scale is wider than the interval, ∂x/∂θ is right to 3e-4 of its largest value in f32, to 2e-6 in f64. Entropy, KL
 * from the same family with the same ends, mean and variance are integrals by a fixed rule of 64 points a coordinate, to 1e-12.
 *
 * @param dim  coordinates of one draw, at least 1
 * @param ends  `{ low, high }`, low < high; each may be infinite. With f32 parameters they are rounded to f32
 * @throws {TypeError} if `dim`, `low` or `high` is not a number
 * @throws {RangeError} if `dim` is not a positive integer, if low ≥ high, or if an end is NaN
 */
export function truncatedNormal(dim: number, ends: TruncatedNormalOptions): TruncatedNormal {
  integer("truncatedNormal", "dim", dim);
  onlyOptions("truncatedNormal", ends, ["low", "high"]);
  const { low, high } = ends;
  for (const [name, end] of Object.entries({ low, high })) {
    if (typeof end !== "number") throw wrongKind("truncatedNormal", name, "a number, ∞ or −∞", end);
    if (Number.isNaN(end)) throw wrongValue("truncatedNormal", name, "a number, ∞ or −∞", end);
  }
  if (!(low < high)) throw wrongValue("truncatedNormal", "high", `a number > low (${low})`, high);
  const params = { location: [dim], logScale: [dim] } as const;
  return {
    name: "truncatedNormal",
    modules: [families],
    params,
    domains: realOf(params),
    dim,
    prepared: (_, tile) => 21 * tile,
    prepare: (kernels, from, theta) => kernels.truncatedNormalThetaPrepare(theta.batch * dim, theta.tile, low, high, from, theta.at),
    sample: (kernels, { key, site, chunk }, rows, { tile, at }, x) =>
      kernels.truncatedNormalSample(key.low, key.high, site, chunk, rows, dim, tile, at, x, x),
    logProb: elementwise.logProb(dim, (kernels) => kernels.truncatedNormalLogProb),
    score: elementwise.score(dim, (kernels) => kernels.truncatedNormalScore),
    logProbGradient: elementwise.logProbGradient(dim, (kernels) => kernels.truncatedNormalLogProbGradient),
    path: implicit(dim),
    quantile: {
      uniforms: dim,
      draw: (kernels, rows, { tile, at }, uniform, noise, x) => kernels.truncatedNormalInvert(rows, dim, tile, at, uniform, noise, x),
    },
    moments: elementwise.moments(dim, (kernels) => kernels.truncatedNormalExactMoments),
    entropy: elementwise.entropy(dim, (kernels) => kernels.truncatedNormalExactEntropy),
    divergence: elementwise.divergence(dim, (kernels) => kernels.truncatedNormalExactDivergence),
  };
}

function implicit(dim: number): Path {
  return {
    noise: dim, // u, or −(1 − u): to compute it from x costs more than the rest of a pull
    draw: (kernels, { key, site, chunk }, rows, { tile, at }, noise, x) =>
      kernels.truncatedNormalSample(key.low, key.high, site, chunk, rows, dim, tile, at, noise, x),
    pull: (kernels, rows, { tile, at }, noise, x, cotangent, terms) => kernels.truncatedNormalPathPull(rows, dim, tile, at, noise, x, cotangent, terms),
    push: (kernels, rows, { tile, at }, noise, x, tangent, out) => kernels.truncatedNormalPathPush(rows, dim, tile, at, noise, x, tangent, out),
  };
}
