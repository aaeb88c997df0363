import { lanes, span, storeSome, sumOf } from "../lanes";
import { lgamma } from "../math/lgamma";
import { rowMaximum } from "../math/log-sum-exp";
import { logOne } from "../math/once";
import { expOrZero, log } from "../math/vectors";
import { strideOf } from "../random/choices";
import { part, Part } from "./categorical";
import { draw, pull as slope, soften } from "./concrete";

/** Numbers of one group of whole rows: passes over many narrow rows are as fast as over one wide row. */
const GROUP: i32 = 512;

/** Rows that are worked on together. */
@inline
function groupOf(categories: i32): i32 {
  return max(1, GROUP / categories);
}

/** Two arrays of max(512, categories) numbers and some room lie after categorical's θ. */
@inline
function scratch<T>(theta: usize, which: i32, batch: i32, categories: i32): usize {
  return theta + span<T>(3 * batch * strideOf(categories) + which * (strideOf(max(GROUP, categories)) + 4));
}

/**
 * y = softmax((log p + Gumbel noise) / temperature), no entry below the least normal number.
 *
 * @param theta  prepared by categorical's `prepare`, with room for two scratch arrays after it; here as in all kernels below
 * @param y      T[rows, categories], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, categories: i32, temperature: f64, theta: usize, y: usize): void {
  draw<T>(low, high, site, chunk, rows, batch, categories, theta, y);
  soften<T>(rows, categories, y, temperature, y);
  const least = leastOf<T>();
  for (let left = rows * categories; left > 0; left -= lanes<T>(), y += 16) storeSome<T>(y, v128.pmax<T>(v128.load(y), least), left);
}

@inline
function leastOf<T>(): v128 {
  return v128.splat<T>(sizeof<T>() == 4 ? <T>1.1754943508222875e-38 : <T>2.2250738585072014e-308);
}

/** logs = log y and a = log p − temperature · log y of a group of rows; returns the problem after the last. */
function arguments<T>(rows: i32, b: i32, batch: i32, categories: i32, temperature: T, theta: usize, y: usize, logs: usize, a: usize): i32 {
  const by = v128.splat<T>(temperature), row = span<T>(categories);
  log<T>(rows * categories, y, logs);
  for (let r = 0; r < rows; ++r, logs += row, a += row) {
    const own = part<T>(theta, Part.LogProbs, batch, categories) + span<T>(b * strideOf(categories));
    // The last vector of a row runs into the next row, which overwrites it.
    for (let at: usize = 0; at < row; at += 16) v128.store(a + at, v128.sub<T>(v128.load(own + at), v128.mul<T>(by, v128.load(logs + at))));
    if (++b == batch) b = 0;
  }
  return b;
}

/**
 * logProb[r] = log Γ(k) + (k − 1) log temperature + Σₖ (aₖ − log yₖ) − k log Σₖ exp aₖ, −∞ where an entry of y is not positive. That they sum to 1
 * is not checked.
 *
 * @param y        T[rows, categories]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, batch: i32, categories: i32, temperature: f64, theta: usize, y: usize, logProb: usize): void {
  const logs = scratch<T>(theta, 0, batch, categories), a = scratch<T>(theta, 1, batch, categories), row = span<T>(categories);
  const norm = f64x2.extract_lane(lgamma<f64>(f64x2.splat(<f64>categories)), 0) + <f64>(categories - 1) * logOne(temperature);
  for (let b = 0; rows > 0; rows -= groupOf(categories), y += <usize>groupOf(categories) * row) {
    const some = min(rows, groupOf(categories));
    b = arguments<T>(some, b, batch, categories, <T>temperature, theta, y, logs, a);
    for (let r = 0, at: usize = 0; r < some; ++r, at += row) {
      const sum = difference<T>(categories, a + at, logs + at), most = shift<T>(categories, a + at);
      store<T>(logProb + span<T>(r), <T>(norm + sum - <f64>categories * <f64>most));
    }
    expOrZero<T>(some * categories, a, a);
    for (let own = a, r = 0; r < some; ++r, own += row, logProb += sizeof<T>()) {
      const sum = <f64>load<T>(logProb) - <f64>categories * logOne(<f64>total<T>(categories, own));
      store<T>(logProb, sum == sum ? <T>sum : <T>-Infinity);
    }
  }
}

/** Σₖ (a[k] − b[k]) */
function difference<T>(width: i32, a: usize, b: usize): f64 {
  let sum: f64 = 0;
  for (let k = 0; k < width; ++k) sum += <f64>load<T>(a + span<T>(k)) - <f64>load<T>(b + span<T>(k));
  return sum;
}

/**
 * terms[r, k] += coefficient[r] · (1 − K softmax(a)ₖ), ∂/∂logits; K is the number of categories.
 *
 * The least number stands for all below it. As y is a power of exponential variables over their sum, the probability of those that are there and
 * of the rest below is ∝ ∏ pₖ (of those there) / (Σ exp aₖ)^(their number): so K counts them, and the 1 is theirs alone.
 *
 * @param y            T[rows, categories]
 * @param coefficient  T[rows]
 * @param terms        T[rows, categories], added to
 */
