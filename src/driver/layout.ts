import type { Core, Points, Precision } from "../core/core.ts";
import type { Kernels, Pointer } from "../core/kernels.ts";
import { type Field, region, type Region } from "../core/region.ts";
import { wordOf, wrongValue } from "../errors.ts";
import { type Prepared, reserveTheta } from "../parameters.ts";
import { type Distribution, type Shapes, sizeOf, volume } from "../vocabulary/distribution.ts";
import type { Anchor, Block, Bound, Definition, EstimatePart, Plan, Workspace } from "../vocabulary/estimator.ts";
import type { Evaluator, Integrand, Network, NetworkEvaluator } from "../vocabulary/integrand.ts";
import type { ExactTerm, Expectation, ImportanceBound } from "../vocabulary/objective.ts";
import { type Contexts, contexts } from "./context.ts";
import { type Moments, moments } from "./moments.ts";
import { remembered, type Remembered } from "./state.ts";

export interface Setup {
  readonly core: Core;
  readonly precision: Precision;
  readonly samples: number;
  readonly batch: number;
}

export type AnyDefinition = Definition<object, object, string>;
export type AnyObjective = Expectation<object, object> | ImportanceBound<object, object>;
type Family = Distribution & { readonly family?: Distribution; readonly network?: Network };

/** What an estimate works with, laid out in one block of memory: each part has reserved its own. */
export interface Layout {
  /** The estimator's name. */
  readonly estimator: string;
  readonly region: Region;
  readonly kernels: Kernels;
  readonly samples: number;
  readonly batch: number;
  readonly plan: Plan;
  /** What of its estimates is biased, by name. */
  readonly biased: readonly string[];
  readonly family: Distribution;
  /** Shapes of θ, of what the user gives for it (ψ where a network does), and of f's own parameters. */
  readonly shapes: { readonly theta: Shapes; readonly own: Shapes; readonly integrand: Shapes };
  readonly theta: Prepared;
  readonly context: Contexts;
  readonly state: Remembered;
  readonly moments: Moments;
  readonly f: Evaluator;
  /** More functions that the estimator asked for. */
  readonly auxiliary: readonly Evaluator[];
  /** Where the curvature at the anchors is computed: each anchor for each unit vector. */
  readonly curved: { readonly x: Field; readonly direction: Field } | undefined;
  readonly bound: Bound;
  /** The network in front of the family, and the gradient of the objective with respect to its outputs. */
  readonly encoder: { readonly network: NetworkEvaluator; readonly cotangent: Field } | undefined;
  readonly exact: readonly { readonly sign: 1 | -1; readonly term: ExactTerm }[];
  /** Gradients of the parameters that all problems share, packed; undefined where there are none. */
  readonly shared: { readonly own: Field | undefined; readonly integrand: Field | undefined };
  /** i32[batch]: in how many estimates a problem saw two different values of f. */
  readonly spread: Field;
  readonly work: Workspace;
  /** The parameters of the call at hand; the workspace shows them. */
  readonly call: { params: Readonly<Record<string, Points>> };
}

/** Reserves, takes the memory, and writes what never changes. */
export function layOut(objective: AnyObjective, definition: AnyDefinition, { core, precision, samples: wanted, batch }: Setup): Layout {
  const p = objective.distribution as Family;
  const family = p.family ?? p;
  const integrand = objective.integrand as Integrand & { readonly params?: Shapes };
  const shapes = { theta: family.params, own: p.params, integrand: integrand.params ?? {} };
  const particles = objective.kind === "expectation" ? 1 : objective.particles;
  const plan = definition.plan(family, wanted, { particles, integrand });
  const samples = plan.exact ? 1 : wanted;
  if (plan.valueless && sizeOf(shapes.integrand) > 0) throw new TypeError(`${wordOf(definition.name)}: f has parameters of its own, whose gradient needs points drawn from the distribution itself. Do not leave the base point out.`);
  if (!plan.exact && samples < (plan.least ?? 1)) throw wrongValue("gradient", "samples", `at least ${plan.least}, as ${wordOf(definition.name)} needs`, samples);

  const block = region(core, precision);
  block.need(definition.modules);
  const context = contexts(block, batch, precision);
  const state = remembered(block, definition.name);
  const rows = samples * batch;
  const theta = reserveTheta(block, family, batch);
  const workspace = reserveWorkspace(block, family, plan, samples, batch);
  const spread = block.reserve(Math.ceil(batch / 2)); // i32 in the room of numbers, at least
  const sums = moments(block, family.params, samples, batch);

  const curvature = plan.anchor === "curvature";
  const site = { region: block, dim: family.dim, batch, rows: Math.max(plan.value * rows + (plan.shared ?? 0) * batch, plan.gradient * rows), context: context.request, ...(curvature && { second: "curve" as const }) };
  const f = integrand.bind(site);
  const auxiliary = (definition.auxiliary ?? []).map((one) => one.bind({ region: block, dim: family.dim, batch, rows: site.rows, context: context.request }));
  const all = curvature ? family.dim * batch * family.dim : 0;
  const curved = curvature ? { x: block.reserve(all), direction: block.reserve(all) } : undefined;
  const amortised = p.network !== undefined;
  const bound = definition.bind(family, { region: block, distribution: family, integrand, samples, batch, particles, amortised, context: context.request, remember: state.remember });
  const encoder = p.network && bindNetwork(p.network, family, block, batch, context);
  const own = p.network && block.reserve(sizeOf(p.network.params));
  const ofIntegrand = sizeOf(shapes.integrand) === 0 ? undefined : block.reserve(sizeOf(shapes.integrand));
  const terms = objective.kind === "expectation" ? objective.exact : [];
  const exact = terms.map(({ sign, term }) => ({ sign, term: term.bind(family, { region: block, batch, caller: "expectation" }) }));

  block.allocate("gradient");
  const kernels = block.core.kernels[precision];
  try {
    for (const { term } of exact) term.begin(kernels);
    bound.begin?.();
    if (curved !== undefined) unitVectors(curved.direction, family.dim, batch);
  } catch (error) {
    block.free();
    throw error;
  }
  const call = { params: {} };
  return {
    estimator: wordOf(definition.name), region: block, kernels, samples, batch, plan, biased: biasedNames(definition, shapes), family, shapes, theta, context, state, moments: sums, f, auxiliary, curved, bound, encoder, exact, spread, call,
    shared: { own, integrand: ofIntegrand },
    work: workspace(kernels, { batch, tile: theta.theta.tile, at: theta.prepared.at }, theta.params.at, call),
  };
}

