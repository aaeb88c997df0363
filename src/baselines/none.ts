import { noOptions } from "../errors.ts";
import type { Baseline } from "../vocabulary/baseline.ts";
import { constant } from "./constant.ts";

/** No baseline: b = 0. The estimator of Williams 1992 as it stands, with all its variance. */
export function none(): Baseline;
export function none(...given: readonly unknown[]): Baseline {
  noOptions("none", given);
  return { ...constant(0), name: "none" };
}
