import type { Conditional, Gapped, Relaxation } from "../vocabulary/distribution.ts";

/** z = log p + Gumbel noise, x = its largest entry, y = softmax(z / temperature): Maddison, Mnih & Teh 2017; Jang, Gu & Poole 2017. */
export function concrete(categories: number): Relaxation {
  return {
    dim: categories,
    latent: {
      noise: 0,
      draw: (kernels, { key, site, chunk }, rows, { batch, at }, _, z) =>
        kernels.concreteDraw(key.low, key.high, site, chunk, rows, batch, categories, at, z),
      pull: (kernels, rows, { batch, at }, _, __, cotangent, terms) => kernels.concretePullLatent(rows, batch, categories, at, cotangent, terms),
      push: (kernels, rows, { batch, at }, _, __, tangent, out) => kernels.concretePushLatent(rows, batch, categories, at, tangent, out),
    },
    harden: (kernels, rows, z, x) => kernels.concreteHarden(rows, categories, z, x),
    soften: (kernels, rows, z, temperature, y) => kernels.concreteSoften(rows, categories, z, temperature, y),
    pull: (kernels, rows, y, temperature, cotangent, out) => kernels.concretePull(rows, categories, y, temperature, cotangent, out),
    trace: (z, temperature) => z.maximum(-FAR).div(temperature).softmax(),
    pullThrough: (kernels, rows, y, temperature, cotangent, terms) => kernels.concretePullThrough(rows, categories, y, temperature, cotangent, terms),
  };
}

/** As far down as a latent of an impossible category counts: its derivative is 0 there, where −∞ would have none. */
const FAR = 1e30;

/** z̃ given the choice, and the least move of log p that makes it the largest. */
export function givenChoice(categories: number): Pick<Conditional & Gapped, "conditional" | "gapped"> {
  return {
    conditional: {
      noise: categories,
      draw: (kernels, { key, site, chunk }, rows, { batch, at }, x, z) =>
        kernels.conditionalConcreteDraw(key.low, key.high, site, chunk, rows, batch, categories, at, x, z),
      pull: (kernels, rows, { batch, at }, _, z, cotangent, terms) =>
        kernels.conditionalConcretePull(rows, batch, categories, at, z, cotangent, terms),
      push: (kernels, rows, { batch, at }, _, z, tangent, out) => kernels.conditionalConcretePush(rows, batch, categories, at, z, tangent, out),
    },
    gapped: (kernels, rows, { batch, at }, x, gap, z) => kernels.concreteGap(rows, batch, categories, at, x, gap, z),
  };
}
