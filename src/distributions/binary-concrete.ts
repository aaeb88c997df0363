import type { Conditional, Gapped, Relaxation } from "../vocabulary/distribution.ts";

/** z = logits + logistic noise, x = 1[z > 0], y = sigmoid(z / temperature): Maddison, Mnih & Teh 2017. */
export function binaryConcrete(dim: number): Relaxation {
  return {
    dim,
    latent: {
      noise: 0,
      draw: (kernels, { key, site, chunk }, rows, { tile, at }, _, z) =>
        kernels.binaryConcreteDraw(key.low, key.high, site, chunk, rows, dim, tile, at, z),
      pull: (kernels, rows, _, __, ___, cotangent, terms) => kernels.arrayAdd(rows * dim, cotangent, terms), // ∂z/∂logits = 1
      push: (kernels, rows, _, __, ___, tangent, out) => kernels.arrayCopy(rows * dim, tangent, out),
    },
    harden: (kernels, rows, z, x) => kernels.binaryConcreteHarden(rows * dim, z, x),
    soften: (kernels, rows, z, temperature, y) => kernels.binaryConcreteSoften(rows * dim, z, temperature, y),
    pull: (kernels, rows, y, temperature, cotangent, out) => kernels.binaryConcretePull(rows * dim, y, temperature, cotangent, out),
    trace: (z, temperature) => z.clamp(-FAR, FAR).div(temperature).sigmoid(),
    pullThrough: (kernels, rows, y, temperature, cotangent, terms) => kernels.binaryConcretePullThrough(rows * dim, y, temperature, cotangent, terms),
  };
}

/** As far as a latent of a decided flip counts: its derivative is 0 there, where ∞ would have none. */
const FAR = 1e30;

/** z̃ given the flips, and the least move of the logits to their side. */
export function givenFlips(dim: number): Pick<Conditional & Gapped, "conditional" | "gapped"> {
  return {
    conditional: {
      noise: dim,
      draw: (kernels, { key, site, chunk }, rows, { tile, at }, x, z) =>
        kernels.conditionalBinaryConcreteDraw(key.low, key.high, site, chunk, rows, dim, tile, at, x, z),
      pull: (kernels, rows, { tile, at }, _, z, cotangent, terms) => kernels.conditionalBinaryConcretePull(rows, dim, tile, at, z, cotangent, terms),
      push: (kernels, rows, { tile, at }, _, z, tangent, out) => kernels.conditionalBinaryConcretePush(rows, dim, tile, at, z, tangent, out),
    },
    gapped: (kernels, rows, { tile, at }, x, gap, z) => kernels.binaryConcreteGap(rows, dim, tile, at, x, gap, z),
  };
}
