import { leaveOneOut } from "../baselines/leave-one-out.ts";
import { has, onlyOptions, wrongKind } from "../errors.ts";
import type { Baseline } from "../vocabulary/baseline.ts";
import { type Centred, type Distribution, eachPart, type Scored, sizeOf } from "../vocabulary/distribution.ts";
import { type Bound, type Estimator, estimator, type Site } from "../vocabulary/estimator.ts";
import type { Differentiable } from "../vocabulary/integrand.ts";
import { estimators, relaxations } from "../wasm/modules.ts";
import { bindTaylor } from "./taylor.ts";

export interface MuPropOptions {
  /** Of what the expansion leaves of f; `leaveOneOut()` unless given. */
  readonly baseline?: Baseline;
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
export function muProp(options: MuPropOptions = {}): Estimator<Scored & Centred, Differentiable> {
  onlyOptions("muProp", options, ["baseline"]);
  const { baseline = leaveOneOut() } = options;
  if (!has("bind", baseline)) throw wrongKind("muProp", "baseline", "a baseline", baseline, "For a number use constant(number).");
  return estimator<Scored & Centred, Differentiable, Scratch>({
    name: "mu-prop",
    unbiased: true,
    modules: [relaxations, estimators],
    distribution: ["score", "centre"],
    integrand: ["differentiable"],
    plan: () => ({ value: 1, gradient: 0, anchor: "slope", scratch: { coefficient: 1, residual: 1, baseline: 1 }, least: baseline.least }),
    bind: (p, site) => bind(p, site, baseline),
  });
}

type Scratch = "coefficient" | "residual" | "baseline";

function bind(p: Distribution & Scored & Centred, site: Site, baseline: Baseline): Bound<Scratch> {
  const { region, samples, batch } = site;
  const b = baseline.bind(site);
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
      b.predict(work, at.residual, at.baseline);
      kernels.arraySubtract(rows, at.residual, at.baseline, at.coefficient);
      kernels.controlVariateSpreadOut(samples, batch, value.at, total);
      kernels.arrayAdd(rows, at.residual, total);
      kernels.arrayFill(rows, 1, ones.at);
      kernels.arrayFill(rows, 1, hard.weight); // the anchor's own ∂/∂φ has mean 0: it is in h and in E h
    },
    terms({ kernels, theta, hard, at, dim, bytes }, { first, rows }, terms) {
      p.score(kernels, rows, theta, hard.x + first * dim * bytes, at.coefficient + first * bytes, terms);
      eachPart(p.params, 1, (_, from, width) => {
        kernels.controlVariateGiveBack(rows / batch, batch, width, ones.at, gradient.at + from * batch * bytes, terms + from * rows * bytes);
      });
    },
    ...(b.learn && { learn: (work) => b.learn!(work, work.at.residual) }),
    ...(b.begin && { begin: () => b.begin!() }),
  };
}
