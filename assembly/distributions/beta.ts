import { lanes, smallest, span, storeSome } from "../lanes";
import { digammaGap, digammaStep, lgammaGap } from "../math/gamma-functions";
import { logRatio } from "../math/log-ratio";
import { expOne, logOne } from "../math/once";
import { exp } from "../math/vectors";
import { numberAt, repeatOf, setAt, withinOf } from "../memory";
import { collect, PAGE, PAGE_BYTES, spread, stretchOf } from "../pages";
import { anyBoost, beginGammas, boosts, GAMMAS, gammas, setShape } from "../random/gamma";
import { CHUNK } from "../random/stream";
import { LOG, OTHER, WEIGHT, Z } from "../work";
import { lastBeforeOne, logLeast, logRest, storedEnd } from "./stored-end";

/**
 * With a, b the concentrations of 1 and 0, μ = a / (a + b), ν = b / (a + b), l₁ = log(x / μ), l₀ = log((1 − x) / ν):
 * log p = (a − 1) l₁ + (b − 1) l₀ − offset.
 *
 * Prepared θ is T[15, tile]: a, b, μ, ν, what a (l₁ + ·) and b (l₀ + ·) lack to the score, the offset, the shapes of random/gamma of a and of b, the
 * scores of log a at the smallest x and of log b at the largest; then whether any of each is boosted, room up to four numbers, and f64[2, tile]: ψ(a + b) − ψ(a), ψ(a + b) − ψ(b).
 */
export const enum Row { A, B, Mean, Rest, GapA, GapB, Offset, ShapeA, ShapeB = 10, EndA = 13, EndB, Boosted }

/** Where the numbers of f64 begin. */
@inline
export function fineOf(size: i32, tile: i32, theta: usize): usize {
  return theta + <usize>(size * (Row.Boosted * tile + 4));
}

/**
 * @param params  T[2, period]: log a, then log b
 * @param theta   as above, written
 */
export function prepare<T>(period: i32, tile: i32, params: usize, theta: usize): void {
  prepareOf(sizeof<T>(), period, tile, params, theta);
}

function prepareOf(size: i32, period: i32, tile: i32, params: usize, theta: usize): void {
  const fine = fineOf(size, tile, theta);
  for (let e = 0; e < period; ++e) {
    setAt(size, theta, Row.A * tile + e, side(size, numberAt(size, params, e)));
    setAt(size, theta, Row.B * tile + e, side(size, numberAt(size, params, period + e)));
    const a = numberAt(size, theta, Row.A * tile + e), b = numberAt(size, theta, Row.B * tile + e), n = a + b;
    const mean = withinOf(size, a / n), rest = withinOf(size, b / n);
    setAt(size, theta, Row.Mean * tile + e, mean);
    setAt(size, theta, Row.Rest * tile + e, rest);
    gapOf(size, tile, e, a, mean, n, logLeast(size), theta);
    gapOf(size, tile, tile + e, b, rest, n, logRest(size), theta);
    setAt(size, theta, Row.Offset * tile + e, lgammaGap(n) - lgammaGap(a) - lgammaGap(b) + logOne(mean) + logOne(rest));
    setShape(size, e, tile, a, theta + <usize>(size * Row.ShapeA * tile));
    setShape(size, e, tile, b, theta + <usize>(size * Row.ShapeB * tile));
    setAt(8, fine, e, digammaStep(a, b));
    setAt(8, fine, tile + e, digammaStep(b, a));
  }
  for (let i = 0; i < Row.Boosted; ++i) repeatOf(size, period, tile, theta + <usize>(size * i * tile));
  repeatOf(8, period, tile, fine);
  repeatOf(8, period, tile, fine + <usize>(8 * tile));
  setAt(size, theta, Row.Boosted * tile, anyBoost(size, period, tile, theta + <usize>(size * Row.ShapeA * tile)) ? 1 : 0);
  setAt(size, theta, Row.Boosted * tile + 1, anyBoost(size, period, tile, theta + <usize>(size * Row.ShapeB * tile)) ? 1 : 0);
}

/** What one side's score lacks, and that score at the stored end. */
function gapOf(size: i32, tile: i32, e: i32, concentration: f64, mean: f64, total: f64, logEnd: f64, theta: usize): void {
  const own = digammaGap(concentration), gap = digammaGap(total);
  setAt(size, theta, Row.GapA * tile + e, min<f64>(own, withinOf(size, Infinity)) - gap);
  setAt(size, theta, Row.EndA * tile + e, storedEnd(concentration, logEnd - logOne(mean) + own - gap));
}

