import type { Kernels, Pointer } from "../core/kernels.ts";
import type { Distribution, Domain, Entropic, Reparameterizable, Shapes, Theta } from "../vocabulary/distribution.ts";
import { elementwise, real, type Sample } from "./elementwise.ts";

export type LocationScale<S extends Shapes> = Omit<Distribution<S>, "name" | "verify"> & Reparameterizable & Entropic;

/** What the families x = location + exp(logScale) · noise share: the prepared θ, the path, the entropy. */
export function locationScale<S extends Shapes>(dim: number, params: S, sample: (kernels: Kernels) => Sample, entropyOfNoise: number): LocationScale<S> {
  return {
    params,
    domains: Object.fromEntries(Object.keys(params).map((name) => [name, real])) as { readonly [N in keyof S]: Domain },
    dim,
    prepared: (_: number, tile: number): number => 4 * tile,
    prepare: (kernels: Kernels, from: Pointer, theta: Theta): void => kernels.locationScalePrepare(theta.batch * dim, theta.tile, from, theta.at),
    sample: elementwise.sample(dim, sample),
    path: {
      ...elementwise.path(dim, sample, (kernels) => kernels.locationScalePull),
      push: (kernels, rows, { tile, at }, _, x, tangent, out) => kernels.locationScalePush(rows, dim, tile, at, x, tangent, out),
    },
    entropy: (kernels: Kernels, theta: Theta, sign: number, value: Pointer, gradient: Pointer): void =>
      kernels.locationScaleEntropy(theta.batch, dim, theta.tile, entropyOfNoise, sign, theta.at, value, gradient),
  };
}
