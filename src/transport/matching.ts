import { BYTES, type Core, type Points } from "../core/core.ts";
import { integer, onlyOptions, wrongKind, wrongValue } from "../errors.ts";
import { arrayOf, isArray, precisionOf } from "../parameters.ts";
import { transport } from "../wasm/modules.ts";

export interface MatchingOptions {
  readonly rows: number;
  readonly columns: number;
  /** Independent problems, one after the other; 1 unless given. */
  readonly batch?: number;
  /** The least sum instead of the greatest: scores are costs. */
  readonly minimize?: boolean;
}

export interface Matching<A extends Points = Points> {
  /** For each row its column, `[batch, rows]`; −1 where there are more rows than columns and this one is left over. */
  readonly columns: Int32Array;
  /** The sum of the chosen scores of each problem, `[batch]`. */
  readonly value: A;
}

/**
 * The assignment of rows to columns, each at most once, with the greatest (or least) sum of scores: exact, by shortest augmenting paths
 * (Jonker & Volgenant 1987; Crouse 2016). O(n³) at worst, about n² where scores are spread out.
 *
 * −∞ (or +∞ where they are costs) forbids a pair. Of several best assignments it takes one, the same on every runtime.
 *
 * @param scores  `[batch, rows, columns]`; the computation is in f64 in both precisions
 * @throws {RangeError} if a score is NaN or infinitely good, or if there is no assignment without a forbidden pair
 */
export function matchingOn<A extends Points>(core: Core, scores: A, options: MatchingOptions): Matching<A> {
  const caller = "matching";
  options ??= {} as typeof options; // what is missing is named by its own check
  onlyOptions(caller, options, ["rows", "columns", "batch", "minimize"]);
  const [rows, columns] = [integer(caller, "rows", options.rows), integer(caller, "columns", options.columns)];
  const batch = integer(caller, "batch", options.batch ?? 1);
  if (!isArray(scores, "f64") && !isArray(scores, "f32")) throw wrongKind(caller, "scores", "a Float64Array or a Float32Array", scores);
  const precision = precisionOf(caller, "scores", { scores });
  const size = rows * columns;
  if (scores.length !== batch * size) throw wrongValue(caller, "scores", `batch · rows · columns = ${batch * size} numbers`, String(scores.length));
  const sign = options.minimize ? 1 : -1;
  admissible(scores, sign);

  // One block, and no region: for ten rows its bookkeeping would take longer than the assignment.
  const [room, places] = [inLines(batch * size * BYTES[precision]), inLines(4 * batch * rows)];
  core.need(transport);
  const total = room + places + core.kernels.f64.matchingScratch(rows, columns);
  const owner = core.roomFor(total);
  owner.need(transport);
  const at = owner.heap.allocate(total, caller);
  try {
    owner.view(precision, at, batch * size).set(scores as Float64Array);
    const { matchingSolve } = owner.kernels[precision];
    for (let b = 0; b < batch; b++) {
      const found = matchingSolve(rows, columns, sign, at + b * size * BYTES[precision], at + room + places, at + room + 4 * b * rows);
      if (!found) throw wrongValue(caller, "scores", "an assignment without a forbidden pair", `none in problem ${b}`, `Each of the ${Math.min(rows, columns)} ${rows > columns ? "columns" : "rows"} needs a partner of its own.`);
    }
    const chosen = new Int32Array(owner.heap.buffer(), at + room, batch * rows).slice();
    return { columns: chosen, value: sums(scores, chosen, rows, columns, batch, arrayOf(precision, batch) as A) };
  } finally {
    owner.heap.free(at);
  }
}

const inLines = (bytes: number): number => Math.ceil(bytes / 64) * 64;

function admissible(scores: Points, sign: number): void {
  for (let i = 0; i < scores.length; i++) {
    const cost = sign * scores[i]!;
    if (!(cost > -Infinity)) throw wrongValue("matching", `scores[${i}]`, `a number, or ${sign > 0 ? "∞" : "−∞"} for a pair that must not be`, scores[i]);
  }
}

function sums<A extends Points>(scores: A, chosen: Int32Array, rows: number, columns: number, batch: number, out: A): A {
  for (let b = 0; b < batch; b++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const column = chosen[b * rows + i]!;
      if (column >= 0) sum += scores[(b * rows + i) * columns + column]!;
    }
    out[b] = sum;
  }
  return out;
}
