import type { Kernels, Pointer } from "../core/kernels.ts";
import type { CoordinateBaseline } from "../vocabulary/baseline.ts";
import { type Distribution, eachPart, type Scored, sizeOf } from "../vocabulary/distribution.ts";
import type { Rows, Site, Workspace } from "../vocabulary/estimator.ts";

/** (value − b) s with a b for each coordinate: all scores of an estimate are held, and what they come to. */
export interface Centring {
  /** Of values whose weights in the estimate are those of the hard points, 1. */
  readonly center: (work: Workspace, value: Pointer) => void;
  /** Takes the part of another function out: its values, weighed. */
  readonly without: (work: Workspace, value: Pointer, weight: Pointer) => void;
  /** Adds the terms of some rows. */
  readonly take: (kernels: Kernels, rows: Rows, terms: Pointer) => void;
  /** Adds to the squares what terms that share each other's values vary together. */
  readonly spread: (work: Workspace, squares: Pointer) => void;
}

export function centring(p: Distribution & Scored, site: Site, baseline: CoordinateBaseline): Centring {
  const bound = baseline.coordinates(site);
  const { region, samples, batch } = site;
  const rows = samples * batch;
  const [scores, centered] = [region.reserve(rows * sizeOf(p.params)), region.reserve(rows * sizeOf(p.params))];
  return {
    center(work, value) {
      const { kernels, theta, hard } = work;
      for (const { length, at } of [scores, centered]) kernels.arrayFill(length, 0, at);
      p.score(kernels, rows, theta, hard.x, hard.weight, scores.at);
      bound.center(work, value, 1, hard.weight, scores.at, centered.at);
    },
    without: (work, value, weight) => bound.center(work, value, -1, weight, scores.at, centered.at),
    spread: (work, squares) => bound.spread(work, scores.at, centered.at, squares),
    take: (kernels, { first, rows: some }, terms) =>
      eachPart(p.params, 1, (_, from, width) => kernels.arrayAdd(some * width, centered.at + (from * rows + first * width) * region.bytes, terms + from * some * region.bytes)),
  };
}
