import { span, sumOf } from "../lanes";
import { expOne, log1p64, log64 } from "../math/once";
import { addAt, numberAt, setAt } from "../memory";
import { part as choicePart, Part as ChoicePart, prepare as prepareChoice } from "./categorical";
import { draw } from "./concrete";
import { addTwo } from "./ranking-pairs";
import { harden, NARROW } from "./rankings";

/**
 * After categorical's θ of the logits come arrays of f64: for each problem and item log w = logits − their largest and w, for each problem whether its weights lie too far
 * apart for sums of them, and three scratch rows.
 */
export const enum Part { Logs, Weights, Wide, Sums, Marks, Row }

/** Weights e⁻⁶⁰⁰ … 1 can be added up. */
const RANGE: f64 = 600;

@inline
export function part<T>(theta: usize, which: Part, batch: i32, items: i32): usize {
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
  const marks = part<T>(theta, Part.Marks, batch, items), sums = part<T>(theta, Part.Sums, batch, items), wide = part<T>(theta, Part.Wide, batch, items);
  for (let k = 0; k < items; ++k) setAt(8, marks, k, -1);
  for (let r = 0, b = 0; r < rows; ++r, x += span<T>(items)) {
    const own = part<T>(theta, Part.Logs, batch, items) + (<usize>(b * items) << 3);
    let log: f64 = -Infinity;
    if (isOrder<T>(r, items, marks, x)) {
      const far = numberAt(8, wide, b) != 0;
      sumUp<T>(far, items, own, part<T>(theta, Part.Weights, batch, items) + (<usize>(b * items) << 3), x, sums);
      log = total(items, own) - (far ? total(items, sums) : totalOfLogs(items, sums));
    }
    store<T>(logProb + span<T>(r), <T>log);
    if (++b == batch) b = 0;
  }
}

/** Whether row r has each item once. */
function isOrder<T>(r: i32, items: i32, marks: usize, x: usize): bool {
  for (let i = 0; i < items; ++i) {
    const k = <f64>load<T>(x + span<T>(i));
    if (!isItem(k, items) || load<f64>(marks + (<usize>k << 3)) == <f64>r) return false;
    store<f64>(marks + (<usize>k << 3), <f64>r);
  }
  return true;
}

@inline
function isItem(k: f64, items: i32): bool {
  return k >= 0 && k < <f64>items && k == floor(k);
}

/** The item of a rank: one of all, whatever is written there. */
@inline
function itemAt<T>(items: i32, x: usize, i: i32): i32 {
  return <i32>min<u32>(<u32>load<T>(x + span<T>(i)), <u32>items - 1);
}

@inline
function itemOf(size: i32, items: i32, x: usize, i: i32): i32 {
  return <i32>min<u32>(<u32>numberAt(size, x, i), <u32>items - 1);
}

/** The sum of the weights from each item on; of items far apart its logarithm. */
@inline
function sumUp<T>(far: bool, items: i32, logs: usize, weights: usize, x: usize, sums: usize): void {
  if (far) return sumUpLogs(sizeof<T>(), items, logs, x, sums);
  let sum: f64 = 0;
  for (let i = items - 1; i >= 0; --i) {
    sum += load<f64>(weights + (<usize>itemAt<T>(items, x, i) << 3));
    store<f64>(sums + (<usize>i << 3), sum);
  }
}

function sumUpLogs(size: i32, items: i32, logs: usize, x: usize, sums: usize): void {
  for (let i = items - 1, sum: f64 = -Infinity; i >= 0; --i) {
    const own = numberAt(8, logs, itemOf(size, items, x, i));
    sum = max(sum, own) + f64x2.extract_lane(log1p64(f64x2.splat(expOne(-abs(sum - own)))), 0);
    setAt(8, sums, i, sum);
  }
}

function total(items: i32, logs: usize): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < items; ++i) sum += load<f64>(logs + (<usize>i << 3));
  return sum;
}

