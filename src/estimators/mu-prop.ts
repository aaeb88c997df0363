import { leaveOneOut } from "../baselines/leave-one-out.ts";
import { has, onlyOptions, wrongKind } from "../errors.ts";
import { setwise } from "../baselines/setwise.ts";
import type { Baseline, BoundBaseline, CoordinateBaseline } from "../vocabulary/baseline.ts";
import { type Centred, type Distribution, eachPart, type Invertible, type Scored, sizeOf } from "../vocabulary/distribution.ts";
import { type Bound, type Definition, type Estimator, estimator, type Site } from "../vocabulary/estimator.ts";
import type { Differentiable } from "../vocabulary/integrand.ts";
import type { Noise } from "../vocabulary/noise.ts";
import { estimators, relaxations } from "../wasm/modules.ts";
import { centring } from "./centring.ts";
import { withNoise } from "./point-sets.ts";
import { bindTaylor } from "./taylor.ts";

export interface MuPropOptions {
  /** Of what the expansion leaves of f; `leaveOneOut()` unless given. `perCoordinate()` has one for each number of θ. */
  readonly baseline?: Baseline | CoordinateBaseline;
  /** Point sets to draw from, one to a sample: `sobol({ points: 64 })`. Independent points unless given; not beside `perCoordinate()`. */
  readonly noise?: Noise;
}

/**
 * MuProp: the score function of what f's expansion about the mean leaves, h(x) = f(μ) + f′(μ) · (x − μ), plus the gradient of E h = f(μ)
 * through the mean, which has no noise: f′(μ) · ∂μ/∂θ.
 *
 * Unbiased for any f with a gradient, and any baseline. Good where f is nearly linear between the points that x can take; f is evaluated at
 * the mean, where x never is: there it must be finite. 1 evaluation of f per sample, and 1 of f and its gradient for each problem. Gu,
 * Levine, Sutskever & Mnih 2016.
 *
 * *Requirements*: `p` has a score and a mean with a gradient (`bernoulli`, `oneHotCategorical`, normals); f is differentiable.
 */
export function muProp(options: MuPropOptions & { readonly noise: Noise }): Estimator<Scored & Centred & Invertible, Differentiable>;
export function muProp(options?: MuPropOptions): Estimator<Scored & Centred, Differentiable>;
export function muProp(options: MuPropOptions = {}): Estimator<never, Differentiable> {
  onlyOptions("muProp", options, ["baseline", "noise"]);
  const { baseline = leaveOneOut(), noise } = options;
  if (!has("bind", baseline) && !has("coordinates", baseline)) throw wrongKind("muProp", "baseline", "a baseline", baseline, "For a number use constant(number).");
  if (noise !== undefined && "coordinates" in baseline) throw wrongKind("muProp", "noise", "none beside perCoordinate()", noise, "The points of a set are not independent, and it needs samples that are.");
  const used = "bind" in baseline && noise !== undefined ? setwise(baseline) : baseline;
  const own: Definition<Scored & Centred, Differentiable, Scratch> = {
    name: "mu-prop",
    unbiased: true,
    modules: [relaxations, estimators],
    distribution: ["score", "centre"],
    integrand: ["differentiable"],
    plan: () => ({ value: 1, gradient: 0, anchor: "slope", scratch: { coefficient: 1, residual: 1, baseline: 1 }, least: used.least }),
    bind: (p, site) => bind(p, site, used),
  };
  return estimator(withNoise("muProp", own, noise));
}

type Scratch = "coefficient" | "residual" | "baseline";

function bind(p: Distribution & Scored & Centred, site: Site, baseline: Baseline | CoordinateBaseline): Bound<Scratch> {
  const { region, samples, batch } = site;
  const b: BoundBaseline | undefined = "bind" in baseline ? baseline.bind(site) : undefined;
  const each = "coordinates" in baseline ? centring(p, site, baseline) : undefined;
  const taylor = bindTaylor(p, site);
  const size = sizeOf(p.params);
  const [value, gradient, ones] = [region.reserve(batch), region.reserve(batch * size), region.reserve(samples * batch)];
  return {
    propose(work, draw) {
      p.sample(work.kernels, draw(0), work.rows, work.theta, work.hard.x);
      taylor.propose(work);
    },
    combine(work) {
      const { kernels, rows, hard, at, total } = work;
      taylor.values(work, at.residual);
      taylor.mean(work, value.at, gradient.at);
      kernels.arraySubtract(rows, hard.value, at.residual, at.residual);
      if (b !== undefined) {
        b.predict(work, at.residual, at.baseline);
        kernels.arraySubtract(rows, at.residual, at.baseline, at.coefficient);
      }
      kernels.controlVariateSpreadOut(samples, batch, value.at, total);
      kernels.arrayAdd(rows, at.residual, total);
      kernels.arrayFill(rows, 1, ones.at);
      kernels.arrayFill(rows, 1, hard.weight); // the anchor's own ∂/∂φ has mean 0: it is in h and in E h
      each?.center(work, at.residual);
    },
    terms({ kernels, theta, hard, at, dim, bytes }, { first, rows }, terms) {
      if (each === undefined) p.score(kernels, rows, theta, hard.x + first * dim * bytes, at.coefficient + first * bytes, terms);
      else each.take(kernels, { first, rows }, terms);
      eachPart(p.params, 1, (_, from, width) => {
        kernels.controlVariateGiveBack(rows / batch, batch, width, ones.at, gradient.at + from * batch * bytes, terms + from * rows * bytes);
      });
    },
    ...(each && { spread: each.spread }),
    learn: (work) => b?.learn?.(work, work.at.residual),
    begin: () => b?.begin?.(),
  };
}
