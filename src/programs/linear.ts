import type { Graph } from "../tape/graph.ts";
import type { Binary, Node } from "../tape/node.ts";

/**
 * scale · row + shift, not computed yet: scale and shift are one for all lanes, and what is left out is 1 and 0.
 *
 * A chain of sums and products with numbers is one pass over its row, or none where a draw takes it as it is.
 */
export interface Linear {
  /** A value of each lane; without it, the value is one for all. */
  readonly row?: Node | undefined;
  readonly scale?: Node | undefined;
  readonly shift?: Node | undefined;
}

export function linear(node: Node): Linear {
  return node.uniform ? { shift: isNumber(node, 0) ? undefined : node } : { row: node };
}

/** The value as a node. */
export function nodeOf(graph: Graph, { row, scale, shift }: Linear): Node {
  if (row === undefined) return shift ?? graph.constant([0]);
  if (scale === undefined) return shift === undefined ? row : graph.binary("add", row, shift);
  if (shift === undefined) return graph.binary("mul", row, scale);
  return graph.operation("affine", [row, scale, shift], row.width);
}

export function plus(graph: Graph, a: Linear, b: Linear): Linear {
  const shift = sum(graph, a.shift, b.shift);
  if (a.row === undefined || b.row === undefined) return { ...(a.row === undefined ? b : a), shift };
  if (a.row === b.row) return { row: a.row, scale: once(uniform(graph, "add", a.scale ?? graph.constant([1]), b.scale ?? graph.constant([1]))), shift };
  return { row: graph.binary("add", scaled(graph, a), scaled(graph, b)), shift };
}

/** a times a number for all lanes. */
export function times(graph: Graph, a: Linear, factor: Node): Linear {
  const product = (part: Node | undefined): Node | undefined => part && uniform(graph, "mul", part, factor);
  if (a.row === undefined) return { shift: product(a.shift) };
  return { row: a.row, scale: once(product(a.scale) ?? factor), shift: product(a.shift) };
}

export function negative(graph: Graph, a: Linear): Linear {
  return times(graph, a, graph.constant([-1]));
}

/** Arithmetic of what is one for all lanes; of two numbers at once. */
export function uniform(graph: Graph, op: Binary & ("add" | "sub" | "mul" | "div"), a: Node, b: Node): Node {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined) return graph.constant([op === "add" ? x + y : op === "sub" ? x - y : op === "mul" ? x * y : x / y]);
  return graph.binary(op, a, b);
}

function sum(graph: Graph, a: Node | undefined, b: Node | undefined): Node | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const total = uniform(graph, "add", a, b);
  return isNumber(total, 0) ? undefined : total;
}

function scaled(graph: Graph, { row, scale }: Linear): Node {
  return scale === undefined ? row! : graph.binary("mul", row!, scale);
}

/** A factor of 1 is none. */
function once(scale: Node): Node | undefined {
  return isNumber(scale, 1) ? undefined : scale;
}

function numberOf(node: Node): number | undefined {
  return node.op === "constant" && node.size === 1 ? node.detail.values![0] : undefined;
}

function isNumber(node: Node, value: number): boolean {
  return numberOf(node) === value;
}
