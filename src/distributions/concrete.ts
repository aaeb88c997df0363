import type { Relaxation } from "../vocabulary/distribution.ts";

/** z = log p + Gumbel noise, x = its largest entry, y = softmax(z / temperature): Maddison, Mnih & Teh 2017; Jang, Gu & Poole 2017. */
export function concrete(categories: number): Relaxation {
  return {
    dim: categories,
    latent: {
      noise: 0,
      draw: (kernels, { key, site, chunk }, rows, { batch, at }, _, z) =>
        kernels.concreteDraw(key.low, key.high, site, chunk, rows, batch, categories, at, z),
      pull: (kernels, rows, { batch, at }, _, __, cotangent, terms) => kernels.concretePullLatent(rows, batch, categories, at, cotangent, terms),
    },
    harden: (kernels, rows, z, x) => kernels.concreteHarden(rows, categories, z, x),
    soften: (kernels, rows, z, temperature, y) => kernels.concreteSoften(rows, categories, z, temperature, y),
    pull: (kernels, rows, y, temperature, cotangent, out) => kernels.concretePull(rows, categories, y, temperature, cotangent, out),
  };
}
