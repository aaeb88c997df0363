import type { Pointer } from "../core/kernels.ts";
import type { Field } from "../core/region.ts";
import type { Antithetic, Stream } from "../vocabulary/distribution.ts";
import type { Site, Workspace } from "../vocabulary/estimator.ts";

/** Points of the second of two antithetic blocks: `[2, samples, batch, …]`. */
export function second(at: Pointer, { rows, bytes }: Workspace, width = 1): Pointer {
  return at + rows * width * bytes;
}

/** Pairs in a site: what a call makes ready for them, and how they are drawn. */
export function pair({ antithetic }: Antithetic, site: Site): { readonly ready: Field; readonly propose: (work: Workspace, stream: Stream, uniform: Pointer) => void } {
  const ready = site.region.reserve(antithetic.prepared(site.batch), "f64");
  return {
    ready,
    propose: (work, stream, uniform) => {
      antithetic.prepare(work.kernels, work.theta, ready.at);
      antithetic.sample(work.kernels, stream, work.rows, work.theta, ready.at, uniform, work.hard.x, second(work.hard.x, work, work.dim));
    },
  };
}

/** coefficient = f(b) − f(b̃); the objective is the mean of both, so each weighs a half. */
export function difference(work: Workspace, coefficient: Pointer): void {
  const { kernels, rows, hard, total } = work;
  const mirrored = second(hard.value, work);
  kernels.arraySubtract(rows, hard.value, mirrored, coefficient);
  kernels.arrayAverage(rows, hard.value, mirrored, total);
  kernels.arrayFill(2 * rows, 0.5, hard.weight);
}