export function score<T>(rows: i32, batch: i32, categories: i32, temperature: f64, theta: usize, y: usize, coefficient: usize, terms: usize): void {
  slopes<T>(false, rows, batch, categories, temperature, theta, y, coefficient, terms);
}

/**
 * out[r, k] += coefficient[r] · ∂ log p/∂yₖ = coefficient[r] · (K temperature softmax(a)ₖ − temperature − 1) / yₖ, the density read as a function of all entries.
 *
 * @param y            T[rows, categories]
 * @param coefficient  T[rows]
 * @param out          T[rows, categories], added to
 */
export function logProbGradient<T>(rows: i32, batch: i32, categories: i32, temperature: f64, theta: usize, y: usize, coefficient: usize, out: usize): void {
  slopes<T>(true, rows, batch, categories, temperature, theta, y, coefficient, out);
}

function slopes<T>(along: bool, rows: i32, batch: i32, categories: i32, temperature: f64, theta: usize, y: usize, coefficient: usize, out: usize): void {
  const logs = scratch<T>(theta, 0, batch, categories), a = scratch<T>(theta, 1, batch, categories), row = span<T>(categories);
  const constant = v128.splat<T>(along ? <T>(-temperature - 1) : <T>1), least = leastOf<T>();
  for (let b = 0; rows > 0; rows -= groupOf(categories)) {
    const some = min(rows, groupOf(categories));
    b = arguments<T>(some, b, batch, categories, <T>temperature, theta, y, logs, a);
    for (let r = 0; r < some; ++r) shift<T>(categories, a + <usize>r * row);
    expOrZero<T>(some * categories, a, a);
    for (let own = a, r = 0; r < some; ++r, own += row, y += row, out += row, coefficient += sizeof<T>()) {
      const factor = along ? <T>(temperature * <f64>categories) : -<T>thereOf<T>(categories, y);
      const weight = v128.load_splat<T>(coefficient), by = v128.splat<T>(factor / total<T>(categories, own));
      for (let at: usize = 0, left = categories; left > 0; left -= lanes<T>(), at += 16) {
        const there = along ? constant : v128.and(constant, v128.gt<T>(v128.load(y + at), least));
        let slope = v128.add<T>(there, v128.mul<T>(by, v128.load(own + at)));
        if (along) slope = v128.div<T>(slope, v128.load(y + at));
        storeSome<T>(out + at, v128.add<T>(v128.load(out + at), v128.mul<T>(weight, slope)), left);
      }
    }
  }
}

/** How many entries are above the least number. */
function thereOf<T>(width: i32, y: usize): i32 {
  const least = leastOf<T>(), whole = width & ~(lanes<T>() - 1);
  let count = 0;
  for (let k = 0; k < whole; k += lanes<T>()) count += popcnt<i32>(i8x16.bitmask(v128.gt<T>(v128.load(y + span<T>(k)), least))) / <i32>sizeof<T>();
  for (let k = whole; k < width; ++k) count += load<T>(y + span<T>(k)) > (sizeof<T>() == 4 ? <T>1.1754943508222875e-38 : <T>2.2250738585072014e-308) ? 1 : 0;
  return count;
}

/** a[k] −= max a; returns it. */
function shift<T>(width: i32, a: usize): T {
  const most = rowMaximum<T>(width, a), all = v128.splat<T>(most);
  for (let left = width; left > 0; left -= lanes<T>(), a += 16) storeSome<T>(a, v128.sub<T>(v128.load(a), all), left);
  return most;
}

function total<T>(width: i32, e: usize): T {
  let sum = v128.splat<T>(0), k = 0;
  for (; k <= width - lanes<T>(); k += lanes<T>()) sum = v128.add<T>(sum, v128.load(e + span<T>(k)));
  let all: T = sumOf<T>(sum);
  for (; k < width; ++k) all += load<T>(e + span<T>(k));
  return all;
}

/**
 * ∂yᵢ/∂logitsₖ = yᵢ (1[i = k] − yₖ) / temperature: terms[r, k] += yₖ (cotangentₖ − Σᵢ yᵢ cotangentᵢ) / temperature.
 *
 * @param y, cotangent  T[rows, categories]
 * @param terms         T[rows, categories], added to
 */
export function pull<T>(rows: i32, batch: i32, categories: i32, temperature: f64, theta: usize, y: usize, cotangent: usize, terms: usize): void {
  const out = scratch<T>(theta, 0, batch, categories), row = span<T>(categories);
  for (; rows > 0; --rows, y += row, cotangent += row, terms += row) {
    slope<T>(1, categories, y, temperature, cotangent, out);
    for (let at: usize = 0, left = categories; left > 0; left -= lanes<T>(), at += 16) {
      storeSome<T>(terms + at, v128.add<T>(v128.load(terms + at), v128.load(out + at)), left);
    }
  }
}
