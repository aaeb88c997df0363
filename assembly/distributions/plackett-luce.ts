import { span } from "../lanes";
import { expOne, log1p64, log64 } from "../math/once";
import { addAt, numberAt, setAt } from "../memory";
import { part as choicePart, Part as ChoicePart, prepare as prepareChoice } from "./categorical";
import { draw } from "./concrete";
import { harden, NARROW } from "./rankings";

/**
 * After categorical's θ of the logits come arrays of f64: for each problem and item log w = logits − their largest and w, for each problem whether its weights lie too far
 * apart for sums of them, and three scratch rows.
 */
const enum Part { Logs, Weights, Wide, Sums, Marks, Row }

/** Weights e⁻⁶⁰⁰ … 1 can be added up. */
const RANGE: f64 = 600;

@inline
function part<T>(theta: usize, which: Part, batch: i32, items: i32): usize {
  const own = choicePart<T>(theta, 3, batch, items);
  if (which == Part.Logs) return own;
  const weights = own + (<usize>(batch * items) << 3), wide = weights + (<usize>(batch * items) << 3);
  if (which == Part.Weights) return weights;
  return wide + (<usize>(which == Part.Wide ? 0 : batch + (<i32>which - <i32>Part.Sums) * (items + 2)) << 3);
}

/**
 * @param logits  T[batch, items]
 * @param theta   written: T[3, batch, stride], then f64[2 batch · items + batch + 3 (items + 2)]
 */
export function prepare<T>(batch: i32, items: i32, logits: usize, theta: usize): void {
  prepareChoice<T>(batch, items, logits, theta);
  prepareOf(sizeof<T>(), batch, items, logits, part<T>(theta, Part.Logs, batch, items), part<T>(theta, Part.Weights, batch, items), part<T>(theta, Part.Wide, batch, items));
}

function prepareOf(size: i32, batch: i32, items: i32, logits: usize, logs: usize, weights: usize, wide: usize): void {
  for (let b = 0; b < batch; ++b) {
    let most: f64 = -Infinity, least: f64 = Infinity;
    for (let k = b * items; k < (b + 1) * items; ++k) {
      most = max(most, numberAt(size, logits, k));
      least = min(least, numberAt(size, logits, k));
    }
    for (let k = b * items; k < (b + 1) * items; ++k) {
      setAt(8, logs, k, numberAt(size, logits, k) - most);
      setAt(8, weights, k, expOne(numberAt(size, logits, k) - most));
    }
    setAt(8, wide, b, most - least > RANGE ? 1 : 0);
  }
}

/**
 * Items by falling z = logits + Gumbel noise (Yellott 1977).
 *
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, items], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, items: i32, theta: usize, x: usize): void {
  draw<T>(low, high, site, chunk, rows, batch, items, theta, x);
  if (items <= NARROW) return harden<T>(rows, items, x, x);
  const row = part<T>(theta, Part.Row, batch, items);
  for (; rows > 0; --rows, x += span<T>(items)) {
    memory.copy(row, x, span<T>(items));
    harden<T>(1, items, row, x);
  }
}

/**
 * logProb[r] = Σᵢ (l of item i − log Σ_{j ≥ i} exp(l of item j)), −∞ where x is no order of all items. Sums from the last item on: one pass a row.
 *
 * @param x        T[rows, items]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, batch: i32, items: i32, theta: usize, x: usize, logProb: usize): void {
  point<T>(theta, batch, items);
  logProbOf(sizeof<T>(), rows, batch, items, x, logProb);
}

/**
 * terms[r, k] += coefficient[r] · (1 − Σ_{i ≤ rank of k} exp(lₖ) / Σ_{j ≥ i} exp(l of item j)), ∂/∂logits.
 *
 * @param x            T[rows, items]
 * @param coefficient  T[rows]
 * @param terms        T[rows, items], added to
 */
export function score<T>(rows: i32, batch: i32, items: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  point<T>(theta, batch, items);
  scoreOf(sizeof<T>(), rows, batch, items, x, coefficient, terms);
}

let logsAt: usize = 0, weightsAt: usize = 0, wideAt: usize = 0, sumsAt: usize = 0, marksAt: usize = 0;

/** Where the parts of this θ are. */
function point<T>(theta: usize, batch: i32, items: i32): void {
  logsAt = part<T>(theta, Part.Logs, batch, items);
  weightsAt = part<T>(theta, Part.Weights, batch, items);
  wideAt = part<T>(theta, Part.Wide, batch, items);
  sumsAt = part<T>(theta, Part.Sums, batch, items);
  marksAt = part<T>(theta, Part.Marks, batch, items);
}

function logProbOf(size: i32, rows: i32, batch: i32, items: i32, x: usize, logProb: usize): void {
  for (let k = 0; k < items; ++k) setAt(8, marksAt, k, -1);
  for (let r = 0, b = 0; r < rows; ++r, x += <usize>(items * size)) {
    setAt(size, logProb, r, isOrder(size, r, items, x) ? logOf(size, b, items, x) : -Infinity);
    if (++b == batch) b = 0;
  }
}

