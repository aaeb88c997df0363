import { lanes, largest, span, storeSome, sumOf } from "../lanes";
import { rowMaximum } from "../math/log-sum-exp";
import { LOG2_E, lower, normalise, powers } from "../math/softmax";
import { strideOf } from "../random/choices";
import { begin, Noise, SOURCE, standard } from "../random/noise";
import { CHUNK } from "../random/stream";
import { part, Part } from "./categorical";

/**
 * z = log p + Gumbel noise, log p normalised: the largest entry has the law of the categories. Maddison, Mnih & Teh 2017.
 *
 * @param theta  prepared by categorical's `prepare`
 * @param z      T[rows, categories], written; −∞ where a category is impossible
 */
export function draw<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, categories: i32, theta: usize, z: usize): void {
  const most = rowsAtOnce(categories);
  let b = <i32>(<u64>chunk * CHUNK % batch);
  for (let left = rows; left > 0; left -= CHUNK, ++chunk) {
    begin(low, high, site, chunk, NOISE);
    for (let done = 0, count = min(left, CHUNK); done < count; done += most) {
      const some = min(most, count - done);
      standard<T>(Noise.Gumbel, some * categories, NOISE, z);
      b = shift<T>(some, b, batch, categories, part<T>(theta, Part.LogProbs, batch, categories), z);
      z += span<T>(some * categories);
    }
  }
}

/** Rows that stay in the first cache from pass to pass: a multiple of 8, so that the noise of a chunk may be split there. */
@inline
export function rowsAtOnce(categories: i32): i32 {
  return max(8, (BLOCK / categories) & -8);
}

const BLOCK: i32 = 2048;
const NOISE = memory.data(SOURCE, 16);

/** z[r, k] += log pₖ; returns the problem of the next row. */
function shift<T>(rows: i32, b: i32, batch: i32, categories: i32, logProbs: usize, z: usize): i32 {
  for (let r = 0; r < rows; ++r, z += span<T>(categories)) {
    const own = logProbs + span<T>(b * strideOf(categories));
    let k = 0;
    for (; k <= categories - lanes<T>(); k += lanes<T>()) v128.store(z + span<T>(k), v128.add<T>(v128.load(z + span<T>(k)), v128.load(own + span<T>(k))));
    for (; k < categories; ++k) store<T>(z + span<T>(k), load<T>(z + span<T>(k)) + load<T>(own + span<T>(k)));
    if (++b == batch) b = 0;
  }
  return b;
}

/**
 * terms[r, k] += cotangent[r, k] − pₖ Σᵢ cotangent[r, i]: the pull-back of z = l − log Σ exp l + noise.
 *
 * @param cotangent  T[rows, categories]
 * @param terms      T[rows, categories], added to
 */
export function pullLatent<T>(rows: i32, batch: i32, categories: i32, theta: usize, cotangent: usize, terms: usize): void {
  const probs = part<T>(theta, Part.Probs, batch, categories);
  for (let r = 0, b = 0; r < rows; ++r) {
    const p = probs + span<T>(b * strideOf(categories));
    const sum = v128.splat<T>(total<T>(categories, cotangent));
    let k = 0;
    for (; k <= categories - lanes<T>(); k += lanes<T>()) v128.store(terms + span<T>(k), centred<T>(span<T>(k), sum, p, cotangent, terms));
    if (k < categories) storeSome<T>(terms + span<T>(k), centred<T>(span<T>(k), sum, p, cotangent, terms), categories - k);
    cotangent += span<T>(categories);
    terms += span<T>(categories);
    if (++b == batch) b = 0;
  }
}

@inline
function centred<T>(at: usize, sum: v128, p: usize, cotangent: usize, terms: usize): v128 {
  return v128.add<T>(v128.load(terms + at), v128.sub<T>(v128.load(cotangent + at), v128.mul<T>(v128.load(p + at), sum)));
}

@inline
function total<T>(width: i32, x: usize): T {
  let sum = v128.splat<T>(0);
  let k = 0;
  for (; k <= width - lanes<T>(); k += lanes<T>()) sum = v128.add<T>(sum, v128.load(x + span<T>(k)));
  let rest: T = sumOf<T>(sum);
  for (; k < width; ++k) rest += load<T>(x + span<T>(k));
  return rest;
}

/**
 * out[r, k] = tangent[r, k] − Σᵢ pᵢ tangent[r, i]: how z moves with the logits.
 *
 * @param tangent  T[rows, categories]
 * @param out      T[rows, categories], written
 */
export function pushLatent<T>(rows: i32, batch: i32, categories: i32, theta: usize, tangent: usize, out: usize): void {
  const probs = part<T>(theta, Part.Probs, batch, categories), row = span<T>(categories);
  for (let r = 0, b = 0; r < rows; ++r, tangent += row, out += row) {
    const mean = v128.splat<T>(product<T>(categories, tangent, probs + span<T>(b * strideOf(categories))));
    for (let k = 0; k < categories; k += lanes<T>()) storeSome<T>(out + span<T>(k), v128.sub<T>(v128.load(tangent + span<T>(k)), mean), categories - k);
    if (++b == batch) b = 0;
  }
}

