import { add } from "../array";
import { lanes, nextUp, span, storeSome } from "../lanes";
import { rowMaximum } from "../math/log-sum-exp";
import { LOG2_E, powers } from "../math/softmax";
import { PAGE, PAGE_BYTES } from "../pages";
import { begin, Noise, SOURCE, standard } from "../random/noise";
import { negativeLog } from "../random/negative-log";
import { strideOf } from "../random/choices";
import { CHUNK } from "../random/stream";
import { part, Part } from "./categorical";
import { pushLatent, rowsAtOnce } from "./concrete";

/**
 * z̃ given x, the law of z = log p + Gumbel noise where x is its largest entry (Maddison, Tarlow & Minka 2014): with exponential E and
 * xₖ = 1,
 *
 *   z̃ₖ = −log Eₖ, z̃ᵢ = log pᵢ − log(Eᵢ + pᵢ Eₖ) for i ≠ k
 *
 * that is −log(Eᵢ / pᵢ + Eₖ), which pᵢ → 0 cannot make overflow. Rounding may make z̃ᵢ as large as z̃ₖ: it is kept a step below.
 *
 * @param theta  prepared by categorical's `prepare`
 * @param x      T[rows, categories], one-hot
 * @param z      T[rows, categories], written; −∞ where a category is impossible
 */
export function draw<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, categories: i32, theta: usize, x: usize, z: usize): void {
  const most = rowsAtOnce(categories);
  let b = <i32>(<u64>chunk * CHUNK % batch);
  for (let left = rows; left > 0; left -= CHUNK, ++chunk) {
    begin(low, high, site, chunk, NOISE);
    for (let done = 0, count = min(left, CHUNK); done < count; done += most) {
      const some = min(most, count - done), n = some * categories;
      standard<T>(Noise.FineExponential, n, NOISE, z);
      race<T>(some, b, batch, categories, part<T>(theta, Part.Probs, batch, categories), x, z);
      minusLogs<T>(n, z);
      b = lead<T>(some, b, batch, categories, part<T>(theta, Part.LogProbs, batch, categories), x, z);
      x += span<T>(n);
      z += span<T>(n);
    }
  }
}

const NOISE = memory.data(SOURCE, 16);

/** z[r, i] ← Eᵢ + pᵢ Eₖ, and Eₖ where x is 1. */
function race<T>(rows: i32, b: i32, batch: i32, categories: i32, probs: usize, x: usize, z: usize): void {
  for (let r = 0; r < rows; ++r, x += span<T>(categories), z += span<T>(categories)) {
    const p = probs + span<T>(b * strideOf(categories)), chosen = z + span<T>(chosenOf<T>(categories, x));
    const first = load<T>(chosen), each = v128.splat<T>(first);
    let k = 0;
    for (; k <= categories - lanes<T>(); k += lanes<T>()) v128.store(z + span<T>(k), v128.add<T>(v128.load(z + span<T>(k)), v128.mul<T>(v128.load(p + span<T>(k)), each)));
    for (; k < categories; ++k) store<T>(z + span<T>(k), load<T>(z + span<T>(k)) + load<T>(p + span<T>(k)) * first);
    store<T>(chosen, first);
    if (++b == batch) b = 0;
  }
}

/** z[r, i] += log pᵢ where x is 0, and stays below the entry where x is 1; returns the problem of the next row. */
function lead<T>(rows: i32, b: i32, batch: i32, categories: i32, logProbs: usize, x: usize, z: usize): i32 {
  for (let r = 0; r < rows; ++r, x += span<T>(categories), z += span<T>(categories)) {
    const own = logProbs + span<T>(b * strideOf(categories)), chosen = z + span<T>(chosenOf<T>(categories, x));
    const first = load<T>(chosen), below: T = -nextUp<T>(-first), most = v128.splat<T>(below);
    let k = 0;
    for (; k <= categories - lanes<T>(); k += lanes<T>()) v128.store(z + span<T>(k), v128.pmin<T>(most, v128.add<T>(v128.load(z + span<T>(k)), v128.load(own + span<T>(k)))));
    for (; k < categories; ++k) store<T>(z + span<T>(k), min<T>(below, load<T>(z + span<T>(k)) + load<T>(own + span<T>(k))));
    store<T>(chosen, first);
    if (++b == batch) b = 0;
  }
  return b;
}

