import { bernoulli } from "../programs/draws/bernoulli.ts";
import type { Trace } from "../programs/program.ts";
import { derive, type Seed } from "../tape/derive.ts";
import { lower, type Result } from "../tape/lower.ts";
import type { Node } from "../tape/node.ts";
import type { Program as Lowered } from "../tape/program.ts";
import { contextOf } from "../tape/trace.ts";
import type { Baseline } from "../vocabulary/baseline.ts";
import { type Shapes, volume } from "../vocabulary/distribution.ts";
import { type Downstream, downstream } from "./downstream.ts";
import type { Scored } from "./reader.ts";
import { type Reading, reading } from "./reading.ts";

/** What an estimate takes, lowered. */
export interface Plan {
  /** Writes "value" and, for each of the baselines, "cost i". */
  readonly costs: Lowered;
  /** Reads "baseline i"; writes "value", and the gradient of each lane by parameter name, or adds that of all lanes to "shared". */
  readonly gradients: Lowered;
  /** Baselines of the draws that have one. */
  readonly baselines: readonly Baseline[];
  /** Parameters that each lane has a gradient of: widths by name. */
  readonly own: Readonly<Record<string, number>>;
  /** The others: where they begin in "shared". */
  readonly shared: Readonly<Record<string, number>>;
  /** What the parameters are packed with: their shapes. */
  readonly shapes: Shapes;
  readonly branches: number;
  readonly noisy: boolean;
}

export const costOf = (i: number): string => `cost ${i}`;
export const baselineOf = (i: number): string => `baseline ${i}`;
export const gradientOf = (name: string): string => `gradient ${name}`;
export const SHARED = "shared";

/** A draw's costs without what its baseline foretells. */
export interface Advantage {
  readonly draw: Scored;
  readonly cost: Node;
  readonly baseline: Node | undefined;
}

/**
 * The gradient: reverse mode through what moves, and at each draw with a score function (the costs after it − b) · ∂ log p. Schulman,
 * Heess, Weber & Abbeel 2015, "Gradient estimation using stochastic computation graphs".
 */
export function gradientPlan(caller: string, trace: Trace, batch: number): Plan {
  const read = reading(caller, trace);
  const after = downstream(read);
  const advantages = advantagesOf(read, after);
  const total = totalOf(read);
  const seeds = [{ of: total, cotangent: read.graph.constant([1]) }, ...advantages.flatMap((advantage) => scoreSeeds(read, advantage)), ...pairSeeds(read, after)];
  return planOf(read, total, advantages, derive(seeds, [...read.parameters.values()]), trace.shapes, batch);
}

export function advantagesOf({ graph, scored }: Reading, { after }: Downstream): readonly Advantage[] {
  let count = 0;
  return scored.flatMap((draw): Advantage[] => {
    const cost = after(draw);
    if (cost === undefined) return [];
    const baseline = draw.baseline.name === "none" ? undefined : graph.input(baselineOf(count), 1, baselineOf(count++));
    return [{ draw, cost, baseline }];
  });
}

export function totalOf({ terms }: Reading): Node {
  return terms.flatMap(({ nodes }) => nodes).reduce((sum, term) => sum.add(term));
}

function scoreSeeds(read: Reading, { draw, cost, baseline }: Advantage): readonly Seed[] {
  const advantage = baseline === undefined ? cost : cost.sub(baseline);
  const natural = draw.kind.natural?.of(draw.parameters[0]!);
  if (natural !== undefined) return [{ of: natural, cotangent: fitted(draw.kind.natural!.score(draw.x, draw.parameters[0]!).mul(advantage), natural) }];
  const slopes = scoresOf(read, draw);
  return draw.parameters.flatMap((of, i) => (slopes[i] === undefined ? [] : [{ of, cotangent: fitted(slopes[i].mul(advantage), of) }]));
}

