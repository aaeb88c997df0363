import { lanes, span, sumOf } from "../lanes";
import { constant } from "../math/polynomial";
import { largest } from "../math/rows";
import { columnStep, toPotentials, toScalings } from "./potentials";
import { relaxed } from "./relaxed";
import { addRows, build, clear, dots, dotsAndRows, heightOf, move, PANEL, panelAddRows, panelBytes, panelDots, SUMS, widthOf } from "./panels";

/**
 * Sinkhorn's iteration for one problem: uᵢ = aᵢ / Σⱼ Kᵢⱼ vⱼ, then vⱼ = bⱼ / Σᵢ Kᵢⱼ uᵢ, where Kᵢⱼ = exp(scale · x[i, j] + γⱼ + φᵢ)
 * (Sinkhorn & Knopp 1967; Cuturi 2013; v is absorbed into γ when u or v leaves the range of exact products: Schmitzer 2019).
 *
 * One pass over K an iteration: a panel of eight rows gives eight sums, from them eight u, with them its part of the sums of columns,
 * while it is in the first cache, or the second. Where a sum vanishes, the potentials moved so far that K has lost the entries that count: rows then start
 * from a K built anew, columns take a step in the log domain.
 *
 * Arrays along rows and columns, here as in all kernels of this folder:
 *   byRow     T[5, height]: a, u, φ, log u + φ, room
 *   byColumn  T[5, width]: b, v, the next v, γ, room
 * What is beyond rows and columns is 0 in a, b, u and v.
 *
 * @param count      iterations at most
 * @param tolerance  stops once Σᵢ |uᵢ (K v)ᵢ − aᵢ| was at most this before an iteration
 * @param powerA     1 for row marginals that hold, strength / (strength + regularization) for ones that are paid for (Chizat et al. 2018)
 * @param step       1, or more to go beyond: log u ← log u + step · (log a / K v − log u) (Thibault et al. 2017)
 * @param always     1 to take every step in the log domain
 * @param kernel     panels of K, as `panelsBuild` makes them of γ
 * @param outcome    f64[1], written: the last such sum
 * @returns iterations done
 */
export function iterate<T>(rows: i32, columns: i32, count: i32, tolerance: f64, powerA: f64, powerB: f64, step: f64, always: i32, scale: f64, x: usize, kernel: usize, byRow: usize, byColumn: usize, outcome: usize): i32 {
  const along = span<T>(widthOf<T>(columns)), v = byColumn + along, next = v + along, gamma = next + along;
  const paid = powerA != 1 || powerB != 1, general = paid || step != 1;
  const hard = sizeof<T>() == 4 ? HARD32 : HARD64, soft = sizeof<T>() == 4 ? SOFT32 : SOFT64;
  let done = 0, fresh = false;
  while (done < count) {
    const error = general ? rowsInGeneral<T>(rows, columns, powerA, step, paid, kernel, byRow, byColumn) : rowsPlainly<T>(rows, columns, kernel, byRow, byColumn);
    const most = load<T>(GREATEST);
    if (!(<f64>most <= hard) && !fresh && !always) {
      toPotentials<T>(columns, gamma, v);
      begin<T>(rows, columns, scale, x, kernel, byRow, byColumn);
      memory.fill(byRow + span<T>(heightOf(rows)), 0, span<T>(heightOf(rows))); // u was lost
      fresh = true;
      continue;
    }
    fresh = false;
    const moved = general ? columnsInGeneral<T>(columns, powerB, step, byColumn) : columnsPlainly<T>(columns, byColumn);
    const lost = always != 0 || !(<f64>most <= hard) || !(<f64>moved <= hard);
    if (lost || <f64>most > soft || <f64>moved > soft) {
      if (!paid) totals<T>(rows, byRow);
      if (lost) columnStep<T>(rows, columns, powerB, step, scale, x, byRow, byColumn);
      else toPotentials<T>(columns, gamma, next);
      begin<T>(rows, columns, scale, x, kernel, byRow, byColumn);
    } else move(v, next, along);
    ++done;
    store<f64>(outcome, error);
    if (error <= tolerance) break;
  }
  return done;
}

/**
 * K of γ, v = 1, and u by log u + φ: where an iteration begins.
 *
 * @param byRow     a and log u + φ are read, u and φ written
 * @param byColumn  b and γ are read, v is written
 */
export function begin<T>(rows: i32, columns: i32, scale: f64, x: usize, kernel: usize, byRow: usize, byColumn: usize): void {
  const along = span<T>(widthOf<T>(columns)), height = span<T>(heightOf(rows));
  build<T>(rows, columns, scale, x, byColumn + 3 * along, byRow + 2 * height, kernel);
  toScalings<T>(rows, byRow + 3 * height, byRow + 2 * height, byRow + height);
  ones<T>(columns, byColumn, byColumn + along);
}

/**
 * byRow[3] = log u + φ, byColumn[4] = log v + γ: the potentials, −∞ where a scaling is 0.
 *
 * @param paid  1 where marginals are paid for: byRow[3] is there already then, and u may be too small for its logarithm
 */
export function potentials<T>(rows: i32, columns: i32, paid: i32, byRow: usize, byColumn: usize): void {
  const along = span<T>(widthOf<T>(columns));
  if (!paid) totals<T>(rows, byRow);
  move(byColumn + 4 * along, byColumn + 3 * along, along);
  toPotentials<T>(columns, byColumn + 4 * along, byColumn + along);
}

/** v = 1 where b is not 0: there γ is −∞, and K 0 for good. */
function ones<T>(columns: i32, b: usize, v: usize): void {
  const one = v128.splat<T>(1), nothing = v128.splat<T>(0);
  for (let j = 0; j < columns; j += lanes<T>()) v128.store(v + span<T>(j), v128.and(one, v128.gt<T>(v128.load(b + span<T>(j)), nothing)));
}

