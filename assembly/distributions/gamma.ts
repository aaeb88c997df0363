import { lanes, largest, smallest, span, storeSome } from "../lanes";
import { digammaGap, lgammaGap } from "../math/gamma-functions";
import { gammaElasticity } from "../math/implicit-gamma";
import { expOne, logOne } from "../math/once";
import { exp, log } from "../math/vectors";
import { addAt, largestOf, numberAt, repeatOf, setAt, withinOf } from "../memory";
import { collect, PAGE, spread, stretchOf } from "../pages";
import { anyBoost, beginGammas, boosts, GAMMAS, gammas, setShape } from "../random/gamma";
import { CHUNK } from "../random/stream";
import { LOG, WEIGHT, Z } from "../work";
import { logLeast, storedEnd } from "./stored-end";

/**
 * x = factor · u (power 1, gamma) or factor / u (power −1, inverse gamma) with u ~ Gamma(α, 1); θ's second parameter is the logarithm of what
 * makes u of x: the rate, or the scale. With r = u / α, log p(x) = α (log r − r + 1) − power · log r − offset, which keeps its digits for large α.
 *
 * Prepared θ is T[10, tile]: α, r at x = 1, log α − ψ(α), the offset, the factor, the second parameter, the shapes of random/gamma, the score of
 * log α at the stored end; then whether any is boosted, the power, room up to four numbers; and f64[tile]: log α − ψ(α) again, from which 1 / α is taken where α is tiny.
 */
export const enum Row { Alpha, Ratio, Gap, Offset, Factor, LogRate, Shape, End = 9, Boosted = 10 }

/** Where the numbers of f64 begin. */
@inline
function fineOf(size: i32, tile: i32, theta: usize): usize {
  return theta + <usize>(size * (Row.Boosted * tile + 4));
}

@inline
function row<T>(theta: usize, tile: i32, i: Row): usize {
  return theta + span<T>(i * tile);
}

/**
 * @param params  T[2, period]: log α, then the logarithm of rate or scale
 * @param theta   as above, written
 */
export function prepare<T>(period: i32, tile: i32, power: f64, params: usize, theta: usize): void {
  prepareOf(sizeof<T>(), period, tile, power, params, theta);
}

function prepareOf(size: i32, period: i32, tile: i32, power: f64, params: usize, theta: usize): void {
  const shapes = theta + <usize>(size * Row.Shape * tile);
  for (let e = 0; e < period; ++e) {
    const logRate = numberAt(size, params, period + e);
    setAt(size, theta, e, withinOf(size, expOne(numberAt(size, params, e))));
    const alpha = numberAt(size, theta, e), logAlpha = logOne(alpha), gap = min<f64>(digammaGap(alpha), f64.MAX_VALUE);
    setAt(size, theta, Row.Ratio * tile + e, withinOf(size, expOne(logRate - logAlpha)));
    setAt(size, theta, Row.Gap * tile + e, withinOf(size, gap));
    setAt(8, fineOf(size, tile, theta), e, gap);
    setAt(size, theta, Row.Offset * tile + e, -lgammaGap(alpha) - power * (logRate - logAlpha));
    setAt(size, theta, Row.Factor * tile + e, withinOf(size, expOne(-power * logRate)));
    setAt(size, theta, Row.LogRate * tile + e, logRate);
    setAt(size, theta, Row.End * tile + e, storedEnd(alpha, endOf(size, power, logOne(numberAt(size, theta, Row.Factor * tile + e))) - logAlpha + gap));
    setShape(size, e, tile, alpha, shapes);
  }
  for (let i = 0; i < Row.Boosted; ++i) repeatOf(size, period, tile, theta + <usize>(size * i * tile));
  repeatOf(8, period, tile, fineOf(size, tile, theta));
  setAt(size, theta, Row.Boosted * tile, anyBoost(size, period, tile, shapes) ? 1 : 0);
  setAt(size, theta, Row.Boosted * tile + 1, power);
}

/** log u of the end at which draws are stored: the smallest x of gamma, the largest of inverse gamma. */
function endOf(size: i32, power: f64, logFactor: f64): f64 {
  return power > 0 ? logLeast(size) - logFactor : logFactor - logOne(largestOf(size));
}

