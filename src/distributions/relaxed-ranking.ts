import type { Relaxation } from "../vocabulary/distribution.ts";
import { gumbelSinkhorn } from "./gumbel-sinkhorn.ts";

/**
 * Plackett–Luce rankings as matrices, x[k, i] = 1 if item i has rank k, and their relaxation: v = logits + Gumbel noise, z[k, i] = ρₖ vᵢ with ρ falling
 * evenly from 1 to −1, x the matching of greatest sum, which is the falling order of v (Yellott 1977), y the entropic plan of z / temperature: a soft
 * sort (Cuturi, Teboul & Vert 2019).
 *
 * For a family with the parameter logits `[items]` whose prepared θ holds them.
 *
 * @param logitsOf  where: the address of T[batch, items], the logits as they were given or less a constant of each problem; θ's beginning unless given
 */
export function relaxedRanking(items: number, logitsOf: (theta: { readonly batch: number; readonly at: number }) => number = ({ at }) => at): Relaxation {
  const { dim, harden, soften, pull } = gumbelSinkhorn(items);
  return {
    dim,
    latent: {
      noise: 0,
      draw: (kernels, { key, site, chunk }, rows, theta, _, z) =>
        kernels.relaxedRankingDraw(key.low, key.high, site, chunk, rows, theta.batch, items, logitsOf(theta), z),
      pull: (kernels, rows, _, __, ___, cotangent, terms) => kernels.relaxedRankingPull(rows, items, cotangent, terms),
      push: (kernels, rows, _, __, ___, tangent, out) => kernels.relaxedRankingPush(rows, items, tangent, out),
    },
    harden,
    soften,
    pull,
  };
}
