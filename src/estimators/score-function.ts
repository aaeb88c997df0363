import type { Pointer } from "../core/kernels.ts";
import { leaveOneOut } from "../baselines/leave-one-out.ts";
import { has, onlyOptions, wrongKind } from "../errors.ts";
import type { Baseline } from "../vocabulary/baseline.ts";
import { type Distribution, type Scored, sizeOf, type Shapes } from "../vocabulary/distribution.ts";
import { type Bound, type Estimator, estimator, type ForDraws, type Site, type Workspace } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import { type BoundControl, bindControl, checkControl, type ControlVariate } from "./control-variate.ts";

export interface ScoreFunctionOptions<S extends Shapes = Shapes> {
  /** b; `leaveOneOut()` unless given. */
  readonly baseline?: Baseline;
  /**
   * h, with a known mean: what of f it explains is taken out of the noise. Its coefficient fits f − b, not each coordinate of the
   * gradient: it needs a baseline beside it, and some ten samples to be well estimated.
   */
  readonly controlVariate?: ControlVariate<S>;
}

/**
 * The score-function estimator, (f(x) − b) ∇ log p(x; θ). Also called REINFORCE.
 *
 * Unbiased for any f, differentiable or not, with any baseline; 1 evaluation of f per sample. Leave-one-out, the default
 * baseline, needs 2 samples; a control variate needs 3. Its variance grows with the number of coordinates. Williams 1992.
 *
 * *Requirements*: `p` has a score; f its values.
 */
export function scoreFunction(options: ScoreFunctionOptions = {}): Estimator<Scored, Integrand> & ForDraws<"score"> {
  onlyOptions("scoreFunction", options, ["baseline", "controlVariate"]);
  const { baseline = leaveOneOut(), controlVariate } = options;
  if (!has("bind", baseline)) throw wrongKind("scoreFunction", "baseline", "a baseline", baseline, "For a number use constant(number).");
  if (controlVariate !== undefined) checkControl(controlVariate);
  return estimator<Scored, Integrand, "coefficient" | "baseline" | "auxiliary">({
    name: "score-function",
    onDraws: { kind: "score", baseline, controlled: controlVariate !== undefined },
    unbiased: true,
    distribution: ["score"],
    integrand: [],
    cure: "Use pathwise().",
    plan: () => ({
      value: 1,
      gradient: 0,
      scratch: { coefficient: 1, baseline: 1, auxiliary: controlVariate === undefined ? 0 : 1 },
      least: Math.max(baseline.least, controlVariate === undefined ? 1 : 3),
    }),
    ...(controlVariate && { auxiliary: controlVariate.control }),
    bind: (p, site) => bind(p, site, baseline, controlVariate),
  }) as Estimator<Scored, Integrand> & ForDraws<"score">;
}

type Work = Workspace<"coefficient" | "baseline" | "auxiliary">;

function bind(p: Distribution & Scored, site: Site, baseline: Baseline, controlVariate: ControlVariate | undefined): Bound<"coefficient" | "baseline" | "auxiliary"> {
  const b = baseline.bind(site);
  const control: BoundControl | undefined = controlVariate && bindControl(controlVariate, sizeOf(p.params), p, site, b);
  return {
    propose: ({ kernels, rows, theta, hard }, draw) => p.sample(kernels, draw(0), rows, theta, hard.x),
    combine: (work: Work) => {
      const { kernels, rows, hard, at, total } = work;
      b.predict(work, hard.value, at.baseline);
      kernels.arraySubtract(rows, hard.value, at.baseline, at.coefficient);
      kernels.arrayFill(rows, 1, hard.weight);
      kernels.arrayCopy(rows, hard.value, total);
      control?.apply(work, at.auxiliary, at.coefficient);
    },
    terms: (work: Work, { first, rows }, terms) => {
      const { kernels, theta, hard, at, dim, bytes } = work;
      p.score(kernels, rows, theta, hard.x + first * dim * bytes, at.coefficient + first * bytes, terms);
      control?.giveBack(work, { first, rows }, terms);
    },
    ...(control === undefined &&
      p.scoreMoments !== undefined && {
        accumulate: ({ kernels, samples, theta, hard, at }: Work, mean: Pointer, squares: Pointer) =>
          p.scoreMoments!(kernels, samples, 0, theta, hard.x, at.coefficient, mean, squares),
      }),
    learn: (work: Work) => b.learn?.(work, work.hard.value),
    begin: () => b.begin?.(),
  };
}

