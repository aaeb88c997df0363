import type { Relaxation } from "../vocabulary/distribution.ts";

/** z = logits + logistic noise, x = 1[z > 0], y = sigmoid(z / temperature): Maddison, Mnih & Teh 2017. */
export function binaryConcrete(dim: number): Relaxation {
  return {
    dim,
    latent: {
      noise: 0,
      draw: (kernels, { key, site, chunk }, rows, { tile, at }, _, z) =>
        kernels.binaryConcreteDraw(key.low, key.high, site, chunk, rows, dim, tile, at, z),
      pull: (kernels, rows, _, __, ___, cotangent, terms) => kernels.arrayAdd(rows * dim, cotangent, terms), // ∂z/∂logits = 1
    },
    harden: (kernels, rows, z, x) => kernels.binaryConcreteHarden(rows * dim, z, x),
    soften: (kernels, rows, z, temperature, y) => kernels.binaryConcreteSoften(rows * dim, z, temperature, y),
    pull: (kernels, rows, y, temperature, cotangent, out) => kernels.binaryConcretePull(rows * dim, y, temperature, cotangent, out),
  };
}
