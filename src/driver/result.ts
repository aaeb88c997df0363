import type { Points, Precision } from "../core/core.ts";
import type { Estimate } from "../estimate.ts";
import { wrongKind } from "../errors.ts";
import { arrayOf, numbers } from "../parameters.ts";
import { type Shapes, volume } from "../vocabulary/distribution.ts";
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
  const theta = (record: Readonly<Record<string, Points>>, use: (at: number, length: number, into: Points) => void): void => {
    let at = 0;
    for (const [name, shape] of Object.entries(shapes.theta)) {
      const length = batch * volume(shape);
      use(at, length, record[name]!);
      at += length;
    }
  };
  const squares = moments.squares.view();
  const mean = moments.mean.view();
  theta(out.standardError, (at, length, into) => standardErrors(squares.subarray(at, at + length), samples, plan.exact === true, into));
  if (shared.own === undefined) theta(out.gradient, (at, length, into) => into.set(mean.subarray(at, at + length) as Float64Array));
  else parts(shared.own.view(), shapes.own, out.gradient);
  if (shared.integrand !== undefined) parts(shared.integrand.view(), shapes.integrand, out.gradient);
  return Object.assign(out, {
    samples,
    evaluations: { value: plan.value * work.rows * rounds, gradient: plan.gradient * work.rows * rounds },
  });
}

function parts(packed: Points, shapes: Shapes, record: Readonly<Record<string, Points>>): void {
  let at = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    record[name]!.set(packed.subarray(at, at + volume(shape)) as Float64Array);
    at += volume(shape);
  }
}
