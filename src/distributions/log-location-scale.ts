import type { Kernels, Pointer } from "../core/kernels.ts";
import type { Entropic, Path, Theta } from "../vocabulary/distribution.ts";
import type { Sample } from "./elementwise.ts";

/** The standard noise of log x, and which way the second parameter counts: 1 if it is the logarithm of the scale of log x, −1 if it is minus that. */
export interface LogStandard {
  readonly side: 1 | -1;
  readonly sample: (kernels: Kernels) => Sample;
  readonly entropy: number;
  readonly mean: number;
}

/** What the families log x = location + scale · noise share. */
export function logLocationScale(dim: number, { side, sample, entropy, mean }: LogStandard): { readonly path: Path } & Entropic {
  return {
    path: {
      noise: 0,
      draw: (kernels, { key, site, chunk }, rows, { tile, at }, _, x) => sample(kernels)(key.low, key.high, site, chunk, rows, dim, tile, at, x),
      pull: (kernels, rows, { tile, at }, _, x, cotangent, terms) => kernels.logLocationScalePull(rows, dim, tile, side, at, x, cotangent, terms),
      push: (kernels, rows, { tile, at }, _, x, tangent, out) => kernels.logLocationScalePush(rows, dim, tile, side, at, x, tangent, out),
    },
    entropy: (kernels: Kernels, { batch, tile, at }: Theta, sign: number, value: Pointer, gradient: Pointer): void =>
      kernels.logLocationScaleEntropy(batch, dim, tile, side, entropy, mean, sign, at, value, gradient),
  };
}
