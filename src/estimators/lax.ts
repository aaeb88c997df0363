import { onlyOptions } from "../errors.ts";
import type { Baseline } from "../vocabulary/baseline.ts";
import type { Reparameterizable, Scored } from "../vocabulary/distribution.ts";
import { type Estimator, estimator } from "../vocabulary/estimator.ts";
import type { Integrand } from "../vocabulary/integrand.ts";
import { relaxations } from "../wasm/modules.ts";
import { common } from "./conditioned.ts";
import { bindControlled, pushes } from "./controlled.ts";
import { bindSurrogate, type LearnedControl, networkControl } from "./surrogate.ts";

export interface LaxOptions {
  /** c, what is learned: `networkControl()` unless given. */
  readonly controlVariate?: LearnedControl;
  /** Step size of Adam on the parameters of c; 0.01 unless given. */
  readonly rate?: number;
  /** b; `none()` unless given. */
  readonly baseline?: Baseline;
}

/**
 * LAX: (f(x) − b − c(x)) ∇ log p(x) + ∂c(x)/∂θ along the path of x; c is a formula of x that learns.
 *
 * Unbiased for any c, also while it learns: it follows the gradient of the variance, after each estimate. 1 evaluation of f per
 * sample, and f may jump or be unknown: the nearer c comes to f, the nearer this comes to the pathwise estimator of it. What c has
 * learned is in the gradient's `state`. Grathwohl, Choi, Wu, Roeder & Duvenaud 2018.
 *
 * *Requirements*: `p` has a score and a path along which tangents can be pushed (`normal`, `logistic`, `gumbel`); f its values.
 *
 * @throws {TypeError | RangeError} if an option is not what it should be
 */
export function lax(options: LaxOptions = {}): Estimator<Scored & Reparameterizable, Integrand> {
  onlyOptions("lax", options, ["controlVariate", "rate", "baseline"]);
  const { controlVariate = networkControl() } = options;
  const { rate, baseline } = common("lax", options);
  return estimator<Scored & Reparameterizable, Integrand, "noise">({
    name: "lax",
    unbiased: true,
    distribution: ["score", "path"],
    integrand: [],
    modules: [relaxations],
    plan({ name, path }) {
      pushes("lax", name, { path });
      return { value: 1, gradient: 0, scratch: { noise: path.noise }, least: baseline.least };
    },
    bind: (p, site) => ({
      propose: ({ kernels, rows, theta, hard, at }, draw) => p.path.draw(kernels, draw(0), rows, theta, at.noise, hard.x),
      ...bindControlled(p, site, {
        name: "lax",
        score: { add: p.score, of: ({ hard }) => hard.x, width: p.dim },
        latents: [{ path: p.path, noise: ({ at }) => at["noise"]! }],
        z: ({ hard }) => hard.x,
        width: p.dim,
        parts: [bindSurrogate(controlVariate, "draw", rate, site, site.samples * site.batch, p.dim)],
        baseline: baseline.bind(site),
      }),
    }),
  });
}
