import { borrow } from "../core/core.ts";
import type { Relaxation } from "../vocabulary/distribution.ts";

/**
 * z = logits + Gumbel noise, x the matching of greatest sum, y the doubly stochastic plan of z / temperature: Mena, Belanger, Linderman & Snoek 2018.
 *
 * y is the limit of Sinkhorn's iteration to the last digits, at any temperature: so its derivative is that of the limit.
 */
export function gumbelSinkhorn(n: number): Relaxation {
  const width = n * n;
  return {
    dim: width,
    latent: {
      noise: 0,
      draw: (kernels, { key, site, chunk }, rows, { batch, at }, _, z) => kernels.gumbelSinkhornDraw(key.low, key.high, site, chunk, rows, batch, n, at, z),
      pull: (kernels, rows, _, __, ___, cotangent, terms) => kernels.arrayAdd(rows * width, cotangent, terms),
      push: (kernels, rows, _, __, ___, tangent, out) => kernels.arrayCopy(rows * width, tangent, out),
    },
    harden: (kernels, rows, z, x) => borrow(kernels, kernels.gumbelSinkhornScratch(n), "permutation", (room) => kernels.gumbelSinkhornHarden(rows, n, z, room, x)),
    soften: (kernels, rows, z, temperature, y) =>
      borrow(kernels, kernels.gumbelSinkhornScratch(n), "permutation", (room) => kernels.gumbelSinkhornSoften(rows, n, z, temperature, room, y)),
    pull: (kernels, rows, y, temperature, cotangent, out) =>
      borrow(kernels, kernels.gumbelSinkhornScratch(n), "permutation", (room) => kernels.gumbelSinkhornPull(rows, n, y, temperature, cotangent, room, out)),
  };
}
