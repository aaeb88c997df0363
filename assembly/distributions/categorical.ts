import { lanes, span, sumOf } from "../lanes";
import { expOrZero, log } from "../math/vectors";
import { largest } from "../math/rows";
import { addAt, numberAt } from "../memory";
import { CHOSEN, choose, strideOf } from "../random/choices";
import { guide, worthGuiding } from "../random/guide";
import { CHUNK } from "../random/stream";

// Prepared θ, each [batch, stride]: a row is filled up to whole vectors with impossible categories.
export const enum Part { LogProbs, Probs, Cumulative }

@inline
export function part<T>(theta: usize, which: Part, batch: i32, categories: i32): usize {
  return theta + span<T>(<i32>which * batch * strideOf(categories));
}

/**
 * log p = (l − m) − log Σ exp(l − m), p = exp(l − m) / Σ exp(l − m), m = max l, and Cₖ = Σ_{i ≤ k} round(2³¹ pᵢ) (f64: 2⁵²).
 *
 * @param logits  T[batch, categories]
 * @param theta   T[3, batch, stride], written; the last third is u32 (f64: u64)
 */
export function prepare<T>(batch: i32, categories: i32, logits: usize, theta: usize): void {
  const row = span<T>(strideOf(categories));
  let logProbs = part<T>(theta, Part.LogProbs, batch, categories);
  let probs = part<T>(theta, Part.Probs, batch, categories);
  let cumulative = part<T>(theta, Part.Cumulative, batch, categories);
  for (; batch > 0; batch -= BLOCK) {
    const rows = min(batch, BLOCK), each = span<T>(rows);
    for (let to = logProbs, end = to + <usize>rows * row; to < end; to += row, logits += span<T>(categories)) shift<T>(categories, logits, to);
    expOrZero<T>(rows * strideOf(categories), logProbs, probs);
    for (let at: usize = 0, from = probs; at < each; at += sizeof<T>(), from += row) store<T>(TOTALS + at, total<T>(categories, from));
    log<T>(rows, TOTALS, LOGS);
    for (let at: usize = 0; at < each; at += sizeof<T>(), logProbs += row, probs += row, cumulative += row) {
      normalise<T>(row, load<T>(TOTALS + at), load<T>(LOGS + at), logProbs, probs, cumulative);
    }
  }
}

/** Rows whose logarithms are taken together. */
const BLOCK: i32 = 256;
const TOTALS = memory.data(256 * 8, 16);
const LOGS = memory.data(256 * 8, 16);

/** shifted = l − m, m = max l; −∞ for impossible categories up to whole vectors. */
@inline
function shift<T>(categories: i32, logits: usize, shifted: usize): void {
  const size = span<T>(categories), end = shifted + span<T>(strideOf(categories)), impossible = v128.splat<T>(<T>-Infinity);
  for (let at = end - 16; at > shifted + size - 16; at -= 16) v128.store(at, impossible);
  memory.copy(shifted, logits, size);
  let most = impossible;
  for (let at = shifted; at < end; at += 16) most = v128.pmax<T>(most, v128.load(at));
  const m = v128.splat<T>(largest<T>(most));
  for (let at = shifted; at < end; at += 16) v128.store(at, v128.sub<T>(v128.load(at), m));
}

/** Σ e; two vectors a turn. */
@inline
function total<T>(categories: i32, e: usize): T {
  let sum = v128.splat<T>(0), sum2 = sum;
  const end = e + span<T>(strideOf(categories));
  for (const pairs = e + (span<T>(categories) & ~31); e < pairs; e += 32) {
    sum = v128.add<T>(sum, v128.load(e));
    sum2 = v128.add<T>(sum2, v128.load(e, 16));
  }
  for (; e < end; e += 16) sum = v128.add<T>(sum, v128.load(e));
  return sumOf<T>(v128.add<T>(sum, sum2));
}

