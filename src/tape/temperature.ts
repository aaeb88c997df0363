import type { Points } from "../core/core.ts";
import type { Pointer } from "../core/kernels.ts";
import { eachPart, type Shapes, sizeOf } from "../vocabulary/distribution.ts";
import type { Site, TwiceDifferentiable } from "../vocabulary/integrand.ts";
import { derive } from "./derive.ts";
import { Graph } from "./graph.ts";
import { link } from "./link.ts";
import { lower } from "./lower.ts";
import type { Node } from "./node.ts";
import type { Program } from "./program.ts";
import { fieldsOf, named } from "./trace.ts";

/** f of a relaxed point, by the temperature that the point was relaxed at. */
export interface TemperatureSlope {
  /**
   * ∂/∂λ Σ (weight[row] f(y) + direction[row] · ∂f(y)/∂z), y = soften(z[row] / λ); weight is `[rows]`, z and direction `[rows, dim]`.
   *
   * @param params  f's own parameters by name, among others
   */
  readonly slope: (params: Readonly<Record<string, Points>>, temperature: number, rows: number, z: Pointer, weight: Pointer, direction: Pointer) => number;
}

const TEMPERATURE = "temperature of the relaxation";

/** The formula of f with y in the place of x, differentiated along directions in z and then by the temperature. */
export function bindTemperature(f: TwiceDifferentiable, relaxed: (z: Node, temperature: Node) => Node, site: Site): TemperatureSlope {
  const { region } = site;
  const shapes: Shapes = { ...f.params, [TEMPERATURE]: [1] };
  const length = sizeOf(f.params);
  const params = region.reserve(length + 1);
  const into = region.reserve(1);
  const context = fieldsOf(f.context, (name, width) => site.context(name, width));
  const [program] = link([programOf(f, relaxed, shapes, site)], { region, params, context }, site.rows);
  return {
    slope(given, temperature, rows, x, weight, direction) {
      const own = params.view();
      eachPart(f.params, 1, (name, at) => own.set(given[name] as Float64Array, at));
      own[length] = temperature;
      into.view()[0] = 0;
      program!.run(rows, { x, weight, direction, into: into.at });
      return into.view()[0]!;
    },
  };
}

function programOf(f: TwiceDifferentiable, relaxed: (z: Node, temperature: Node) => Node, params: Shapes, { dim, batch }: Site): Program {
  const graph = new Graph("expression");
  const z = graph.input("x", dim);
  const names: Readonly<Record<string, Node>> = named(graph, params, f.context, batch === 1);
  const temperature = names[TEMPERATURE]!;
  const value = graph.lanes(f.formula(relaxed(z, temperature), names));
  const one = graph.constant([1]);
  const [slope] = derive([{ of: value, cotangent: one }], [z]);
  const along = slope === undefined ? [] : [{ of: graph.lanes(graph.input("direction", dim).dot(slope)), cotangent: one }];
  const [pulled] = derive([{ of: value, cotangent: graph.input("weight", 1) }, ...along], [temperature]);
  const own = new Set(["x", "weight", "direction"]);
  const sources = { params, shared: new Set(batch === 1 ? Object.keys(f.context) : []), period: (external: string): number => (own.has(external) ? 0 : batch) };
  return lower(pulled === undefined ? [] : [{ node: pulled, external: "into", offset: 0 }], sources);
}
