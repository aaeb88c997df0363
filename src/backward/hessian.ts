import type { Trace } from "../programs/program.ts";
import { derive } from "../tape/derive.ts";
import type { Node } from "../tape/node.ts";
import { advantagesOf, type Plan, planOf, scoresOf, totalOf } from "./plan.ts";
import { downstream } from "./downstream.ts";
import type { Scored } from "./reader.ts";
import { type Reading, reading, still } from "./reading.ts";

export const directionOf = (name: string): string => `direction of ${name}`;

/**
 * ∇²E · v. The surrogate Σ cost · □(draws before it) has the right derivatives of any order, where □ is 1 and has the derivative of
 * exp(Σ log p): DiCE, Foerster et al. 2018. A draw's baseline enters as (1 − □ of it) · □(draws before it) · b, which is 0 and whose
 * derivatives have mean 0: Mao, Foerster, Rocktäschel, Al-Shedivat, Farquhar & Whiteson 2019.
 */
export function productPlan(caller: string, trace: Trace, batch: number): Plan {
  const read = reading(caller, trace);
  const { graph, parameters } = read;
  refuse(read);
  const after = downstream(read);
  const advantages = advantagesOf(read, after);
  const logs = new Map(advantages.map(({ draw }) => [draw, logOf(read, draw)]));
  const logsBefore = (node: Node, but?: Scored): readonly Node[] => after.before(node).flatMap((draw) => (draw === but ? [] : (logs.get(draw) ?? [])));
  const terms = read.terms.flatMap(({ nodes }) => nodes).map((term) => boxed(term, logsBefore(term)));
  const controls = advantages.flatMap(({ draw, baseline }) => {
    const log = logs.get(draw);
    return baseline === undefined || log === undefined ? [] : [boxed(graph.constant([1]).sub(log.exp()).mul(baseline), logsBefore(draw.x, draw))];
  });
  const surrogate = [...terms, ...controls].reduce((sum, term) => sum.add(term));
  const wrt = [...parameters.values()];
  const slopes = derive([{ of: surrogate, cotangent: graph.constant([1]) }], wrt);
  const along = [...parameters.keys()].flatMap((name, i) => slopes[i]?.dot(graph.lanes(graph.parameter(directionOf(name), trace.shapes[name]!))) ?? []);
  const product = along.length === 0 ? wrt.map(() => undefined) : derive([{ of: graph.lanes(along.reduce((sum, term) => sum.add(term))), cotangent: graph.constant([1]) }], wrt);
  const directions = Object.fromEntries(Object.entries(trace.shapes).map(([name, shape]) => [directionOf(name), shape]));
  return planOf(read, totalOf(read), advantages, product, { ...trace.shapes, ...directions }, batch);
}

function refuse({ graph, parameters, paired }: Reading): void {
  if (paired.length > 0) throw new TypeError("hessianVectorProduct: a pair of disarm() has no second derivative. Give the draw scoreFunction() or enumerate().");
  for (const [name, parameter] of parameters) {
    if (parameter.uniform) throw new TypeError(`hessianVectorProduct: the parameter ${name} is a matrix, or made one with a matrix, and only vectors have second derivatives. Write it as vectors.`);
  }
  if (graph.nodes.some(({ op, detail }) => detail.draw === "gamma" || op === "digamma")) throw new TypeError("hessianVectorProduct: a gamma draw has no second derivative. Use derivative() at two points.");
}

/** 0, with the derivatives of log p up to the second: ½ Σ (s + |s|)(θ − |θ|), where s = ∂ log p/∂θ and |·| keeps derivatives out. */
function logOf(read: Reading, draw: Scored): Node | undefined {
  const { graph } = read;
  const parts = scoresOf(read, draw).flatMap((score, i) => {
    if (score === undefined) return [];
    const theta = draw.parameters[i]!;
    return [score.add(still(graph, score)).mul(theta.sub(still(graph, theta))).sum()];
  });
  return parts.length === 0 ? undefined : parts.reduce((sum, part) => sum.add(part)).mul(0.5);
}

function boxed(term: Node, logs: readonly Node[]): Node {
  return logs.length === 0 ? term : term.mul(logs.reduce((sum, log) => sum.add(log)).exp());
}
