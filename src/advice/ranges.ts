import type { Kernels } from "../core/kernels.ts";
import type { Field } from "../core/region.ts";
import type { Dense, Theta } from "../vocabulary/distribution.ts";

/** Where a coordinate lies: an interval, a half line or the line. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

const RANGES: readonly Range[] = [
  { low: 0, high: 1 },
  { low: -Math.PI, high: Math.PI },
  { low: 0, high: Infinity },
  { low: -Infinity, high: Infinity },
];

/** Draws of a family, `[count, batch, dim]`, and what asks for its density there. */
export interface Asked {
  readonly kernels: Kernels;
  readonly p: Dense;
  readonly theta: Theta;
  readonly dim: number;
  readonly draws: Field;
  readonly batch: number;
  /** Room for rows to ask with, and for the answers. */
  readonly x: Field;
  readonly logs: Field;
}

/**
 * The range of each coordinate, the same for all problems: the first that has all draws in it, a density near its ends and none beyond.
 * Undefined where none fits: the support has other ends, or ends that move with θ.
 */
export function rangesOf(asked: Asked): readonly Range[] | undefined {
  const found = Array.from({ length: asked.dim }, (_, j) => RANGES.find((range) => fits(asked, j, range)));
  return found.every((range) => range !== undefined) ? found : undefined;
}

function fits(asked: Asked, j: number, { low, high }: Range): boolean {
  const { draws, dim } = asked;
  const column = (draws.view() as Float64Array).filter((_, i) => i % dim === j);
  const least = column.reduce((a, b) => Math.min(a, b), Infinity);
  const most = column.reduce((a, b) => Math.max(a, b), -Infinity);
  if (least < low || most > high) return false;
  const width = Number.isFinite(high) ? high - low : Math.max(Math.abs(least), Math.abs(most), 1e-300);
  const inside = [Number.isFinite(low) ? low + 1e-6 * width : least - 3 * width, Number.isFinite(high) ? high - 1e-6 * width : most + 3 * width];
  const beyond = [...(Number.isFinite(low) ? [low - 0.5 * width] : []), ...(Number.isFinite(high) ? [high + 0.5 * width] : [])];
  if (!inside.every((at) => density(asked, j, at).every((log) => log > -Infinity))) return false;
  return beyond.every((at) => density(asked, j, at).every((log) => log === -Infinity)) || (low === -Math.PI && periodic(asked, j));
}

/** Whether the density is the same a turn away. */
function periodic(asked: Asked, j: number): boolean {
  const turned = density(asked, j, 1 + 2 * Math.PI);
  return density(asked, j, 1).every((log, b) => Math.abs(log - turned[b]!) < 1e-9);
}

/** The log density of each problem's first draw, its coordinate j moved to `at`. */
function density({ kernels, p, theta, dim, batch, draws, x, logs }: Asked, j: number, at: number): Float64Array {
  const row = x.view();
  row.set(draws.view().subarray(0, batch * dim) as Float64Array);
  for (let i = j; i < batch * dim; i += dim) row[i] = at;
  p.logProb(kernels, batch, theta, x.at, logs.at);
  return logs.view().slice(0, batch) as Float64Array;
}
