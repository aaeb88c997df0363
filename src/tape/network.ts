import { listed, wrongKind, wrongValue } from "../errors.ts";
import { sizeOf, type Shapes } from "../vocabulary/distribution.ts";
import type { Network, NetworkEvaluator, NetworkSite } from "../vocabulary/integrand.ts";
import { derive } from "./derive.ts";
import { Graph } from "./graph.ts";
import { type Externals, link } from "./link.ts";
import { lower, type Result } from "./lower.ts";
import type { Node } from "./node.ts";
import type { Program } from "./program.ts";
import { declared, fieldsOf, isNode, named, type Names, type Widths } from "./trace.ts";

/**
 * The parameters of a family as a function of context: outputs by the family's parameter names, one row a problem.
 *
 * @param formula  the outputs by name, from the network's parameters and the context arrays by name
 * @param params   shapes of the network's parameters: a vector [width] or a matrix [in, out]
 * @param context  widths of the context arrays
 * @throws {RangeError} when it is bound, if the widths in the formula do not fit
 */
export function network<Q extends Shapes = Record<never, never>, C extends Widths = Record<never, never>>(
  formula: (names: Names<Q, C>) => Readonly<Record<string, Node>>,
  params: Q = {} as Q,
  context: C = {} as C,
): Network<Q> {
  declared("network", formula, params, context);
  const known = new Map<string, readonly [Program, Program]>();
  return {
    params,
    bind(site) {
      const kind = JSON.stringify(site.outputs);
      let programs = known.get(kind);
      if (programs === undefined) known.set(kind, (programs = programsOf(formula, params, context, site.outputs)));
      return evaluator(programs, params, context, site);
    },
  };
}

const output = (name: string): string => `output ${name}`;
const cotangent = (name: string): string => `cotangent ${name}`;

function programsOf<Q extends Shapes, C extends Widths>(
  formula: (names: Names<Q, C>) => Readonly<Record<string, Node>>,
  params: Q,
  context: C,
  outputs: Widths,
): readonly [Program, Program] {
  const graph = new Graph("network");
  const names = named(graph, params, context, false);
  const given = formula(names);
  const nodes = Object.entries(outputs).map(([name, width]) => [name, checked(graph, given, name, width)] as const);
  const stray = Object.keys(given).filter((name) => !Object.hasOwn(outputs, name));
  if (stray.length > 0) throw wrongValue("network", "formula", `to return ${listed(Object.keys(outputs))}`, `also ${listed(stray)}`);
  const sources = { params, shared: new Set<string>(), period: (): number => 0 };
  const forward = nodes.map(([name, node]): Result => ({ node, external: output(name), offset: 0 }));
  const parameters = Object.keys(params).map((name) => (names as Record<string, Node>)[name]!);
  const pulled = derive(nodes.map(([name, of]) => ({ of, cotangent: graph.input(cotangent(name), of.width) })), parameters);
  const offsets = pulled.map((_, i) => parameters.slice(0, i).reduce((sum, { size }) => sum + size, 0));
  const into = pulled.flatMap((node, i): Result[] => (node === undefined ? [] : [{ node, external: "into", offset: offsets[i]! }]));
  return [lower(forward, sources), lower(into, sources)];
}

function checked(graph: Graph, given: unknown, name: string, width: number): Node {
  const node = (given as Record<string, unknown> | undefined)?.[name];
  if (node === undefined) throw wrongKind("network", "formula", `to return an object with ${name}`, given);
  if (!isNode(graph, node)) throw wrongKind("network", `formula().${name}`, "a node of its own trace", node);
  if (node.height > 0 || node.width !== width) throw wrongValue("network", `formula().${name}`, `width ${width}`, `width ${node.size}`);
  return graph.lanes(node);
}

function evaluator([first, second]: readonly [Program, Program], shapes: Shapes, context: Widths, site: NetworkSite): NetworkEvaluator {
  const { region, batch, outputs } = site;
  const params = region.reserve(sizeOf(shapes));
  const fields = fieldsOf(context, (name, width) => site.context(name, width));
  const [forward, pullback] = link([first, second], { region, params, context: fields }, batch);
  const spread = (of: (name: string) => string, at: number): Externals => {
    const externals: Record<string, number> = {};
    for (const [name, width] of Object.entries(outputs)) {
      externals[of(name)] = at;
      at += batch * width * region.bytes;
    }
    return externals;
  };
  return {
    params,
    forward: (at) => forward!.run(batch, spread(output, at)),
    pullback: (at, into) => pullback!.run(batch, { ...spread(cotangent, at), into }),
  };
}
