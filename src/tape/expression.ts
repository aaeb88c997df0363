import { sizeOf, type Shapes } from "../vocabulary/distribution.ts";
import { wrongKind, wrongValue } from "../errors.ts";
import type { Site, TwiceDifferentiable, TwiceEvaluator } from "../vocabulary/integrand.ts";
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
  /** Traced when they are first asked for. */
  readonly pullbackSlope: () => Program;
  readonly curve: () => Program;
}

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
): TwiceDifferentiable<P> {
  declared("expression", formula, params, context);
  const known = new Map<string, Programs>();
  const programs = ({ dim, batch }: Site): Programs => {
    const kind = `${dim} ${batch === 1 ? "" : batch}`;
    let found = known.get(kind);
    if (found === undefined) known.set(kind, (found = programsOf(formula, params, context, dim, batch)));
    return found;
  };
  return {
    differentiable: true,
    twice: true,
    params,
    formula: formula as TwiceDifferentiable["formula"],
    context,
    bind: (site) => evaluator(programs(site), params, context, site),
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
  const sources = { params, shared, period: (external: string): number => (external === "x" || external === "weight" || external === "direction" ? 0 : batch) };
  const evaluated: Result = { node: value, external: "value", offset: 0 };
  const [slope] = derive([{ of: value, cotangent: graph.constant([1]) }], [x]);
  const gradient: Result = { node: graph.lanes(slope ?? graph.expand(graph.constant([0]), x)), external: "gradient", offset: 0 };
  const weight = graph.input("weight", 1);
  const one = graph.constant([1]);
  return {
    evaluate: lower([evaluated], sources),
    differentiate: lower([evaluated, gradient], sources),
    pullback: lower(into(derive([{ of: value, cotangent: weight }], parameters), parameters), sources),
    curve() {
      const direction = graph.input("direction", dim);
      const nothing = graph.expand(graph.constant([0]), x);
      const along = graph.lanes(graph.expand(slope ?? nothing, x).mul(direction).sum());
      const [curve = nothing] = derive([{ of: along, cotangent: one }], [x]);
      return lower([{ node: graph.lanes(graph.expand(curve, x)), external: "out", offset: 0 }], sources);
    },
    pullbackSlope() {
      const along = slope === undefined ? [] : [{ of: graph.lanes(graph.input("direction", dim).dot(slope)), cotangent: one }];
      return lower(into(derive([{ of: value, cotangent: weight }, ...along], parameters), parameters), sources);
    },
  };
}

/** The derivatives by the parameters as results, packed in their order. */
function into(pulled: readonly (Node | undefined)[], parameters: readonly Node[]): Result[] {
  const offsets = pulled.map((_, i) => parameters.slice(0, i).reduce((sum, { size }) => sum + size, 0));
  return pulled.flatMap((node, i): Result[] => (node === undefined ? [] : [{ node, external: "into", offset: offsets[i]! }]));
}

function evaluator(programs: Programs, shapes: Shapes, context: Widths, site: Site): TwiceEvaluator {
  const params = site.region.reserve(sizeOf(shapes));
  const fields = fieldsOf(context, (name, width) => site.context(name, width));
  const tape = { region: site.region, params, context: fields };
  const more = site.second === undefined ? [] : [programs[site.second]()];
  const [evaluate, differentiate, pullback, second] = link([programs.evaluate, programs.differentiate, programs.pullback, ...more], tape, site.rows);
  return {
    params,
    evaluate: (rows, x, value) => evaluate!.run(rows, { x, value }),
    differentiate: (rows, x, value, gradient) => differentiate!.run(rows, { x, value, gradient }),
    pullback: (rows, x, weight, into) => pullback!.run(rows, { x, weight, into }),
    pullbackSlope: (rows, x, weight, direction, into) => second!.run(rows, { x, weight, direction, into }),
    curve: (rows, x, direction, out) => second!.run(rows, { x, direction, out }),
  };
}
