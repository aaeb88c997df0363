import type { Core, Points } from "./core/core.ts";
import { type Field, region } from "./core/region.ts";
import { disposed, has, onlyOptions, wrongKind, wrongValue } from "./errors.ts";
import { remembered, type State } from "./driver/state.ts";
import { numbers, precisionOf, recordOf } from "./parameters.ts";
import type { Optimizer } from "./vocabulary/optimizer.ts";

/** An optimizer at work on one record of parameters. Free it by `using`, or `dispose()`. */
export interface Optimization<P extends Readonly<Record<string, Points>>> {
  /** Moves `params` in place along `gradient`, which has the same names; a gradient that is not finite changes nothing and throws. */
  step(params: P, gradient: Readonly<Record<keyof P, Points>>): void;
  /** What the optimizer keeps, as plain JSON; assign it to go on from there. */
  state: State;
  dispose(): void;
  [Symbol.dispose](): void;
}

/**
 * An optimizer for parameters of these names, lengths and precision.
 *
 * @param params    a record of arrays, all of one precision
 * @param maximize  climb instead of descending
 */
export function optimizationOn<P extends Readonly<Record<string, Points>>>(core: Core, optimizer: Optimizer, params: P, options: { readonly maximize?: boolean } = {}): Optimization<P> {
  const caller = "optimization";
  if (!has("bind", optimizer)) throw wrongKind(caller, "optimizer", "an optimizer, such as adam()", optimizer);
  onlyOptions(caller, options, ["maximize"]);
  const precision = precisionOf(caller, "params", recordOf(caller, "params", params, []));
  const lengths = Object.entries(params).map(([name, array]) => [name, array.length] as const);
  const length = lengths.reduce((sum, [, own]) => sum + own, 0);
  const block = region(core, precision);
  const position = block.reserve(length);
  const slope = block.reserve(length);
  const memory = remembered(block, optimizer.name);
  const bound = optimizer.bind(block, length, memory.remember);
  block.allocate(caller);
  let gone = false;

  function write(record: Readonly<Record<string, Points>>, argument: string, into: Field): void {
    let at = 0;
    for (const [name, own] of lengths) {
      into.view().set(numbers("step", `${argument}.${name}`, record?.[name], precision, own) as Float64Array, at);
      at += own;
    }
  }

  const optimization: Optimization<P> = {
    step(values, gradient) {
      if (gone) throw disposed("step", "optimization");
      write(values, "params", position);
      write(gradient, "gradient", slope);
      const kernels = block.core.kernels[precision];
      const bad = kernels.statisticsFirstNotFinite(length, slope.at);
      if (bad >= 0) throw wrongValue("step", `gradient (number ${bad})`, "finite numbers", slope.view()[bad]);
      bound.step(kernels, options.maximize === true ? 1 : -1, slope.at, position.at);
      let at = 0;
      const moved = position.view();
      for (const [name, own] of lengths) {
        values[name]!.set(moved.subarray(at, at + own) as Float64Array);
        at += own;
      }
    },
    get state() {
      if (gone) throw disposed("state", "optimization");
      return memory.save();
    },
    set state(saved) {
      if (gone) throw disposed("state", "optimization");
      memory.restore(saved);
    },
    dispose() {
      gone = true;
      block.free();
    },
    [Symbol.dispose ?? Symbol.for("Symbol.dispose")]: () => optimization.dispose(),
  } as Optimization<P>;
  return optimization;
}
