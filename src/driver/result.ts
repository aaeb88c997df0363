import type { Points, Precision } from "../core/core.ts";
import type { Estimate } from "../estimate.ts";
import { wrongKind } from "../errors.ts";
import { arrayOf, numbers } from "../parameters.ts";
import { eachPart, type Shapes, volume } from "../vocabulary/distribution.ts";
import type { Driver } from "./driver.ts";
import { standardErrors } from "./moments.ts";

/** An estimate whose arrays are there and hold nothing yet. */
export function emptyEstimate({ shapes, batch, shared }: Driver, precision: Precision): Estimate {
  const arrays = (of: Shapes, problems: number): Record<string, Points> =>
    Object.fromEntries(Object.entries(of).map(([name, shape]) => [name, arrayOf(precision, problems * volume(shape))]));
  return {
    value: arrayOf(precision, batch),
    valueStandardError: arrayOf(precision, batch),
    gradient: { ...arrays(shapes.own, shared.own === undefined ? batch : 1), ...arrays(shapes.integrand, 1) },
    standardError: arrays(shapes.theta, batch),
    biased: [],
    samples: 0,
    evaluations: { value: 0, gradient: 0 },
  };
}

/** Checks the arrays of `out` before anything is computed into them. */
export function checkOut(caller: string, out: Estimate, like: Estimate, precision: Precision): void {
  const same = (path: string, given: unknown, wanted: Points): void => void numbers(caller, `out.${path}`, given, precision, wanted.length);
  if (typeof out !== "object" || out === null) throw wrongKind(caller, "out", "an estimate", out);
  if (Object.isFrozen(out)) throw wrongKind(caller, "out", "an estimate that can be written", "a frozen one");
  same("value", out.value, like.value);
  same("valueStandardError", out.valueStandardError, like.valueStandardError);
  for (const part of ["gradient", "standardError"] as const) {
    for (const [name, wanted] of Object.entries(like[part])) same(`${part}.${name}`, out[part]?.[name], wanted);
  }
}

/** Copies what the driver holds of `samples` samples into `out`. */
export function read(driver: Driver, samples: number, rounds: number, out: Estimate): Estimate {
  const { moments, shapes, shared, plan, batch, work } = driver;
  out.value.set(moments.totalMean.view() as Float64Array);
  standardErrors(moments.totalSquares.view(), samples, plan.exact === true, out.valueStandardError);
  const squares = moments.squares.view();
  eachPart(shapes.theta, batch, (name, at, length) => void standardErrors(squares.subarray(at, at + length), samples, plan.exact === true, out.standardError[name]!));
  if (shared.own === undefined) copyParts(moments.mean.view(), shapes.theta, batch, out.gradient);
  else copyParts(shared.own.view(), shapes.own, 1, out.gradient);
  if (shared.integrand !== undefined) copyParts(shared.integrand.view(), shapes.integrand, 1, out.gradient);
  return Object.assign(out, {
    biased: driver.biased,
    samples,
    evaluations: { value: plan.value * work.rows * rounds, gradient: plan.gradient * work.rows * rounds },
  });
}

function copyParts(packed: Points, shapes: Shapes, problems: number, record: Readonly<Record<string, Points>>): void {
  eachPart(shapes, problems, (name, at, length) => record[name]!.set(packed.subarray(at, at + length) as Float64Array));
}
