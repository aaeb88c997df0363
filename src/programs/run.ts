import type { ArrayOf, Core, Points, Precision } from "../core/core.ts";
import { integer, onlyOptions } from "../errors.ts";
import { type Key, keyed } from "../key.ts";
import { arrayOf } from "../parameters.ts";
import { called } from "./arguments.ts";
import { interpret, type Reading } from "./interpret.ts";
import { CHUNK, compiled, withMachine } from "./machine.ts";
import { type Parameter, type Program, remembered } from "./program.ts";

export interface RunOptions<P extends Precision = Precision> {
  /** Independent runs. */
  readonly lanes: number;
  /** Of the numbers, where no array of the parameters says it; "f64" unless given. */
  readonly precision?: P;
}

/** Lanes that run at one call of the core. */
export const BLOCK: number = 16 * CHUNK;

const READING: Omit<Reading, "caller"> = { discrete: "none", moving: true, scored: false };

/**
 * Independent runs of a program: `[lanes, width]`, width that of its result.
 *
 * Draw number s of lane i depends on the key, s and i alone: the first lanes of a longer run are the lanes of a shorter one, and a
 * derivative sees the same draws.
 *
 * @throws {TypeError} if parameters are missing or of mixed precision
 * @throws {RangeError} if a parameter is not finite
 */
export function runOn<N extends string, P extends Precision>(core: Core, program: Program<N>, parameters: { readonly [K in N]: Parameter }, key: Key, options: RunOptions<P>): ArrayOf<P> {
  const caller = "run";
  options ??= {} as typeof options; // what is missing is named by its own check
  onlyOptions(caller, options, ["lanes", "precision"]);
  const lanes = integer(caller, "lanes", options.lanes, 1, CHUNK * 2 ** 32);
  const call = called(caller, program as unknown as Program, parameters, options.precision);
  const { trace, precision } = call;
  const machine = remembered(trace, "run", () => compiled({ value: interpret(trace.result, { ...READING, caller }, () => undefined).value }, trace.shapes));
  const out: Points = arrayOf(precision, lanes * trace.result.width);
  withMachine(core, call, machine, keyed(caller, key), Math.min(lanes, BLOCK), [], ({ run }) => {
    for (let first = 0; first < lanes; first += BLOCK) {
      const { value } = run(first, Math.min(BLOCK, lanes - first));
      out.set(value as Float64Array, first * trace.result.width);
    }
  });
  return out as ArrayOf<P>;
}
