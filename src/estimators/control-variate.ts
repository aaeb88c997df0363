import type { Points } from "../core/core.ts";
import type { Pointer } from "../core/kernels.ts";
import { has, wrongKind, wrongValue } from "../errors.ts";
import { numbers } from "../parameters.ts";
import type { BoundBaseline } from "../vocabulary/baseline.ts";
import { type Distribution, type Shapes, type Values, volume } from "../vocabulary/distribution.ts";
import type { Rows, Site, Workspace } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";

/** A function h whose mean under p(θ) is known with its gradient. */
export interface ControlVariate<S extends Shapes = Shapes> {
  /** h, evaluated at the points of f: `batched(h)`. */
  readonly control: Integrand;
  /** E[h] of each problem, `[batch]`, and ∂E[h]/∂θ by parameter, `[batch, …shape]`, in the precision of the parameters. */
  readonly mean: (params: Values<S>) => { readonly value: Points; readonly gradient: Values<S> };
}

export interface BoundControl {
  /** Takes slope · (h − its mean) out of the coefficient and the total. */
  readonly apply: (work: Workspace, control: Pointer, coefficient: Pointer) => void;
  /** Gives slope · ∂E[h]/∂θ back to the terms. */
  readonly giveBack: (work: Workspace, rows: Rows, terms: Pointer) => void;
}

/** Refuses what is no control variate, where it is named. */
export function checkControl(variate: ControlVariate): void {
  if (!has("bind", variate?.control)) throw wrongKind("scoreFunction", "controlVariate.control", "batched(h)", variate?.control);
  if (typeof variate.mean !== "function") throw wrongKind("scoreFunction", "controlVariate.mean", "a function of the parameters", variate.mean);
}

/** A control variate whose slope is estimated for each sample from all the others, and so costs no bias. */
export function bindControl(variate: ControlVariate, size: number, p: Distribution, site: Site, baseline: BoundBaseline): BoundControl {
  const { region, samples, batch } = site;
  const mean = region.reserve(batch);
  const gradient = region.reserve(batch * size);
  const moments = region.reserve(4 * batch);
  const centre = region.reserve(samples * batch);
  const slope = region.reserve(samples * batch);
  const known = (params: Readonly<Record<string, Points>>): void => {
    const given = variate.mean(params);
    const value = numbers("estimate", "controlVariate.mean().value", given?.value, region.precision, batch);
    if (!value.every(Number.isFinite)) throw wrongValue("estimate", "controlVariate.mean().value", "finite numbers", "NaN or Infinity");
    mean.view().set(value as Float64Array);
    let at = 0;
    for (const [name, shape] of Object.entries(p.params)) {
      const part = numbers("estimate", `controlVariate.mean().gradient.${name}`, given.gradient?.[name], region.precision, batch * volume(shape));
      if (!part.every(Number.isFinite)) throw wrongValue("estimate", `controlVariate.mean().gradient.${name}`, "finite numbers", "NaN or Infinity");
      gradient.view().set(part as Float64Array, at);
      at += part.length;
    }
  };
  return {
    apply: (work, control, coefficient) => {
      const { kernels, hard, total } = work;
      known(work.params);
      // Where the baseline compares f with the other samples, h is compared with its other samples too.
      if (baseline.fromOthers) baseline.predict(work, control, centre.at);
      else kernels.controlVariateSpreadOut(samples, batch, mean.at, centre.at);
      kernels.controlVariateApply(samples, batch, hard.value, control, centre.at, mean.at, moments.at, coefficient, slope.at, total);
    },
    giveBack: ({ kernels, bytes }, { first, rows }, terms) => {
      let known = gradient.at;
      for (const shape of Object.values(p.params)) {
        const width = volume(shape);
        kernels.controlVariateGiveBack(rows / batch, batch, width, slope.at + first * bytes, known, terms);
        known += batch * width * bytes;
        terms += rows * width * bytes;
      }
    },
  };
}