/** Σ log, of an odd one at the end by way of a 1 beside it. */
function totalOfLogs(items: i32, sums: usize): f64 {
  store<f64>(sums + (<usize>items << 3), 1);
  let sum = f64x2.splat(0);
  for (let i = 0; i < items; i += 2) sum = f64x2.add(sum, log64(v128.load(sums + (<usize>i << 3))));
  return sumOf<f64>(sum);
}

/**
 * terms[r, k] += coefficient[r] · (1 − Σ_{i ≤ rank of k} exp(lₖ) / Σ_{j ≥ i} exp(l of item j)), ∂/∂logits.
 *
 * With Cᵢ = Σ_{j ≤ i} 1 / Sⱼ it is 1 − w Cᵢ; of items far apart 1 − exp(l − log Sᵢ) Σ_{j ≤ i} Sᵢ / Sⱼ, where no factor exceeds 1.
 *
 * @param x            T[rows, items]
 * @param coefficient  T[rows]
 * @param terms        T[rows, items], added to
 */
export function score<T>(rows: i32, batch: i32, items: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  const wide = part<T>(theta, Part.Wide, batch, items), weights = part<T>(theta, Part.Weights, batch, items), width = <usize>items << 3;
  for (let r = 0, b = 0; r < rows; ++r, x += span<T>(items), terms += span<T>(items), coefficient += sizeof<T>()) {
    const next = b + 1 < batch ? b + 1 : 0;
    if (r + 1 < rows && numberAt(8, wide, b) == 0 && numberAt(8, wide, next) == 0) {
      // Sums are followed by Marks: room for two rows.
      addTwo<T>(items, coefficient, weights + <usize>b * width, weights + <usize>next * width, x, part<T>(theta, Part.Sums, batch, items), part<T>(theta, Part.Row, batch, items), terms);
      ++r, x += span<T>(items), terms += span<T>(items), coefficient += sizeof<T>();
      b = next + 1 < batch ? next + 1 : 0;
    } else {
      addOne<T>(b, batch, items, theta, x, <f64>load<T>(coefficient), terms);
      b = next;
    }
  }
}

function addOne<T>(b: i32, batch: i32, items: i32, theta: usize, x: usize, coefficient: f64, terms: usize): void {
  const own = <usize>(b * items) << 3, logs = part<T>(theta, Part.Logs, batch, items) + own, weights = part<T>(theta, Part.Weights, batch, items) + own;
  const far = numberAt(8, part<T>(theta, Part.Wide, batch, items), b) != 0, sums = part<T>(theta, Part.Sums, batch, items);
  sumUp<T>(far, items, logs, weights, x, sums);
  if (far) addFar(sizeof<T>(), items, coefficient, logs, x, sums, terms);
  else add<T>(items, coefficient, weights, x, sums, terms);
}

@inline
function add<T>(items: i32, coefficient: f64, weights: usize, x: usize, sums: usize, terms: usize): void {
  let shares: f64 = 0;
  for (let i = 0; i < items; ++i) {
    shares += 1 / load<f64>(sums + (<usize>i << 3));
    const k = itemAt<T>(items, x, i), at = terms + span<T>(k);
    store<T>(at, load<T>(at) + <T>(coefficient * (1 - load<f64>(weights + (<usize>k << 3)) * shares)));
  }
}

function addFar(size: i32, items: i32, coefficient: f64, logs: usize, x: usize, sums: usize, terms: usize): void {
  for (let i = 0, shares: f64 = 0, before: f64 = Infinity; i < items; ++i) {
    const k = itemOf(size, items, x, i), sum = numberAt(8, sums, i);
    shares = 1 + (i > 0 ? shares * expOne(sum - before) : 0);
    before = sum;
    addAt(size, terms, k, coefficient * (1 - expOne(numberAt(8, logs, k) - sum) * shares));
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
