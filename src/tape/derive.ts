import type { Graph } from "./graph.ts";
import type { Node, Op } from "./node.ts";

/** A result and its cotangent: what the derivative of the sum over lanes is taken of. */
export interface Seed {
  readonly of: Node;
  readonly cotangent: Node;
}

/** What is known of a node's cotangent: a sum, and parts of it that come from single entries. */
interface Cotangent {
  sum: Node | undefined;
  readonly pieces: Node[];
  readonly indices: (readonly number[])[];
}

type Push = (input: Node, contribution: Node) => void;
type Rule = (y: Node, d: Node, push: Push, graph: Graph) => void;

/**
 * Reverse mode as more nodes of the same trace: for each of `wrt`, (∂ results/∂ it)ᵀ cotangents; undefined where there is no dependence.
 *
 * The nodes are ordinary ones, so the result can be derived again. A cotangent of width 1 stands for one repeated over the width.
 */
export function derive(seeds: readonly Seed[], wrt: readonly Node[]): (Node | undefined)[] {
  const graph = wrt[0]?.graph ?? seeds[0]!.of.graph;
  const last = Math.max(...seeds.map(({ of }) => of.id));
  const active = dependents(graph.nodes, wrt, last);
  const cotangents = new Map<Node, Cotangent>();
  const entry = (x: Node): Cotangent => {
    let known = cotangents.get(x);
    if (known === undefined) cotangents.set(x, (known = { sum: undefined, pieces: [], indices: [] }));
    return known;
  };
  const add = (x: Node, contribution: Node): void => {
    const known = entry(x);
    known.sum = known.sum === undefined ? contribution : known.sum.add(contribution);
  };
  for (const { of, cotangent } of seeds) if (active.has(of)) add(of, cotangent);
  for (let id = last; id >= 0; id--) {
    const y = graph.nodes[id]!;
    const known = cotangents.get(y);
    if (known === undefined || y.inputs.length === 0) continue;
    if (y.op === "gather") {
      const { pieces, indices } = entry(y.inputs[0]!);
      pieces.push(graph.expand(total(graph, known, y), y));
      indices.push(y.detail.indices![0]!);
      continue;
    }
    const push: Push = (input, contribution) => {
      if (active.has(input)) add(input, fitted(graph, contribution, y, input));
    };
    RULES[y.op]?.(y, total(graph, known, y), push, graph);
  }
  return wrt.map((x) => {
    const known = cotangents.get(x);
    return known && graph.expand(total(graph, known, x), x);
  });
}

function dependents(nodes: readonly Node[], wrt: readonly Node[], last: number): ReadonlySet<Node> {
  const active = new Set<Node>(wrt);
  for (let id = 0; id <= last; id++) {
    const node = nodes[id]!;
    if (node.inputs.some((x) => active.has(x))) active.add(node);
  }
  return active;
}

function total(graph: Graph, known: Cotangent, of: Node): Node {
  const { sum, pieces, indices } = known;
  if (pieces.length === 0) return sum!;
  const lanes = pieces.splice(0);
  const scattered = graph.scatter(lanes, indices.splice(0), of.width);
  return (known.sum = sum === undefined ? scattered : scattered.add(sum));
}

/** The contribution in the shape of the input: summed over the width it was repeated over, over the lanes if it is one for all. */
function fitted(graph: Graph, contribution: Node, y: Node, input: Node): Node {
  let c = contribution;
  if (input.size === 1 && y.size > 1 && ELEMENTWISE.has(y.op)) c = graph.expand(c, y).sum();
  return input.uniform && !y.uniform && !c.late ? graph.sumLanes(c) : c;
}

const ELEMENTWISE = new Set<Op>(["add", "sub", "mul", "div", "maximum", "minimum", "tanhPull", "sigmoidPull", "select"]);

const refused: Rule = (y) => {
  throw new Error(`${y.graph.caller}: a sum over lanes cannot be differentiated again`);
};

