import type { Points, Precision } from "../core/core.ts";
import type { Estimate } from "../estimate.ts";
import { wrongKind } from "../errors.ts";
import { arrayOf, numbers, unpack } from "../parameters.ts";
import type { Spread } from "../pool.ts";
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

/** Copies what the driver holds into `out`. */
export function read(driver: Driver, out: Estimate): Estimate {
  const { moments, shapes, shared, plan, batch, samples, work } = driver;
  out.value.set(moments.totalMean.view() as Float64Array);
  standardErrors(moments.totalSquares.view(), samples, plan.exact === true, out.valueStandardError);
  const squares = moments.squares.view();
  eachPart(shapes.theta, batch, (name, at, length) => void standardErrors(squares.subarray(at, at + length), samples, plan.exact === true, out.standardError[name]!));
  if (shared.own === undefined) copyParts(moments.mean.view(), shapes.theta, batch, out.gradient);
  else copyParts(shared.own.view(), shapes.own, 1, out.gradient);
  if (shared.integrand !== undefined) copyParts(shared.integrand.view(), shapes.integrand, 1, out.gradient);
  return Object.assign(out, {
    samples,
    evaluations: { value: plan.value * work.rows, gradient: plan.gradient * work.rows },
  });
}

/** What pooling needs besides the estimate. */
export function spreadOf({ moments, shapes, batch }: Driver): Spread {
  const [means, squares] = [moments.mean, moments.squares].map((field) => unpack(field.view(), shapes.theta, batch)) as [Record<string, Points>, Record<string, Points>];
  const theta = Object.entries(means).map(([name, mean]) => [name, { mean, squares: squares[name]! }]);
  return { value: { squares: moments.totalSquares.view() }, theta: Object.fromEntries(theta) };
}

/** For each problem whether it saw two different values of f: 1 or 0. */
export function varied({ region, spread, batch }: Driver): readonly number[] {
  return Array.from(new Int32Array(region.core.heap.buffer(), spread.at, batch));
}

function copyParts(packed: Points, shapes: Shapes, problems: number, record: Readonly<Record<string, Points>>): void {
  eachPart(shapes, problems, (name, at, length) => record[name]!.set(packed.subarray(at, at + length) as Float64Array));
}
