import { copyCosts } from "./costs";

/**
 * Linear assignment by shortest augmenting paths: Jonker & Volgenant 1987, rectangular as in Crouse 2016.
 *
 * Costs are f64 whatever they were given in, so that the optimum is that of the numbers given. With potentials v and
 * u[i] = c[i, j] − v[j] of the column j that row i has, c[i, k] − u[i] − v[k] ≥ 0 everywhere, v ≤ 0, and v = 0 where no row has
 * the column: that proves it (but for square problems, whose columns all find a row, v may have any sign). Of equal choices the first column
 * is taken, so the result is one function of the costs. Scans run over all columns, four a round: a column that is done is held at +∞ by an
 * array that is added, not by a branch. There are never more rows than columns; otherwise rows and columns change places on the way in and out.
 */

/** Columns in whole rounds of four. */
@inline
function padded(columns: i32): i32 {
  return (columns + 3) & -4;
}

// Where the arrays of the scratch lie. Numbers are f64[padded columns], indices i64 for as many columns; then i32.
let costs: usize, potential: usize, shortest: usize, held: usize, before: usize, rowOf: usize, columnOf: usize, queue: usize;
let width: i32, stride: usize;

/** Bytes of scratch that a problem needs. */
export function scratch(rows: i32, columns: i32): f64 {
  const height = min(rows, columns), cells = <f64>height * <f64>padded(max(rows, columns)) * 8;
  return cells + <f64>(padded(max(rows, columns)) * (4 * 8 + 4 + 4) + (height + 4) * 4);
}

function place(rows: i32, columns: i32, work: usize): void {
  width = padded(columns);
  stride = <usize>width << 3;
  costs = work;
  potential = costs + <usize>rows * stride;
  shortest = potential + stride;
  held = shortest + stride;
  before = held + stride;
  rowOf = before + stride;
  queue = rowOf + (<usize>width << 2);
  columnOf = queue + (<usize>width << 2);
}

/**
 * The assignment of least Σ sign · score: to each row a column, or −1 where there are more rows than columns.
 *
 * @param sign        1 for the least sum of scores, −1 for the greatest
 * @param scores      T[rows, columns]; sign · score may be +∞, a pair that must not be
 * @param work        scratch(rows, columns) bytes
 * @param assignment  i32[rows], written
 * @returns  whether there is an assignment without a pair that must not be
 */
export function solve<T>(rows: i32, columns: i32, sign: f64, scores: usize, work: usize, assignment: usize): bool {
  const transposed = rows > columns;
  const height = transposed ? columns : rows, breadth = transposed ? rows : columns;
  place(height, breadth, work);
  const finite = copyCosts<T>(height, breadth, width, sign, transposed, scores, costs);
  if (!assign(height, breadth, finite)) return false;
  if (!transposed) {
    memory.copy(assignment, columnOf, <usize>rows << 2);
    return true;
  }
  for (let i = 0; i < rows; ++i) store<i32>(assignment + (<usize>i << 2), load<i32>(rowOf + (<usize>i << 2)));
  return true;
}

function assign(height: i32, breadth: i32, finite: bool): bool {
  memory.fill(potential, 0, stride);
  memory.fill(rowOf, 0xff, <usize>width << 2); // −1: nobody
  memory.fill(columnOf, 0xff, <usize>height << 2);
  if (finite) {
    if (height == breadth) reduceColumns(height);
    reduceRows(height);
    reduceRows(height);
  }
  for (let i = 0; i < height; ++i) if (columnAt(i) < 0 && !augment(i)) return false;
  return true;
}

@inline
function columnAt(row: i32): i32 {
  return load<i32>(columnOf + (<usize>row << 2));
}

@inline
function join(row: i32, column: i32): void {
  store<i32>(columnOf + (<usize>row << 2), column);
  store<i32>(rowOf + (<usize>column << 2), row);
}