const RULES: Partial<Record<Op, Rule>> = {
  neg: (y, d, push) => push(y.inputs[0]!, d.neg()),
  square: (y, d, push) => push(y.inputs[0]!, d.mul(y.inputs[0]!.mul(2))),
  sqrt: (y, d, push) => push(y.inputs[0]!, d.mul(0.5).div(y)),
  reciprocal: (y, d, push) => push(y.inputs[0]!, d.mul(y.square()).neg()),
  abs: (y, d, push) => push(y.inputs[0]!, d.mul(y.inputs[0]!.sign())),
  relu: (y, d, push) => push(y.inputs[0]!, y.inputs[0]!.gt(0).where(d, 0)),
  exp: (y, d, push) => push(y.inputs[0]!, d.mul(y)),
  log: (y, d, push) => push(y.inputs[0]!, d.div(y.inputs[0]!)),
  log1p: (y, d, push) => push(y.inputs[0]!, d.div(y.inputs[0]!.add(1))),
  expm1: (y, d, push) => push(y.inputs[0]!, d.mul(y.add(1))),
  sin: (y, d, push) => push(y.inputs[0]!, d.mul(y.inputs[0]!.cos())),
  cos: (y, d, push) => push(y.inputs[0]!, d.mul(y.inputs[0]!.sin()).neg()),
  sigmoid: (y, d, push, graph) => push(y.inputs[0]!, graph.binary("sigmoidPull", d, y)),
  softplus: (y, d, push) => push(y.inputs[0]!, d.mul(y.inputs[0]!.sigmoid())),
  tanh: (y, d, push, graph) => push(y.inputs[0]!, graph.binary("tanhPull", d, y)),
  add(y, d, push) {
    for (const x of y.inputs) push(x, d);
  },
  sub(y, d, push) {
    push(y.inputs[0]!, d);
    push(y.inputs[1]!, d.neg());
  },
  mul(y, d, push) {
    const [a, b] = y.inputs as [Node, Node];
    push(a, d.mul(b));
    push(b, d.mul(a));
  },
  div(y, d, push) {
    const [a, b] = y.inputs as [Node, Node];
    const share = d.div(b);
    push(a, share);
    push(b, share.mul(y).neg());
  },
  maximum(y, d, push) {
    const first = y.inputs[0]!.ge(y.inputs[1]!);
    push(y.inputs[0]!, first.where(d, 0));
    push(y.inputs[1]!, first.where(0, d));
  },
  minimum(y, d, push) {
    const first = y.inputs[0]!.le(y.inputs[1]!);
    push(y.inputs[0]!, first.where(d, 0));
    push(y.inputs[1]!, first.where(0, d));
  },
  select(y, d, push) {
    const condition = y.inputs[0]!;
    push(y.inputs[1]!, condition.where(d, 0));
    push(y.inputs[2]!, condition.where(0, d));
  },
  // d (1 − t²)
  tanhPull(y, d, push, graph) {
    const [cotangent, t] = y.inputs as [Node, Node];
    push(cotangent, graph.binary("tanhPull", d, t));
    push(t, d.mul(cotangent).mul(t).mul(-2));
  },
  // d s (1 − s)
  sigmoidPull(y, d, push, graph) {
    const [cotangent, s] = y.inputs as [Node, Node];
    push(cotangent, graph.binary("sigmoidPull", d, s));
    push(s, d.mul(cotangent).mul(s.mul(-2).add(1)));
  },
  sum: (y, d, push) => push(y.inputs[0]!, d),
  dot(y, d, push) {
    const [a, b] = y.inputs as [Node, Node];
    push(a, d.mul(b));
    push(b, d.mul(a));
  },
  max: (y, d, push, graph) => push(y.inputs[0]!, d.mul(graph.reduction("firstMax", y.inputs[0]!))),
  logSumExp: (y, d, push) => push(y.inputs[0]!, d.mul(y.inputs[0]!.softmax())),
  logSoftmax(y, d, push, graph) {
    const full = graph.expand(d, y);
    push(y.inputs[0]!, full.sub(y.exp().mul(full.sum())));
  },
  pick(y, d, push) {
    const [x, index] = y.inputs as [Node, Node];
    const entries = Array.from({ length: x.width }, (_, i) => i);
    push(x, index.clamp(0, x.width - 1).eq(entries).where(d, 0));
  },
  expand: (y, d, push, graph) => push(y.inputs[0]!, graph.expand(d, y).sum()),
  spread: (y, d, push) => push(y.inputs[0]!, d),
  scatter(y, d, push, graph) {
    const full = graph.expand(d, y);
    for (const [i, piece] of y.inputs.entries()) push(piece, graph.gather(full, y.detail.indices![i]!));
  },
  matmul(y, d, push, graph) {
    const [x, matrix] = y.inputs as [Node, Node];
    const full = graph.expand(d, y);
    push(x, graph.matmulTransposed(full, matrix));
    push(matrix, graph.outer(x, full));
  },
  matmulTransposed(y, d, push, graph) {
    const [x, matrix] = y.inputs as [Node, Node];
    const full = graph.expand(d, y);
    push(x, graph.matmul(full, matrix));
    push(matrix, graph.outer(full, x));
  },
  outer: refused,
  sumLanes: refused,
};
