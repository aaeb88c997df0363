import type { Node } from "../tape/node.ts";
import { NOISE_DRAW } from "../programs/draw.ts";
import type { Variants } from "./branches.ts";
import type { Reader } from "./reader.ts";

/** Every value of the draw in a branch of its own, with its probability for a weight, through which the derivative goes. */
export function enumerated({ branches, graph }: Reader, { detail: { draw }, width }: Node, probabilities: Variants, budget: number | undefined): Variants {
  if (draw === "categorical") {
    const size = probabilities.nodes[0]!.width;
    const values = Array.from({ length: size }, (_, k) => graph.constant([k]));
    return branches.axis([probabilities], budget, size, ([p]) => ({ values, weights: values.map((_, k) => p!.at(k)) })).drawn;
  }
  const size = 2 ** width;
  return branches.axis([probabilities], budget, size, ([p]) => {
    const flips = Array.from({ length: size }, (_, code) => Array.from({ length: width }, (_, j) => (code >> (width - 1 - j)) & 1));
    const chances = Array.from({ length: width }, (_, j) => [p!.at(j).neg().add(1), p!.at(j)] as const);
    return { values: flips.map((x) => graph.constant(x)), weights: flips.map((x) => x.map((one, j) => chances[j]![one]!).reduce((product, own) => product.mul(own))) };
  }).drawn;
}

/** b = 1[u < p] and b̃ = 1[1 − u < p] in two branches of weight ½: both are Bernoulli(p), and where they differ they say what b does. */
export function paired(reader: Reader, { detail: { site }, width }: Node, probability: Variants): Variants {
  const { branches, graph } = reader;
  const UNIFORM = 0;
  const u = graph.operation("draw", [], width, { draw: NOISE_DRAW, site: site!, flags: UNIFORM }, 0, false);
  const half = graph.constant([0.5]);
  const { drawn, axis } = branches.axis([probability], undefined, 2, ([p]) => ({ values: [u.lt(p!), u.neg().add(1).lt(p!)], weights: [half, half] }));
  reader.paired.push({ axis, probability, drawn });
  return drawn;
}
