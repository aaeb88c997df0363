import { glorot } from "../baselines/glorot.ts";
import type { Points } from "../core/core.ts";
import type { Region } from "../core/region.ts";
import { integer, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import { key, type Key, keyed } from "../key.ts";
import { adam } from "../optimizers/adam.ts";
import { expression, type Node } from "../tape/index.ts";
import { eachPart, type Shapes, sizeOf } from "../vocabulary/distribution.ts";
import type { Site } from "../vocabulary/estimator.ts";
import type { TwiceDifferentiable } from "../vocabulary/integrand.ts";
import type { BoundPart } from "./controls.ts";

/** A control variate c(z; φ) and the values its parameters begin with. */
export interface LearnedControl {
  /** c for a z of this width; a latent may be infinite, a draw is not. */
  readonly formula: (width: number, of: "latent" | "draw") => TwiceDifferentiable;
  /** φ, packed by name. */
  readonly initial: (params: Shapes, region: Region) => Points | readonly number[];
}

export interface NetworkControlOptions {
  /** Widths of the hidden layers (tanh); [16] unless given. */
  readonly hidden?: readonly number[];
  /** Where the first weights come from; key(0) unless given. */
  readonly key?: Key;
}

/**
 * c by a formula with parameters of its own, and the values these begin with.
 *
 * @param control  `expression((z, { W, b }) => …, { W: [3, 8], b: [8] })`: one number from the latent (LAX: the draw), and from context
 * @param initial  an array for each parameter; all 0 is a saddle for most networks
 * @throws {TypeError | RangeError} if `control` is no expression, or an array is missing or of another length
 */
export function learnedControl<P extends Shapes>(control: TwiceDifferentiable<P>, initial: { readonly [N in keyof P]: ArrayLike<number> }): LearnedControl {
  if ((control as Partial<TwiceDifferentiable> | undefined)?.twice !== true) throw wrongKind("learnedControl", "control", "an expression", control, "c is differentiated twice: write it as expression(formula, params).");
  const packed: number[] = [];
  eachPart(control.params, 1, (name, _, length) => {
    const given: unknown = (initial as Readonly<Record<string, unknown>> | undefined)?.[name];
    if (typeof given !== "object" || given === null || typeof (given as ArrayLike<number>).length !== "number") throw wrongKind("learnedControl", `initial.${name}`, `${length} numbers`, given);
    const own = Array.from(given as ArrayLike<number>);
    if (own.length !== length) throw wrongValue("learnedControl", `initial.${name}`, `${length} numbers`, String(own.length));
    const bad = own.findIndex((x) => !Number.isFinite(x));
    if (bad >= 0) throw wrongValue("learnedControl", `initial.${name}[${bad}]`, "a finite number", own[bad]);
    packed.push(...own);
  });
  return { formula: () => control, initial: () => packed };
}

/**
 * c by a small network, which begins as 0: hidden layers of tanh beside a linear term, of tanh(z / 2) for a latent (it may be infinite),
 * of x itself for the draw of LAX.
 *
 * @throws {TypeError | RangeError} if `hidden` is not a list of widths >= 1
 */
export function networkControl(options: NetworkControlOptions = {}): LearnedControl {
  onlyOptions("networkControl", options, ["hidden", "key"]);
  const { hidden = [16] } = options;
  if (!Array.isArray(hidden) || hidden.length === 0) throw wrongKind("networkControl", "hidden", "an array of widths", hidden);
  hidden.forEach((width, i) => integer("networkControl", `hidden[${i}]`, width));
  const start = options.key === undefined ? key(0) : keyed("networkControl", options.key);
  const known = new Map<string, TwiceDifferentiable>();
  return {
    formula(width, of) {
      const kind = `${width} ${of}`;
      let found = known.get(kind);
      if (found === undefined) known.set(kind, (found = layers(width, hidden, of)));
      return found;
    },
    initial: (params, region) => glorot(params, start, region, (name) => name.startsWith("output")),
  };
}

function layers(width: number, hidden: readonly number[], of: "latent" | "draw"): TwiceDifferentiable {
  const params: Record<string, readonly number[]> = {};
  const widths = [width, ...hidden];
  hidden.forEach((out, i) => {
    params[`weights ${i}`] = [widths[i]!, out];
    params[`bias ${i}`] = [out];
  });
  params["output"] = [widths.at(-1)!, 1];
  params["output, linear"] = [width, 1];
  params["output, bias"] = [1];
  return expression((z: Node, names: Readonly<Record<string, Node>>) => {
    const seen = of === "latent" ? z.mul(0.5).tanh() : z;
    const layer = hidden.reduce((below, _, i) => below.matmul(names[`weights ${i}`]!).add(names[`bias ${i}`]!).tanh(), seen);
    return layer.matmul(names["output"]!).add(seen.matmul(names["output, linear"]!)).add(names["output, bias"]!);
  }, params);
}

/** c at work on `points` latents of width `width`: its parameters are what `state` keeps, with Adam's moments. */
export function bindSurrogate(control: LearnedControl, of: "latent" | "draw", rate: number, { region, batch, context, remember }: Site, points: number, width: number): BoundPart {
  const formula = control.formula(width, of);
  const length = sizeOf(formula.params);
  const evaluator = formula.bind({ region, dim: width, batch, rows: points, context, second: "pullbackSlope" });
  const parameters = remember("control.parameters", length);
  const optimizer = adam({ rate }).bind(region, length, (name, size, precision) => remember(`control.${name}`, size, precision));
  const [value, slope, descent] = [region.reserve(points), region.reserve(points * width), region.reserve(length)];
  const lanes = { batch, context: {} };
  return {
    begin() {
      const first = control.initial(formula.params, region); // may grow the memory: the view comes after
      parameters.view().set(first);
    },
    add({ kernels }, z, values, slopes) {
      evaluator.params.view().set(parameters.view() as Float64Array);
      evaluator.differentiate(points, z, value.at, slope.at, lanes);
      kernels.arrayAdd(points, value.at, values);
      kernels.arrayAdd(points * width, slope.at, slopes);
    },
    learn({ kernels }, z, weight, direction) {
      descent.view().fill(0);
      evaluator.pullbackSlope(points, z, weight, direction, descent.at, lanes);
      if (kernels.statisticsFirstNotFinite(length, descent.at) < 0) optimizer.step(kernels, -1, descent.at, parameters.at);
    },
  };
}
