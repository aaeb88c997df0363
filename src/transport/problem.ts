import type { Points, Precision } from "../core/core.ts";
import { finite, integer, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import { arrayOf, isArray, numbers, precisionOf } from "../parameters.ts";
import { sum } from "./vectors.ts";

/** What is to be transported, at what cost. The arrays decide the precision: all Float64Array, or all Float32Array. */
export type TransportProblem<A extends Points = Points> = CostProblem<A> | LogitsProblem<A>;

export interface CostProblem<A extends Points = Points> extends Marginals<A> {
  /** C, `[batch, rows, columns]`; ∞ forbids a cell. */
  readonly cost: A;
  readonly logits?: never;
}

export interface LogitsProblem<A extends Points = Points> extends Marginals<A> {
  /** Minus the cost, `[batch, rows, columns]`; −∞ forbids a cell. */
  readonly logits: A;
  readonly cost?: never;
}

interface Marginals<A extends Points> {
  /** a ≥ 0, `[rows]` for all problems or `[batch, rows]`: 1 / rows each unless given, 1 each with logits. */
  readonly rowMarginals?: A;
  /** b ≥ 0, `[columns]` or `[batch, columns]`, of the same sum: equal shares of it unless given. */
  readonly columnMarginals?: A;
}

/** A problem that was checked: `batch` matrices of `rows · columns` numbers. */
export interface Checked {
  readonly form: "cost" | "logits";
  readonly precision: Precision;
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly x: Points;
  readonly a: Points;
  readonly b: Points;
}

/** Problem p's part of an array that is one for all problems, or one for each. */
export function partOf(array: Points, width: number, p: number): Points {
  return array.length === width ? array : array.subarray(p * width, (p + 1) * width);
}

/** Sums may differ by what rounding the marginals costs. */
const ROUNDING: Readonly<Record<Precision, number>> = { f64: 1e-9, f32: 1e-4 };

/**
 * @param balanced  whether the marginals of both sides must hold
 * @throws {TypeError | RangeError} as `sinkhorn` says
 */
export function checked(caller: string, given: TransportProblem, shape: { readonly rows: unknown; readonly columns: unknown }, balanced: boolean): Checked {
  if (typeof given !== "object" || given === null) throw wrongKind(caller, "problem", "an object with cost or logits", given);
  onlyOptions(caller, given, ["cost", "logits", "rowMarginals", "columnMarginals"]);
  const form = given.logits === undefined ? "cost" : "logits";
  if ((given.cost === undefined) === (given.logits === undefined)) throw wrongKind(caller, "problem", "either cost or logits", given);
  const rows = integer(caller, "rows", shape.rows);
  const columns = integer(caller, "columns", shape.columns);
  const arrays = Object.entries(given).filter(([, array]) => array !== undefined);
  const precision = precisionOf(caller, "problem", Object.fromEntries(arrays));
  const x = (given.cost ?? given.logits)!;
  const batch = x.length / (rows * columns);
  if (!Number.isInteger(batch) || batch === 0) throw wrongValue(caller, form, `a multiple of rows · columns = ${rows * columns} numbers`, String(x.length));
  const share = form === "cost" ? 1 / rows : 1;
  const a = marginals(caller, "rowMarginals", given.rowMarginals, rows, batch, precision) ?? arrayOf(precision, rows).fill(share);
  const b = marginals(caller, "columnMarginals", given.columnMarginals, columns, batch, precision) ?? shares(a, rows, columns, batch, precision);
  for (let p = 0; balanced && p < batch; p++) alike(caller, sum(partOf(a, rows, p)), sum(partOf(b, columns, p)), p, precision);
  return { form, precision, batch, rows, columns, x, a, b };
}

function marginals(caller: string, name: string, given: unknown, width: number, batch: number, precision: Precision): Points | undefined {
  if (given === undefined) return undefined;
  const each = isArray(given, precision) && given.length === width ? width : batch * width;
  const array = numbers(caller, name, given, precision, each);
  for (let i = 0; i < array.length; i++) finite(caller, `${name}[${i}]`, array[i], "a finite number >= 0", (x) => x >= 0);
  for (let at = 0; at < array.length; at += width) {
    if (!(sum(array.subarray(at, at + width)) > 0)) throw wrongValue(caller, name, "a positive sum", `${width} zeros from number ${at} on`);
  }
  return array;
}

/** Equal shares of the sum of the rows. */
function shares(a: Points, rows: number, columns: number, batch: number, precision: Precision): Points {
  const problems = a.length === rows ? 1 : batch;
  const b = arrayOf(precision, problems * columns);
  for (let p = 0; p < problems; p++) b.fill(sum(partOf(a, rows, p)) / columns, p * columns, (p + 1) * columns);
  return b;
}

function alike(caller: string, first: number, second: number, p: number, precision: Precision): void {
  if (Math.abs(first - second) <= ROUNDING[precision] * first) return;
  throw wrongValue(caller, "columnMarginals", `the sum of rowMarginals, ${first}, in problem ${p}`, String(second), 'Scale one of them, or let "rowStrength" or "columnStrength" pay for the difference.');
}
