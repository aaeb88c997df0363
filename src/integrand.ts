import type { Points } from "./core/core.ts";
import type { Pointer } from "./core/kernels.ts";
import type { Region } from "./core/region.ts";
import { wrongKind } from "./errors.ts";
import type { Differentiable, Integrand, Lanes } from "./vocabulary/integrand.ts";

/**
 * f by its values, for a whole batch of points at once: differentiable or not, any JavaScript.
 *
 * `x` is `[points, dim]` and `value` is `[points]`, both views of the core's memory, good until f returns (f may call gradex
 * itself). `x` is to be read only: the gradient is computed from it afterwards. `value` comes filled with NaN, so a point that f forgets is noticed; point r belongs to problem r % batch.
 *
 * @throws what f throws, unchanged
 */
export function batched(f: (x: Points, value: Points, lanes: Lanes) => void): Integrand {
  callable("batched", f);
  return {
    bind: ({ region, dim }) => {
      const views = viewer(region);
      return {
        evaluate: (rows, x, value, lanes) => {
          const out = views(value, rows).fill(Number.NaN);
          const points = views(x, rows * dim);
          atOnce(region.core.lend(() => f(points, out, lanes)));
        },
      };
    },
  };
}

/**
 * f by its values and its gradient: the hook for any other way to differentiate.
 *
 * As `batched`, and `gradient` `[points, dim]` is ∂f/∂x, also filled with NaN.
 */
export function differentiable(f: (x: Points, value: Points, gradient: Points, lanes: Lanes) => void): Differentiable {
  callable("differentiable", f);
  return {
    differentiable: true,
    bind: ({ region, dim, rows: most }) => {
      const views = viewer(region);
      const unused = region.reserve(most * dim); // where only the value is wanted
      const differentiate = (rows: number, x: Pointer, value: Pointer, gradient: Pointer, lanes: Lanes): void => {
        const out = views(value, rows).fill(Number.NaN);
        const slope = views(gradient, rows * dim).fill(Number.NaN);
        const points = views(x, rows * dim);
        atOnce(region.core.lend(() => f(points, out, slope, lanes)));
      };
      return { differentiate, evaluate: (rows, x, value, lanes) => differentiate(rows, x, value, unused.at, lanes) };
    },
  };
}

/**
 * f that is computed elsewhere: on a server, by a worker, by people. The points come from `grad.propose()`, and the estimate
 * from `grad.combine()`; `grad.estimate()` refuses.
 */
export function remote(): Differentiable {
  const refuse = (): never => {
    throw new TypeError("estimate: f is remote. Take the points from propose() and give the values to combine().");
  };
  return { differentiable: true, bind: () => ({ evaluate: refuse, differentiate: refuse }) };
}

function callable(caller: string, f: unknown): void {
  if (typeof f !== "function") throw wrongKind(caller, "f", "a function", f);
}

/** A promise would write its values too late. Whatever else f returns is of no use, and harmless. */
function atOnce(result: unknown): void {
  if (typeof (result as { then?: unknown } | undefined)?.then !== "function") return;
  (result as Promise<unknown>).then(undefined, () => {}); // its own failure has nobody else to hear it
  throw wrongKind("estimate", "f", "to write its values before it returns", result, "For an f that waits, use propose() and combine().");
}

/** Views by address, kept while memory is the same. */
function viewer(region: Region): (at: Pointer, length: number) => Points {
  const views = new Map<Pointer, Points>();
  return (at, length) => {
    let view = views.get(at);
    if (view === undefined || view.buffer !== region.core.heap.buffer() || view.length !== length) {
      view = region.core.view(region.precision, at, length);
      views.set(at, view);
    }
    return view;
  };
}
