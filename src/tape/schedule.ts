import type { Node, Op } from "./node.ts";
import { needed, NodeMap } from "./node-map.ts";

/** In which order a trace is computed, and until when each value is needed. */
export interface Schedule {
  readonly order: readonly Node[];
  /** The position after which a node's rows are free. */
  readonly last: NodeMap<number>;
  /** Sums of a matrix product and a vector for all lanes, with the product, which is not computed on its own. */
  readonly biased: NodeMap<Node>;
  /** The last position where it matters which birth the perturbation of a lane is; -1 if nowhere. */
  readonly asked: number;
  /** What a node is computed from. */
  readonly inputs: (node: Node) => readonly Node[];
}

/** Nothing is gained by computing these before they are needed. */
const LAZY = new Set<Op>(["input", "spread"]);

/** What the results need, inputs first; inputs of the tape only just before their first use. */
export function schedule(results: readonly Node[]): Schedule {
  const biased = products(needed(results, (node) => node.inputs), new Set(results));
  const inputs = (node: Node): readonly Node[] => {
    const product = biased.get(node);
    return product === undefined ? node.inputs : [...product.inputs, ...node.inputs.filter((x) => x !== product)];
  };
  const order: Node[] = [];
  const placed = new NodeMap<true>(results[0]);
  const place = (node: Node): void => {
    if (placed.has(node)) return;
    placed.set(node, true);
    order.push(node);
  };
  for (const node of needed(results, inputs)) {
    if (LAZY.has(node.op)) continue;
    inputs(node).forEach(place);
    place(node);
  }
  results.forEach(place);
  return { order, last: lastUses(order, inputs), biased, asked: order.findLastIndex(asks), inputs };
}

/** Masks ask for births, and draws whose entries give birth one after the other. */
function asks({ op, width, detail }: Node): boolean {
  return op === "mask" || op === "maskAdd" || (op === "draw" && detail.draw!.endsWith("Triple") && width > 2);
}

/** x · W + b where the product has no other use: one pass over its rows less. */
function products(nodes: readonly Node[], results: ReadonlySet<Node>): NodeMap<Node> {
  const uses = new NodeMap<number>(nodes[0]);
  for (const node of nodes) for (const x of node.inputs) uses.set(x, (uses.get(x) ?? 0) + 1);
  const biased = new NodeMap<Node>();
  for (const node of nodes) {
    if (node.op !== "add" || node.uniform) continue;
    const [a, b] = node.inputs as [Node, Node];
    const [product, bias] = b.uniform ? [a, b] : [b, a];
    const once = uses.get(product) === 1 && !results.has(product);
    if (once && bias.uniform && bias.width === product.width && product.op === "matmul") biased.set(node, product);
  }
  return biased;
}

/** A stretch of another node's entries is that node's rows. */
export function base(node: Node): { root: Node; offset: number } {
  let root = node;
  let offset = 0;
  while (root.op === "gather" && runs(root.detail.indices![0]!).length === 1) {
    offset += root.detail.indices![0]![0]!;
    root = root.inputs[0]!;
  }
  return { root, offset };
}

/** Whose rows the node's entries are. */
export function rootOf(node: Node): Node {
  return node.op === "gather" ? base(node).root : node;
}

/** Where a list of indices goes up by one: [from, to) of the list. */
export function runs(indices: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (let from = 0, to = 1; from < indices.length; from = to++) {
    while (to < indices.length && indices[to] === indices[to - 1]! + 1) to++;
    found.push([from, to]);
  }
  return found;
}

function lastUses(order: readonly Node[], inputs: (node: Node) => readonly Node[]): NodeMap<number> {
  const last = new NodeMap<number>(order[0]);
  for (const [position, node] of order.entries()) {
    last.set(rootOf(node), position);
    for (const x of inputs(node)) last.set(rootOf(x), position);
  }
  return last;
}