/** Where the 1 of a one-hot row is. */
@inline
function chosenOf<T>(categories: i32, x: usize): i32 {
  const half = v128.splat<T>(<T>0.5);
  let k = 0;
  while (k < categories - lanes<T>() && !v128.any_true(v128.gt<T>(v128.load(x + span<T>(k)), half))) k += lanes<T>();
  while (k < categories - 1 && load<T>(x + span<T>(k)) == 0) ++k;
  return k;
}

/** z[i] ← −log z[i], of whole groups in their place and of the rest on a copy. */
function minusLogs<T>(n: i32, z: usize): void {
  const rest = n & (GROUP - 1), end = z + span<T>(n - rest);
  negativeLog<T>(z, end);
  if (rest == 0) return;
  for (let at: usize = 0; at < span<T>(GROUP); at += 16) v128.store(REST + at, v128.splat<T>(1));
  memory.copy(REST, end, span<T>(rest));
  negativeLog<T>(REST, REST + span<T>(GROUP));
  memory.copy(end, REST, span<T>(rest));
}

const GROUP = 8;
const REST = memory.data(64, 16);

/**
 * ∂z̃ᵢ/∂log pᵢ = 1 − exp(z̃ᵢ − z̃ₖ), k the largest: hᵢ = cotangentᵢ times it, terms[r, i] += hᵢ − pᵢ Σⱼ hⱼ.
 *
 * @param z, cotangent  T[rows, categories]
 * @param terms         T[rows, categories], added to
 */
export function pull<T>(rows: i32, batch: i32, categories: i32, theta: usize, z: usize, cotangent: usize, terms: usize): void {
  const probs = part<T>(theta, Part.Probs, batch, categories), row = span<T>(categories);
  for (let r = 0, b = 0; r < rows; ++r, z += row, cotangent += row, terms += row) {
    const p = probs + span<T>(b * strideOf(categories)), most = rowMaximum<T>(categories, z);
    let sum: T = 0;
    for (let from = 0; from < categories; from += PAGE) {
      const count = min(PAGE, categories - from), at = span<T>(from);
      shares<T>(count, z + at, most);
      for (let k = 0; k < count; k += lanes<T>()) v128.store(SHARES + span<T>(k), v128.mul<T>(v128.load(cotangent + at + span<T>(k)), v128.load(SHARES + span<T>(k))));
      for (let k = 0; k < count; ++k) sum += load<T>(SHARES + span<T>(k));
      add<T>(count, SHARES, terms + at);
    }
    const all = v128.splat<T>(sum);
    for (let k = 0; k < categories; k += lanes<T>()) {
      const at = span<T>(k);
      storeSome<T>(terms + at, v128.sub<T>(v128.load(terms + at), v128.mul<T>(v128.load(p + at), all)), categories - k);
    }
    if (++b == batch) b = 0;
  }
}

/**
 * out = (∂z̃/∂logits) tangent: that of z, times 1 − exp(z̃ − max z̃).
 *
 * @param z, tangent  T[rows, categories]
 * @param out         T[rows, categories], written
 */
export function push<T>(rows: i32, batch: i32, categories: i32, theta: usize, z: usize, tangent: usize, out: usize): void {
  pushLatent<T>(rows, batch, categories, theta, tangent, out);
  for (; rows > 0; --rows, z += span<T>(categories), out += span<T>(categories)) {
    const most = rowMaximum<T>(categories, z);
    for (let from = 0; from < categories; from += PAGE) {
      const count = min(PAGE, categories - from), to = out + span<T>(from);
      shares<T>(count, z + span<T>(from), most);
      for (let k = 0; k < count; k += lanes<T>()) storeSome<T>(to + span<T>(k), v128.mul<T>(v128.load(to + span<T>(k)), v128.load(SHARES + span<T>(k))), count - k);
    }
  }
}

/** SHARES = 1 − exp(z − most) of a page of a row. */
function shares<T>(count: i32, z: usize, most: T): void {
  const shift = v128.splat<T>(most), by = v128.splat<T>(<T>LOG2_E), one = v128.splat<T>(1), end = span<T>(count);
  for (let at: usize = 0; at < end; at += 16) v128.store(SHARES + at, v128.mul<T>(v128.sub<T>(v128.load(z + at), shift), by));
  powers<T>(count, SHARES);
  for (let at: usize = 0; at < end; at += 16) v128.store(SHARES + at, v128.sub<T>(one, v128.load(SHARES + at)));
}

const SHARES = memory.data(PAGE_BYTES, 16);
