import type { Binary } from "../vocabulary/distribution.ts";

/** Sets of flips from exponentials that share one sum (the Dirichlet copula). */
export function mutualFlips(dim: number): Binary["mutual"] {
  return {
    prepared: (tile) => 2 * tile,
    prepare: (kernels, draws, { batch, tile, at }, ready) => kernels.armsPrepare(draws, batch * dim, tile, at, ready),
    sample(kernels, draws, streams, rows, { tile, at }, ready, x) {
      for (let i = 0; i < draws; i++) {
        const { key, site, chunk } = streams(i);
        kernels.armsNoise(key.low, key.high, site, chunk, rows, dim, i, x);
      }
      kernels.armsSelect(draws, rows, dim, tile, at, ready, x);
    },
    terms: (kernels, draws, rows, stride, each, { tile }, ready, x, coefficient, terms) =>
      kernels.armsTerms(draws, rows, stride, each, dim, tile, ready, x, coefficient, terms),
  };
}
