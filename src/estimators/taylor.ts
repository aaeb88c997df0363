import { noOptions } from "../errors.ts";
import type { Pointer } from "../core/kernels.ts";
import type { KernelModule } from "../core/module.ts";
import { type Centred, type Distribution, type Quadratic, sizeOf } from "../vocabulary/distribution.ts";
import type { Site, Workspace } from "../vocabulary/estimator.ts";
import { estimators } from "../wasm/modules.ts";

/** The control variate that is f's own expansion: see `deltaMethod`. */
export interface DeltaMethod {
  readonly delta: true;
  readonly modules: readonly KernelModule[];
}

/**
 * The delta-method control variate, for `scoreFunction({ controlVariate: deltaMethod() })`: h is f's second-order expansion about the
 * mean of p, whose mean and gradient under a normal are known.
 *
 * The closer f is to quadratic within the spread of p, the more it takes out. Like any control variate it costs no bias, for its anchor is
 * fixed while x is drawn. It costs dim + 1 evaluations of f's gradient or curvature for each problem, once an estimate. Paisley, Blei
 * & Jordan 2012; Mohamed, Rosca, Figurnov & Mnih 2020.
 *
 * *Requirements*: `p` is `normal` or `multivariateNormal`; f is an `expression`.
 */
export function deltaMethod(): DeltaMethod;
export function deltaMethod(...given: readonly unknown[]): DeltaMethod {
  noOptions("deltaMethod", given);
  return { delta: true, modules: [estimators] };
}

export function isDeltaMethod(value: unknown): value is DeltaMethod {
  return (value as Partial<DeltaMethod> | undefined)?.delta === true;
}

/** f's expansion about the mean of p: of first order, or of second where the family is `Quadratic` and curvature was planned. */
export interface BoundTaylor {
  /** Writes the anchor: the mean of p. */
  readonly propose: (work: Workspace) => void;
  /** Writes h at the hard points, `[rows]`. */
  readonly values: (work: Workspace, out: Pointer) => void;
  /** Writes E[h], `[batch]`, and its gradient, packed by parameter `[batch, …shape]`, the anchor held still. */
  readonly mean: (work: Workspace, value: Pointer, gradient: Pointer) => void;
}

export function bindTaylor(p: Distribution & Centred & Partial<Quadratic>, { region, batch }: Site): BoundTaylor {
  const difference = region.reserve(p.dim, "f64");
  const size = sizeOf(p.params);
  const at = ({ anchor }: Workspace) => anchor!; // planned by whoever binds this
  return {
    propose: (work) => p.centre.mean(work.kernels, work.theta, at(work).x),
    values(work, out) {
      const { kernels, rows, dim, hard } = work;
      const { x, value, gradient, curvature } = at(work);
      kernels.taylorEvaluate(rows, batch, dim, hard.x, x, value, gradient, curvature, difference.at, out);
    },
    mean(work, value, gradient) {
      const { kernels, theta } = work;
      const anchor = at(work);
      // Not arrayFill: what follows in memory is another control's.
      new Uint8Array(region.core.heap.buffer(), gradient, batch * size * region.bytes).fill(0);
      kernels.arrayCopy(batch, anchor.value, value);
      p.centre.pull(kernels, batch, theta, anchor.gradient, gradient);
      if (anchor.curvature !== 0) p.quadratic!(kernels, theta, anchor.curvature, value, gradient);
    },
  };
}