/**
 * z[r, k] = max log p where x is 1, min(log pₖ, max log p − gap) where it is 0: the least move of log p that makes x its largest entry by
 * `gap`. Fan, Chi, Rudnicky & Ramadge 2022.
 *
 * @param x  T[rows, categories], one-hot
 * @param z  T[rows, categories], written
 */
export function gap<T>(rows: i32, batch: i32, categories: i32, theta: usize, x: usize, gap: f64, z: usize): void {
  const logProbs = part<T>(theta, Part.LogProbs, batch, categories), row = span<T>(categories), half = v128.splat<T>(<T>0.5);
  for (let r = 0, b = 0; r < rows; ++r, x += row, z += row) {
    const own = logProbs + span<T>(b * strideOf(categories)), most = rowMaximum<T>(categories, own);
    const first = v128.splat<T>(most), below = v128.splat<T>(<T>(<f64>most - gap));
    for (let k = 0; k < categories; k += lanes<T>()) {
      const at = span<T>(k), is = v128.gt<T>(v128.load(x + at), half);
      storeSome<T>(z + at, v128.bitselect(first, v128.pmin<T>(v128.load(own + at), below), is), categories - k);
    }
    if (++b == batch) b = 0;
  }
}

/** x[r] = the one-hot row of the first largest entry of z[r], T[rows, categories] both. */
export function harden<T>(rows: i32, categories: i32, z: usize, x: usize): void {
  memory.fill(x, 0, span<T>(rows * categories));
  for (let r = 0; r < rows; ++r, z += span<T>(categories), x += span<T>(categories)) {
    const most = rowMaximum<T>(categories, z);
    const all = v128.splat<T>(most);
    let k = 0;
    while (!v128.any_true(v128.eq<T>(v128.load(z + span<T>(k)), all))) k += lanes<T>();
    while (load<T>(z + span<T>(k)) != most) ++k;
    store<T>(x + span<T>(k), <T>1);
  }
}

/**
 * y[r] = softmax(z[r] / temperature), T[rows, categories] both: exp((z − max z) / temperature) over its sum.
 *
 * By blocks of rows, a pass for the exponential, as a power of two: 1.1 ns an entry in f32, as one pass a row 1.4.
 */
export function soften<T>(rows: i32, categories: i32, z: usize, temperature: f64, y: usize): void {
  const most = rowsAtOnce(categories);
  const by = v128.splat<T>(min<T>(largest<T>(), <T>(LOG2_E / temperature)));
  for (; rows > 0; rows -= most) {
    const some = min(rows, most), n = some * categories;
    lower<T>(some, categories, by, z, y);
    powers<T>(n, y);
    normalise<T>(some, categories, y);
    z += span<T>(n);
    y += span<T>(n);
  }
}

/**
 * out[r, k] = y[r, k] (cotangent[r, k] − Σᵢ y[r, i] cotangent[r, i]) / temperature
 *
 * @param y, cotangent  T[rows, categories]
 * @param out           T[rows, categories], written
 */
export function pull<T>(rows: i32, categories: i32, y: usize, temperature: f64, cotangent: usize, out: usize): void {
  memory.fill(out, 0, span<T>(rows * categories));
  pullThrough<T>(rows, categories, y, temperature, cotangent, out);
}

/**
 * `pull` and `pullLatent` in one pass, whose second correction is 0: terms[r, k] += y[r, k] (cotangent[r, k] − Σᵢ y[r, i] cotangent[r, i]) / temperature
 *
 * @param y, cotangent  T[rows, categories]
 * @param terms         T[rows, categories], added to
 */
export function pullThrough<T>(rows: i32, categories: i32, y: usize, temperature: f64, cotangent: usize, terms: usize): void {
  const by = v128.splat<T>(min<T>(largest<T>(), <T>(1 / temperature))), row = span<T>(categories);
  for (; rows > 0; --rows, y += row, cotangent += row, terms += row) {
    const mean = v128.splat<T>(product<T>(categories, y, cotangent));
    let k = 0;
    for (; k <= categories - lanes<T>(); k += lanes<T>()) {
      const at = span<T>(k);
      v128.store(terms + at, v128.add<T>(v128.load(terms + at), sloped<T>(at, mean, by, y, cotangent)));
    }
    const at = span<T>(k);
    if (k < categories) storeSome<T>(terms + at, v128.add<T>(v128.load(terms + at), sloped<T>(at, mean, by, y, cotangent)), categories - k);
  }
}

@inline
function sloped<T>(at: usize, mean: v128, by: v128, y: usize, cotangent: usize): v128 {
  return v128.mul<T>(v128.mul<T>(v128.load(y + at), v128.sub<T>(v128.load(cotangent + at), mean)), by);
}

/** Σₖ a[k] b[k] */
@inline
export function product<T>(width: i32, a: usize, b: usize): T {
  let sum = v128.splat<T>(0);
  let k = 0;
  for (; k <= width - lanes<T>(); k += lanes<T>()) sum = v128.add<T>(sum, v128.mul<T>(v128.load(a + span<T>(k)), v128.load(b + span<T>(k))));
  let rest: T = sumOf<T>(sum);
  for (; k < width; ++k) rest += load<T>(a + span<T>(k)) * load<T>(b + span<T>(k));
  return rest;
}