@inline
function normalise<T>(bytes: usize, total: T, logTotal: T, logProbs: usize, probs: usize, cumulative: usize): void {
  const factor = v128.splat<T>(<T>1 / total), shift = v128.splat<T>(logTotal);
  let sum = i32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(logProbs + at, v128.sub<T>(v128.load(logProbs + at), shift));
    const p = v128.mul<T>(v128.load(probs + at), factor);
    v128.store(probs + at, p);
    sum = runningSum<T>(sum, weight<T>(p));
    v128.store(cumulative + at, sum);
  }
}

/** round(2³¹ p), in f64 round(2⁵² p) by the bits of 2⁵² (1 + p). */
@inline
function weight<T>(p: v128): v128 {
  const most = v128.load_splat<T>(sizeof<T>() == 4 ? MOST32 : MOST64);
  const scaled = v128.mul<T>(p, most);
  return sizeof<T>() == 4 ? i32x4.trunc_sat_f32x4_s(f32x4.nearest(scaled)) : i64x2.sub(f64x2.add(scaled, most), most);
}

/** The sums up to each lane, after the last lane of `before`. */
@inline
function runningSum<T>(before: v128, w: v128): v128 {
  const zero = i32x4.splat(0);
  if (sizeof<T>() == 8) return i64x2.add(i64x2.add(w, v128.shuffle<u64>(zero, w, 0, 2)), v128.shuffle<u64>(before, before, 1, 1));
  const pairs = i32x4.add(w, v128.shuffle<u32>(zero, w, 0, 4, 5, 6));
  return i32x4.add(i32x4.add(pairs, v128.shuffle<u32>(zero, pairs, 0, 1, 4, 5)), v128.shuffle<u32>(before, before, 3, 3, 3, 3));
}

const MOST32 = memory.data<f32>([2147483648]);
const MOST64 = memory.data<f64>([4503599627370496]);

/**
 * @param x  T[rows], written: the index of a category
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, categories: i32, theta: usize, x: usize): void {
  const cumulative = part<T>(theta, Part.Cumulative, batch, categories);
  const guided = batch == 1 && worthGuiding(rows, categories);
  if (guided) guide<T>(categories, cumulative);
  for (let left = rows; left > 0; left -= CHUNK, ++chunk) {
    const count = min(left, CHUNK);
    choose<T>(low, high, site, chunk, count, batch, <i32>(<u64>chunk * CHUNK % batch), categories, cumulative, guided);
    let r = 0;
    for (; r <= count - lanes<T>(); r += lanes<T>()) {
      const chosen = CHOSEN + (<usize>r << 2);
      if (sizeof<T>() == 4) v128.store(x + span<T>(r), f32x4.convert_i32x4_s(v128.load(chosen)));
      else v128.store(x + span<T>(r), f64x2.convert_low_i32x4_s(v128.load64_zero(chosen)));
    }
    for (; r < count; ++r) store<T>(x + span<T>(r), <T>load<i32>(CHOSEN + (<usize>r << 2)));
    x += span<T>(count);
  }
}

/** The category that x names; −1 if none. */
@inline
function categoryOf<T>(categories: i32, x: T): i32 {
  return x >= 0 && x < <T>categories && x == floor<T>(x) ? <i32>x : -1;
}

/**
 * logProb[r] = log p of category x[r], −∞ if x[r] is none.
 *
 * @param x        T[rows]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, batch: i32, categories: i32, theta: usize, x: usize, logProb: usize): void {
  for (let r = 0, b = 0; r < rows; ++r) {
    const k = categoryOf<T>(categories, load<T>(x + span<T>(r)));
    store<T>(logProb + span<T>(r), k < 0 ? <T>-Infinity : load<T>(part<T>(theta, Part.LogProbs, batch, categories) + span<T>(b * strideOf(categories) + k)));
    if (++b == batch) b = 0;
  }
}

/**
 * terms[r, k] += coefficient[r] · (1[x[r] = k] − pₖ), ∂/∂logits.
 *
 * @param x            T[rows]
 * @param coefficient  T[rows]
 * @param terms        T[rows, categories], added to
 */
