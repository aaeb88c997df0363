import type { Points } from "../core/core.ts";
import type { Pointer } from "../core/kernels.ts";
import { onlyNames } from "../errors.ts";
import type { Key } from "../key.ts";
import { checkTheta, pack, packTheta } from "../parameters.ts";
import { eachPart, type Shapes } from "../vocabulary/distribution.ts";
import type { DifferentiableEvaluator, Lanes, ParametricEvaluator, TwiceEvaluator } from "../vocabulary/integrand.ts";
import { type AnyDefinition, type AnyObjective, hardRows, type Layout, layOut, type Setup } from "./layout.ts";

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
  /** Totals and terms of all samples into the moments. */
  accumulate(): void;
  /** Adds noiseless terms and brings the gradient of shared parameters home. */
  finish(): void;
  /** Refuses a result that is not finite: it would poison what learns from it. */
  check(caller: string): void;
}

export function driver(objective: AnyObjective, definition: AnyDefinition, setup: Setup): Driver {
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
      onlyNames(caller, "params", params, Object.keys(shapes.own).concat(Object.keys(shapes.integrand)));
      layout.context.write(caller, context);
      if (shared.integrand !== undefined) pack(caller, "params", params, shapes.integrand, 1, region.precision, f.params);
      if (encoder === undefined) packTheta(caller, family, params, batch, region.precision, theta.params);
      else {
        pack(caller, "params", params, shapes.own, 1, region.precision, encoder.network.params);
        encoder.network.forward(theta.params.at);
        checkTheta(caller, "the network's ", family, theta.params, batch, "Its parameters may have diverged.");
      }
      lanes = { batch, context: context ?? {} };
      layout.call.params = params as Readonly<Record<string, Points>>;
      family.prepare(kernels, theta.params.at, theta.theta);
    },
    propose: (key) => bound.propose(work, (site) => ({ key, site, chunk: 0 })),
    evaluate() {
      if (hardRows(work) > 0) f.evaluate(hardRows(work), work.hard.x, work.hard.value, lanes);
      if (plan.gradient > 0) (f as DifferentiableEvaluator).differentiate(plan.gradient * work.rows, work.soft.x, work.soft.value, work.soft.gradient, lanes);
      if (work.anchor !== undefined) anchor(layout, f as unknown as TwiceEvaluator, lanes);
    },
    combine(caller) {
      layout.auxiliary.forEach((h, k) => h.evaluate(plan.value * work.rows, work.hard.x, work.at["auxiliary"]! + k * plan.value * work.rows * work.bytes, lanes));
      checkFinite(caller, layout);
      bound.combine(work);
    },
    objective() {
      moments.totals(work);
      noiseless();
    },
    accumulate() {
      new Int32Array(region.core.heap.buffer(), spread.at, batch).fill(0);
      const [values, count] = hardRows(work) > 0 ? [work.hard.value, hardRows(work)] : [work.soft.value, plan.gradient * work.rows];
      kernels.statisticsSpread(count / batch, batch, values, spread.at);
      moments.totals(work);
      moments.accumulate(bound, work);
      if (shared.integrand === undefined) return;
      shared.integrand.view().fill(0);
      for (const [count, { x, weight }] of [[hardRows(work), work.hard], [plan.gradient * work.rows, work.soft]] as const) {
        if (count > 0) f.pullback(count, x, weight, shared.integrand.at, lanes);
      }
    },
    finish() {
      noiseless();
      if (shared.integrand !== undefined) kernels.arrayScale(shared.integrand.length, 1 / samples, shared.integrand.at);
      if (encoder === undefined || shared.own === undefined) return;
      shared.own.view().fill(0);
      encoder.cotangent.view().set(moments.mean.view() as Float64Array);
      encoder.network.pullback(encoder.cotangent.at, shared.own.at);
    },
    check(caller) {
      checkResult(caller, layout);
    },
  };
}

/** f once a problem: its value and gradient, and its curvature along every unit vector. */
function anchor({ work, curved, kernels, batch }: Layout, f: TwiceEvaluator, lanes: Lanes): void {
  const { x, value, gradient, curvature } = work.anchor!;
  const { dim, bytes } = work;
  f.differentiate(batch, x, value, gradient, lanes);
  if (curved === undefined) return;
  for (let j = 0; j < dim; j++) kernels.arrayCopy(batch * dim, x, curved.x.at + j * batch * dim * bytes);
  f.curve(dim * batch, curved.x.at, curved.direction.at, curvature);
}

function checkResult(caller: string, { moments, shapes, shared, kernels, batch, plan }: Layout): void {
  const check = (what: string, at: Pointer, length: number): void => {
    const found = kernels.statisticsFirstNotFinite(length, at);
    if (found >= 0) throw new RangeError(`${caller}: ${what}[${found}] is not finite. The values of f, a noiseless term or their derivatives are too large for this precision.`);
  };
  const parts = (of: Shapes, problems: number, { at: base, bytes }: { at: Pointer; bytes: number }, what: string): void =>
    eachPart(of, problems, (name, at, length) => check(`${what} ${name}`, base + at * bytes, length));
  const { bytes } = moments;
  if (!plan.valueless) check("the value", moments.totalMean.at, batch);
  parts(shapes.theta, batch, { at: moments.mean.at, bytes }, "the gradient with respect to");
  parts(shapes.theta, batch, { at: moments.squares.at, bytes }, "the spread of the gradient with respect to");
  if (shared.own !== undefined) parts(shapes.own, 1, { at: shared.own.at, bytes }, "the gradient with respect to");
  if (shared.integrand !== undefined) parts(shapes.integrand, 1, { at: shared.integrand.at, bytes }, "the gradient with respect to");
}

/** Refuses values that are not finite, before anything learns from them. */
function checkFinite(caller: string, { plan, kernels, region, work, auxiliary, batch }: Layout): void {
  const check = (what: string, at: Pointer, length: number, width: number): void => {
    const found = kernels.statisticsFirstNotFinite(length, at);
    if (found < 0) return;
    const value = region.core.view(region.precision, at, length)[found];
    throw new RangeError(`${caller}: ${what} returned ${value} for point ${Math.floor(found / width)} of ${length / width}. Write a finite number for every point.`);
  };
  const { hard, soft, rows, dim } = work;
  check("f", hard.value, hardRows(work), 1);
  check("f", soft.value, plan.gradient * rows, 1);
  check("the gradient of f", soft.gradient, plan.gradient * rows * dim, dim);
  for (const k of auxiliary.keys()) check("the control variate", work.at["auxiliary"]! + k * plan.value * rows * work.bytes, plan.value * rows, 1);
  if (work.anchor === undefined) return;
  check("f, at the mean,", work.anchor.value, batch, 1);
  check("the gradient of f, at the mean,", work.anchor.gradient, batch * dim, dim);
  if (work.anchor.curvature !== 0) check("the curvature of f, at the mean,", work.anchor.curvature, dim * batch * dim, dim);
}
