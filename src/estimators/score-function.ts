import type { Pointer } from "../core/kernels.ts";
import { leaveOneOut } from "../baselines/leave-one-out.ts";
import { setwise } from "../baselines/setwise.ts";
import { has, onlyOptions, wrongKind } from "../errors.ts";
import type { Baseline, BoundBaseline, CoordinateBaseline } from "../vocabulary/baseline.ts";
import type { Distribution, Invertible, Quadratic, Scored, Shapes } from "../vocabulary/distribution.ts";
import { type Bound, type Definition, type Estimator, estimator, type ForDraws, type Site, type Workspace } from "../vocabulary/estimator.ts";
import type { Integrand, TwiceDifferentiable } from "../vocabulary/integrand.ts";
import type { Noise } from "../vocabulary/noise.ts";
import type { Kind } from "../vocabulary/objective.ts";
import { centring } from "./centring.ts";
import { bindControls, type Controls, controlsOf, type ControlVariate } from "./control-variate.ts";
import { withNoise } from "./point-sets.ts";
import { scoreFunctionOfBound } from "./score-function-bound.ts";
import { bindTaylor, type DeltaMethod } from "./taylor.ts";

export interface ScoreFunctionOptions<S extends Shapes = Shapes> {
  /** b; `leaveOneOut()` unless given. `perCoordinate()` has one for each number of θ. */
  readonly baseline?: Baseline | CoordinateBaseline;
  /**
   * h, with a known mean: what of f it explains is taken out of the noise. Its coefficient fits f − b, not each coordinate of the
   * gradient: it needs a baseline beside it, and some ten samples to be well estimated. Several are fitted together.
   */
  readonly controlVariate?: ControlVariate<S> | DeltaMethod | readonly (ControlVariate<S> | DeltaMethod)[];
  /** Point sets to draw from, one to a sample: `sobol({ points: 64 })`. Independent points unless given. Not beside a control variate. */
  readonly noise?: Noise;
}

type WithDelta = { readonly controlVariate: DeltaMethod | readonly [DeltaMethod, ...(readonly ControlVariate[])] };

/**
 * The score-function estimator, (f(x) − b) ∇ log p(x; θ). Also called REINFORCE.
 *
 * Unbiased for any f, differentiable or not, with any baseline; 1 evaluation of f per sample, or as many as
 * a set of `noise` has points. Leave-one-out, the default baseline, needs 2 samples; control variates need 2 more than there are. Its
 * variance grows with the number of coordinates. Williams 1992.
 *
 * On an `importanceBound` f is the bound of one sample, whose own log q adds −Σₖ wₖ ∇ log q(xₖ; θ); `vimco()` does better there with
 * 2 particles and more. Control variates, `noise` and `perCoordinate()` are for expectations alone.
 *
 * *Requirements*: `p` has a score, and a quantile for `noise`; f its values, and is an `expression` for `deltaMethod()`, which is to come
 * first where there are several control variates.
 */
export function scoreFunction(options: ScoreFunctionOptions & WithDelta): Estimator<Scored & Quadratic, TwiceDifferentiable>;
export function scoreFunction(options: ScoreFunctionOptions & { readonly noise: Noise }): Estimator<Scored & Invertible, Integrand>;
export function scoreFunction(options?: Omit<ScoreFunctionOptions, "controlVariate"> & { readonly controlVariate?: ControlVariate | readonly ControlVariate[] }): Estimator<Scored, Integrand, Kind> & ForDraws<"score">;
export function scoreFunction(options: ScoreFunctionOptions = {}): Estimator<never, never, never> {
  onlyOptions("scoreFunction", options, ["baseline", "controlVariate", "noise"]);
  const { baseline = leaveOneOut(), noise } = options;
  if (!has("bind", baseline) && !has("coordinates", baseline)) throw wrongKind("scoreFunction", "baseline", "a baseline", baseline, "For a number use constant(number).");
  const controls = controlsOf(options.controlVariate);
  if (noise === undefined) {
    const bound = controls.count === 0 && "bind" in baseline ? { bound: scoreFunctionOfBound(baseline) } : {};
    const onDraws = "bind" in baseline ? { onDraws: { kind: "score" as const, baseline, controlled: controls.count > 0 } } : {};
    return estimator({ ...definition(baseline, controls), ...onDraws, ...bound });
  }
  if (controls.count > 0) throw wrongKind("scoreFunction", "noise", "none beside a control variate", noise, "The points of a set are not independent, and its coefficient needs samples that are.");
  if ("coordinates" in baseline) throw wrongKind("scoreFunction", "noise", "none beside perCoordinate()", noise, "The points of a set are not independent, and it needs samples that are.");
  return estimator(withNoise("scoreFunction", definition(setwise(baseline), controls), noise));
}