/** Whether row r has each item once. */
function isOrder(size: i32, r: i32, items: i32, x: usize): bool {
  for (let i = 0; i < items; ++i) {
    const k = numberAt(size, x, i);
    if (!isItem(k, items) || numberAt(8, marksAt, <i32>k) == <f64>r) return false;
    setAt(8, marksAt, <i32>k, <f64>r);
  }
  return true;
}

@inline
function isItem(k: f64, items: i32): bool {
  return k >= 0 && k < <f64>items && k == floor(k);
}

function logOf(size: i32, b: i32, items: i32, x: usize): f64 {
  const wide = numberAt(8, wideAt, b) != 0;
  sumUp(size, b, items, wide, x);
  let log: f64 = 0;
  for (let i = 0; i < items; ++i) log += numberAt(8, logsAt, b * items + i);
  setAt(8, sumsAt, items, wide ? 0 : 1);
  for (let i = 0; i < items; i += 2) {
    const pair = v128.load(sumsAt + (<usize>i << 3)), sums = wide ? pair : log64(pair);
    log -= f64x2.extract_lane(sums, 0) + (i + 1 < items ? f64x2.extract_lane(sums, 1) : 0);
  }
  return log;
}

/** The sum of the weights from each item on; of items far apart its logarithm. */
function sumUp(size: i32, b: i32, items: i32, wide: bool, x: usize): void {
  let sum: f64 = wide ? -Infinity : 0;
  for (let i = items - 1; i >= 0; --i) {
    const own = b * items + <i32>numberAt(size, x, i);
    sum = wide ? together(sum, numberAt(8, logsAt, own)) : sum + numberAt(8, weightsAt, own);
    setAt(8, sumsAt, i, sum);
  }
}

/** log(exp a + exp b), b finite. */
function together(a: f64, b: f64): f64 {
  return max(a, b) + f64x2.extract_lane(log1p64(f64x2.splat(expOne(-abs(a - b)))), 0);
}

function scoreOf(size: i32, rows: i32, batch: i32, items: i32, x: usize, coefficient: usize, terms: usize): void {
  const row = <usize>(items * size);
  for (let r = 0, b = 0; r < rows; ++r, x += row, terms += row) {
    let known = true;
    for (let i = 0; i < items; ++i) known = known && isItem(numberAt(size, x, i), items);
    if (known) addRow(size, b, items, x, numberAt(size, coefficient, r), terms);
    if (++b == batch) b = 0;
  }
}

/** With Cᵢ = Σ_{j ≤ i} 1 / Sⱼ it is 1 − w Cᵢ; of items far apart 1 − exp(l − log Sᵢ) Σ_{j ≤ i} Sᵢ / Sⱼ, where no factor exceeds 1. */
function addRow(size: i32, b: i32, items: i32, x: usize, coefficient: f64, terms: usize): void {
  const wide = numberAt(8, wideAt, b) != 0;
  sumUp(size, b, items, wide, x);
  for (let i = 0, shares: f64 = 0, before: f64 = Infinity; i < items; ++i) {
    const k = <i32>numberAt(size, x, i), sum = numberAt(8, sumsAt, i);
    shares = wide ? 1 + (i > 0 ? shares * expOne(sum - before) : 0) : shares + 1 / sum;
    before = sum;
    const share = wide ? expOne(numberAt(8, logsAt, b * items + k) - sum) : numberAt(8, weightsAt, b * items + k);
    addAt(size, terms, k, coefficient * (1 - share * shares));
  }
}

/**
 * Orders from … to − 1 in lexicographic order, each for every problem.
 *
 * @param x  T[to − from, batch, items], written
 */
export function enumerate<T>(from: f64, to: f64, batch: i32, items: i32, x: usize): void {
  enumerateOf(sizeof<T>(), from, to, batch, items, x);
}

function enumerateOf(size: i32, from: f64, to: f64, batch: i32, items: i32, x: usize): void {
  const row = <usize>(items * size);
  let last: f64 = 1;
  for (let i = 2; i < items; ++i) last *= <f64>i;
  for (let point = from; point < to; point += 1) {
    orderOf(size, point, last, items, x);
    for (let b = 1; b < batch; ++b) memory.copy(x + <usize>b * row, x, row);
    x += <usize>batch * row;
  }
}

/** The digits of the rank in the factorial base say which of the items that are left comes next. */
function orderOf(size: i32, rank: f64, weight: f64, items: i32, x: usize): void {
  for (let i = 0; i < items; ++i) setAt(size, x, i, <f64>i);
  for (let i = 0; i < items - 1; ++i) {
    const digit = floor(rank / weight), chosen = numberAt(size, x, i + <i32>digit);
    for (let j = i + <i32>digit; j > i; --j) setAt(size, x, j, numberAt(size, x, j - 1));
    setAt(size, x, i, chosen);
    rank -= digit * weight;
    weight /= <f64>(items - 1 - i);
  }
}