function biasedNames({ biased = [] }: AnyDefinition, shapes: Layout["shapes"]): readonly string[] {
  const own = Object.keys(shapes.own);
  const amortised = shapes.own !== shapes.theta;
  const named = (part: EstimatePart): readonly string[] => {
    if (part === "value") return ["value"];
    if (part === "integrand") return Object.keys(shapes.integrand);
    const of = part.slice("distribution ".length);
    return amortised || of === "" ? own : own.filter((name) => name.startsWith(`${of}.`));
  };
  return Object.freeze([...new Set(biased.flatMap(named))]);
}

/** Reserves points, values, weights and scratch; their addresses make the workspace once memory is there. */
function reserveWorkspace(block: Region, family: Distribution, plan: Plan, samples: number, batch: number) {
  const rows = samples * batch;
  const { dim } = family;
  const shared = plan.shared ?? 0;
  const kind = (points: number, more: number) => ({ points, x: block.reserve((points * rows + more) * dim), value: block.reserve(points * rows + more), weight: block.reserve(points * rows + more) });
  const [hard, soft] = [kind(plan.value, shared * batch), kind(plan.gradient, 0)];
  const gradient = block.reserve(plan.gradient * rows * dim);
  const total = block.reserve(rows);
  const scratch = Object.entries(plan.scratch).map(([name, width]) => [name, block.reserve(width * rows)] as const);
  const anchor = plan.anchor && { x: block.reserve(batch * dim), value: block.reserve(batch), gradient: block.reserve(batch * dim), curvature: block.reserve(plan.anchor === "curvature" ? dim * batch * dim : 0) };
  const anchored = (): { readonly anchor?: Anchor } =>
    anchor === undefined ? {} : { anchor: { x: anchor.x.at, value: anchor.value.at, gradient: anchor.gradient.at, curvature: plan.anchor === "curvature" ? anchor.curvature.at : 0 } };
  const placed = ({ points, x, value, weight }: typeof hard): Block => ({ points, x: x.at, value: value.at, weight: weight.at });
  const behind = ({ points, x, value, weight }: Block): Block => {
    const bytes = points * rows * block.bytes;
    return { points: shared, x: x + bytes * dim, value: value + bytes, weight: weight + bytes };
  };
  return (kernels: Kernels, theta: Workspace["theta"], packed: Pointer, call: Layout["call"]): Workspace => ({
    kernels, bytes: block.bytes, samples, batch, rows, dim, theta, packed, total: total.at,
    get params() {
      return call.params;
    },
    ...anchored(),
    hard: placed(hard),
    shared: behind(placed(hard)),
    soft: { ...placed(soft), gradient: gradient.at },
    at: Object.fromEntries(scratch.map(([name, field]) => [name, field.at])),
  });
}

/** direction[j, b] = the unit vector of coordinate j. */
function unitVectors(direction: Field, dim: number, batch: number): void {
  const view = direction.view().fill(0);
  for (let j = 0; j < dim; j++) for (let b = 0; b < batch; b++) view[(j * batch + b) * dim + j] = 1;
}

/** Rows of the points where f's value is wanted: those of all samples, and those that they share. */
export const hardRows = ({ hard, shared, rows, batch }: Workspace): number => hard.points * rows + shared.points * batch;

/** Points of f over all problems: where its value is wanted, and where its gradient is too; a second derivative counts as one of these. */
export function evaluationsOf({ plan, work, batch }: Pick<Layout, "plan" | "work" | "batch">): { readonly value: number; readonly gradient: number } {
  const anchors = plan.anchor === undefined ? 0 : plan.anchor === "slope" ? 1 : 1 + work.dim;
  return { value: hardRows(work), gradient: plan.gradient * work.rows + anchors * batch };
}

function bindNetwork(network: Network, family: Distribution, block: Region, batch: number, context: Contexts): Layout["encoder"] {
  const outputs = Object.fromEntries(Object.entries(family.params).map(([name, shape]) => [name, volume(shape)]));
  return { network: network.bind({ region: block, batch, context: context.request, outputs }), cotangent: block.reserve(batch * sizeOf(family.params)) };
}
