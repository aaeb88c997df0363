import type { Pointer } from "../core/kernels.ts";
import { leaveOneOut } from "../baselines/leave-one-out.ts";
import { none } from "../baselines/none.ts";
import { has, integer, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import type { Baseline } from "../vocabulary/baseline.ts";
import type { Distribution, Finite } from "../vocabulary/distribution.ts";
import { type Block, type Bound, type Estimator, estimator, type Site, type Workspace } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import { budgetOf, checkBudget, rankedSupport, scorePoints } from "./ranked-support.ts";
import { estimators } from "../wasm/modules.ts";

export interface SumAndSampleOptions {
  /** k: how many of the most probable points are summed; 0 leaves the score function. */
  readonly terms: number;
  /**
   * b, of each sample's estimate of E[f]; `leaveOneOut()` unless given. `"draw"` is that of the paper: each point is compared with a
   * draw of its own, at k + 1 more evaluations per sample and with more noise.
   */
  readonly baseline?: Baseline | "draw";
  /** The most points of a support; 65,536 unless given. */
  readonly budget?: number;
}

type Scratch = "coefficient" | "baseline" | "x" | "value" | "weight";

/**
 * Sum and sample: the score function with its k most probable points summed exactly, and one draw from all the others, which stands
 * for their whole probability: Σ_{x ∈ C} p(x) (f(x) − b) ∇ log p(x; θ) + (1 − P(C)) (f(x̄) − b) ∇ log p(x̄; θ).
 *
 * Unbiased for any f, and never worse than the score function with the same constant baseline; 1 evaluation of f per sample, and k once an
 * estimate (a part of `each()` has k + 1 per sample, as the other parts are others in each). With all points in the sum, or all but one, it is
 * exact, without noise. Liu, Regier, Tripuraneni, Jordan & McAuliffe 2019.
 *
 * *Requirements*: `p` has a finite support; f its values.
 */
export function sumAndSample(options: SumAndSampleOptions): Estimator<Finite, Integrand> {
  const caller = "sumAndSample";
  onlyOptions(caller, options, ["terms", "baseline", "budget"]);
  const terms = integer(caller, "terms", options.terms, 0);
  const { baseline = leaveOneOut() } = options;
  if (baseline !== "draw" && !has("bind", baseline)) throw wrongKind(caller, "baseline", 'a baseline or "draw"', baseline, "For a number use constant(number).");
  const budget = budgetOf(caller, options.budget);
  return estimator<Finite, Integrand, Scratch>({
    name: "sum-and-sample",
    unbiased: true,
    modules: [estimators],
    distribution: ["support"],
    integrand: [],
    plan: (p, _, { integrand }) => {
      checkBudget(caller, p, budget);
      const { size } = p.support;
      if (terms > size) throw wrongValue(caller, "terms", `at most the ${size} points that ${p.name} has`, terms);
      const points = Math.min(terms + 1, size);
      // The points of a part are met by other draws of the other parts in each sample: f is another there.
      const shared = integrand === undefined || exact(terms, size) ? 0 : terms;
      const apart = shared > 0;
      const scratch = { coefficient: points, baseline: 1, x: apart ? points * p.dim : 0, value: apart ? 2 * points : 0, weight: apart ? points : 0 };
      if (baseline === "draw") return { value: 2 * points - shared, gradient: 0, shared, scratch };
      return { value: points - shared, gradient: 0, shared, scratch, exact: exact(terms, size), least: baseline.least };
    },
    bind: (p, site) => bind(p, site, terms, baseline),
  });
}

/** The only point that is left over is no draw. */
const exact = (terms: number, size: number): boolean => terms >= size - 1;

function bind(p: Distribution & Finite, site: Site, terms: number, baseline: Baseline | "draw"): Bound<Scratch> {
  const { size } = p.support;
  const points = Math.min(terms + 1, size);
  const support = rankedSupport(p, site);
  // Nothing is to be compared with in an exact sum: the mean of the score is 0 in it.
  const b = baseline === "draw" ? undefined : (exact(terms, size) ? none() : baseline).bind(site);
  /** The points and their values, those of the sum as if each sample had them for itself; of draws to compare with, the values come after them. */
  const seen = ({ hard, shared, at }: Workspace<Scratch>): Block => (shared.points === 0 ? hard : { points: hard.points + shared.points, x: at.x, value: at.value, weight: at.weight });
  const draws = ({ hard, shared, rows, dim, bytes }: Workspace<Scratch>): number => hard.x + (points - shared.points) * rows * dim * bytes;
  return {
    propose: (work, draw) => {
      const { kernels, rows, batch, theta, dim, bytes, shared } = work;
      const { key, site: stream, chunk } = draw(0);
      support.rank(work);
      kernels.sumAndSamplePropose(key.low, key.high, stream, chunk, terms, rows, batch, size, dim, support.ready, support.points, seen(work).x);
      if (shared.points > 0) apart(work, seen(work).x);
      if (b !== undefined) return;
      for (let i = 0; i < points; i++) p.sample(kernels, draw(i + 1), rows, theta, draws(work) + i * rows * dim * bytes);
    },
    combine: (work) => {
      const { kernels, rows, batch, hard, shared, at, total, bytes } = work;
      const { value, weight } = seen(work);
      if (shared.points > 0) together(work, b === undefined ? 2 * points : points);
      else kernels.arrayFill(hard.points * rows, 0, weight);
      kernels.sumAndSampleWeigh(terms, rows, batch, size, support.ready, value, weight, total);
      b?.predict(work, total, at.baseline);
      kernels.sumAndSampleCompare(points, rows, b === undefined ? 1 : 0, weight, value, b === undefined ? value + points * rows * bytes : at.baseline, at.coefficient);
      if (shared.points > 0) returned(work);
    },
    terms: (work, rows, out) => scorePoints(p, points, { ...work, hard: seen(work) }, rows, work.at.coefficient, out),
    learn: (work) => b?.learn?.(work, work.total),
    begin: () => {
      support.begin();
      b?.begin?.();
    },
  };
}

/** From points `[terms + 1, rows]`: the first sample's of the sum, which serve all, and each sample's draw. */
function apart({ kernels, rows, batch, dim, bytes, hard, shared }: Workspace<Scratch>, x: Pointer): void {
  for (let i = 0; i < shared.points; i++) kernels.arrayCopy(batch * dim, x + i * rows * dim * bytes, shared.x + i * batch * dim * bytes);
  kernels.arrayCopy(rows * dim, x + shared.points * rows * dim * bytes, hard.x);
}

/** The values of the sum to every sample, those of draws behind them. */
function together({ kernels, rows, samples, batch, bytes, hard, shared, at }: Workspace<Scratch>, points: number): void {
  for (let i = 0; i < shared.points; i++) kernels.controlVariateSpreadOut(samples, batch, shared.value + i * batch * bytes, at.value + i * rows * bytes);
  kernels.arrayCopy((points - shared.points) * rows, hard.value, at.value + shared.points * rows * bytes);
}

/** Weights of the sum's values are those of one sample, as many times as there are samples; draws to compare with have none. */
function returned({ kernels, rows, samples, batch, bytes, hard, shared, at }: Workspace<Scratch>): void {
  kernels.arrayZero(hard.points * rows, hard.weight);
  kernels.arrayCopy(rows, at.weight + shared.points * rows * bytes, hard.weight);
  for (let i = 0; i < shared.points; i++) kernels.arrayCopy(batch, at.weight + i * rows * bytes, shared.weight + i * batch * bytes);
  kernels.arrayScale(shared.points * batch, samples, shared.weight);
}
