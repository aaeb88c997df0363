import type { Core, Points, Precision } from "./core/core.ts";
import { finite, integer, onlyOptions, wrongKind, wrongValue } from "./errors.ts";
import { arrayOf, numbers, precisionOf } from "./parameters.ts";
import { sinkhornOn } from "./sinkhorn.ts";
import { type Reading, quantiles, ranks, sorted, top } from "./transport/readings.ts";
import { squash } from "./transport/squash.ts";

/** Lists of `width` numbers, one after the other, and how soft their order is. */
export interface SoftOrderOptions {
  readonly width: number;
  /** ε > 0, where the numbers of a list are squashed to (0, 1) and their distances squared; 0.01 unless given. Small is exact, large is smooth. */
  readonly regularization?: number;
  /** As of `sinkhorn`. */
  readonly tolerance?: number;
  /** As of `sinkhorn`; 20,000 unless given. */
  readonly maximumIterations?: number;
}

export interface SoftTopKOptions extends SoftOrderOptions {
  /** How many are taken, less than the width. */
  readonly count: number;
}

export interface SoftQuantileOptions extends SoftOrderOptions {
  /** Ascending numbers from 0, the least, to 1, the greatest; at least 1 / (width − 1) apart. */
  readonly levels: readonly number[];
}

/** A smooth function of lists, and its derivative. */
export interface SoftOrder<A extends Points = Points> {
  /** `[lists, …]` */
  readonly values: A;
  /** Whether Sinkhorn's iteration arrived, list by list. */
  readonly converged: readonly boolean[];
  /** From the cotangent of the values to that of the lists, `[lists, width]`. */
  pullback(cotangent: A): A;
}

/**
 * Each list in ascending order, softly: `[lists, width]`. Place k has the mean of the numbers that the entropic plan sends there, so values ascend and
 * keep the sum of the list (Cuturi, Teboul & Vert 2019).
 *
 * Any increasing linear map of a list may go before or after. One problem of `sinkhorn` for each list; the derivative is that of its fixed point.
 *
 * @param x  `[lists, width]`; its kind decides the precision
 * @throws {TypeError | RangeError} if an array or an option is of another kind or outside its range; from `pullback`, if a list has not converged
 */
export function softSortOn<A extends Points>(core: Core, x: A, options: SoftOrderOptions): SoftOrder<A> {
  return softly(core, "softSort", x, options, [], sorted);
}

/** The rank of each number in its list, softly: 0 of the least, width − 1 of the greatest, `[lists, width]`. As `softSort`. */
export function softRankOn<A extends Points>(core: Core, x: A, options: SoftOrderOptions): SoftOrder<A> {
  return softly(core, "softRank", x, options, [], ranks);
}

/**
 * Quantiles of each list, softly: `[lists, levels]`. The colder, the nearer to linear interpolation between neighbours. As `softSort`, with a plan of
 * three columns for a level.
 */
export function softQuantileOn<A extends Points>(core: Core, x: A, options: SoftQuantileOptions): SoftOrder<A> {
  const caller = "softQuantile";
  return softly(core, caller, x, options, ["levels"], (width) => {
    const { levels } = options;
    if (!Array.isArray(levels) || levels.length === 0) throw wrongKind(caller, "levels", "an array of at least one number", levels);
    levels.forEach((level, k) => finite(caller, `levels[${k}]`, level, k === 0 ? "a number in [0, 1]" : `a number in [levels[${k - 1}] + 1 / (width − 1), 1]`, (q) => q >= 0 && q <= 1 && (k === 0 || (q - levels[k - 1]!) * (width - 1) >= 1 - 1e-9)));
    return quantiles(width, levels);
  });
}

/** Which numbers of a list are among its `count` greatest, softly: 1 for yes and 0 for no, with the sum `count`, `[lists, width]`. As `softSort`, with a plan of two columns. */
export function softTopKOn<A extends Points>(core: Core, x: A, options: SoftTopKOptions): SoftOrder<A> {
  return softly(core, "softTopK", x, options, ["count"], (width) => {
    if (width < 2) throw wrongValue("softTopK", "width", "at least 2", width);
    return top(width, integer("softTopK", "count", options.count, 1, width - 1));
  });
}

function softly<A extends Points>(core: Core, caller: string, x: A, options: SoftOrderOptions, more: readonly string[], of: (width: number) => Reading): SoftOrder<A> {
  onlyOptions(caller, options, ["width", "regularization", "tolerance", "maximumIterations", ...more]);
  const width = integer(caller, "width", options.width);
  const precision = precisionOf(caller, "x", { x });
  const lists = x.length / width;
  if (!Number.isInteger(lists) || lists === 0) throw wrongValue(caller, "x", `a multiple of width = ${width} numbers`, String(x.length));
  for (let i = 0; i < x.length; i++) if (!Number.isFinite(x[i])) finite(caller, `x[${i}]`, x[i]);
  const { regularization = 0.01, tolerance, maximumIterations = 20_000 } = options;
  const reading = of(width);
  const { masses, targets, length } = reading;
  const columns = masses.length;
  const own = x.slice() as A;
  const squashed = squash(own, width);
  const cost = costsOf(precision, squashed.u, targets);
  const columnMarginals = arrayOf(precision, columns);
  columnMarginals.set(masses);
  const transport = sinkhornOn(core, { cost, columnMarginals }, { rows: width, columns, regularization, maximumIterations, anderson: 5, ...(tolerance !== undefined && { tolerance }) });
  const plans = transport.plan();
  const values = arrayOf(precision, lists * length) as A;
  for (let p = 0; p < lists; p++) reading.read(plans, own, values, p);
  return {
    values,
    converged: transport.converged,
    pullback(given) {
      const cotangent = numbers(caller, "cotangent", given, precision, values.length);
      const ofPlans = arrayOf(precision, plans.length);
      const ofX = new Float64Array(x.length);
      for (let p = 0; p < lists; p++) reading.pull(plans, own, cotangent, ofPlans, ofX, p);
      squashed.pull(pullCosts((transport.pullback({ plan: ofPlans }) as { cost: Points }).cost, squashed.u, targets), ofX);
      const out = arrayOf(precision, x.length) as A;
      out.set(ofX);
      return out;
    },
  };
}

/** (uᵢ − targetⱼ)² */
function costsOf(precision: Precision, u: Float64Array, targets: Float64Array): Points {
  const cost = arrayOf(precision, u.length * targets.length);
  for (let i = 0, k = 0; i < u.length; i++) for (let j = 0; j < targets.length; j++, k++) cost[k] = (u[i]! - targets[j]!) * (u[i]! - targets[j]!);
  return cost;
}

/** The cotangent of u from that of the costs. */
function pullCosts(cotangent: Points, u: Float64Array, targets: Float64Array): Float64Array {
  const out = new Float64Array(u.length);
  for (let i = 0, k = 0; i < u.length; i++) {
    let sum = 0;
    for (let j = 0; j < targets.length; j++, k++) sum += 2 * (u[i]! - targets[j]!) * cotangent[k]!;
    out[i] = sum;
  }
  return out;
}
