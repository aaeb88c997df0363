import type { Points } from "../core/core.ts";
import type { Pointer } from "../core/kernels.ts";
import type { Field, Region } from "../core/region.ts";
import { type Shapes, sizeOf, volume } from "../vocabulary/distribution.ts";
import type { Bound, Workspace } from "../vocabulary/estimator.ts";

// Per-sample terms live in a block that stays in the first-level cache while they are written, added to and reduced.
const TERMS_BYTES = 32768;

/** The mean and squared deviations of the per-sample gradients and totals. */
export interface Moments {
  readonly mean: Field;
  readonly squares: Field;
  readonly totalMean: Field;
  readonly totalSquares: Field;
  /** Bytes of one number. */
  readonly bytes: number;
  /** Of the samples' totals. */
  readonly totals: (work: Workspace) => void;
  /** Of the samples' terms. */
  readonly accumulate: (bound: Bound, work: Workspace) => void;
  /** Writes the per-sample terms block by block: `[rows, …shape]` for each parameter, from row `first` on. */
  readonly each: (bound: Bound, work: Workspace, use: (first: number, rows: number, terms: Pointer) => void) => void;
}

export function moments(region: Region, params: Shapes, samples: number, batch: number): Moments {
  const size = sizeOf(params);
  const block = Math.min(samples, Math.max(1, Math.floor(TERMS_BYTES / (batch * size * region.bytes))));
  const terms = region.reserve(block * batch * size);
  const mean = region.reserve(batch * size);
  const squares = region.reserve(batch * size);
  const totalMean = region.reserve(batch);
  const totalSquares = region.reserve(batch);
  const widths = Object.values(params).map((shape) => volume(shape));
  const { bytes } = region;

  const each: Moments["each"] = (bound, work, use) => {
    for (let sample = 0; sample < samples; sample += block) {
      const rows = Math.min(block, samples - sample) * batch;
      work.kernels.arrayFill(rows * size, 0, terms.at);
      bound.terms(work, { first: sample * batch, rows }, terms.at);
      use(sample * batch, rows, terms.at);
    }
  };
  return {
    mean,
    squares,
    totalMean,
    totalSquares,
    bytes,
    each,
    totals: ({ kernels, total }) => kernels.statisticsAccumulate(samples, batch, 0, total, totalMean.at, totalSquares.at),
    accumulate(bound, work) {
      const { kernels } = work;
      if (bound.accumulate !== undefined) return bound.accumulate(work, mean.at, squares.at);
      each(bound, work, (first, rows, at) => {
        let column = 0;
        for (const width of widths) {
          const to = column * bytes;
          kernels.statisticsAccumulate(rows / batch, batch * width, first / batch, at, mean.at + to, squares.at + to);
          at += rows * width * bytes;
          column += batch * width;
        }
      });
      bound.spread?.(work, squares.at);
    },
  };
}

/** √(squares / (n − 1) / n): NaN for one sample. */
export function standardErrors(squares: Points, samples: number, exact: boolean, out: Points): Points {
  const share = 1 / ((samples - 1) * samples);
  for (let i = 0; i < out.length; i++) out[i] = exact ? 0 : samples < 2 ? Number.NaN : Math.sqrt(squares[i]! * share);
  return out;
}