export function score<T>(rows: i32, batch: i32, categories: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  const probs = part<T>(theta, Part.Probs, batch, categories);
  for (let r = 0, b = 0; r < rows; ++r, terms += span<T>(categories)) {
    const c = load<T>(coefficient + span<T>(r));
    const p = probs + span<T>(b * strideOf(categories));
    const each = v128.splat<T>(c);
    let k = 0;
    for (; k <= categories - lanes<T>(); k += lanes<T>()) {
      const at = terms + span<T>(k);
      v128.store(at, v128.sub<T>(v128.load(at), v128.mul<T>(each, v128.load(p + span<T>(k)))));
    }
    for (; k < categories; ++k) store<T>(terms + span<T>(k), load<T>(terms + span<T>(k)) - c * load<T>(p + span<T>(k)));
    const own = categoryOf<T>(categories, load<T>(x + span<T>(r)));
    if (own >= 0) store<T>(terms + span<T>(own), load<T>(terms + span<T>(own)) + c);
    if (++b == batch) b = 0;
  }
}

/**
 * Categories from … to − 1, each for every problem.
 *
 * @param x  T[to − from, batch], written
 */
export function enumerate<T>(from: i32, to: i32, batch: i32, x: usize): void {
  for (let k = from; k < to; ++k) {
    for (let b = 0; b < batch; ++b, x += sizeof<T>()) store<T>(x, <T>k);
  }
}

/**
 * value[b] += sign · KL, KL = Σₖ pₖ (log pₖ − log p₀ₖ); gradient[b, k] += sign · pₖ (log pₖ − log p₀ₖ − KL).
 *
 * A category that is impossible under p counts nothing, whatever the prior says of it.
 *
 * @param prior     θ of the prior, of `priorBatch` problems in turn
 * @param value     T[batch], added to
 * @param gradient  T[batch, categories], added to
 */
export function divergence<T>(batch: i32, categories: i32, theta: usize, priorBatch: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  divergenceOf(sizeof<T>(), batch, categories, theta, priorBatch, prior, sign, value, gradient);
}

/**
 * value[b] += sign · H, H = −Σₖ pₖ log pₖ; gradient[b, k] −= sign · pₖ (log pₖ + H): minus what the divergence is of no prior.
 *
 * @param value     T[batch], added to
 * @param gradient  T[batch, categories], added to
 */
export function entropy<T>(batch: i32, categories: i32, theta: usize, sign: f64, value: usize, gradient: usize): void {
  divergenceOf(sizeof<T>(), batch, categories, theta, 1, 0, -sign, value, gradient);
}

/** The divergence, from a measure that weighs every category 1 where `prior` is 0. */
function divergenceOf(size: i32, batch: i32, categories: i32, theta: usize, priorBatch: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  const stride = strideOf(categories), probs = <i32>Part.Probs * batch * stride;
  for (let b = 0; b < batch; ++b) {
    let sum: f64 = 0;
    for (let k = 0; k < categories; ++k) {
      const p = numberAt(size, theta, probs + b * stride + k);
      if (p > 0) sum += p * relative(size, theta, b * stride + k, prior, b % priorBatch * stride + k);
    }
    for (let k = 0; k < categories; ++k) {
      const p = numberAt(size, theta, probs + b * stride + k);
      if (p > 0) addAt(size, gradient, b * categories + k, sign * (p * (relative(size, theta, b * stride + k, prior, b % priorBatch * stride + k) - sum)));
    }
    addAt(size, value, b, sign * sum);
  }
}

/** log p of θ, less the prior's. */
function relative(size: i32, theta: usize, i: i32, prior: usize, other: i32): f64 {
  return prior ? numberAt(size, theta, i) - numberAt(size, prior, other) : numberAt(size, theta, i);
}
