import type { Core, Points } from "./core/core.ts";
import { finite, integer, onlyOptions, wrongKind, wrongValue } from "./errors.ts";
import { arrayOf, numbers, precisionOf } from "./parameters.ts";
import { sinkhornOn } from "./sinkhorn.ts";
import { type Cloud, distances, pullDistances } from "./transport/clouds.ts";

/** Two clouds of points for each problem. The arrays decide the precision: all Float64Array, or all Float32Array. */
export interface Clouds<A extends Points = Points> {
  /** `[batch, points, dim]` */
  readonly x: A;
  /** `[batch, other points, dim]` */
  readonly y: A;
  /** ≥ 0, `[points]` or `[batch, points]`; equal shares of 1 unless given. */
  readonly xWeights?: A;
  /** Of the same sum as those of x. */
  readonly yWeights?: A;
}

export interface DivergenceOptions {
  /** Coordinates of a point. */
  readonly dim: number;
  /** ε > 0, in units of squared distance. */
  readonly regularization: number;
  /** Independent problems; 1 unless given. */
  readonly batch?: number;
  /** As of `sinkhorn`. */
  readonly tolerance?: number;
  /** As of `sinkhorn`; 20,000 unless given. */
  readonly maximumIterations?: number;
}

export interface Divergence<A extends Points = Points> {
  /** `[batch]`; 0 for equal clouds, above 0 for all others. */
  readonly value: A;
  /** Whether all three problems of Sinkhorn arrived, one by one. */
  readonly converged: readonly boolean[];
  /** From the cotangent of the value, `[batch]`, to those of the points. Needs no derivative of a plan (envelope theorem). */
  pullback(cotangent: A): { readonly x: A; readonly y: A };
}

/**
 * The Sinkhorn divergence OT(x, y) − ½ OT(x, x) − ½ OT(y, y), OT the entropic transport of squared distances: what is left of OT when the blur of its
 * entropy is taken off. Between half a squared maximum mean discrepancy (large ε) and optimal transport (ε → 0). Genevay, Peyré & Cuturi 2018; Feydy et al. 2019.
 *
 * @throws {TypeError | RangeError} if an array or an option is of another kind or outside its range
 */
export function sinkhornDivergenceOn<A extends Points>(core: Core, clouds: Clouds<A>, options: DivergenceOptions): Divergence<A> {
  const caller = "sinkhornDivergence";
  if (typeof clouds !== "object" || clouds === null) throw wrongKind(caller, "clouds", "an object with x and y", clouds);
  onlyOptions(caller, clouds, ["x", "y", "xWeights", "yWeights"]);
  onlyOptions(caller, options, ["dim", "regularization", "batch", "tolerance", "maximumIterations"]);
  const [dim, batch] = [integer(caller, "dim", options.dim), integer(caller, "batch", options.batch ?? 1)];
  const regularization = finite(caller, "regularization", options.regularization, "a number > 0", (each) => each > 0);
  const precision = precisionOf(caller, "clouds", Object.fromEntries(Object.entries(clouds).filter(([, array]) => array !== undefined)));
  const [x, y] = [cloudOf(caller, "x", clouds, dim, batch), cloudOf(caller, "y", clouds, dim, batch)];
  const { tolerance, maximumIterations = 20_000 } = options;
  const settings = { regularization, maximumIterations, anderson: 5, ...(tolerance !== undefined && { tolerance }) };
  const solved = (first: Cloud, second: Cloud, weight: number) => {
    const problem = { cost: distances(first, second, dim, batch), rowMarginals: first.weights, columnMarginals: second.weights };
    return { first, second, weight, transport: sinkhornOn(core, problem, { rows: first.count, columns: second.count, ...settings }) };
  };
  const terms = [solved(x, y, 1), solved(x, x, -0.5), solved(y, y, -0.5)];
  const value = arrayOf(precision, batch);
  for (const { transport, weight } of terms) for (let p = 0; p < batch; p++) value[p]! += weight * transport.objective[p]!;
  return {
    value: value as A,
    converged: Array.from({ length: batch }, (_, p) => terms.every(({ transport }) => transport.converged[p]!)),
    pullback(given) {
      const cotangent = numbers(caller, "cotangent", given, precision, batch);
      const out = { x: arrayOf(precision, x.points.length) as A, y: arrayOf(precision, y.points.length) as A };
      const of = (cloud: Cloud): Points => (cloud === x ? out.x : out.y);
      for (const { first, second, transport, weight } of terms) pullDistances(first, second, dim, transport.plan(), weight, cotangent, of(first), of(second));
      return out;
    },
  };
}

function cloudOf(caller: string, name: "x" | "y", clouds: Clouds, dim: number, batch: number): Cloud {
  const points = clouds[name];
  const count = points.length / (batch * dim);
  if (!Number.isInteger(count) || count === 0) throw wrongValue(caller, name, `a multiple of batch · dim = ${batch * dim} numbers`, String(points.length));
  for (let i = 0; i < points.length; i++) if (!Number.isFinite(points[i])) finite(caller, `${name}[${i}]`, points[i]);
  const precision = points instanceof Float64Array ? "f64" : "f32";
  const weights = clouds[`${name}Weights`] ?? arrayOf(precision, count).fill(1 / count);
  return { points: points.slice(), count, weights: numbers(caller, `${name}Weights`, weights, precision, weights.length === count ? count : batch * count) };
}
