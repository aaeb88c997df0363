import { integer, wrongKind, wrongValue } from "../errors.ts";
import type { Shapes } from "../vocabulary/distribution.ts";
import type { Field } from "../core/region.ts";
import type { Graph } from "./graph.ts";
import { Node } from "./node.ts";

/** Widths of context arrays by name. */
export type Widths = Readonly<Record<string, number>>;

/** The nodes that a formula is given, by name. */
export type Names<P extends Shapes, C extends Widths> = { readonly [N in keyof P | keyof C]: Node };

/** Checks what a formula was declared with. */
export function declared(caller: string, formula: unknown, params: Shapes, context: Widths): void {
  if (typeof formula !== "function") throw wrongKind(caller, "formula", "a function", formula);
  for (const [name, shape] of Object.entries(params)) {
    if (!Array.isArray(shape)) throw wrongKind(caller, `params.${name}`, "a shape, [width] or [in, out]", shape);
    if (shape.length < 1 || shape.length > 2) throw wrongValue(caller, `params.${name}`, "a shape, [width] or [in, out]", `[${shape.join(", ")}]`);
    for (const width of shape) integer(caller, `params.${name}`, width);
  }
  for (const [name, width] of Object.entries(context)) {
    integer(caller, `context.${name}`, width);
    if (Object.hasOwn(params, name)) throw wrongValue(caller, `context.${name}`, "a name of its own", "that of a parameter");
  }
}

/** What the tape calls a context array, so that it may bear the name of anything else. */
export const contextOf = (name: string): string => `context ${name}`;

/** The parameters as nodes, by name; context as lanes of their own, or as one value if there is a single problem. */
export function named<P extends Shapes, C extends Widths>(graph: Graph, params: P, context: C, shared: boolean): Names<P, C> {
  const nodes: Record<string, Node> = {};
  for (const [name, shape] of Object.entries(params)) nodes[name] = graph.parameter(name, shape);
  for (const [name, width] of Object.entries(context)) nodes[name] = shared ? graph.parameter(name, [width]) : graph.input(name, width, contextOf(name));
  return nodes as Names<P, C>;
}

export function isNode(graph: Graph, value: unknown): value is Node {
  return value instanceof Node && value.graph === graph;
}

/** Reads the context arrays of a site, by name. */
export function fieldsOf(context: Widths, field: (name: string, width: number) => Field): Record<string, Field> {
  return Object.fromEntries(Object.entries(context).map(([name, width]) => [name, field(name, width)]));
}