type Scratch = "coefficient" | "baseline" | "auxiliary";
type Work = Workspace<Scratch>;

function definition(baseline: Baseline | CoordinateBaseline, controls: Controls): Definition<Scored, Integrand, Scratch> {
  const { count, delta, given } = controls;
  return {
    name: "score-function",
    unbiased: true,
    distribution: delta ? ["score", "quadratic"] : ["score"],
    integrand: delta ? ["twice"] : [],
    modules: delta?.modules ?? [],
    plan: () => ({
      value: 1,
      gradient: 0,
      ...(delta && { anchor: "curvature" as const }),
      scratch: { coefficient: 1, baseline: 1, auxiliary: count },
      least: Math.max(baseline.least, count === 0 ? 1 : count + 2),
    }),
    auxiliary: given.map(({ control }) => control),
    bind: (p, site) => bind(p, site, baseline, controls),
  };
}

function bind(p: Distribution & Scored, site: Site, baseline: Baseline | CoordinateBaseline, controls: Controls): Bound<Scratch> {
  const b: BoundBaseline | undefined = "bind" in baseline ? baseline.bind(site) : undefined;
  const each = "coordinates" in baseline ? centring(p, site, baseline) : undefined;
  const taylor = controls.delta ? bindTaylor(p as Distribution & Scored & Quadratic, site) : undefined;
  const control = controls.count === 0 ? undefined : bindControls(controls, taylor, p, site, b);
  const rows = site.samples * site.batch;
  return {
    propose(work, draw) {
      p.sample(work.kernels, draw(0), work.rows, work.theta, work.hard.x);
      taylor?.propose(work);
    },
    combine: (work: Work) => {
      const { kernels, hard, at, total } = work;
      if (b === undefined) kernels.arrayCopy(rows, hard.value, at.coefficient);
      else {
        b.predict(work, hard.value, at.baseline);
        kernels.arraySubtract(rows, hard.value, at.baseline, at.coefficient);
      }
      kernels.arrayFill(rows, 1, hard.weight);
      kernels.arrayCopy(rows, hard.value, total);
      control?.apply(work, at.auxiliary, at.coefficient);
      if (each === undefined) return;
      each.center(work, hard.value);
      control?.each(at.auxiliary, (values, slope) => each.without(work, values, slope));
    },
    terms: (work: Work, { first, rows: some }, terms) => {
      const { kernels, theta, hard, at, dim, bytes } = work;
      if (each === undefined) p.score(kernels, some, theta, hard.x + first * dim * bytes, at.coefficient + first * bytes, terms);
      else each.take(kernels, { first, rows: some }, terms);
      control?.giveBack(work, { first, rows: some }, terms);
    },
    ...(control === undefined &&
      each === undefined &&
      p.scoreMoments !== undefined && {
        accumulate: ({ kernels, samples, theta, hard, at }: Work, mean: Pointer, squares: Pointer) =>
          p.scoreMoments!(kernels, samples, 0, theta, hard.x, at.coefficient, mean, squares),
      }),
    ...(each && { spread: (work: Work, squares: Pointer) => each.spread(work, squares) }),
    learn: (work: Work) => b?.learn?.(work, work.hard.value),
    begin: () => b?.begin?.(),
  };
}
