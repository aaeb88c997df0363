import type { Points } from "../core/core.ts";
import { wrongKind, wrongValue } from "../errors.ts";
import { Graph } from "../tape/graph.ts";
import type { Node } from "../tape/node.ts";
import { declared, isNode, named } from "../tape/trace.ts";
import type { Shapes } from "../vocabulary/distribution.ts";
import { type Draw, drawing } from "./draw.ts";

/** What a program is written as: its result from its parameters by name and from draws. */
export type Body<N extends string> = (parameters: { readonly [K in N]: Node }, draw: Draw) => Node;

/** A value of a parameter: a number, or an array for a vector or a matrix `[in, out]`. */
export type Parameter = number | Points;

/** A stochastic program: traced once for each shape of its parameters, and read in many ways: run it, differentiate it. */
export interface Program<N extends string = string> {
  readonly body: Body<N>;
  /** Shapes of the parameters, where they were declared. */
  readonly params: { readonly [K in N]: readonly number[] } | undefined;
  /** The trace for parameters of these shapes. */
  readonly trace: (caller: string, shapes: Shapes) => Trace;
}

export interface Trace {
  readonly shapes: Shapes;
  readonly result: Node;
  /** What was made of this trace before, by kind and caller. */
  readonly known: Map<string, unknown>;
}

/**
 * A stochastic program: a function of parameters and draws, traced into operations that the core runs on a thousand lanes at once.
 *
 * The body runs once, on nodes: loops in it are unrolled, so they have a fixed number of turns; what is drawn cannot be compared or
 * branched on in JavaScript, but by `x.lt(y)`, `where(condition, a, b)` and `array.at(index)`.
 *
 * @param body    the result, of any width, from the parameters by name and from `draw`
 * @param params  shapes of the parameters, a vector `[width]` or a matrix `[in, out]`; unless given, those of the values that it is run with
 * @throws {TypeError} when it is first run, if the body does not return a node
 */
export function program<N extends string = string>(body: Body<N>, params?: { readonly [K in N]: readonly number[] }): Program<N> {
  declared("program", body, (params ?? {}) as Shapes, {});
  const known = new Map<string, Trace>();
  return Object.freeze({
    body,
    params,
    trace(caller: string, shapes: Shapes) {
      const shape = JSON.stringify(shapes);
      let trace = known.get(shape);
      if (trace === undefined) known.set(shape, (trace = traced(caller, body as Body<string>, shapes)));
      return trace;
    },
  });
}

function traced(caller: string, body: Body<string>, shapes: Shapes): Trace {
  const graph = new Graph("program");
  const parameters = named(graph, shapes, {}, true);
  const result: unknown = body(new Proxy(parameters, { get: (nodes, name) => parameterOf(caller, nodes, name) }), drawing(graph));
  if (!isNode(graph, result)) throw wrongKind("program", "body", "to return a node of its own trace", result);
  if (result.height > 0) throw wrongValue("program", "body", "to return a vector or a number", `a matrix [${result.height}, ${result.width}]`);
  return { shapes, result, known: new Map() };
}

/** A parameter by name: one that was not given is missed here and not deep inside the body. */
function parameterOf(caller: string, nodes: Readonly<Record<string, Node>>, name: string | symbol): Node | undefined {
  const node = typeof name === "string" && Object.hasOwn(nodes, name) ? nodes[name] : undefined;
  if (node === undefined && typeof name === "string") throw wrongKind(caller, `parameters.${name}`, "a number or an array", undefined, "The program uses it.");
  return node;
}

/** What another interpretation of the same trace has made already. */
export function remembered<R>({ known }: Trace, kind: string, make: () => R): R {
  if (!known.has(kind)) known.set(kind, make());
  return known.get(kind) as R;
}
