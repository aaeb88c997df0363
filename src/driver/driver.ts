import type { Core, Points, Precision } from "../core/core.ts";
import type { Kernels } from "../core/kernels.ts";
import { type Field, region, type Region } from "../core/region.ts";
import { wrongValue } from "../errors.ts";
import type { Key } from "../key.ts";
import { pack, packTheta } from "../parameters.ts";
import { reserveTheta } from "../sample.ts";
import { type Distribution, type Shapes, sizeOf, volume } from "../vocabulary/distribution.ts";
import type { Block, Bound, Definition, Plan, Workspace } from "../vocabulary/estimator.ts";
import type { Evaluator, Integrand, Lanes, Network, ParametricEvaluator } from "../vocabulary/integrand.ts";
import type { Expectation } from "../vocabulary/objective.ts";
import { contexts } from "./context.ts";
import { type Moments, moments } from "./moments.ts";
import { remembered, type Remembered } from "./state.ts";

export interface Setup {
  readonly core: Core;
  readonly precision: Precision;
  readonly samples: number;
  readonly batch: number;
}

/** One estimator on one objective, laid out in memory. It knows propose and combine, and no estimator by name. */
export interface Driver {
  readonly region: Region;
  readonly samples: number;
  readonly batch: number;
  readonly plan: Plan;
  /** Shapes of θ, of what the user gives for it (ψ where a network does), and of f's own parameters. */
  readonly shapes: { readonly theta: Shapes; readonly own: Shapes; readonly integrand: Shapes };
  readonly moments: Moments;
  /** Gradients of the parameters that all problems share, packed; undefined where there are none. */
  readonly shared: { readonly own: Field | undefined; readonly integrand: Field | undefined };
  /** i32[batch]: in how many estimates a problem saw two different values of f. */
  readonly spread: Field;
  readonly state: Remembered;
  readonly work: Workspace;
  readonly bound: Bound;
  /** Checks and writes parameters and context. */
  write(caller: string, params: unknown, context: Lanes["context"] | undefined): void;
  propose(key: Key): void;
  evaluate(): void;
  /** From values to moments; `before` samples are in them already. */
  combine(caller: string, before: number): void;
  /** Adds noiseless terms and brings the gradient of shared parameters home; `samples` are in the moments. */
  finish(samples: number): void;
}

export type AnyDefinition = Definition<object, object, string>;
type Family = Distribution & { readonly family?: Distribution; readonly network?: Network };

