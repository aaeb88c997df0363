import type { Kernels, Pointer } from "../core/kernels.ts";
import type { Averaged, Distribution, Domain, Entropic, Reparameterizable, Shapes, Theta } from "../vocabulary/distribution.ts";
import { elementwise, real, type Sample } from "./elementwise.ts";

export type LocationScale<S extends Shapes> = Omit<Distribution<S>, "name" | "verify"> & Reparameterizable & Entropic & Averaged;

/** Standard noise: location 0, scale 1. */
export interface Standard {
  readonly sample: (kernels: Kernels) => Sample;
  readonly entropy: number;
  /** NaN where there is none. */
  readonly mean: number;
  readonly variance: number;
}

/** What the families x = location + exp(logScale) · noise share: the prepared θ, the path, the entropy, mean and variance. */
export function locationScale<S extends Shapes>(dim: number, params: S, noise: Standard): LocationScale<S> {
  return {
    params,
    domains: realOf(params),
    dim,
    prepared: (_: number, tile: number): number => 4 * tile,
    prepare: (kernels: Kernels, from: Pointer, theta: Theta): void => kernels.locationScalePrepare(theta.batch * dim, theta.tile, from, theta.at),
    sample: elementwise.sample(dim, noise.sample),
    path: elementwise.path(dim, noise.sample, (kernels) => kernels.locationScalePull, (kernels) => kernels.locationScalePush),
    moments: (kernels: Kernels, theta: Theta, mean: Pointer, variance: Pointer): void =>
      kernels.locationScaleMoments(theta.batch, dim, theta.tile, noise.mean, noise.variance, theta.at, mean, variance),
    entropy: (kernels: Kernels, theta: Theta, sign: number, value: Pointer, gradient: Pointer): void =>
      kernels.locationScaleEntropy(theta.batch, dim, theta.tile, noise.entropy, sign, theta.at, value, gradient),
  };
}

/** Each parameter any number of the real line. */
export function realOf<S extends Shapes>(params: S): { readonly [N in keyof S]: Domain } {
  return Object.fromEntries(Object.keys(params).map((name) => [name, real])) as { readonly [N in keyof S]: Domain };
}
