import { Graph } from "../tape/graph.ts";
import type { Node } from "../tape/node.ts";
import { NodeMap } from "../tape/node-map.ts";
import { GAMMA_DRAW, NOISE_DRAW } from "./draw.ts";
import { drawn, noise, standardGamma } from "./interpret-draw.ts";
import { Perturbations } from "./jumps.ts";
import { type Linear, linear, negative, nodeOf, plus, times, uniform } from "./linear.ts";
import type { Meaning } from "./meaning.ts";
import { lifetimes, type Lifetimes } from "./lifetimes.ts";
import { LINEAR, STEPS, tangent } from "./tangent.ts";

/** How an interpretation reads draws. */
export interface Reading {
  readonly caller: string;
  /** What a discrete draw's derivative is: jumps, their average, that of the mean, or nothing at all. */
  readonly discrete: "jumps" | "smoothed" | "mean" | "none" | "refused";
  /** Whether continuous draws move along with their parameters. */
  readonly moving: boolean;
  /** Whether ∂ log p of every draw is summed. */
  readonly scored: boolean;
  /** Of jumps: which of two perturbations of a lane lives, and whether a lane without jumps forgets its weight. */
  readonly wins?: "weight" | "number";
  readonly forgets?: boolean;
}

/** A trace read again, as a trace that the tape can run. */
export interface Interpretation {
  readonly value: Node;
  /** The derivative without what jumps and scores add. */
  readonly delta: Node | undefined;
  readonly jump: Node | undefined;
  readonly weight: Node | undefined;
  readonly score: Node | undefined;
}

/** An interpretation under way. */
export interface Reader {
  readonly reading: Reading;
  readonly graph: Graph;
  readonly zero: Node;
  readonly one: Node;
  readonly perturbations: Perturbations;
  readonly lives: Lifetimes;
  readonly meanings: NodeMap<Meaning>;
  score: Linear | undefined;
}

/**
 * Reads the program node by node: each becomes a value, its derivative and its jump, as far as they are not 0.
 *
 * @param seeds  the derivative of each parameter, by name
 */
export function interpret(result: Node, reading: Reading, seeds: (graph: Graph, parameter: Node) => Node | undefined): Interpretation {
  const graph = new Graph(reading.caller);
  const lives = lifetimes(result);
  const reader: Reader = { reading, graph, zero: graph.constant([0]), one: graph.constant([1]), perturbations: new Perturbations(graph), lives, meanings: new NodeMap(result), score: undefined };
  for (const node of lives.order) {
    if (!reader.meanings.has(node)) reader.meanings.set(node, fitted(reader, node, read(reader, node, seeds)));
    lives.pass(node);
  }
  const { value, delta, jump } = reader.meanings.get(result)!;
  const { perturbations, score } = reader;
  return {
    value: graph.lanes(nodeOf(graph, value)),
    delta: delta && nodeOf(graph, delta),
    jump: jump && perturbations.current(jump),
    weight: jump && perturbations.weight,
    score: score && nodeOf(graph, score),
  };
}

function read(reader: Reader, node: Node, seeds: (graph: Graph, parameter: Node) => Node | undefined): Meaning {
  const { graph, meanings } = reader;
  const { op, detail } = node;
  if (op === "parameter") {
    const parameter = graph.parameter(detail.name!, node.height > 0 ? [node.height, node.width] : [node.width]);
    const seed = seeds(graph, parameter);
    return { value: linear(parameter), delta: seed && linear(seed) };
  }
  if (op === "constant") return { value: linear(graph.constant(detail.values!)) };
  if (op === "draw") return (detail.draw === NOISE_DRAW ? noise : detail.draw === GAMMA_DRAW ? standardGamma : drawn)(reader, node);
  const inputs = node.inputs.map((x) => meanings.get(x)!);
  if (foldable(node)) {
    if (op === "neg") return each(inputs[0]!, (part) => negative(graph, part), (jump) => scaledJump(reader, jump, graph.constant([-1])));
    if (op === "add") return sum(reader, inputs[0]!, inputs[1]!);
    if (op === "sub") return sum(reader, inputs[0]!, each(inputs[1]!, (part) => negative(graph, part), (jump) => scaledJump(reader, jump, graph.constant([-1]))));
    if (op === "mul") return product(reader, inputs[0]!, inputs[1]!);
    if (node.uniform && op === "div" && inputs.every(({ delta }) => delta === undefined)) return { value: linear(uniform(graph, "div", nodeOf(graph, inputs[0]!.value), nodeOf(graph, inputs[1]!.value))) };
  }
  return other(reader, node, inputs);
}

/** Entries side by side, without repetition: what folds into scale · row + shift. */
function foldable(node: Node): boolean {
  return node.height === 0 && node.inputs.every((x) => x.height === 0 && (x.width === node.width || (x.uniform && x.size === 1)));
}

function each({ value, delta, jump }: Meaning, of: (part: Linear) => Linear, jumped: (jump: NonNullable<Meaning["jump"]>) => Meaning["jump"]): Meaning {
  return { value: of(value), delta: delta && of(delta), jump: jump && jumped(jump) };
}

function scaledJump({ graph }: Reader, { row, scale }: NonNullable<Meaning["jump"]>, factor: Node): Meaning["jump"] {
  return { row, scale: scale === undefined ? factor : uniform(graph, "mul", scale, factor) };
}

const joined = <P>(a: P | undefined, b: P | undefined, together: (a: P, b: P) => P): P | undefined => (a === undefined || b === undefined ? (a ?? b) : together(a, b));

function sum({ graph, perturbations }: Reader, a: Meaning, b: Meaning): Meaning {
  const add = (x: Linear, y: Linear): Linear => plus(graph, x, y);
  return { value: add(a.value, b.value), delta: joined(a.delta, b.delta, add), jump: joined(a.jump, b.jump, (x, y) => perturbations.add(x, y)) };
}