/** A concentration; two of them have a finite sum. */
function side(size: i32, log: f64): f64 {
  return max<f64>(withinOf(size, 0), min<f64>(0.25 * withinOf(size, Infinity), expOne(log)));
}

/**
 * Draws g₁ / (g₁ + g₀) of gamma variables, their boosts by logarithms: of tiny concentrations too, where both would vanish.
 *
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, dim], written: never 0, never 1
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  const each = dim * CHUNK, boosted = theta + span<T>(Row.Boosted * tile);
  const shapesA = theta + span<T>(Row.ShapeA * tile), shapesB = theta + span<T>(Row.ShapeB * tile);
  const boostedA = load<T>(boosted) != 0, boostedB = load<T>(boosted + sizeof<T>()) != 0;
  let phase = <i32>(<u64>chunk * <u64>each % <u64>tile);
  for (let left = rows * dim; left > 0; left -= each, ++chunk) {
    beginGammas(low, high, site, chunk, 0, SOURCES);
    beginGammas(low, high, site, chunk, 1, SOURCES + GAMMAS);
    const count = min(left, each);
    for (let done = 0; done < count; done += PAGE) {
      const some = min(PAGE, count - done);
      gammas<T>(phase, some, tile, shapesA, SOURCES, Z);
      gammas<T>(phase, some, tile, shapesB, SOURCES + GAMMAS, OTHER);
      memory.fill(WEIGHT, 0, PAGE_BYTES);
      if (boostedA) boosts<T>(phase, some, tile, shapesA, SOURCES, WEIGHT);
      if (boostedB) {
        boosts<T>(phase, some, tile, shapesB, SOURCES + GAMMAS, LOG);
        for (let at: usize = 0, end = span<T>(some); at < end; at += 16) v128.store(WEIGHT + at, v128.sub<T>(v128.load(WEIGHT + at), v128.load(LOG + at)));
      }
      quotients<T>(some, boostedA || boostedB, x);
      x += span<T>(some);
      phase = <i32>(<u32>(phase + some) % <u32>tile);
    }
  }
}

/**
 * x = g₁ eᵈ / (g₁ eᵈ + g₀) of g₁ in Z, g₀ in OTHER and d in WEIGHT: what is above 1 of eᵈ goes to the other side. Half of an exponent multiplies the
 * quotient and not the draw, and above ½ it is 1 less the other: so both ends are rounded once.
 */
function quotients<T>(count: i32, boosted: bool, x: usize): void {
  const least = v128.splat<T>(smallest<T>()), most = lastBeforeOne<T>(), one = v128.splat<T>(1), zero = v128.splat<T>(0), half = v128.splat<T>(<T>-0.5);
  if (boosted) {
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(LOG + at, v128.mul<T>(half, v128.abs<T>(v128.load(WEIGHT + at))));
    exp<T>(count, LOG, LOG);
  }
  for (let left = count, at: usize = 0; left > 0; left -= lanes<T>(), at += 16) {
    let mine = v128.load(Z + at), other = v128.load(OTHER + at), root = one;
    if (boosted) {
      const q = v128.load(LOG + at), up = v128.ge<T>(v128.load(WEIGHT + at), zero);
      const otherRoot = v128.bitselect(q, one, up);
      root = v128.bitselect(one, q, up);
      mine = v128.mul<T>(mine, root);
      other = v128.mul<T>(v128.mul<T>(other, otherRoot), otherRoot);
    }
    const whole = v128.mul<T>(mine, root), sum = v128.add<T>(whole, other), above = v128.gt<T>(whole, other);
    const quotient = v128.div<T>(v128.bitselect(other, mine, above), sum);
    const y = v128.bitselect(v128.sub<T>(one, quotient), v128.mul<T>(quotient, root), above);
    storeSome<T>(x + at, v128.pmin<T>(v128.pmax<T>(y, least), most), left);
  }
}