/**
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, dim], written: never 0, never infinite
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  const each = dim * CHUNK, shapes = row<T>(theta, tile, Row.Shape), boosted = load<T>(row<T>(theta, tile, Row.Boosted)) != 0;
  let phase = <i32>(<u64>chunk * <u64>each % <u64>tile);
  for (let left = rows * dim; left > 0; left -= each, ++chunk) {
    beginGammas(low, high, site, chunk, 0, SOURCES);
    const count = min(left, each);
    for (let done = 0; done < count; done += PAGE) {
      const some = min(PAGE, count - done);
      gammas<T>(phase, some, tile, shapes, SOURCES, Z);
      if (boosted) {
        boosts<T>(phase, some, tile, shapes, SOURCES, LOG);
        halve<T>(some);
      }
      stretch<T>(phase, some, tile, boosted, theta, x);
      phase = <i32>(<u32>(phase + some) % <u32>tile);
      x += span<T>(some);
    }
  }
}

/** LOG ← the root of the boost, Z ← Z · that: the other root follows the factor, so that only a draw that vanishes itself is lost. */
function halve<T>(count: i32): void {
  const half = v128.splat<T>(<T>0.5), end = span<T>(count);
  for (let at: usize = 0; at < end; at += 16) v128.store(LOG + at, v128.mul<T>(half, v128.load(LOG + at)));
  exp<T>(count, LOG, LOG);
  for (let at: usize = 0; at < end; at += 16) v128.store(Z + at, v128.mul<T>(v128.load(Z + at), v128.load(LOG + at)));
}

/** x[e] = factor[e] · u[e], or / u[e]. */
function stretch<T>(phase: i32, count: i32, tile: i32, boosted: bool, theta: usize, x: usize): void {
  const most = v128.splat<T>(largest<T>()), least = v128.splat<T>(smallest<T>()), inverse = load<T>(row<T>(theta, tile, Row.Boosted) + sizeof<T>()) < 0;
  let u = Z, root = LOG;
  for (let done = 0; done < count; phase = 0) {
    const run = min(count - done, tile - phase);
    let at = row<T>(theta, tile, Row.Factor) + span<T>(phase);
    for (let left = run; left > 0; left -= lanes<T>(), at += 16, u += 16, root += 16, x += 16) {
      let y = inverse ? v128.div<T>(v128.load(at), v128.load(u)) : v128.mul<T>(v128.load(at), v128.load(u));
      if (boosted) y = inverse ? v128.div<T>(y, v128.load(root)) : v128.mul<T>(y, v128.load(root));
      storeSome<T>(x, v128.pmin<T>(v128.pmax<T>(y, least), most), left);
    }
    done += run;
  }
}

/** Z = r = u / α of a stretch of x, LOG = log r; returns the power. */
function ratios<T>(from: i32, count: i32, tile: i32, theta: usize, x: usize): T {
  const power = load<T>(row<T>(theta, tile, Row.Boosted) + sizeof<T>());
  const most = v128.splat<T>(largest<T>()), least = v128.splat<T>(smallest<T>());
  let at = row<T>(theta, tile, Row.Ratio) + span<T>(from % tile);
  x += span<T>(from);
  for (let to = Z, end = Z + span<T>(count); to < end; at += 16, x += 16, to += 16) {
    const r = power > 0 ? v128.mul<T>(v128.load(at), v128.load(x)) : v128.div<T>(v128.load(at), v128.load(x));
    v128.store(to, v128.pmin<T>(v128.pmax<T>(r, least), most));
  }
  log<T>(count, Z, LOG);
  return power;
}