/** v[j] = minᵢ c[i, j]; its row takes the column if it has none yet. Columns from the last to the first, as in the paper. */
function reduceColumns(n: i32): void {
  memory.copy(potential, costs, stride);
  memory.fill(before, 0, stride); // the row of each least cost
  let row = costs + stride;
  for (let i = 1; i < n; ++i, row += stride) {
    const own = i64x2.splat(i);
    for (let at: usize = 0; at < stride; at += 16) {
      const cost = v128.load(row + at), least = v128.load(potential + at), less = f64x2.lt(cost, least);
      v128.store(potential + at, f64x2.pmin(least, cost));
      v128.store(before + at, v128.bitselect(own, v128.load(before + at), less));
    }
  }
  for (let j = n - 1; j >= 0; --j) {
    const i = <i32>load<i64>(before + (<usize>j << 3));
    if (columnAt(i) < 0) join(i, j);
  }
  for (let at = potential + (<usize>n << 3); at < potential + stride; at += 8) store<f64>(at, 0); // beyond the last column
}

/**
 * Each row without a column takes the one it would pay least for, and the column's price rises by what the second best costs more; the row that
 * had it looks on. Rounding could make two rows outbid one another for ever, so a row looks only so often.
 */
function reduceRows(n: i32): void {
  let free = 0;
  for (let i = 0; i < n; ++i) {
    store<i32>(queue + (<usize>free << 2), i);
    if (columnAt(i) < 0) ++free;
  }
  let patience = 4 * n + 16;
  for (let k = 0; k < free; ++k) {
    let row = load<i32>(queue + (<usize>k << 2));
    while (row >= 0 && patience-- > 0) {
      twoBest(row);
      let column = chosen;
      const raise = second - first;
      let loser = load<i32>(rowOf + (<usize>column << 2));
      if (raise > 0) store<f64>(potential + (<usize>column << 3), load<f64>(potential + (<usize>column << 3)) - raise);
      else if (loser >= 0) { // a tie: the other column may be nobody's
        column = alike(row, column);
        loser = load<i32>(rowOf + (<usize>column << 2));
      }
      if (loser >= 0) store<i32>(columnOf + (<usize>loser << 2), -1);
      join(row, column);
      // A row that lost to a real rise looks on at once; after a tie it waits for the next pass.
      row = raise > 0 ? loser : -1;
    }
  }
}

let first: f64, second: f64, chosen: i32;

/** The least and the second least c[row, j] − v[j], and the first column of the least. */
function twoBest(row: i32): void {
  let cost = costs + <usize>row * stride;
  const infinity = f64x2.splat(Infinity), step = i64x2.splat(4);
  let leastA = infinity, leastB = infinity, nextA = infinity, nextB = infinity;
  let atA = i64x2.splat(0), atB = atA, a = i64x2(0, 1), b = i64x2(2, 3);
  for (let v = potential, end = potential + stride; v < end; v += 32, cost += 32) {
    const x = f64x2.sub(v128.load(cost), v128.load(v)), lessA = f64x2.lt(x, leastA);
    nextA = f64x2.pmin(nextA, f64x2.pmax(x, leastA));
    atA = v128.bitselect(a, atA, lessA);
    leastA = f64x2.pmin(leastA, x);
    const y = f64x2.sub(v128.load(cost, 16), v128.load(v, 16)), lessB = f64x2.lt(y, leastB);
    nextB = f64x2.pmin(nextB, f64x2.pmax(y, leastB));
    atB = v128.bitselect(b, atB, lessB);
    leastB = f64x2.pmin(leastB, y);
    a = i64x2.add(a, step);
    b = i64x2.add(b, step);
  }
  first = second = Infinity;
  chosen = width;
  better(f64x2.extract_lane(leastA, 0), f64x2.extract_lane(nextA, 0), <i32>i64x2.extract_lane(atA, 0));
  better(f64x2.extract_lane(leastA, 1), f64x2.extract_lane(nextA, 1), <i32>i64x2.extract_lane(atA, 1));
  better(f64x2.extract_lane(leastB, 0), f64x2.extract_lane(nextB, 0), <i32>i64x2.extract_lane(atB, 0));
  better(f64x2.extract_lane(leastB, 1), f64x2.extract_lane(nextB, 1), <i32>i64x2.extract_lane(atB, 1));
}

@inline
function better(least: f64, next: f64, column: i32): void {
  if (least < first || (least == first && column < chosen)) {
    second = min(min(second, first), next);
    first = least;
    chosen = column;
  } else second = min(second, least);
}

