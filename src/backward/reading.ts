import { leaveOneOut } from "../baselines/leave-one-out.ts";
import { GAMMA_DRAW, NOISE_DRAW } from "../programs/draw.ts";
import type { DrawKind } from "../programs/draw-kind.ts";
import { KINDS } from "../programs/draws/index.ts";
import { kindOf } from "../programs/interpret-discrete.ts";
import type { Trace } from "../programs/program.ts";
import { STEPS } from "../programs/tangent.ts";
import { Graph } from "../tape/graph.ts";
import type { Node, Op } from "../tape/node.ts";
import { needed, NodeMap } from "../tape/node-map.ts";
import type { DrawRule } from "../vocabulary/estimator.ts";
import { Branches, single, type Variants } from "./branches.ts";
import { enumerated, paired } from "./branching-draws.ts";
import { Moving } from "./moving.ts";
import type { Paired, Reader, Scored } from "./reader.ts";

/** A program as nodes that can be differentiated in reverse: what is drawn are values, branches where several are followed. */
export interface Reading {
  readonly graph: Graph;
  readonly branches: Branches;
  /** Parameters by name: vectors as lanes, so that each lane has a gradient; matrices, and what they are made with, as one for all. */
  readonly parameters: ReadonlyMap<string, Node>;
  readonly moving: Moving;
  readonly scored: readonly Scored[];
  readonly paired: readonly Paired[];
  /** What the result is the sum of, each weighted in its branches. */
  readonly terms: readonly Variants[];
  /** Whether anything is random. */
  readonly noisy: boolean;
}

const NEEDS_LANES = new Set<Op>(["matmul", "max", "logSumExp", "logSoftmax", "firstMax"]);

export function reading(caller: string, { result, rules, shapes }: Trace): Reading {
  const graph = new Graph(caller);
  const parameters = new Map<string, Node>();
  const reader: Reader = { graph, branches: new Branches(graph), moving: new Moving(graph), scored: [], paired: [], noisy: false };
  const costs = split(result);
  const order = needed(costs.map(({ node }) => node), (node) => node.inputs);
  // What a matrix is made with is one for all lanes, as it is.
  const tied = new Set(needed(order.filter(({ height }) => height > 0), (node) => node.inputs).map(({ detail }) => detail.name));
  for (const [name, shape] of Object.entries(shapes)) {
    const own = graph.parameter(name, shape);
    const parameter = tied.has(name) || shape.length > 1 ? own : graph.lanes(own);
    parameters.set(name, parameter);
    reader.moving.begin(parameter);
  }
  const values = new NodeMap<Variants>();
  const read = (node: Node): Variants => {
    if (node.op === "parameter") return single(parameters.get(node.detail.name!)!);
    const inputs = node.inputs.map((x) => values.get(x)!);
    return node.op === "draw" ? drawn(reader, node, rules.get(node), inputs) : reader.branches.map(inputs, (x) => operation(reader, node, x));
  };
  for (const node of order) values.set(node, read(node));
  const terms = costs.map(({ node, sign }) => reader.branches.weighted(reader.branches.map([values.get(node)!], ([x]) => graph.lanes(sign < 0 ? x!.neg() : x!))));
  return { ...reader, parameters, terms };
}

/** What a sum is the sum of: costs, so that a draw answers only for those that come after it. */
function split(result: Node): readonly { readonly node: Node; readonly sign: number }[] {
  const found: { node: Node; sign: number }[] = [];
  const open = [{ node: result, sign: 1 }];
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const { node, sign } = top;
    const [a, b] = node.inputs;
    if (node.op === "neg") open.push({ node: a!, sign: -sign });
    else if (node.op === "add" || node.op === "sub") open.push({ node: a!, sign }, { node: b!, sign: node.op === "sub" ? -sign : sign });
    else found.push(top);
  }
  return found.sort((a, b) => b.node.id - a.node.id);
}