/**
 * logProb[i] = Σⱼ (α (log r − r + 1) − power · log r − offset); −∞ unless x > 0.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  const one = v128.splat<T>(1), zero = v128.splat<T>(0), never = v128.splat<T>(-Infinity);
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim, count = 0; from < n; from += count) {
    count = stretchOf(from, n, tile);
    const power = v128.splat<T>(ratios<T>(from, count, tile, theta, x));
    let alpha = row<T>(theta, tile, Row.Alpha) + span<T>(from % tile);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16, alpha += 16) {
      const l = v128.load(LOG + at);
      const value = v128.mul<T>(v128.load(alpha), v128.sub<T>(l, v128.sub<T>(v128.load(Z + at), one)));
      const inside = v128.gt<T>(v128.load(x + span<T>(from) + at), zero);
      v128.store(LOG + at, v128.bitselect(v128.sub<T>(value, v128.mul<T>(power, l)), never, inside));
    }
    collect<T>(from, count, dim, tile, row<T>(theta, tile, Row.Offset), LOG, logProb);
  }
}

/**
 * ∂ log p/∂log α = α (log u − ψ(α)) = α (log r + log α − ψ(α)), ∂ log p/∂logRate (or logScale) = α (1 − r).
 *
 * At the smallest x (inverse gamma: the largest), which stands for all beyond, the first is the mean of theirs: stored-end.ts.
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param terms        T[2, rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  const one = v128.splat<T>(1), second = span<T>(rows * dim), gap = span<T>(Row.Gap * tile), end = span<T>(Row.End * tile);
  for (let from = 0, n = rows * dim, count = 0; from < n; from += count) {
    count = stretchOf(from, n, tile);
    const inverse = ratios<T>(from, count, tile, theta, x) < 0;
    const last = v128.splat<T>(inverse ? largest<T>() : smallest<T>());
    let weight = spread<T>(from, count, dim, coefficient, WEIGHT), alpha = row<T>(theta, tile, Row.Alpha) + span<T>(from % tile), point = x + span<T>(from);
    for (let left = count, at: usize = 0; left > 0; left -= lanes<T>(), at += 16, alpha += 16, weight += 16, point += 16, terms += 16) {
      const c = v128.load(weight), w = v128.mul<T>(c, v128.load(alpha));
      const inside = v128.mul<T>(w, v128.add<T>(v128.load(LOG + at), v128.load(alpha + gap)));
      const shape = v128.bitselect(v128.mul<T>(c, v128.load(alpha + end)), inside, v128.eq<T>(v128.load(point), last));
      const rate = v128.mul<T>(w, v128.sub<T>(one, v128.load(Z + at)));
      storeSome<T>(terms, v128.add<T>(v128.load(terms), shape), left);
      storeSome<T>(terms + second, v128.add<T>(v128.load(terms + second), rate), left);
    }
  }
}

/**
 * out += coefficient · ∂ log p/∂x = (power · α (1 − r) − 1) / x.
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param out          T[rows, dim], added to
 */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  const one = v128.splat<T>(1);
  for (let from = 0, n = rows * dim, count = 0; from < n; from += count) {
    count = stretchOf(from, n, tile);
    const power = v128.splat<T>(ratios<T>(from, count, tile, theta, x));
    let weight = spread<T>(from, count, dim, coefficient, WEIGHT), alpha = row<T>(theta, tile, Row.Alpha) + span<T>(from % tile);
    let point = x + span<T>(from);
    for (let left = count, at = Z; left > 0; left -= lanes<T>(), at += 16, alpha += 16, weight += 16, point += 16, out += 16) {
      const slope = v128.mul<T>(power, v128.mul<T>(v128.load(alpha), v128.sub<T>(one, v128.load(at))));
      const term = v128.mul<T>(v128.load(weight), v128.div<T>(v128.sub<T>(slope, one), v128.load(point)));
      storeSome<T>(out, v128.add<T>(v128.load(out), term), left);
    }
  }
}

/** d log u / d log α at element e. */
function elasticity(size: i32, e: i32, tile: i32, theta: usize, x: usize): f64 {
  const p = e % tile, at = numberAt(size, x, e), ratio = numberAt(size, theta, Row.Ratio * tile + p);
  const r = withinOf(8, numberAt(size, theta, Row.Boosted * tile + 1) > 0 ? ratio * at : ratio / at);
  return gammaElasticity(size, numberAt(size, theta, Row.Alpha * tile + p), r, numberAt(8, fineOf(size, tile, theta), p));
}

/**
 * ∂x/∂log α = power · x · d log u / d log α (implicitly), ∂x/∂logRate (or logScale) = −power · x.
 *
 * @param x, cotangent  T[rows, dim]
 * @param terms         T[2, rows, dim], added to
 */
export function pull<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, cotangent: usize, terms: usize): void {
  pullOf(sizeof<T>(), rows * dim, tile, theta, x, cotangent, terms);
}

function pullOf(size: i32, n: i32, tile: i32, theta: usize, x: usize, cotangent: usize, terms: usize): void {
  const power = numberAt(size, theta, Row.Boosted * tile + 1);
  for (let e = 0; e < n; ++e) {
    const moved = power * numberAt(size, x, e) * numberAt(size, cotangent, e);
    addAt(size, terms, e, moved * elasticity(size, e, tile, theta, x));
    addAt(size, terms, n + e, -moved);
  }
}

/**
 * @param x        T[rows, dim]
 * @param tangent  T[2, rows, dim]
 * @param out      T[rows, dim], written
 */
export function push<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, tangent: usize, out: usize): void {
  pushOf(sizeof<T>(), rows * dim, tile, theta, x, tangent, out);
}

function pushOf(size: i32, n: i32, tile: i32, theta: usize, x: usize, tangent: usize, out: usize): void {
  const power = numberAt(size, theta, Row.Boosted * tile + 1);
  for (let e = 0; e < n; ++e) {
    const along = elasticity(size, e, tile, theta, x) * numberAt(size, tangent, e) - numberAt(size, tangent, n + e);
    setAt(size, out, e, power * numberAt(size, x, e) * along);
  }
}

const SOURCES = memory.data(GAMMAS, 16);