/** byRow[3] = log u + φ */
function totals<T>(rows: i32, byRow: usize): void {
  const height = span<T>(heightOf(rows));
  memory.copy(byRow + 3 * height, byRow + 2 * height, height);
  toPotentials<T>(rows, byRow + 3 * height, byRow + height);
}

/**
 * u = a / K v, and `next` the sums Kᵀ u. GREATEST is set to the largest u.
 *
 * The sums of a panel's rows come before what the panel above adds to columns: nothing then waits for the division, 0.172 to
 * 0.149 ns an element for 32 × 32.
 */
function rowsPlainly<T>(rows: i32, columns: i32, kernel: usize, byRow: usize, byColumn: usize): f64 {
  const bytes = panelBytes<T>(columns), along = bytes >> 3, v = byColumn + along, next = v + along, height = span<T>(heightOf(rows));
  const tiny = constant<T>(sizeof<T>() == 4 ? TINY32 : TINY64, 0), far = <usize>rows * along > NEAR;
  let error = v128.splat<T>(0), most = error, above: usize = 0;
  clear(next, along);
  for (const end = byRow + height; ; byRow += span<T>(PANEL), above = kernel, kernel += bytes) {
    const u = byRow + height, more = byRow < end;
    if (far && more && above) dotsAndRows<T>(kernel, kernel + bytes, v, above, u - span<T>(PANEL), next);
    else {
      if (more) dots<T>(kernel, kernel + bytes, v);
      if (above) addRows<T>(above, kernel, u - span<T>(PANEL), next);
    }
    if (!more) break;
    for (let part: usize = 0; part < span<T>(PANEL); part += 16) {
      const sum = v128.load(SUMS + part), a = v128.load(byRow + part), to = u + part;
      const scaling = v128.div<T>(a, v128.pmax<T>(tiny, sum));
      error = v128.add<T>(error, v128.abs<T>(v128.sub<T>(v128.mul<T>(v128.load(to), sum), a)));
      most = v128.pmax<T>(most, scaling);
      v128.store(to, scaling);
    }
  }
  store<T>(GREATEST, largest<T>(most));
  return <f64>sumOf<T>(error);
}

/** The same where an update is no division alone. */
function rowsInGeneral<T>(rows: i32, columns: i32, power: f64, step: f64, paid: bool, kernel: usize, byRow: usize, byColumn: usize): f64 {
  const bytes = panelBytes<T>(columns), along = bytes >> 3, v = byColumn + along, next = v + along, height = span<T>(heightOf(rows));
  let error: f64 = 0, most = v128.splat<T>(0);
  clear(next, along);
  for (const end = byRow + height; byRow < end; byRow += span<T>(PANEL), kernel += bytes) {
    panelDots<T>(kernel, kernel + bytes, v);
    for (let part: usize = 0; part < span<T>(PANEL); part += 16) {
      const at = byRow + part, to = at + height;
      error += relaxed<T>(power, step, at, v128.load(SUMS + part), to, to + height, to, paid ? to + 2 * height : 0);
      most = v128.pmax<T>(most, v128.load(to));
    }
    panelAddRows<T>(kernel, kernel + bytes, byRow + height, next);
  }
  store<T>(GREATEST, largest<T>(most));
  return error;
}

/** next = b / next; the largest of them. */
function columnsPlainly<T>(columns: i32, byColumn: usize): T {
  const along = span<T>(widthOf<T>(columns)), toNext = 2 * along;
  const tiny = constant<T>(sizeof<T>() == 4 ? TINY32 : TINY64, 0);
  let most = v128.splat<T>(0);
  for (const end = byColumn + along; byColumn < end; byColumn += 16) {
    const v = v128.div<T>(v128.load(byColumn), v128.pmax<T>(tiny, v128.load(byColumn + toNext)));
    most = v128.pmax<T>(most, v);
    v128.store(byColumn + toNext, v);
  }
  return largest<T>(most);
}

function columnsInGeneral<T>(columns: i32, power: f64, step: f64, byColumn: usize): T {
  const along = span<T>(widthOf<T>(columns)), next = 2 * along;
  const zero = v128.splat<T>(0), least = v128.splat<T>(<T>(1 / (sizeof<T>() == 4 ? HARD32 : HARD64)));
  let most = zero;
  for (let b = byColumn, end = byColumn + along; b < end; b += 16) {
    relaxed<T>(power, step, b, v128.load(b + next), b + along, b + 3 * along, b + next, 0);
    const v = v128.load(b + next), gone = v128.and(v128.lt<T>(v, least), v128.gt<T>(v128.load(b), zero));
    most = v128.pmax<T>(most, v128.bitselect(v128.splat<T>(<T>Infinity), v, gone)); // γ moved further than v can say
  }
  return largest<T>(most);
}

const GREATEST = memory.data(16, 16);

// A sum below is as good as 0, and what is divided by it beyond any limit.
const TINY32 = memory.data<f32>([1e-37]);
const TINY64 = memory.data<f64>([1e-307]);
// Bytes of a K that stays in a second cache.
const NEAR: usize = 2097152;
// Beyond the first of u and v, K is built anew at the end of the iteration; beyond the second the iteration cannot be trusted.
const SOFT32: f64 = 1048576.0; // 2²⁰
const HARD32: f64 = 1099511627776.0; // 2⁴⁰
const SOFT64: f64 = 1.4272476927059599e45; // 2¹⁵⁰
const HARD64: f64 = 2.037035976334486e90; // 2³⁰⁰