/** ∂ log p by parameter, where it moves. */
export function scoresOf({ graph, moving }: Reading, { kind, parameters, x }: Scored): readonly (Node | undefined)[] {
  const slopes = kind.score(x, parameters);
  return parameters.map((parameter, i) => {
    if (!moving.has(parameter)) return undefined;
    if (slopes[i] === undefined) throw new TypeError(`${graph.caller}: the ${kind.parameters[i]} of a ${kind.name} draw cannot move with the parameters: they are whole numbers. Draw them, or fix them.`);
    return slopes[i];
  });
}

/** ½ (F(b) − F(b̃)) (b − b̃) max(p, 1 − p), in the logits; divided by p (1 − p), in p: DisARM, Dong, Mnih & Tucker 2020. */
function pairSeeds(read: Reading, { difference }: Downstream): readonly Seed[] {
  return read.paired.flatMap((pair) =>
    pair.probability.nodes.flatMap((p, branch): Seed[] => {
      const apart = difference(pair, branch);
      if (apart === undefined || !read.moving.has(p)) return [];
      const [b, other] = [pair.drawn.nodes[2 * branch]!, pair.drawn.nodes[2 * branch + 1]!];
      const differ = b.sub(other);
      const logits = bernoulli.natural!.of(p);
      if (logits !== undefined) return [{ of: logits, cotangent: fitted(differ.mul(p.maximum(p.neg().add(1))).mul(apart), logits) }];
      return [{ of: p, cotangent: fitted(differ.where(differ.div(p.minimum(p.neg().add(1))), 0).mul(apart), p) }];
    }),
  );
}

/** In the shape of what it is the cotangent of: what is one for all lanes takes their sum. */
function fitted(cotangent: Node, of: Node): Node {
  const narrow = of.width < cotangent.width ? cotangent.sum() : cotangent;
  return of.uniform ? of.graph.sumLanes(narrow) : narrow;
}

/** Lowers the passes of an estimate; `wrt` are the derivatives by parameter, in order. */
export function planOf(read: Reading, total: Node, advantages: readonly Advantage[], wrt: readonly (Node | undefined)[], shapes: Shapes, batch: number): Plan {
  const guided = advantages.filter(({ baseline }) => baseline !== undefined);
  const value: Result = { node: total, external: "value", offset: 0 };
  const costs = guided.map(({ cost }, i): Result => ({ node: cost, external: costOf(i), offset: 0 }));
  const { own, shared, gradients } = gradientsOf(read, wrt);
  const contexts = new Set(read.graph.nodes.filter(({ op, detail }) => op === "input" && detail.external === contextOf(detail.name!)).map(({ detail }) => detail.external));
  const sources = { params: shapes, shared: new Set<string>(), period: (external: string): number => (contexts.has(external) ? batch : 0) };
  return {
    costs: lower([value, ...costs], sources),
    gradients: lower([value, ...gradients], sources),
    baselines: guided.map(({ draw }) => draw.baseline),
    own, shared, shapes, branches: read.branches.count, noisy: read.noisy,
  };
}

/** Where the derivatives go: those of lanes each to an array of its own, the others one behind the other. */
function gradientsOf({ graph, parameters }: Reading, wrt: readonly (Node | undefined)[]): Pick<Plan, "own" | "shared"> & { readonly gradients: readonly Result[] } {
  const own: Record<string, number> = {};
  const shared: Record<string, number> = {};
  let at = 0;
  const gradients = [...parameters].flatMap(([name, parameter], i): Result[] => {
    if (!parameter.uniform) {
      own[name] = parameter.width;
      return [{ node: graph.lanes(wrt[i] ?? graph.expand(graph.constant([0]), parameter)), external: gradientOf(name), offset: 0 }];
    }
    shared[name] = at;
    at += parameter.size;
    return wrt[i] === undefined ? [] : [{ node: wrt[i], external: SHARED, offset: shared[name]! }];
  });
  return { own, shared, gradients };
}

export const sizeOfShared = ({ shared, shapes }: Plan): number => Object.keys(shared).reduce((sum, name) => sum + volume(shapes[name]!), 0);