/** (a + Δa)(b + Δb) − ab = a Δb + b Δa + Δa Δb, and the same of what is infinitesimal. */
function product(reader: Reader, a: Meaning, b: Meaning): Meaning {
  const { graph, perturbations } = reader;
  const by = (part: Linear | undefined, factor: Linear): Linear | undefined => {
    if (part === undefined) return undefined;
    if (factor.row === undefined) return times(graph, part, nodeOf(graph, factor));
    if (part.row === undefined) return times(graph, factor, nodeOf(graph, part));
    return linear(graph.binary("mul", nodeOf(graph, part), nodeOf(graph, factor)));
  };
  const jumpBy = (jump: Meaning["jump"], factor: Linear): Meaning["jump"] => {
    if (jump === undefined) return undefined;
    if (factor.row === undefined) return scaledJump(reader, jump, nodeOf(graph, factor));
    return perturbations.fresh(graph.binary("mul", perturbations.current(jump), nodeOf(graph, factor)));
  };
  const value = by(a.value, b.value)!;
  const delta = joined(by(a.delta, b.value), by(b.delta, a.value), (x, y) => plus(graph, x, y));
  if (a.jump === undefined || b.jump === undefined) return { value, delta, jump: jumpBy(a.jump, b.value) ?? jumpBy(b.jump, a.value) };
  const [first, second] = [perturbations.current(a.jump), perturbations.current(b.jump)];
  const moved = nodeOf(graph, a.value).add(first);
  return { value, delta, jump: perturbations.fresh(moved.mul(second).add(first.mul(nodeOf(graph, b.value)))) };
}

/** Any other operation: its tangent, and the difference that jumps of its inputs make. */
function other(reader: Reader, node: Node, inputs: readonly Meaning[]): Meaning {
  const { graph, perturbations } = reader;
  const repeat = (x: readonly Node[]): Node => {
    const lanes = x.some(({ uniform }) => !uniform) || !node.uniform;
    const ready = NEEDS_LANES.has(node.op) && lanes ? x.map((input, i) => (node.inputs[i]!.height > 0 ? input : graph.lanes(input))) : x;
    return graph.operation(node.op, ready, node.width, node.detail, node.height, node.uniform);
  };
  const x = inputs.map(({ value }, i) => wide(graph, nodeOf(graph, value), node.inputs[i]!));
  const value = repeat(x);
  return { value: linear(value), delta: slope(reader, node, inputs, x, value, repeat), jump: change() };

  function change(): Meaning["jump"] {
    const moving = inputs.filter(({ jump }) => jump !== undefined);
    if (moving.length === 0) return undefined;
    const since = moving.length === 1 ? moving[0]!.jump!.row.since : perturbations.now;
    const jumps = inputs.map(({ jump }) => jump && (moving.length === 1 ? perturbations.raw(jump) : perturbations.current(jump)));
    if (LINEAR.has(node.op)) return { row: { node: repeat(filled(graph, node, jumps)), since } };
    const moved = repeat(x.map((one, i) => (jumps[i] === undefined ? one : wide(graph, one.add(jumps[i]!), node.inputs[i]!))));
    return { row: { node: moved.sub(value), since } };
  }
}

/** Operations whose lanes the tape reads as rows. */
const NEEDS_LANES = new Set<Node["op"]>(["matmul", "max", "logSumExp", "logSoftmax", "dot", "scatter"]);

function slope(reader: Reader, node: Node, inputs: readonly Meaning[], x: readonly Node[], y: Node, repeat: (x: readonly Node[]) => Node): Linear | undefined {
  const { graph, reading } = reader;
  if (inputs.every(({ delta }) => delta === undefined)) return undefined;
  if (STEPS.has(node.op) || (node.op === "select" && inputs[0]!.delta !== undefined) || (node.op === "pick" && inputs[1]!.delta !== undefined)) {
    const name = node.op === "pick" ? "at" : node.op === "select" ? "where" : node.op;
    throw new TypeError(
      `${reading.caller}: ${name} of a value that moves with the parameters has no derivative where it flips. Draw the outcome instead, as draw.bernoulli(probability); for a kink use maximum, minimum, abs or relu; or use method "score-function".`,
    );
  }
  const deltas = inputs.map(({ delta }, i) => delta && wide(graph, nodeOf(graph, delta), node.inputs[i]!));
  const result = LINEAR.has(node.op) ? repeat(filled(graph, node, deltas)) : tangent(node.op, y, x, deltas, graph);
  return result && linear(result);
}

function filled(graph: Graph, node: Node, parts: readonly (Node | undefined)[]): Node[] {
  return parts.map((part, i) => part ?? graph.expand(graph.constant([0]), node.inputs[i]!));
}

/** A value of width 1 that stands for a whole vector, as that vector. */
function wide(graph: Graph, node: Node, like: Node): Node {
  return graph.expand(node, like);
}

/** Rows as wide as the value that they are of. */
function fitted({ graph }: Reader, node: Node, meaning: Meaning): Meaning {
  if (node.width === 1 && node.height === 0) return meaning;
  const fit = (part: Linear | undefined): Linear | undefined =>
    part === undefined || (part.row ?? part.shift ?? node).size === node.size ? part : linear(graph.expand(nodeOf(graph, part), node));
  const { jump } = meaning;
  const jumps = jump === undefined || jump.row.node.width === node.width ? jump : { row: { node: graph.expand(jump.row.node, node), since: jump.row.since }, scale: jump.scale };
  return { value: fit(meaning.value)!, delta: fit(meaning.delta), jump: jumps };
}
