import { sizeOf, type Shapes } from "../vocabulary/distribution.ts";
import { wrongKind, wrongValue } from "../errors.ts";
import type { Parametric, ParametricEvaluator, Site, TwiceDifferentiable, TwiceDifferentiableEvaluator } from "../vocabulary/integrand.ts";
import { derive } from "./derive.ts";
import { Graph } from "./graph.ts";
import { link } from "./link.ts";
import { lower, type Result } from "./lower.ts";
import type { Node } from "./node.ts";
import type { Program } from "./program.ts";
import { declared, fieldsOf, isNode, named, type Names, type Widths } from "./trace.ts";

interface Programs {
  readonly evaluate: Program;
  readonly differentiate: Program;
  readonly pullback: Program;
  /** Made when it is first asked for. */
  curve?: Program;
}

/** f by a formula: all its derivatives are known. */
export type Expression<P extends Shapes = Shapes> = Omit<Parametric<P>, "bind"> &
  Omit<TwiceDifferentiable, "bind"> & { readonly bind: (site: Site) => ParametricEvaluator & TwiceDifferentiableEvaluator };

/**
 * f by a formula, traced once for each width of x: its value and its gradients run in the core.
 *
 * @param formula  the value of one lane, of width 1, from the point x and the parameters and context arrays by name
 * @param params   shapes of f's own parameters: a vector [width] or a matrix [in, out]
 * @param context  widths of the context arrays, one row a problem
 * @throws {RangeError} when it is bound, if the widths in the formula do not fit
 */
export function expression<P extends Shapes = Record<never, never>, C extends Widths = Record<never, never>>(
  formula: (x: Node, names: Names<P, C>) => Node,
  params: P = {} as P,
  context: C = {} as C,
): Expression<P> {
  declared("expression", formula, params, context);
  const known = new Map<string, Programs>();
  return {
    differentiable: true,
    twice: true,
    params,
    bind(site) {
      const shared = site.batch === 1;
      const kind = `${site.dim} ${shared ? "" : site.batch}`;
      let programs = known.get(kind);
      if (programs === undefined) known.set(kind, (programs = programsOf(formula, params, context, site.dim, site.batch)));
      if (site.curved) programs.curve ??= curveOf(formula, params, context, site.dim, site.batch);
      return evaluator(programs, params, context, site);
    },
  };
}

/** The formula as nodes: the point, the parameters, and the value of each lane. */
export function traced<P extends Shapes, C extends Widths>(
  formula: (x: Node, names: Names<P, C>) => Node,
  params: P,
  context: C,
  dim: number,
  shared: boolean,
): { graph: Graph; x: Node; value: Node; parameters: readonly Node[] } {
  const graph = new Graph("expression");
  const x = graph.input("x", dim);
  const names = named(graph, params, context, shared);
  const value: unknown = formula(x, names);
  if (!isNode(graph, value)) throw wrongKind("expression", "formula", "to return a node of its own trace", value);
  if (value.size !== 1) throw wrongValue("expression", "formula", "to return a node of width 1", `width ${value.size}`, "Reduce it: .sum(), .mean(), .logSumExp().");
  return { graph, x, value: graph.lanes(value), parameters: Object.keys(params).map((name) => (names as Record<string, Node>)[name]!) };
}

function programsOf<P extends Shapes, C extends Widths>(formula: (x: Node, names: Names<P, C>) => Node, params: P, context: C, dim: number, batch: number): Programs {
  const { graph, x, value, parameters } = traced(formula, params, context, dim, batch === 1);
  const shared = new Set(batch === 1 ? Object.keys(context) : []);
  const sources = { params, shared, period: (external: string): number => (external === "x" || external === "weight" ? 0 : batch) };
  const evaluated: Result = { node: value, external: "value", offset: 0 };
  const [slope] = derive([{ of: value, cotangent: graph.constant([1]) }], [x]);
  const gradient: Result = { node: graph.lanes(slope ?? graph.expand(graph.constant([0]), x)), external: "gradient", offset: 0 };
  const pulled = derive([{ of: value, cotangent: graph.input("weight", 1) }], parameters);
  const offsets = pulled.map((_, i) => parameters.slice(0, i).reduce((sum, { size }) => sum + size, 0));
  const into = pulled.flatMap((node, i): Result[] => (node === undefined ? [] : [{ node, external: "into", offset: offsets[i]! }]));
  return { evaluate: lower([evaluated], sources), differentiate: lower([evaluated, gradient], sources), pullback: lower(into, sources) };
}

/** ∂/∂x of (∂f/∂x · direction). */
function curveOf<P extends Shapes, C extends Widths>(formula: (x: Node, names: Names<P, C>) => Node, params: P, context: C, dim: number, batch: number): Program {
  const { graph, x, value } = traced(formula, params, context, dim, batch === 1);
  const shared = new Set(batch === 1 ? Object.keys(context) : []);
  const sources = { params, shared, period: (external: string): number => (external === "x" || external === "direction" ? 0 : batch) };
  const nothing = graph.expand(graph.constant([0]), x);
  const [slope = nothing] = derive([{ of: value, cotangent: graph.constant([1]) }], [x]);
  const along = graph.lanes(graph.expand(slope, x).mul(graph.input("direction", dim)).sum());
  const [curve = nothing] = derive([{ of: along, cotangent: graph.constant([1]) }], [x]);
  return lower([{ node: graph.lanes(graph.expand(curve, x)), external: "out", offset: 0 }], sources);
}

function evaluator(programs: Programs, shapes: Shapes, context: Widths, site: Site): ParametricEvaluator & TwiceDifferentiableEvaluator {
  const params = site.region.reserve(sizeOf(shapes));
  const fields = fieldsOf(context, (name, width) => site.context(name, width));
  const tape = { region: site.region, params, context: fields };
  const { curve: fourth } = programs;
  const wanted = [programs.evaluate, programs.differentiate, programs.pullback, ...(site.curved && fourth ? [fourth] : [])];
  const [evaluate, differentiate, pullback, curve] = link(wanted, tape, site.rows);
  return {
    params,
    evaluate: (rows, x, value) => evaluate!.run(rows, { x, value }),
    differentiate: (rows, x, value, gradient) => differentiate!.run(rows, { x, value, gradient }),
    pullback: (rows, x, weight, into) => pullback!.run(rows, { x, weight, into }),
    curve: (rows, x, direction, out) => curve!.run(rows, { x, direction, out }),
  };
}
