import type { Pointer } from "../core/kernels.ts";
import type { Workspace } from "../vocabulary/estimator.ts";

/** Points of the second of two antithetic blocks: `[2, samples, batch, …]`. */
export function second(at: Pointer, { rows, bytes }: Workspace, width = 1): Pointer {
  return at + rows * width * bytes;
}

/** coefficient = f(b) − f(b̃); the objective is the mean of both, so each weighs a half. */
export function difference(work: Workspace, coefficient: Pointer): void {
  const { kernels, rows, hard, total } = work;
  const mirrored = second(hard.value, work);
  kernels.arraySubtract(rows, hard.value, mirrored, coefficient);
  kernels.arrayAverage(rows, hard.value, mirrored, total);
  kernels.arrayFill(2 * rows, 0.5, hard.weight);
}
