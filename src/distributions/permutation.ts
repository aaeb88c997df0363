import { integer } from "../errors.ts";
import type { Distribution, LatentScored } from "../vocabulary/distribution.ts";
import { transport } from "../wasm/modules.ts";
import { real } from "./elementwise.ts";
import { gumbelSinkhorn } from "./gumbel-sinkhorn.ts";

/** `[n, n]`, row by row: how well item i goes into place j. */
export type PermutationParameters = { readonly logits: readonly [number, number] };

export interface Permutation extends Distribution<PermutationParameters>, LatentScored {
  /** Its relaxation is a plan. */
  readonly doublyStochastic: true;
}

/**
 * A permutation of n items as a matrix, row by row: x[i, j] = 1 if item i goes into place j. The draw is the matching of greatest sum of
 * logits + Gumbel noise (Mena, Belanger, Linderman & Snoek 2018). Without noise it is `matching(logits, …)`, the limit of large logits.
 *
 * The noise makes no law of simple form: there is neither logProb nor score, so no score function. But z = logits + noise has a score, and with that `rebar()` and
 * `relax()` are unbiased. Not reparameterizable, but relaxed by the Gumbel-Sinkhorn distribution: z = logits + Gumbel noise, y the doubly stochastic matrix of z / temperature, the limit of Sinkhorn's
 * iteration to the last digits at any temperature above 0. Adding a constant to a row or a column of the logits changes nothing.
 *
 * A draw takes a matching, a relaxed one a few iterations where it is hot and a few Newton steps of n³ where it is cold, its derivative n³. All of
 * them work in f64 inside.
 *
 * @param n  items, at least 1; a draw has n² numbers
 * @throws {TypeError} if `n` is not a number
 * @throws {RangeError} if `n` is not a positive integer
 */
export function permutation(n: number): Permutation {
  integer("permutation", "n", n);
  const relaxation = gumbelSinkhorn(n);
  const { latent, harden } = relaxation;
  return {
    name: "permutation",
    dim: n * n,
    modules: [transport],
    params: { logits: [n, n] },
    domains: { logits: real },
    prepared: (batch) => batch * n * n,
    prepare: (kernels, params, { batch, at }) => kernels.arrayCopy(batch * n * n, params, at),
    sample(kernels, stream, rows, theta, x) {
      latent.draw(kernels, stream, rows, theta, 0, x);
      harden(kernels, rows, x, x);
    },
    doublyStochastic: true,
    relaxation,
    latentScore: (kernels, rows, { batch, at }, z, coefficient, terms) => kernels.gumbelSinkhornScore(rows, batch, n, at, z, coefficient, terms),
  };
}
