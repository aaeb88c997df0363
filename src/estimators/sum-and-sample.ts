import { leaveOneOut } from "../baselines/leave-one-out.ts";
import { none } from "../baselines/none.ts";
import { has, integer, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import type { Baseline } from "../vocabulary/baseline.ts";
import type { Distribution, Finite } from "../vocabulary/distribution.ts";
import { type Bound, type Estimator, estimator, type Site, type Workspace } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import { budgetOf, checkBudget, rankedSupport, scorePoints } from "./ranked-support.ts";
import { estimators } from "../wasm/modules.ts";

export interface SumAndSampleOptions {
  /** k: how many of the most probable points are summed; 0 leaves the score function. */
  readonly terms: number;
  /**
   * b, of each sample's estimate of E[f]; `leaveOneOut()` unless given. `"draw"` is that of the paper: each point is compared with a
   * draw of its own, at twice the evaluations and with more noise.
   */
  readonly baseline?: Baseline | "draw";
  /** The most points of a support; 65,536 unless given. */
  readonly budget?: number;
}

type Scratch = "coefficient" | "baseline";

/**
 * Sum and sample: the score function with its k most probable points summed exactly, and one draw from all the others, which stands
 * for their whole probability: Σ_{x ∈ C} p(x) (f(x) − b) ∇ log p(x; θ) + (1 − P(C)) (f(x̄) − b) ∇ log p(x̄; θ).
 *
 * Unbiased for any f, and never worse than the score function with the same constant baseline; k + 1 evaluations of f per sample, the summed
 * ones at the same points in each: take few samples, and more terms. With all points in the sum, or all but one, it is exact, without noise. Liu,
 * Regier, Tripuraneni, Jordan & McAuliffe 2019.
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
    plan: (p) => {
      checkBudget(caller, p, budget);
      const { size } = p.support;
      if (terms > size) throw wrongValue(caller, "terms", `at most the ${size} points that ${p.name} has`, terms);
      const points = Math.min(terms + 1, size);
      const scratch = { coefficient: points, baseline: 1 };
      if (baseline === "draw") return { value: 2 * points, gradient: 0, scratch };
      return { value: points, gradient: 0, scratch, exact: exact(terms, size), least: baseline.least };
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
  const compared = ({ hard, rows, bytes }: Workspace): number => hard.value + points * rows * bytes;
  return {
    propose: (work, draw) => {
      const { kernels, rows, batch, theta, dim, bytes, hard } = work;
      const { key, site: stream, chunk } = draw(0);
      support.rank(work);
      kernels.sumAndSamplePropose(key.low, key.high, stream, chunk, terms, rows, batch, size, dim, support.ready, support.points, hard.x);
      if (b !== undefined) return;
      for (let i = 0; i < points; i++) p.sample(kernels, draw(i + 1), rows, theta, hard.x + (points + i) * rows * dim * bytes);
    },
    combine: (work) => {
      const { kernels, rows, batch, hard, at, total } = work;
      kernels.arrayFill(hard.points * rows, 0, hard.weight);
      kernels.sumAndSampleWeigh(terms, rows, batch, size, support.ready, hard.value, hard.weight, total);
      b?.predict(work, total, at.baseline);
      kernels.sumAndSampleCompare(points, rows, b === undefined ? 1 : 0, hard.weight, hard.value, b === undefined ? compared(work) : at.baseline, at.coefficient);
    },
    terms: (work, rows, out) => scorePoints(p, points, work, rows, work.at.coefficient, out),
    learn: (work) => b?.learn?.(work, work.total),
    begin: () => {
      support.begin();
      b?.begin?.();
    },
  };
}
