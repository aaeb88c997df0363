import { span } from "../lanes";
import { heightOf, panelBytes, rowOf, STEP } from "../transport/panels";
import * as plan from "../transport/plan";
import { begin, iterate } from "../transport/sinkhorn";
import * as unrolled from "../transport/unrolled";
import { A, B, C, DEPTH, DETAIL, OUT, WIDTH } from "./opcodes";

/**
 * out[·, lane] = the plan of the logits x[·, lane] after so many iterations, rows of sum 1 and columns of sum rows / columns: each lane is a
 * problem of its own, which goes through the kernels of a batch.
 *
 * Room for it lies in the pool: x, K, vectors along rows and columns, and of the pull-back the cotangent and the history of potentials; what each
 * takes is `roomOf` in src/tape/transport.ts.
 */
export function sinkhorn<T>(at: usize, n: i32, stride: usize): void {
  const width = load<i32>(at, WIDTH), columns = load<i32>(at, DETAIL), rows = width / columns, count = load<i32>(at, DEPTH);
  const x = <usize>load<u32>(at, C), kernel = x + matrixBytes<T>(rows, columns), byRow = kernel + matrixBytes<T>(rows, columns), byColumn = byRow + 5 * span<T>(heightOf(rows));
  let a = <usize>load<u32>(at, A), out = <usize>load<u32>(at, OUT);
  for (const end = a + span<T>(n); a < end; a += sizeof<T>(), out += sizeof<T>()) {
    const proper = gather<T>(width, a, stride, x);
    prepare<T>(rows, columns, byRow, byColumn);
    begin<T>(rows, columns, 1, x, kernel, byRow, byColumn);
    iterate<T>(rows, columns, count, -1, 1, 1, 1, 0, 1, x, kernel, byRow, byColumn, ERROR);
    plan.write<T>(rows, columns, kernel, byRow, byColumn, x);
    scatter<T>(width, x, proper, out, stride);
  }
}

/** out[·, lane] = the cotangent of the logits b[·, lane] for the cotangent a[·, lane] of the plan: back through the iterations, which are done again. */
export function sinkhornPull<T>(at: usize, n: i32, stride: usize): void {
  const width = load<i32>(at, WIDTH), columns = load<i32>(at, DETAIL), rows = width / columns, count = load<i32>(at, DEPTH);
  const bytes = matrixBytes<T>(rows, columns), height = span<T>(heightOf(rows));
  const x = <usize>load<u32>(at, C), kernel = x + bytes, byRow = kernel + bytes, byColumn = byRow + 5 * height;
  const along = panelBytes<T>(columns) >> 3, slope = byColumn + 7 * along, history = slope + bytes;
  const toLogits = <usize>load<u32>(at, B) - <usize>load<u32>(at, A), toOut = <usize>load<u32>(at, OUT) - <usize>load<u32>(at, A);
  for (let d = <usize>load<u32>(at, A), end = d + span<T>(n); d < end; d += sizeof<T>()) {
    const proper = gather<T>(width, d + toLogits, stride, x);
    prepare<T>(rows, columns, byRow, byColumn);
    unrolled.record<T>(rows, columns, count, 1, x, kernel, byRow, byColumn, history);
    weigh<T>(rows, columns, kernel, byRow, byColumn, d, stride, slope);
    unrolled.pull<T>(rows, columns, count, 1, x, kernel, history, byRow, byColumn, slope);
    for (let i = 0, to = d + toOut; i < rows; ++i) {
      for (let j = 0; j < columns; ++j, to += stride) store<T>(to, proper ? load<T>(entry<T>(slope, columns, i, j)) : <T>NaN);
    }
  }
}

/** Bytes of a matrix by panels; x has as many. */
@inline
function matrixBytes<T>(rows: i32, columns: i32): usize {
  return <usize>(heightOf(rows) >> 3) * panelBytes<T>(columns);
}

@inline
function entry<T>(panels: usize, columns: i32, i: i32, j: i32): usize {
  const lane = j & (16 / <i32>sizeof<T>() - 1);
  return rowOf<T>(panels, columns, i) + <usize>((j - lane) * <i32>sizeof<T>() >> 4) * STEP + span<T>(lane);
}

/** Marginals, and potentials to begin with: 0 along columns, none along rows. */
function prepare<T>(rows: i32, columns: i32, byRow: usize, byColumn: usize): void {
  const height = span<T>(heightOf(rows)), along = panelBytes<T>(columns) >> 3;
  memory.fill(byRow, 0, 5 * height);
  memory.fill(byColumn, 0, 7 * along);
  for (let i = 0; i < rows; ++i) {
    store<T>(byRow + span<T>(i), <T>1);
    store<T>(byRow + 3 * height + span<T>(i), <T>-Infinity);
  }
  for (let j = 0; j < columns; ++j) store<T>(byColumn + span<T>(j), <T>rows / <T>columns);
}

/** Whether all of them are logits: numbers below ∞. */
function gather<T>(width: i32, from: usize, stride: usize, x: usize): bool {
  let proper = true;
  for (const end = x + span<T>(width); x < end; x += sizeof<T>(), from += stride) {
    const each = load<T>(from);
    if (!(each < <T>Infinity)) proper = false;
    store<T>(x, each);
  }
  return proper;
}

function scatter<T>(width: i32, x: usize, proper: bool, out: usize, stride: usize): void {
  for (const end = x + span<T>(width); x < end; x += sizeof<T>(), out += stride) store<T>(out, proper ? load<T>(x) : <T>NaN);
}

/** slope[i, j] = P[i, j] d[i, j], and its sums: the cotangents of the potentials. */
function weigh<T>(rows: i32, columns: i32, kernel: usize, byRow: usize, byColumn: usize, d: usize, stride: usize, slope: usize): void {
  const height = span<T>(heightOf(rows)), along = panelBytes<T>(columns) >> 3;
  memory.fill(slope, 0, matrixBytes<T>(rows, columns));
  memory.fill(byRow + 3 * height, 0, 2 * height);
  memory.fill(byColumn + 5 * along, 0, 2 * along);
  for (let i = 0; i < rows; ++i) {
    const u = load<T>(byRow + height + span<T>(i));
    let sum: T = 0;
    for (let j = 0; j < columns; ++j, d += stride) {
      const each = u * load<T>(entry<T>(kernel, columns, i, j)) * load<T>(byColumn + along + span<T>(j)) * load<T>(d), to = byColumn + 5 * along + span<T>(j);
      store<T>(entry<T>(slope, columns, i, j), each);
      store<T>(to, load<T>(to) + each);
      sum += each;
    }
    store<T>(byRow + 3 * height + span<T>(i), sum);
  }
}

const ERROR = memory.data(8, 16);