/** The operation again, on inputs of which more may be lanes, or fewer, than when it was traced. */
function operation({ graph, moving }: Reader, { op, width, height, detail, inputs: before }: Node, x: readonly Node[]): Node {
  const decided = STEPS.has(op) ? x : op === "select" ? x.slice(0, 1) : op === "pick" ? x.slice(1) : [];
  if (decided.some((one) => moving.has(one))) {
    const name = op === "pick" ? "at" : op === "select" ? "where" : op;
    throw new TypeError(`${graph.caller}: ${name} of a value that moves with the parameters has no derivative where it flips. Draw the outcome instead, as draw.bernoulli(probability); for a kink use maximum, minimum, abs or relu; or give the draw scoreFunction().`);
  }
  if (op === "input") return graph.input(detail.name!, width, detail.external);
  if (op === "spread") return graph.lanes(x[0]!);
  const uniform = x.every((one) => one.uniform);
  const lanes = NEEDS_LANES.has(op) || (op === "scatter" && !uniform) || (op === "dot" && uniform);
  const ready = lanes ? x.map((one, i) => (before[i]!.height > 0 ? one : graph.lanes(one))) : op === "pick" ? [x[0]!, graph.lanes(x[1]!)] : x;
  return graph.operation(op, ready, width, detail, height, op !== "pick" && ready.every((one) => one.uniform));
}

function drawn(reader: Reader, node: Node, given: DrawRule | undefined, inputs: readonly Variants[]): Variants {
  const { graph, branches } = reader;
  const { draw } = node.detail;
  if (draw === NOISE_DRAW) return single(graph.operation("draw", [], node.width, node.detail, 0, false));
  if (draw === GAMMA_DRAW) return branches.map(inputs, ([shape]) => standardGamma(graph, node, graph.lanes(shape!)));
  const kind = KINDS[draw!]!;
  const parameters = inputs.slice(0, kind.parameters.length);
  const rule: DrawRule = given ?? (kind.discrete === undefined ? { kind: "pathwise" } : { kind: "score", baseline: leaveOneOut(), controlled: false });
  if (rule.kind === "enumerate") return enumerated(reader, node, parameters[0]!, rule.budget);
  reader.noisy = true;
  if (rule.kind === "disarm") return paired(reader, node, parameters[0]!);
  if (rule.kind === "pathwise") return inputs.at(-1)!;
  return branches.map(inputs, (x) => {
    const theta = x.slice(0, kind.parameters.length);
    const value = kind.discrete === undefined ? still(graph, x.at(-1)!) : discrete(graph, node, kind, theta);
    if (theta.some((one) => reader.moving.has(one))) reader.scored.push({ x: value, kind, parameters: theta, baseline: rule.baseline });
    return value;
  });
}

function discrete(graph: Graph, node: Node, kind: DrawKind, parameters: readonly Node[]): Node {
  const { site } = node.detail;
  const { folded, moves } = kind.discrete!;
  const [zero, one] = [graph.constant([0]), graph.constant([1])];
  if (folded !== undefined) return graph.operation("draw", [graph.lanes(parameters[0]!), one, zero], node.width, { draw: folded.value, site: site!, flags: 0 }, 0, false);
  const other = parameters.find((_, i) => i !== moves) ?? zero;
  return graph.operation("draw", [parameters[moves]!, other], node.width, { draw: "discrete", site: site!, flags: kindOf(node, kind.discrete!) }, 0, false);
}

/** x with ∂x/∂shape at a fixed probability: the draw, and a slope times nothing that is. Figurnov, Mohamed & Mnih 2018. */
function standardGamma(graph: Graph, { width, detail }: Node, shape: Node): Node {
  const SLOPE = 1;
  const all = graph.operation("draw", [shape, graph.constant([0])], 3 * width, { draw: "gamma", site: detail.site!, flags: SLOPE }, 0, false);
  return all.slice(0, width).add(all.slice(width, 2 * width).mul(shape.sub(still(graph, shape))));
}

/** The same numbers, through which no derivative goes: reverse mode has no rule for `affine`. */
export function still(graph: Graph, x: Node): Node {
  return graph.operation("affine", [graph.lanes(x), graph.constant([1]), graph.constant([0])], x.width);
}
