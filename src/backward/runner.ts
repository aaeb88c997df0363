import type { Core, Precision } from "../core/core.ts";
import type { Field, Region } from "../core/region.ts";
import { region } from "../core/region.ts";
import { type Contexts, contexts } from "../driver/context.ts";
import { type Remembered, remembered } from "../driver/state.ts";
import { wrongValue } from "../errors.ts";
import type { Key } from "../key.ts";
import { pack } from "../parameters.ts";
import { wholeChunks } from "../programs/machine.ts";
import { KEY } from "../tape/lanes.ts";
import { type Linked, link } from "../tape/link.ts";
import type { Widths } from "../tape/trace.ts";
import type { BoundBaseline } from "../vocabulary/baseline.ts";
import { type Distribution, sizeOf } from "../vocabulary/distribution.ts";
import type { Lanes } from "../vocabulary/integrand.ts";
import type { Site, Workspace } from "../vocabulary/estimator.ts";
import { programs } from "../wasm/modules.ts";
import { baselineOf, costOf, gradientOf, type Plan, SHARED, sizeOfShared } from "./plan.ts";

export interface Setup {
  readonly caller: string;
  readonly core: Core;
  readonly precision: Precision;
  readonly samples: number;
  readonly batch: number;
  readonly context: Widths;
}

/** Means and squared deviations over the samples, of each problem: `[batch, width]`. */
interface Moments {
  readonly mean: Field;
  readonly squares: Field;
}

/** A plan in memory. A row is one sample of one problem; its lane has draws of its own. */
export class Runner {
  readonly plan: Plan;
  readonly setup: Setup;
  readonly state: Remembered;
  readonly region: Region;
  readonly value: Moments;
  readonly gradients: Readonly<Record<string, Moments>>;
  /** Gradients of parameters without lanes, one after the other, summed over the rows. */
  readonly shared: Field;
  readonly #rows: number;
  readonly #params: Field;
  readonly #contexts: Contexts;
  readonly #fields: Readonly<Record<string, Field>>;
  readonly #words: Field;
  readonly #costs: Linked;
  readonly #gradients: Linked;
  readonly #baselines: readonly BoundBaseline[];

  constructor(plan: Plan, setup: Setup) {
    const { caller, core, precision, samples, batch, context } = setup;
    const least = Math.max(1, ...plan.baselines.map((baseline) => baseline.least));
    if (samples < least) throw wrongValue(caller, "samples", `at least ${least}, as leave-one-out needs`, samples);
    [this.plan, this.setup, this.#rows] = [plan, setup, samples * batch];
    const block = (this.region = region(core, precision));
    this.#params = block.reserve(sizeOf(plan.shapes));
    this.#contexts = contexts(block, batch, precision);
    this.state = remembered(block, "program");
    const arrays = Object.fromEntries(Object.entries(context).map(([name, width]) => [name, this.#contexts.request(name, width)]));
    block.need([programs]);
    [this.#costs, this.#gradients] = link([plan.costs, plan.gradients], { region: block, params: this.#params, context: arrays }, this.#rows, wholeChunks, "tracedRun") as [Linked, Linked];
    this.#fields = Object.fromEntries(Object.entries(arraysOf(plan)).map(([name, width]) => [name, block.reserve(this.#rows * width)]));
    this.shared = block.reserve(sizeOfShared(plan));
    this.#words = block.reserve(3, "f32");
    const moments = (width: number): Moments => ({ mean: block.reserve(batch * width), squares: block.reserve(batch * width) });
    this.value = moments(1);
    this.gradients = Object.fromEntries(Object.entries(plan.own).map(([name, width]) => [name, moments(width)]));
    this.#baselines = plan.baselines.map((baseline, i) => baseline.bind(this.#site(i)));
    block.allocate(caller);
    for (const baseline of this.#baselines) baseline.begin?.();
  }

  /** A baseline is told of a site of its own for each draw. */
  #site(i: number): Site {
    const { samples, batch } = this.setup;
    const remember: Site["remember"] = (name, length, precision) => this.state.remember(`draw ${i}: ${name}`, length, precision);
    return { region: this.region, distribution: undefined as unknown as Distribution, integrand: undefined, particles: 1, samples, batch, amortised: true, context: this.#contexts.request, remember };
  }

  get #work(): Workspace {
    const { samples, batch, precision } = this.setup;
    return { kernels: this.region.core.kernels[precision], bytes: this.region.bytes, samples, batch, rows: this.#rows, dim: 0 } as Workspace;
  }

  write(caller: string, params: unknown, key: Key, context: Lanes["context"] | undefined): void {
    const { precision } = this.setup;
    this.#contexts.write(caller, context);
    pack(caller, "params", params, this.plan.shapes, 1, precision, this.#params);
    const bad = this.region.core.kernels[precision].statisticsFirstNotFinite(this.#params.length, this.#params.at);
    if (bad >= 0) throw wrongValue(caller, `params (number ${bad})`, "finite numbers", this.#params.view()[bad]);
    new Uint32Array(this.region.core.heap.buffer(), this.#words.at, this.#words.length).set([key.low, key.high, 0]);
  }

  /** The value, and what each draw's baseline is to foretell. */
  runCosts(): void {
    this.#run(this.#costs);
    this.#collect("value", 1, this.value);
  }

  runGradients(): void {
    const work = this.#work;
    this.#baselines.forEach((baseline, i) => baseline.predict(work, this.#fields[costOf(i)]!.at, this.#fields[baselineOf(i)]!.at));
    this.shared.view().fill(0);
    this.#run(this.#gradients);
    this.#collect("value", 1, this.value);
    for (const [name, width] of Object.entries(this.plan.own)) this.#collect(gradientOf(name), width, this.gradients[name]!);
  }

  /** Refuses numbers that are not finite, before anything learns from them. */
  check(caller: string): void {
    const { kernels } = this.#work;
    const check = (what: string, { at, length }: Field): void => {
      const found = kernels.statisticsFirstNotFinite(length, at);
      if (found >= 0) throw new RangeError(`${caller}: ${what} is not finite. The costs of the program or their derivatives are too large for this precision, or a draw has parameters outside its range.`);
    };
    check("the value", this.value.mean);
    for (const [name, { mean }] of Object.entries(this.gradients)) check(`the gradient with respect to ${name}`, mean);
    check("a gradient", this.shared);
  }

  learn(): void {
    this.#baselines.forEach((baseline, i) => baseline.learn?.(this.#work, this.#fields[costOf(i)]!.at));
  }

  #run(program: Linked): void {
    program.run(this.#rows, { [KEY]: this.#words.at, [SHARED]: this.shared.at, ...Object.fromEntries(Object.entries(this.#fields).map(([name, { at }]) => [name, at])) });
  }

  #collect(name: string, width: number, { mean, squares }: Moments): void {
    const { kernels, samples, batch } = this.#work;
    kernels.statisticsAccumulate(samples, batch * width, 0, this.#fields[name]!.at, mean.at, squares.at);
  }

  free(): void {
    this.region.free();
  }
}

/** Arrays outside the tape: numbers a row. */
function arraysOf({ baselines, own }: Plan): Readonly<Record<string, number>> {
  const lanes: Record<string, number> = { value: 1 };
  baselines.forEach((_, i) => (lanes[costOf(i)] = lanes[baselineOf(i)] = 1));
  for (const [name, width] of Object.entries(own)) lanes[gradientOf(name)] = width;
  return lanes;
}
