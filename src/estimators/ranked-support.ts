import type { Pointer } from "../core/kernels.ts";
import { integer, wrongValue } from "../errors.ts";
import type { Distribution, Finite } from "../vocabulary/distribution.ts";
import type { Rows, Site, Workspace } from "../vocabulary/estimator.ts";

const BUDGET = 65536;

/** The most points of a support that an estimator will rank: what the user says, or 65,536. */
export function budgetOf(caller: string, budget: unknown): number {
  return integer(caller, "budget", budget ?? BUDGET);
}

export function checkBudget(caller: string, { name, support: { size } }: Distribution & Finite, budget: number): void {
  if (size > budget) throw wrongValue(caller, "budget", `at least the ${size} points that ${name} has`, budget, "Raise it, or estimate with disarm() or scoreFunction().");
}

/** A support ranked by probability, anew in each call. */
export interface RankedSupport {
  readonly points: Pointer;
  readonly ready: Pointer;
  readonly rank: (work: Workspace) => void;
  readonly begin: () => void;
}

export function rankedSupport(p: Distribution & Finite, { region, batch }: Site): RankedSupport {
  const { size, enumerate } = p.support;
  const points = region.reserve(size * batch * p.dim);
  const logProb = region.reserve(size * batch);
  const ready = region.reserve(3 * batch * (size + 1), "f64");
  return {
    get points() {
      return points.at;
    },
    get ready() {
      return ready.at;
    },
    rank({ kernels, theta }) {
      p.logProb(kernels, size * batch, theta, points.at, logProb.at);
      kernels.rankedSupportRank(size, batch, logProb.at, ready.at);
    },
    begin: () => enumerate(region.core.kernels[region.precision], 0, size, batch, points.at),
  };
}

/** Adds the scores of `count` value points, each by its own coefficient `[points, samples, batch]`. */
export function scorePoints(p: Finite, count: number, work: Workspace, { first, rows }: Rows, coefficient: Pointer, terms: Pointer): void {
  const { kernels, theta, hard, dim, bytes } = work;
  for (let i = 0; i < count; i++) {
    const from = (i * work.rows + first) * bytes;
    p.score(kernels, rows, theta, hard.x + from * dim, coefficient + from, terms);
  }
}
