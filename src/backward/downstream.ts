import type { Node } from "../tape/node.ts";
import type { Paired, Scored } from "./reader.ts";
import type { Reading } from "./reading.ts";

/** What comes after each draw: the costs that it answers for. */
export interface Downstream {
  /** The sum of the weighted costs after a draw, in its branch; undefined if there are none. */
  after(draw: Scored): Node | undefined;
  /** The draws before a weighted cost. */
  before(term: Node): readonly Scored[];
  /** In a branch of a pair's probability: the costs after b minus those after b̃, each half. */
  difference(pair: Paired, branch: number): Node | undefined;
}

export function downstream({ graph, branches, scored, terms }: Reading): Downstream {
  const masks = masksOf(graph.nodes, scored);
  const all = terms.flatMap(({ nodes }) => nodes);
  const bit = new Map(scored.map((draw, i) => [draw, 1n << BigInt(i)]));
  return {
    after: (draw) => sum(all.filter((term) => (masks[term.id]! & bit.get(draw)!) !== 0n)),
    before: (term) => scored.filter((draw) => (masks[term.id]! & bit.get(draw)!) !== 0n),
    difference({ axis, probability }, branch) {
      const sides: Node[][] = [[], []];
      for (const { axes, nodes } of terms) {
        if (!axes.includes(axis)) continue;
        nodes.forEach((term, i) => {
          if (branches.place(axes, i, probability.axes) === branch) sides[branches.digit(axes, i, axis)]!.push(term);
        });
      }
      const [first, second] = sides.map(sum);
      return first && second && first.sub(second);
    },
  };
}

/** Of each node the draws that it depends on, a bit each. */
function masksOf(nodes: readonly Node[], scored: readonly Scored[]): readonly bigint[] {
  const own = new Map(scored.map(({ x }, i) => [x, 1n << BigInt(i)]));
  const masks: bigint[] = [];
  for (const node of nodes) masks.push(node.inputs.reduce((mask, x) => mask | masks[x.id]!, own.get(node) ?? 0n));
  return masks;
}

/** In the order of the list, so that sums which begin alike are one. */
function sum(nodes: readonly Node[]): Node | undefined {
  return nodes.length === 0 ? undefined : nodes.reduce((total, node) => total.add(node));
}
