import { lanes, smallest, span, storeSome } from "../lanes";
import { digammaGap, digammaStep, lgammaGap } from "../math/gamma-functions";
import { logRatio } from "../math/log-ratio";
import { expOne, logOne } from "../math/once";
import { numberAt, repeatOf, setAt, withinOf } from "../memory";
import { collect, PAGE, spread, stretchOf } from "../pages";
import { anyBoost, beginGammas, GAMMAS, gammas, logGammas, setShape } from "../random/gamma";
import { CHUNK } from "../random/stream";
import { softmax } from "../rows";
import { totalOf } from "./dirichlet-exact";
import { logLeast, storedEnd } from "./stored-end";
import { WEIGHT, Z } from "../work";

/**
 * With μ = α / α₊, l = log(x / μ): log p = Σⱼ (αⱼ − 1) lⱼ − offset. As elementwise families its parameters are repeated over a tile.
 *
 * Prepared θ is T[8, tile]: α, μ, what α (l + ·) lacks to the score, each coordinate's part of the offset, the shapes of random/gamma, the score
 * at the smallest x; then whether any is boosted, room up to four numbers, and f64[2, batch · k]: the sum of the others' α, ψ(α₊) − ψ(αⱼ).
 */
export const enum Row { Alpha, Mean, Gap, Offset, Shape, End = 7, Boosted }

/** Where the numbers of f64 begin. */
@inline
export function fineOf(size: i32, tile: i32, theta: usize): usize {
  return theta + <usize>(size * (Row.Boosted * tile + 4));
}

/**
 * @param params  T[batch, k]: log α
 * @param theta   as above, written
 */
export function prepare<T>(batch: i32, k: i32, tile: i32, params: usize, theta: usize): void {
  prepareOf(sizeof<T>(), batch, k, tile, params, theta);
}

function prepareOf(size: i32, batch: i32, k: i32, tile: i32, params: usize, theta: usize): void {
  const shapes = theta + <usize>(size * Row.Shape * tile), period = batch * k;
  for (let e = 0; e < period; ++e) {
    setAt(size, theta, e, max<f64>(withinOf(size, 0), min<f64>(withinOf(size, Infinity) / <f64>(4 * k), expOne(numberAt(size, params, e))))); // their sum is finite
    setShape(size, e, tile, numberAt(size, theta, e), shapes);
  }
  for (let b = 0; b < batch; ++b) prepareProblem(size, k, b * k, period, tile, theta);
  for (let i = 0; i < Row.Boosted; ++i) repeatOf(size, period, tile, theta + <usize>(size * i * tile));
  setAt(size, theta, Row.Boosted * tile, anyBoost(size, period, tile, shapes) ? 1 : 0);
}

function prepareProblem(size: i32, k: i32, from: i32, period: i32, tile: i32, theta: usize): void {
  const total = totalOf(size, k, theta, from, 1), gap = digammaGap(total), share = lgammaGap(total) / <f64>k, fine = fineOf(size, tile, theta);
  othersOf(size, k, from, theta, fine);
  for (let e = from; e < from + k; ++e) {
    const alpha = numberAt(size, theta, e), mean = withinOf(size, alpha / total);
    setAt(size, theta, Row.Mean * tile + e, mean);
    const own = digammaGap(alpha), rest = logOne(alpha / total / mean) - gap;
    setAt(size, theta, Row.Gap * tile + e, min<f64>(own, withinOf(size, Infinity)) + rest);
    setAt(size, theta, Row.End * tile + e, storedEnd(alpha, logLeast(size) - logOne(mean) + own + rest));
    setAt(size, theta, Row.Offset * tile + e, share - lgammaGap(alpha) + logOne(mean));
    setAt(8, fine, period + e, digammaStep(alpha, numberAt(8, fine, e)));
  }
}

/** The sum of all α but each: from the left, then from the right, so that a small rest beside a large α keeps its digits. */
function othersOf(size: i32, k: i32, from: i32, alpha: usize, fine: usize): void {
  let sum: f64 = 0;
  for (let e = from; e < from + k; ++e) {
    setAt(8, fine, e, sum);
    sum += numberAt(size, alpha, e);
  }
  sum = 0;
  for (let e = from + k - 1; e >= from; --e) {
    setAt(8, fine, e, numberAt(8, fine, e) + sum);
    sum += numberAt(size, alpha, e);
  }
}

