import type { Core, Precision } from "../core/core.ts";
import { finite, integer, listed, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import { type Key, keyed } from "../key.ts";
import { arrayOf } from "../parameters.ts";
import { type Call, called, partOf, type Results } from "./arguments.ts";
import { directional } from "./directional.ts";
import { CHUNK, type Machine, withMachine } from "./machine.ts";
import { type Method, READINGS } from "./methods.ts";
import type { Parameter, Program } from "./program.ts";
import { BLOCK } from "./run.ts";

export interface DerivativeOptions {
  /** Independent runs, at least 2. */
  readonly samples: number;
  /** `"pruned"` unless given: stochastic triples. */
  readonly method?: Method;
  /** What the score function subtracts: the mean of the other runs (unless given), or nothing. */
  readonly baseline?: "leave-one-out" | "none";
  /** h of the differences (X(p + h) − X(p − h)) / 2h; 0.01 unless given. */
  readonly step?: number;
  /** Of the numbers, where no array of the parameters says it; "f64" unless given. */
  readonly precision?: Precision;
}

export interface Derivative<R> {
  /** The estimate of the expectation. */
  readonly value: number;
  readonly valueStandardError: number;
  /** Of the expectation, by parameter: a number for a number, else an array. */
  readonly derivative: R;
  /** Of each of these numbers. */
  readonly standardError: R;
  readonly samples: number;
}

interface Moments {
  readonly mean: number;
  readonly squares: number;
}

/**
 * The derivative of a program's expectation in each of its parameters, forward: the runs of one pass, a thousand lanes at a time, for every
 * number of the parameters. All passes see the same draws.
 *
 * Memory does not depend on `samples`, and the rows that a lane needs follow what is alive at once, not the length of the program.
 *
 * @throws {TypeError} if the program cannot be differentiated by this method; the sentence says where and what to use instead
 * @throws {RangeError} if the result of the program is wider than 1, or the mean of it or of its derivative is not finite
 */
export function derivativeOn<V extends Readonly<Record<string, Parameter>>>(core: Core, program: Program<Extract<keyof V, string>>, parameters: V, key: Key, options: DerivativeOptions): Derivative<Results<V>> {
  const caller = "derivative";
  options ??= {} as typeof options; // what is missing is named by its own check
  onlyOptions(caller, options, ["samples", "method", "baseline", "step", "precision"]);
  const { method = "pruned", baseline = "leave-one-out" } = options;
  if (!Object.hasOwn(READINGS, method)) throw wrongValue(caller, "method", `one of ${listed(Object.keys(READINGS))}`, method);
  if (baseline !== "leave-one-out" && baseline !== "none") throw wrongKind(caller, "baseline", '"leave-one-out" or "none"', baseline);
  const samples = integer(caller, "samples", options.samples, 2, CHUNK * 2 ** 32);
  const step = finite(caller, "step", options.step ?? 0.01, "a number > 0", (x) => x > 0);
  const call = called(caller, program as unknown as Program, parameters, options.precision);
  single(call);
  const plan: Plan = { core, call, key: keyed(caller, key), samples, method, baseline, step };
  const entries = Object.keys(call.trace.shapes).map((name) => [name, entriesOf(plan, name)] as const);
  const first = entries[0]?.[1][0]?.value ?? entry(plan, undefined, 0).value;
  checkFinite(caller, [["the value", first], ...entries.flatMap(([name, all]) => all.map(({ derivative }) => [`the derivative in ${name}`, derivative] as const))]);
  const error = ({ squares }: Moments): number => Math.sqrt(squares / (samples * (samples - 1)));
  const record = (of: (moments: Moments) => number): Results<V> => Object.fromEntries(entries.map(([name, all]) => [name, shaped(call, name, all.map(({ derivative }) => of(derivative)))])) as Results<V>;
  return { value: first.mean, valueStandardError: error(first), derivative: record(({ mean }) => mean), standardError: record(error), samples };
}

function checkFinite(caller: string, found: readonly (readonly [what: string, moments: Moments])[]): void {
  const [what] = found.find(([, { mean }]) => !Number.isFinite(mean)) ?? [];
  if (what !== undefined) throw new RangeError(`${caller}: ${what} is not finite. The program's numbers are too large for this precision, or a draw has parameters outside its range.`);
}

/** Refuses a result that is more than one number. */
export function single({ caller, trace }: Call): void {
  if (trace.result.width !== 1) throw wrongValue(caller, "program", "a result of width 1", `width ${trace.result.width}`, "Reduce it: .sum(), .at(0).");
}

interface Plan {
  readonly core: Core;
  readonly call: Call;
  readonly key: Key;
  readonly samples: number;
  readonly method: Method;
  readonly baseline: "leave-one-out" | "none";
  readonly step: number;
}

interface Entry {
  readonly value: Moments;
  readonly derivative: Moments;
}

function entriesOf(plan: Plan, name: string): readonly Entry[] {
  const { length } = partOf(plan.call.trace.shapes, name);
  return Array.from({ length }, (_, i) => entry(plan, name, i));
}

/** All samples of the derivative in one number. */
function entry(plan: Plan, name: string | undefined, index: number): Entry {
  const { core, call, key, samples, method } = plan;
  const along = name ?? "";
  const { at, length } = partOf(call.trace.shapes, along);
  const seed = Array.from({ length }, (_, i) => (i === index ? 1 : 0));
  return withMachine(core, call, directional(call, method, along), key, Math.min(samples, BLOCK), seed, (machine) => {
    for (let first = 0; first < samples; first += BLOCK) {
      const lanes = Math.min(BLOCK, samples - first);
      if (method === "differences") difference(plan, machine, first, lanes, at + index);
      else terms(plan, machine.run(first, lanes));
      machine.collect("value", first, lanes);
      machine.collect("derivative", first, lanes);
    }
    return { value: machine.moments("value"), derivative: machine.moments("derivative") };
  });
}

type Run = ReturnType<Machine["run"]>;

/** derivative += (f − b) · score. A baseline is the mean of the other runs of the block, at least one of which there always is. */
function terms({ baseline }: Plan, { value, derivative, score }: Run): void {
  if (score === undefined) return;
  const lanes = value!.length;
  let sum = 0;
  for (let i = 0; i < lanes; i++) sum += value![i]!;
  for (let i = 0; i < lanes; i++) {
    const own = value![i]!;
    const others = baseline === "none" || lanes === 1 ? 0 : (sum - own) / (lanes - 1);
    derivative![i]! += (own - others) * score[i]!;
  }
}

/** Runs with the parameter a step up and a step down, draws being the same. */
function difference({ call: { packed }, step }: Plan, machine: Machine, first: number, lanes: number, at: number): void {
  const moved = (by: number): Float64Array => packed.map((x, i) => (i === at ? x + by : x));
  machine.set(moved(step));
  const above = machine.run(first, lanes)["value"]!.slice();
  machine.set(moved(-step));
  const { value, derivative } = machine.run(first, lanes);
  for (let i = 0; i < lanes; i++) {
    derivative![i] = (above[i]! - value![i]!) / (2 * step);
    value![i] = (above[i]! + value![i]!) / 2;
  }
}

/** A number for a parameter that was one. */
function shaped({ bare, precision }: Call, name: string, numbers: readonly number[]): unknown {
  if (bare.has(name)) return numbers[0]!;
  const array = arrayOf(precision, numbers.length);
  array.set(numbers);
  return array;
}