/** Z = l₁, OTHER = l₀ over a stretch of x. */
function ratios<T>(from: i32, count: i32, tile: i32, theta: usize, x: usize): void {
  const one = v128.splat<T>(1), row = span<T>(tile);
  let at = theta + span<T>(from % tile);
  x += span<T>(from);
  for (let to: usize = 0, end = span<T>(count); to < end; to += 16, at += 16, x += 16) {
    const v = v128.load(x), mean = v128.load(at + Row.Mean * row), rest = v128.load(at + Row.Rest * row);
    const other = v128.sub<T>(one, v);
    // One difference for both, from the smaller of μ and ν: it has the more digits.
    const difference = v128.bitselect(v128.sub<T>(mean, v), v128.sub<T>(other, rest), v128.lt<T>(mean, rest));
    v128.store(Z + to, logRatio<T>(v, v128.neg<T>(difference), mean));
    v128.store(OTHER + to, logRatio<T>(other, difference, rest));
  }
}

/**
 * logProb[i] = Σⱼ ((a − 1) l₁ + (b − 1) l₀ − offset); −∞ unless 0 < x < 1.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  const one = v128.splat<T>(1), zero = v128.splat<T>(0), never = v128.splat<T>(-Infinity), row = span<T>(tile);
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim, count = 0; from < n; from += count) {
    count = stretchOf(from, n, tile);
    ratios<T>(from, count, tile, theta, x);
    let at = theta + span<T>(from % tile), point = x + span<T>(from);
    for (let to: usize = 0, end = span<T>(count); to < end; to += 16, at += 16, point += 16) {
      const v = v128.load(point), inside = v128.and(v128.gt<T>(v, zero), v128.lt<T>(v, one));
      const first = v128.mul<T>(v128.sub<T>(v128.load(at), one), v128.load(Z + to));
      const second = v128.mul<T>(v128.sub<T>(v128.load(at + row), one), v128.load(OTHER + to));
      v128.store(Z + to, v128.bitselect(v128.add<T>(first, second), never, inside));
    }
    collect<T>(from, count, dim, tile, theta + Row.Offset * row, Z, logProb);
  }
}

/**
 * ∂ log p/∂log a = a (log x − ψ(a) + ψ(a + b)), ∂ log p/∂log b = b (log(1 − x) − ψ(b) + ψ(a + b)); at the ends the means of what they stand for.
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param terms        T[2, rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  const second = span<T>(rows * dim), row = span<T>(tile), least = v128.splat<T>(smallest<T>()), most = lastBeforeOne<T>();
  for (let from = 0, n = rows * dim, count = 0; from < n; from += count) {
    count = stretchOf(from, n, tile);
    ratios<T>(from, count, tile, theta, x);
    let weight = spread<T>(from, count, dim, coefficient, WEIGHT), at = theta + span<T>(from % tile), point = x + span<T>(from);
    for (let left = count, to: usize = 0; left > 0; left -= lanes<T>(), to += 16, at += 16, weight += 16, point += 16, terms += 16) {
      const w = v128.load(weight), v = v128.load(point);
      const one = v128.mul<T>(v128.load(at), v128.add<T>(v128.load(Z + to), v128.load(at + Row.GapA * row)));
      const zero = v128.mul<T>(v128.load(at + row), v128.add<T>(v128.load(OTHER + to), v128.load(at + Row.GapB * row)));
      const first = v128.mul<T>(w, v128.bitselect(v128.load(at + Row.EndA * row), one, v128.eq<T>(v, least)));
      const last = v128.mul<T>(w, v128.bitselect(v128.load(at + Row.EndB * row), zero, v128.eq<T>(v, most)));
      storeSome<T>(terms, v128.add<T>(v128.load(terms), first), left);
      storeSome<T>(terms + second, v128.add<T>(v128.load(terms + second), last), left);
    }
  }
}

/**
 * out += coefficient · ((a − 1) / x − (b − 1) / (1 − x)).
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param out          T[rows, dim], added to
 */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  const one = v128.splat<T>(1), row = span<T>(tile);
  for (let from = 0, n = rows * dim, count = 0; from < n; from += count) {
    count = stretchOf(from, n, tile);
    let weight = spread<T>(from, count, dim, coefficient, WEIGHT), at = theta + span<T>(from % tile), point = x + span<T>(from);
    for (let left = count; left > 0; left -= lanes<T>(), at += 16, point += 16, weight += 16, out += 16) {
      const v = v128.load(point), above = v128.div<T>(v128.sub<T>(v128.load(at), one), v);
      const below = v128.div<T>(v128.sub<T>(v128.load(at + row), one), v128.sub<T>(one, v));
      storeSome<T>(out, v128.add<T>(v128.load(out), v128.mul<T>(v128.load(weight), v128.sub<T>(above, below))), left);
    }
  }
}

const SOURCES = memory.data(2 * GAMMAS, 16);