/**
 * Draws of gamma variables over their sums; by their logarithms where one is boosted, so that coordinates of tiny concentrations are small numbers
 * and not zeros.
 *
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, k], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, k: i32, tile: i32, theta: usize, x: usize): void {
  const shapes = theta + span<T>(Row.Shape * tile), boosted = load<T>(theta + span<T>(Row.Boosted * tile)) != 0;
  let phase = <i32>(<u64>chunk * <u64>(k * CHUNK) % <u64>tile);
  for (let left = rows; left > 0; left -= CHUNK, ++chunk) {
    beginGammas(low, high, site, chunk, 0, SOURCES);
    const some = min(left, CHUNK), count = some * k, start = x;
    for (let done = 0; done < count; done += PAGE) {
      const page = min(PAGE, count - done);
      if (boosted) logGammas<T>(phase, page, tile, shapes, SOURCES, WEIGHT, Z);
      else gammas<T>(phase, page, tile, shapes, SOURCES, Z);
      memory.copy(x, Z, span<T>(page));
      phase = <i32>(<u32>(phase + page) % <u32>tile);
      x += span<T>(page);
    }
    if (boosted) softmax<T>(some, k, start, start);
    else shares<T>(some, k, start);
    const least = v128.splat<T>(smallest<T>());
    for (let rest = count, at = start; rest > 0; rest -= lanes<T>(), at += 16) storeSome<T>(at, v128.pmax<T>(v128.load(at), least), rest);
  }
}

/** Each row over its sum. */
function shares<T>(rows: i32, k: i32, x: usize): void {
  for (; rows > 0; --rows) {
    let sum: f64 = 0;
    for (let at = x, end = x + span<T>(k); at < end; at += sizeof<T>()) sum += <f64>load<T>(at);
    const factor = <T>(1 / sum), each = v128.splat<T>(factor), whole = x + (span<T>(k) & -16);
    for (; x < whole; x += 16) v128.store(x, v128.mul<T>(v128.load(x), each));
    for (const end = whole + (span<T>(k) & 15); x < end; x += sizeof<T>()) store<T>(x, load<T>(x) * factor);
  }
}

/**
 * logProb[i] = Σⱼ ((αⱼ − 1) lⱼ − offset); −∞ unless every x > 0. That they sum to 1 is taken for granted.
 *
 * @param x        T[rows, k]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, k: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  const one = v128.splat<T>(1), zero = v128.splat<T>(0), never = v128.splat<T>(-Infinity), row = span<T>(tile);
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * k, count = 0; from < n; from += count) {
    count = stretchOf(from, n, tile);
    let at = theta + span<T>(from % tile), point = x + span<T>(from);
    for (let to = Z, end = Z + span<T>(count); to < end; to += 16, at += 16, point += 16) {
      const v = v128.load(point), mean = v128.load(at + Row.Mean * row);
      const term = v128.mul<T>(v128.sub<T>(v128.load(at), one), logRatio<T>(v, v128.sub<T>(v, mean), mean));
      v128.store(to, v128.bitselect(term, never, v128.gt<T>(v, zero)));
    }
    collect<T>(from, count, k, tile, theta + Row.Offset * row, Z, logProb);
  }
}

/**
 * ∂ log p/∂log αⱼ = αⱼ (log xⱼ − ψ(αⱼ) + ψ(α₊)); at the smallest xⱼ the mean of what it stands for.
 *
 * @param x            T[rows, k]
 * @param coefficient  T[rows]
 * @param terms        T[rows, k], added to
 */
export function score<T>(rows: i32, k: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  const row = span<T>(tile), least = v128.splat<T>(smallest<T>());
  for (let from = 0, n = rows * k, count = 0; from < n; from += count) {
    count = stretchOf(from, n, tile);
    let weight = spread<T>(from, count, k, coefficient, WEIGHT), at = theta + span<T>(from % tile), point = x + span<T>(from);
    for (let left = count; left > 0; left -= lanes<T>(), at += 16, point += 16, weight += 16, terms += 16) {
      const v = v128.load(point), mean = v128.load(at + Row.Mean * row);
      const l = v128.add<T>(logRatio<T>(v, v128.sub<T>(v, mean), mean), v128.load(at + Row.Gap * row));
      const each = v128.bitselect(v128.load(at + Row.End * row), v128.mul<T>(v128.load(at), l), v128.eq<T>(v, least));
      storeSome<T>(terms, v128.add<T>(v128.load(terms), v128.mul<T>(v128.load(weight), each)), left);
    }
  }
}

/**
 * out += coefficient · (αⱼ − 1) / xⱼ, each coordinate as if it could move alone.
 *
 * @param x            T[rows, k]
 * @param coefficient  T[rows]
 * @param out          T[rows, k], added to
 */
export function logProbGradient<T>(rows: i32, k: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  const one = v128.splat<T>(1);
  for (let from = 0, n = rows * k, count = 0; from < n; from += count) {
    count = stretchOf(from, n, tile);
    let weight = spread<T>(from, count, k, coefficient, WEIGHT), at = theta + span<T>(from % tile), point = x + span<T>(from);
    for (let left = count; left > 0; left -= lanes<T>(), at += 16, point += 16, weight += 16, out += 16) {
      const slope = v128.div<T>(v128.sub<T>(v128.load(at), one), v128.load(point));
      storeSome<T>(out, v128.add<T>(v128.load(out), v128.mul<T>(v128.load(weight), slope)), left);
    }
  }
}

const SOURCES = memory.data(GAMMAS, 16);
