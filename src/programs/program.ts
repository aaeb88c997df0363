import type { Points } from "../core/core.ts";
import { wrongKind, wrongValue } from "../errors.ts";
import { Graph } from "../tape/graph.ts";
import type { Node } from "../tape/node.ts";
import { declared, isNode, named, type Widths } from "../tape/trace.ts";
import type { Shapes } from "../vocabulary/distribution.ts";
import type { DrawRule } from "../vocabulary/estimator.ts";
import { type Draw, drawing } from "./draw.ts";

/** What a program is written as: its result from its parameters by name and from draws. */
export type Body<N extends string> = (parameters: { readonly [K in N]: Node }, draw: Draw) => Node;

/** A value of a parameter: a number, or an array for a vector or a matrix `[in, out]`. */
export type Parameter = number | Points;

/** A stochastic program: traced once for each shape of its parameters, and read in many ways: run it, differentiate it. */
export interface Program<N extends string = string, C extends string = never> {
  readonly body: Body<N | C>;
  /** Shapes of the parameters, where they were declared. */
  readonly params: { readonly [K in N]: readonly number[] } | undefined;
  /** Widths of the context arrays. */
  readonly context: { readonly [K in C]: number };
  /** The trace for parameters of these shapes. */
  readonly trace: (caller: string, shapes: Shapes) => Trace;
}

export interface Trace {
  readonly shapes: Shapes;
  readonly result: Node;
  /** By which estimators draws are differentiated backward, where they say so. */
  readonly rules: ReadonlyMap<Node, DrawRule>;
  /** What was made of this trace before, by kind and caller. */
  readonly known: Map<string, unknown>;
}

/**
 * A stochastic program: a function of parameters and draws, traced into operations that the core runs on a thousand lanes at once.
 *
 * The body runs once, on nodes: loops in it are unrolled, so they have a fixed number of turns; what is drawn cannot be compared or
 * branched on in JavaScript, but by `x.lt(y)`, `where(condition, a, b)` and `array.at(index)`.
 *
 * @param body     the result, of any width, from the parameters by name and from `draw`
 * @param params   shapes of the parameters, a vector `[width]` or a matrix `[in, out]`; unless given, those of the values that it is run with
 * @param context  widths of context arrays: data, one row a problem, for `programGradient`
 * @throws {TypeError} when it is first run, if the body does not return a node
 */
export function program<N extends string = string, C extends string = never>(
  body: Body<N | C>,
  params?: { readonly [K in N]: readonly number[] },
  context: { readonly [K in C]: number } = {} as { readonly [K in C]: number },
): Program<N, C> {
  declared("program", body, (params ?? {}) as Shapes, context);
  const known = new Map<string, Trace>();
  return Object.freeze({
    body,
    params,
    context,
    trace(caller: string, shapes: Shapes) {
      const shape = JSON.stringify(shapes);
      let trace = known.get(shape);
      if (trace === undefined) known.set(shape, (trace = traced(caller, body as Body<string>, shapes, context)));
      return trace;
    },
  });
}

function traced(caller: string, body: Body<string>, shapes: Shapes, context: Widths): Trace {
  const graph = new Graph("program");
  const parameters = named(graph, shapes, context, false);
  const rules = new Map<Node, DrawRule>();
  const result: unknown = body(new Proxy(parameters, { get: (nodes, name) => parameterOf(caller, nodes, name) }), drawing(graph, rules));
  if (!isNode(graph, result)) throw wrongKind("program", "body", "to return a node of its own trace", result);
  if (result.height > 0) throw wrongValue("program", "body", "to return a vector or a number", `a matrix [${result.height}, ${result.width}]`);
  return { shapes, result, rules, known: new Map() };
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