/** The first column but `column` that costs the row as little. */
function alike(row: i32, column: i32): i32 {
  const cost = costs + <usize>row * stride;
  for (let j = 0; j < width; ++j) {
    const at = <usize>j << 3;
    if (j != column && load<f64>(cost + at) - load<f64>(potential + at) == first) return j;
  }
  return column;
}

/** A shortest path from a row without a column to a column without a row, along which all change partners; false if there is none. */
function augment(start: i32): bool {
  const infinity = f64x2.splat(Infinity);
  for (let at: usize = 0; at < stride; at += 16) {
    v128.store(shortest + at, infinity);
    v128.store(held + at, f64x2.splat(0));
  }
  let row = start, column = -1, done = 0, distance: f64 = 0, own: f64 = 0;
  for (;;) {
    reach(row, distance - own);
    distance = first;
    column = chosen;
    if (!(distance < Infinity)) return false;
    store<f64>(held + (<usize>column << 3), Infinity);
    row = load<i32>(rowOf + (<usize>column << 2));
    if (row < 0) break;
    store<i32>(queue + (<usize>done << 2), column);
    ++done;
    own = load<f64>(costs + <usize>row * stride + (<usize>column << 3)) - load<f64>(potential + (<usize>column << 3));
  }
  for (let k = 0; k < done; ++k) {
    const at = <usize>load<i32>(queue + (<usize>k << 2)) << 3;
    store<f64>(potential + at, load<f64>(potential + at) + (load<f64>(shortest + at) - distance));
  }
  for (row = -1; row != start;) {
    row = <i32>load<i64>(before + (<usize>column << 3));
    const next = columnAt(row);
    join(row, column);
    column = next;
  }
  return true;
}

/** Lengths of the ways over this row to the columns that are not done; the shortest of all, and its first column. */
function reach(row: i32, offset: f64): void {
  let cost = costs + <usize>row * stride;
  const own = i64x2.splat(row), added = f64x2.splat(offset), step = i64x2.splat(4), infinity = f64x2.splat(Infinity);
  let leastA = infinity, leastB = infinity, atA = i64x2.splat(0), atB = atA, a = i64x2(0, 1), b = i64x2(2, 3);
  for (let at: usize = 0; at < stride; at += 32, cost += 32) {
    const hold = v128.load(held + at), known = v128.load(shortest + at);
    const x = f64x2.add(f64x2.add(added, f64x2.sub(v128.load(cost), v128.load(potential + at))), hold), less = f64x2.lt(x, known);
    const now = f64x2.pmin(known, x), open = f64x2.add(now, hold), nearer = f64x2.lt(open, leastA);
    v128.store(shortest + at, now);
    v128.store(before + at, v128.bitselect(own, v128.load(before + at), less));
    atA = v128.bitselect(a, atA, nearer);
    leastA = f64x2.pmin(leastA, open);
    const holdB = v128.load(held + at, 16), knownB = v128.load(shortest + at, 16);
    const y = f64x2.add(f64x2.add(added, f64x2.sub(v128.load(cost, 16), v128.load(potential + at, 16))), holdB), lessB = f64x2.lt(y, knownB);
    const nowB = f64x2.pmin(knownB, y), openB = f64x2.add(nowB, holdB), nearerB = f64x2.lt(openB, leastB);
    v128.store(shortest + at, nowB, 16);
    v128.store(before + at, v128.bitselect(own, v128.load(before + at, 16), lessB), 16);
    atB = v128.bitselect(b, atB, nearerB);
    leastB = f64x2.pmin(leastB, openB);
    a = i64x2.add(a, step);
    b = i64x2.add(b, step);
  }
  first = second = Infinity;
  chosen = width;
  better(f64x2.extract_lane(leastA, 0), Infinity, <i32>i64x2.extract_lane(atA, 0));
  better(f64x2.extract_lane(leastA, 1), Infinity, <i32>i64x2.extract_lane(atA, 1));
  better(f64x2.extract_lane(leastB, 0), Infinity, <i32>i64x2.extract_lane(atB, 0));
  better(f64x2.extract_lane(leastB, 1), Infinity, <i32>i64x2.extract_lane(atB, 1));
}
