import type { Graph } from "../tape/graph.ts";
import type { Node, Op } from "../tape/node.ts";

type Rule = (y: Node, x: readonly Node[], d: readonly (Node | undefined)[], graph: Graph) => Node | undefined;

/** What has no derivative where it jumps, and none elsewhere. */
export const STEPS: ReadonlySet<Op> = new Set<Op>(["lt", "le", "eq", "sign"]);

/** Linear in all of their inputs together: what they do to values they do to changes. */
export const LINEAR: ReadonlySet<Op> = new Set<Op>(["sum", "gather", "scatter", "expand", "spread"]);

/**
 * Forward mode: the change of y = op(x) for changes d of x, where some of them are not 0.
 *
 * @returns undefined where it is 0
 */
export function tangent(op: Op, y: Node, x: readonly Node[], d: readonly (Node | undefined)[], graph: Graph): Node | undefined {
  const rule = RULES[op];
  if (rule === undefined) throw new Error(`${graph.caller}: ${op} has no forward derivative`);
  return rule(y, x, d, graph);
}

const both = (a: Node | undefined, b: Node | undefined): Node | undefined => (a === undefined || b === undefined ? (a ?? b) : a.add(b));

const RULES: Partial<Record<Op, Rule>> = {
  square: (_, [x], [d]) => d!.mul(x!.mul(2)),
  sqrt: (y, _, [d]) => d!.mul(0.5).div(y),
  reciprocal: (y, _, [d]) => d!.mul(y.square()).neg(),
  abs: (_, [x], [d]) => d!.mul(x!.sign()),
  relu: (_, [x], [d]) => x!.gt(0).where(d!, 0),
  exp: (y, _, [d]) => d!.mul(y),
  log: (_, [x], [d]) => d!.div(x!),
  log1p: (_, [x], [d]) => d!.div(x!.add(1)),
  expm1: (y, _, [d]) => d!.mul(y.add(1)),
  sin: (_, [x], [d]) => d!.mul(x!.cos()),
  cos: (_, [x], [d]) => d!.mul(x!.sin()).neg(),
  sigmoid: (y, _, [d], graph) => graph.binary("sigmoidPull", d!, y),
  softplus: (_, [x], [d]) => d!.mul(x!.sigmoid()),
  tanh: (y, _, [d], graph) => graph.binary("tanhPull", d!, y),
  sub: (_, __, [a, b]) => both(a, b?.neg()),
  add: (_, __, [a, b]) => both(a, b),
  mul: (_, [a, b], [c, d]) => both(c?.mul(b!), d?.mul(a!)),
  div: (y, [, b], [c, d]) => both(c, d?.mul(y).neg())!.div(b!),
  maximum: (_, [a, b], [c, d]) => a!.ge(b!).where(c ?? 0, d ?? 0),
  minimum: (_, [a, b], [c, d]) => a!.le(b!).where(c ?? 0, d ?? 0),
  select: (_, [condition], [, c, d]) => (c === undefined && d === undefined ? undefined : condition!.where(c ?? 0, d ?? 0)),
  dot: (_, [a, b], [c, d]) => both(c?.dot(b!), d?.dot(a!)),
  max: (_, [x], [d], graph) => graph.reduction("firstMax", x!).dot(d!),
  logSumExp: (_, [x], [d]) => x!.softmax().dot(d!),
  logSoftmax: (y, _, [d]) => d!.sub(y.exp().dot(d!)),
  pick: (_, [, index], [d]) => d?.at(index!),
  matmul: (_, [x, W], [d, e]) => both(d?.matmul(W!), e && x!.matmul(e)),
};
