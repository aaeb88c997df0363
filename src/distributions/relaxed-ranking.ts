import type { Kernels, Pointer } from "../core/kernels.ts";
import type { Theta } from "../vocabulary/distribution.ts";
import type { Relaxation } from "../vocabulary/relaxation.ts";
import { gumbelSinkhorn } from "./gumbel-sinkhorn.ts";

/**
 * Plackett–Luce rankings as matrices, x[k, i] = 1 if item i has rank k, and their relaxation: v = logits + Gumbel noise, z[k, i] = ρₖ vᵢ with ρ falling
 * evenly from 1 to −1, x the falling order of v (Yellott 1977), y the entropic plan of z / temperature: a soft sort (Cuturi, Teboul & Vert 2019).
 *
 * @param logitsOf  where θ has T[batch, items], the logits as they were given
 */
export function relaxedRanking(items: number, logitsOf: (kernels: Kernels, theta: Theta) => Pointer): Relaxation {
  const { dim, soften, pull } = gumbelSinkhorn(items);
  return {
    dim,
    latent: {
      noise: 0,
      draw: (kernels, { key, site, chunk }, rows, theta, _, z) =>
        kernels.relaxedRankingDraw(key.low, key.high, site, chunk, rows, theta.batch, items, logitsOf(kernels, theta), z),
      pull: (kernels, rows, _, __, ___, cotangent, terms) => kernels.relaxedRankingPull(rows, items, cotangent, terms),
      push: (kernels, rows, _, __, ___, tangent, out) => kernels.relaxedRankingPush(rows, items, tangent, out),
    },
    harden: (kernels, rows, z, x) => kernels.oneHotRankingsHarden(rows, items, z, x),
    soften,
    pull,
  };
}