export function driver(objective: Expectation<object, object>, definition: AnyDefinition, { core, precision, samples: wanted, batch }: Setup): Driver {
  const p = objective.distribution as Family;
  const family = p.family ?? p;
  const integrand = objective.integrand as Integrand & { readonly params?: Shapes };
  const plan = definition.plan(family, wanted);
  const samples = plan.exact ? 1 : wanted;
  if (samples < (plan.least ?? 1) && !plan.exact) throw wrongValue("gradient", "samples", `at least ${plan.least}, as ${definition.name} needs`, samples);
  const rows = samples * batch;
  const block = region(core, precision);
  const context = contexts(block, batch, precision);
  const state = remembered(block, definition.name);
  const size = sizeOf(family.params);

  const theta = reserveTheta(block, family, batch);
  const points = (count: number) => ({ points: count, x: block.reserve(count * rows * family.dim), value: block.reserve(count * rows), weight: block.reserve(count * rows) });
  const hard = points(plan.value);
  const soft = points(plan.gradient);
  const slope = block.reserve(plan.gradient * rows * family.dim);
  const total = block.reserve(rows);
  const scratch = Object.entries(plan.scratch).map(([name, width]) => [name, block.reserve(width * rows)] as const);
  const spread = block.reserve(Math.ceil(batch / 2)); // i32 in the room of numbers, at least
  const sums = moments(block, family.params, samples, batch);

  const site = { region: block, dim: family.dim, batch, rows: Math.max(plan.value, plan.gradient) * rows, context: context.request };
  const f = integrand.bind(site);
  const control = definition.auxiliary?.bind(site);
  const bound = definition.bind(family, {
    region: block, distribution: family, samples, batch, amortised: p.network !== undefined, context: context.request, remember: state.remember,
  });
  const widths = Object.fromEntries(Object.entries(family.params).map(([name, shape]) => [name, volume(shape)]));
  const encoder = p.network?.bind({ region: block, batch, context: context.request, outputs: widths });
  const cotangent = block.reserve(encoder === undefined ? 0 : batch * size);
  const own = p.network && block.reserve(sizeOf(p.network.params));
  const phi = sizeOf(integrand.params ?? {}) === 0 ? undefined : block.reserve(sizeOf(integrand.params!));
  const exact = objective.exact.map(({ sign, term }) => ({ sign, term: term.bind(family, { region: block, batch, caller: "expectation" }) }));

  block.allocate("gradient");
  const kernels: Kernels = block.core.kernels[precision];
  let lanes: Lanes = { batch, context: {} };
  let params: Readonly<Record<string, Points>> = {};
  const at = (b: typeof hard): Block => ({ points: b.points, x: b.x.at, value: b.value.at, weight: b.weight.at });
  const work: Workspace = {
    kernels, bytes: block.bytes, samples, batch, rows, dim: family.dim, total: total.at,
    theta: { batch, tile: theta.theta.tile, at: theta.prepared.at },
    get params() {
      return params;
    },
    hard: at(hard),
    soft: { ...at(soft), gradient: slope.at },
    at: Object.fromEntries(scratch.map(([name, field]) => [name, field.at])),
  };
  for (const { term } of exact) term.begin(kernels);
  bound.begin?.();

  return {
    region: block, samples, batch, plan, moments: sums, spread, state, work, bound,
    shapes: { theta: family.params, own: p.params, integrand: integrand.params ?? {} },
    shared: { own, integrand: phi },
    write(caller, given, arrays) {
      context.write(caller, arrays);
      if (phi !== undefined) pack(caller, "params", given, integrand.params!, 1, precision, (f as ParametricEvaluator).params);
      if (encoder === undefined) packTheta(caller, family, given, batch, precision, theta.params);
      else {
        pack(caller, "params", given, p.params, 1, precision, encoder.params);
        encoder.forward(theta.params.at);
        admitted(caller, family, theta.params, batch);
      }
      lanes = { batch, context: arrays ?? {} };
      params = given as Readonly<Record<string, Points>>;
      family.prepare(kernels, theta.params.at, theta.theta);
    },
    propose: (key) => bound.propose(work, (site) => ({ key, site, chunk: 0 })),
    evaluate() {
      if (plan.value > 0) f.evaluate(plan.value * rows, hard.x.at, hard.value.at, lanes);
      if (plan.gradient > 0) (f as Required<Evaluator> as ParametricEvaluator).differentiate(plan.gradient * rows, soft.x.at, soft.value.at, slope.at, lanes);
      if (control !== undefined) control.evaluate(plan.value * rows, hard.x.at, work.at["auxiliary"]!, lanes);
    },
    combine(caller, before) {
      const finite = (what: string, field: { at: number; length: number }, width: number): void => notFinite(caller, what, kernels, field, width, block);
      finite("f", hard.value, 1);
      finite("f", soft.value, 1);
      finite("the gradient of f", slope, family.dim);
      if (control !== undefined) finite("the control variate", { at: work.at["auxiliary"]!, length: rows }, 1);
      bound.combine(work);
      if (before === 0) new Int32Array(block.core.heap.buffer(), spread.at, batch).fill(0);
      if (plan.value + plan.gradient > 0) kernels.statisticsSpread((plan.value || plan.gradient) * samples, batch, plan.value > 0 ? hard.value.at : soft.value.at, spread.at);
      sums.accumulate(bound, work, before);
      if (phi !== undefined) {
        if (before === 0) phi.view().fill(0);
        const g = f as ParametricEvaluator;
        if (plan.value > 0) g.pullback(plan.value * rows, hard.x.at, hard.weight.at, phi.at, lanes);
        if (plan.gradient > 0) g.pullback(plan.gradient * rows, soft.x.at, soft.weight.at, phi.at, lanes);
      }
    },
    finish(count) {
      for (const { sign, term } of exact) term.add(kernels, work.theta, sign, sums.totalMean.at, sums.mean.at);
      if (phi !== undefined) kernels.arrayScale(phi.length, 1 / count, phi.at);
      if (encoder === undefined || own === undefined) return;
      own.view().fill(0);
      cotangent.view().set(sums.mean.view() as Float64Array);
      encoder.pullback(cotangent.at, own.at);
    },
  };
}

function notFinite(caller: string, what: string, kernels: Kernels, field: { at: number; length: number }, width: number, block: Region): void {
  const found = kernels.statisticsFirstNotFinite(field.length, field.at);
  if (found < 0) return;
  const value = block.core.view(block.precision, field.at, field.length)[found];
  throw new RangeError(`${caller}: ${what} returned ${value} for point ${Math.floor(found / width)} of ${field.length / width}. Write a finite number for every point.`);
}

/** A network's output is checked as a user's parameters are. */
function admitted(caller: string, family: Distribution, theta: Field, batch: number): void {
  const packed = theta.view();
  let at = 0;
  for (const [name, shape] of Object.entries(family.params)) {
    const { admits, expected } = family.domains[name]!;
    for (let i = 0; i < batch * volume(shape); i++) {
      const value = packed[at + i]!;
      if (!admits(value)) throw wrongValue(caller, `the network's ${name}[${i}]`, expected, value, "Its parameters may have diverged.");
    }
    at += batch * volume(shape);
  }
}
