import type { Points } from "../core/core.ts";
import { standardErrors } from "../driver/moments.ts";
import type { Estimate } from "../estimate.ts";
import { arrayOf } from "../parameters.ts";
import { leaf, type PartNode } from "../pool.ts";
import { volume } from "../vocabulary/distribution.ts";
import type { Runner } from "./runner.ts";

/** An estimate, and the runner that still has its spread. */
export interface Estimated {
  readonly estimate: Estimate;
  readonly runner: Runner;
}

/** What a run has left in memory, in arrays of the caller's own. */
export function estimateOf(runner: Runner): Estimate {
  const { value, plan, setup } = runner;
  const { precision, batch, samples } = setup;
  const valueStandardError = standardErrors(value.squares.view(), samples, !plan.noisy, arrayOf(precision, batch));
  return { value: value.mean.view().slice(), valueStandardError, ...gradientsOf(runner), biased: [], samples, evaluations: evaluationsOf(runner) };
}

export function evaluationsOf({ plan, setup: { samples, batch } }: Runner): Estimate["evaluations"] {
  const rows = samples * batch * plan.branches;
  return { value: plan.baselines.length > 0 ? rows : 0, gradient: rows };
}

/** Of each parameter: its own lanes' mean and error, or the sum of all rows, whose error is not known. */
export function gradientsOf({ plan, gradients, shared, setup }: Runner): Pick<Estimate, "gradient" | "standardError"> {
  const { precision, samples } = setup;
  const gradient: Record<string, Points> = {};
  const standardError: Record<string, Points> = {};
  for (const name of Object.keys(plan.own).concat(Object.keys(plan.shared))) {
    const width = plan.own[name] ?? volume(plan.shapes[name]!);
    [gradient[name], standardError[name]] = [arrayOf(precision, width), arrayOf(precision, width)];
    const at = plan.shared[name];
    if (at !== undefined) {
      gradient[name].set(shared.view().subarray(at, at + width).map((x) => x / samples) as Float64Array);
      standardError[name].fill(Number.NaN);
      continue;
    }
    const { mean, squares } = gradients[name]!;
    gradient[name].set(summed(mean.view(), width));
    standardErrors(summed(squares.view(), width), samples, !plan.noisy, standardError[name]);
  }
  return { gradient, standardError };
}

/** One round to be pooled. Vectors have a spread over its lanes, summed over the problems as their gradient is. */
export function roundOf(index: number, { estimate, runner: { plan, value, gradients } }: Estimated): PartNode {
  const theta = Object.entries(plan.own).map(([name, width]) => [name, { mean: estimate.gradient[name]!, squares: summed(gradients[name]!.squares.view(), width) }]);
  const varied = Array.from(value.squares.view() as Float64Array, (squares) => Number(squares > 0));
  return leaf(index, estimate, { value: { squares: value.squares.view() }, theta: Object.fromEntries(theta) }, varied);
}

/** The sum over the problems of what each has: `[batch, width]` → `[width]`. */
function summed(each: Points, width: number): Float64Array {
  const sum = new Float64Array(width);
  each.forEach((x, i) => (sum[i % width]! += x));
  return sum;
}
