import type { Points } from "../core/core.ts";
import type { Pointer } from "../core/kernels.ts";
import type { Field } from "../core/region.ts";
import { wrongValue } from "../errors.ts";
import type { Key } from "../key.ts";
import { pack, packTheta } from "../parameters.ts";
import { type Distribution, volume } from "../vocabulary/distribution.ts";
import type { DifferentiableEvaluator, Lanes, ParametricEvaluator } from "../vocabulary/integrand.ts";
import type { Expectation } from "../vocabulary/objective.ts";
import { type AnyDefinition, type Layout, layOut, type Setup } from "./layout.ts";

/** One estimator on one objective, step by step. It knows propose and combine, and no estimator by name. */
export interface Driver extends Layout {
  /** Checks and writes parameters and context. */
  write(caller: string, params: unknown, context: Lanes["context"] | undefined): void;
  propose(key: Key): void;
  /** f at the points proposed. */
  evaluate(): void;
  /** From values to each sample's total, weight and coefficients. */
  combine(caller: string): void;
  /** The totals of all samples, and the noiseless terms, into the objective: without a gradient. */
  objective(): void;
  /** Totals and terms of all samples into the moments; `before` samples are in them already. */
  accumulate(before: number): void;
  /** Adds noiseless terms and brings the gradient of shared parameters home; `count` samples are in the moments. */
  finish(count: number): void;
}

export function driver(objective: Expectation<object, object>, definition: AnyDefinition, setup: Setup): Driver {
  const layout = layOut(objective, definition, setup);
  const { region, kernels, plan, family, shapes, theta, moments, bound, encoder, exact, shared, spread, work, batch, samples } = layout;
  const f = layout.f as ParametricEvaluator;
  let lanes: Lanes = { batch, context: {} };

  const noiseless = (): void => {
    for (const { sign, term } of exact) term.add(kernels, work.theta, sign, moments.totalMean.at, moments.mean.at);
  };
  return {
    ...layout,
    write(caller, params, context) {
      layout.context.write(caller, context);
      if (shared.integrand !== undefined) pack(caller, "params", params, shapes.integrand, 1, region.precision, f.params);
      if (encoder === undefined) packTheta(caller, family, params, batch, region.precision, theta.params);
      else {
        pack(caller, "params", params, shapes.own, 1, region.precision, encoder.network.params);
        encoder.network.forward(theta.params.at);
        admitted(caller, family, theta.params, batch);
      }
      lanes = { batch, context: context ?? {} };
      layout.call.params = params as Readonly<Record<string, Points>>;
      family.prepare(kernels, theta.params.at, theta.theta);
    },
    propose: (key) => bound.propose(work, (site) => ({ key, site, chunk: 0 })),
    evaluate() {
      if (plan.value > 0) f.evaluate(plan.value * work.rows, work.hard.x, work.hard.value, lanes);
      if (plan.gradient > 0) (f as DifferentiableEvaluator).differentiate(plan.gradient * work.rows, work.soft.x, work.soft.value, work.soft.gradient, lanes);
      layout.auxiliary?.evaluate(plan.value * work.rows, work.hard.x, work.at["auxiliary"]!, lanes);
    },
    combine(caller) {
      checkFinite(caller, layout);
      bound.combine(work);
    },
    objective() {
      moments.totals(work, 0);
      noiseless();
    },
    accumulate(before) {
      if (before === 0) new Int32Array(region.core.heap.buffer(), spread.at, batch).fill(0);
      const block = plan.value > 0 ? work.hard : work.soft;
      kernels.statisticsSpread(block.points * samples, batch, block.value, spread.at);
      moments.totals(work, before);
      moments.accumulate(bound, work, before);
      if (shared.integrand === undefined) return;
      if (before === 0) shared.integrand.view().fill(0);
      for (const { points, x, weight } of [work.hard, work.soft]) {
        if (points > 0) f.pullback(points * work.rows, x, weight, shared.integrand.at, lanes);
      }
    },
    finish(count) {
      noiseless();
      if (shared.integrand !== undefined) kernels.arrayScale(shared.integrand.length, 1 / count, shared.integrand.at);
      if (encoder === undefined || shared.own === undefined) return;
      shared.own.view().fill(0);
      encoder.cotangent.view().set(moments.mean.view() as Float64Array);
      encoder.network.pullback(encoder.cotangent.at, shared.own.at);
    },
  };
}

/** Refuses values that are not finite, before anything learns from them. */
function checkFinite(caller: string, { plan, kernels, region, work }: Layout): void {
  const check = (what: string, at: Pointer, length: number, width: number): void => {
    const found = kernels.statisticsFirstNotFinite(length, at);
    if (found < 0) return;
    const value = region.core.view(region.precision, at, length)[found];
    throw new RangeError(`${caller}: ${what} returned ${value} for point ${Math.floor(found / width)} of ${length / width}. Write a finite number for every point.`);
  };
  const { hard, soft, rows, dim } = work;
  check("f", hard.value, plan.value * rows, 1);
  check("f", soft.value, plan.gradient * rows, 1);
  check("the gradient of f", soft.gradient, plan.gradient * rows * dim, dim);
  if (plan.scratch["auxiliary"]) check("the control variate", work.at["auxiliary"]!, plan.value * rows, 1);
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
