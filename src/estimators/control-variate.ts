import type { Points } from "../core/core.ts";
import type { Pointer } from "../core/kernels.ts";
import type { Field } from "../core/region.ts";
import { has, wrongKind, wrongValue } from "../errors.ts";
import { numbers } from "../parameters.ts";
import type { BoundBaseline } from "../vocabulary/baseline.ts";
import { type Distribution, eachPart, type Shapes, sizeOf, type Values } from "../vocabulary/distribution.ts";
import type { Rows, Site, Workspace } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import { type BoundTaylor, type DeltaMethod, isDeltaMethod } from "./taylor.ts";

/** A function h whose mean under p(θ) is known with its gradient. */
export interface ControlVariate<S extends Shapes = Shapes> {
  /** h, evaluated at the points of f: `batched(h)`. */
  readonly control: Integrand;
  /** E[h] of each problem, `[batch]`, and ∂E[h]/∂θ by parameter, `[batch, …shape]`, in the precision of the parameters. */
  readonly mean: (params: Values<S>) => { readonly value: Points; readonly gradient: Values<S> };
}

/** Control variates side by side: those given by the user, and at most one that is f's own expansion, the last. */
export interface Controls {
  readonly given: readonly ControlVariate[];
  readonly delta: DeltaMethod | undefined;
  readonly count: number;
}

export interface BoundControls {
  /** Takes Σ slope · (h − its mean) out of the coefficient and the total. `control` holds the values of the given ones, one after the other. */
  readonly apply: (work: Workspace, control: Pointer, coefficient: Pointer) => void;
  /** The values and the slopes of each, `[samples, batch]`, once they are applied. */
  readonly each: (control: Pointer, use: (values: Pointer, slope: Pointer) => void) => void;
  /** Gives Σ slope · ∂E[h]/∂θ back to the terms. */
  readonly giveBack: (work: Workspace, rows: Rows, terms: Pointer) => void;
}

/** Refuses what is no control variate, where it is named. */
export function controlsOf(option: ControlVariate | DeltaMethod | readonly (ControlVariate | DeltaMethod)[] | undefined): Controls {
  const all = option === undefined ? [] : Array.isArray(option) ? (option as readonly (ControlVariate | DeltaMethod)[]) : [option as ControlVariate | DeltaMethod];
  const given = all.filter((one): one is ControlVariate => !isDeltaMethod(one));
  if (all.length - given.length > 1) throw wrongValue("scoreFunction", "controlVariate", "deltaMethod() once", "twice");
  for (const [i, variate] of given.entries()) {
    const name = Array.isArray(option) ? `controlVariate[${all.indexOf(variate, i)}]` : "controlVariate";
    if (!has("bind", variate?.control)) throw wrongKind("scoreFunction", `${name}.control`, "batched(h)", variate?.control);
    if (typeof variate.mean !== "function") throw wrongKind("scoreFunction", `${name}.mean`, "a function of the parameters", variate.mean);
  }
  return { given, delta: all.find(isDeltaMethod), count: all.length };
}

/** Control variates whose slopes are estimated for each sample from all the others, and so cost no bias. */
export function bindControls({ given, count }: Controls, taylor: BoundTaylor | undefined, p: Distribution, site: Site, baseline: BoundBaseline | undefined): BoundControls {
  const { region, samples, batch } = site;
  const rows = samples * batch;
  const size = sizeOf(p.params);
  const means = given.map((variate, i) => known(variate, given.length > 1 ? `controlVariate[${i}]` : "controlVariate", p, site));
  const mean = region.reserve(count * batch);
  const gradient = region.reserve(count * batch * size);
  const centre = region.reserve(count * rows);
  const slope = region.reserve(count * rows);
  const scratch = region.reserve(2 * count * count + 4 * count, "f64");
  const { bytes } = region;
  return {
    apply(work, control, coefficient) {
      const { kernels, hard, total } = work;
      means.forEach((write, k) => write(work.params, mean, k * batch, gradient, k * batch * size));
      const last = given.length;
      if (taylor !== undefined) {
        taylor.values(work, control + last * rows * bytes);
        taylor.mean(work, mean.at + last * batch * bytes, gradient.at + last * batch * size * bytes);
      }
      for (let k = 0; k < count; k++) {
        // Where the baseline compares f with the other samples, h is compared with its other samples too.
        if (baseline?.fromOthers) baseline.predict(work, control + k * rows * bytes, centre.at + k * rows * bytes);
        else kernels.controlVariateSpreadOut(samples, batch, mean.at + k * batch * bytes, centre.at + k * rows * bytes);
      }
      kernels.controlVariateApply(count, samples, batch, hard.value, control, centre.at, mean.at, scratch.at, coefficient, slope.at, total);
    },
    each(control, use) {
      for (let k = 0; k < count; k++) use(control + k * rows * bytes, slope.at + k * rows * bytes);
    },
    giveBack({ kernels }, { first, rows: some }, terms) {
      for (let k = 0; k < count; k++) {
        eachPart(p.params, 1, (_, at, width) => {
          const own = gradient.at + (k * size + at) * batch * bytes;
          kernels.controlVariateGiveBack(some / batch, batch, width, slope.at + (k * rows + first) * bytes, own, terms + at * some * bytes);
        });
      }
    },
  };
}

type WriteKnown = (params: Readonly<Record<string, Points>>, mean: Field, atMean: number, gradient: Field, atGradient: number) => void;

/** Asks for E[h] and its gradient, and checks them. */
function known({ mean: ask }: ControlVariate, name: string, p: Distribution, { region, batch }: Site): WriteKnown {
  const checked = (what: string, array: unknown, length: number): Float64Array => {
    const found = numbers("estimate", `${name}.mean().${what}`, array, region.precision, length);
    if (!found.every(Number.isFinite)) throw wrongValue("estimate", `${name}.mean().${what}`, "finite numbers", "NaN or Infinity");
    return found as Float64Array;
  };
  return (params, mean, atMean, gradient, atGradient) => {
    const given = ask(params);
    mean.view().set(checked("value", given?.value, batch), atMean);
    eachPart(p.params, batch, (part, at, length) => gradient.view().set(checked(`gradient.${part}`, given.gradient?.[part], length), atGradient + at));
  };
}
