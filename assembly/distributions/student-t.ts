import { lanes, largest, span, storeSome } from "../lanes";
import { digammaStep, lgammaOne } from "../math/gamma-functions";
import { expOne, logOne } from "../math/once";
import { exp, expm1, log, wave } from "../math/vectors";
import { largestOf, numberAt, repeatOf, setAt, withinOf } from "../memory";
import { collect, PAGE, spread, stretchOf } from "../pages";
import { begin, Noise, SOURCE, standard } from "../random/noise";
import { CHUNK } from "../random/stream";
import { unit } from "../random/unit";
import { ANGLE } from "../random/use";
import { move } from "./location-scale";
import { LOG, WEIGHT, Z } from "../work";

/**
 * Prepared θ is T[11, tile]: location, scale, 1 / scale, ν, 1 / ν, 1 / √ν, ½ log ν, ψ(½(ν + 1)) − ψ(½ν) − 1 / ν, logScale + ½ log πν +
 * log Γ(½ν) − log Γ(½(ν + 1)), −2 logScale − log ν, and the score of log ν at the largest numbers.
 */
export const enum Row { Location, Scale, InverseScale, Degrees, Inverse, InverseRoot, HalfLog, Lead, Offset, Far, Last, End }

@inline
function row<T>(theta: usize, tile: i32, i: Row): usize {
  return theta + span<T>(i * tile);
}

/**
 * @param params  T[3, period]: log ν, location, logScale
 * @param theta   T[11, tile], written
 */
export function prepare<T>(period: i32, tile: i32, params: usize, theta: usize): void {
  prepareOf(sizeof<T>(), period, tile, params, theta);
}

function prepareOf(size: i32, period: i32, tile: i32, params: usize, theta: usize): void {
  for (let e = 0; e < period; ++e) {
    const degrees = withinOf(size, expOne(numberAt(size, params, e))), logDegrees = logOne(degrees), logScale = numberAt(size, params, 2 * period + e);
    setAt(size, theta, e, numberAt(size, params, period + e));
    setAt(size, theta, Row.Scale * tile + e, withinOf(size, expOne(logScale)));
    setAt(size, theta, Row.InverseScale * tile + e, withinOf(size, expOne(-logScale)));
    setAt(size, theta, Row.Degrees * tile + e, degrees);
    setAt(size, theta, Row.Inverse * tile + e, withinOf(size, 1 / degrees));
    setAt(size, theta, Row.InverseRoot * tile + e, 1 / sqrt<f64>(degrees));
    setAt(size, theta, Row.HalfLog * tile + e, 0.5 * logDegrees);
    setAt(size, theta, Row.Lead * tile + e, leadOf(degrees));
    setAt(size, theta, Row.Offset * tile + e, logScale + normalizer(degrees, logDegrees));
    setAt(size, theta, Row.Far * tile + e, -2 * logScale - logDegrees);
    setAt(size, theta, Row.Last * tile + e, lastOf(degrees, logDegrees, logOne(largestOf(size)) - max<f64>(0, logScale)));
  }
  for (let i = 0; i < Row.End; ++i) repeatOf(size, period, tile, theta + <usize>(size * i * tile));
}

/** ψ(½(ν + 1)) − ψ(½ν) − 1 / ν */
function leadOf(degrees: f64): f64 {
  return digammaStep(0.5 * degrees, 0.5) - 1 / degrees;
}

/** The mean score of |t| > T, where E[log |t|] = log T + 1 / ν: an end stands for all beyond, which f cannot tell apart. */
function lastOf(degrees: f64, logDegrees: f64, logEnd: f64): f64 {
  return min<f64>(0, 0.5 * degrees * (leadOf(degrees) + 1 + logDegrees - 2 * logEnd) - 0.5);
}

/** ½ log πν + log Γ(½ν) − log Γ(½(ν + 1)), which is nearly ½ log 2π for many degrees. */
function normalizer(degrees: f64, logDegrees: f64): f64 {
  if (degrees > 1e6) return HALF_LOG_TWO_PI + 0.25 / degrees;
  return 0.5 * (LOG_PI + logDegrees) + lgammaOne(0.5 * degrees) - lgammaOne(0.5 * degrees + 0.5);
}

/**
 * Draws location + scale · √(ν (exp(2E / ν) − 1)) cos 2πv, E exponential, v uniform (Bailey 1994): exact for all ν, and nothing is rejected.
 *
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  const each = dim * CHUNK;
  let phase = <i32>(<u64>chunk * <u64>each % <u64>tile);
  for (let left = rows * dim; left > 0; left -= each, ++chunk) {
    begin(low, high, site, chunk, NOISE);
    begin(low, high, site, chunk, ANGLES, ANGLE);
    const count = min(left, each);
    for (let done = 0; done < count; done += PAGE) {
      const some = min(PAGE, count - done);
      standard<T>(Noise.Exponential, some, NOISE, Z);
      standard<T>(Noise.Words, some, ANGLES, LOG);
      project<T>(phase, some, tile, theta);
      memory.copy(x, Z, span<T>(some));
      move<T>(phase, some, tile, theta, x);
      phase = <i32>(<u32>(phase + some) % <u32>tile);
      x += span<T>(some);
    }
  }
}

/** Z = √ν exp(y) √(1 − exp(−2y)) cos 2πv, y = E / ν, of E in Z and the bits of v in LOG; ±∞ where that overflows, which the root of exp(y) does not. */
function project<T>(phase: i32, count: i32, tile: i32, theta: usize): void {
  const minus = v128.splat<T>(-2), turn = v128.splat<T>(<T>6.283185307179586), most = v128.splat<T>(largest<T>());
  const halfLog = span<T>((Row.HalfLog - Row.Inverse) * tile), half = v128.splat<T>(<T>0.5);
  let to: usize = 0;
  for (let done = 0; done < count; phase = 0) {
    const run = min(count - done, tile - phase);
    let at = row<T>(theta, tile, Row.Inverse) + span<T>(phase);
    for (const end = at + span<T>(run); at < end; at += 16, to += 16) {
      const y = v128.pmin<T>(v128.mul<T>(v128.load(at), v128.load(Z + to)), v128.mul<T>(most, v128.splat<T>(<T>0.25)));
      v128.store(Z + to, v128.mul<T>(half, v128.add<T>(y, v128.load(at + halfLog))));
      v128.store(WEIGHT + to, v128.mul<T>(minus, y));
      v128.store(LOG + to, v128.mul<T>(turn, unit<T>(v128.load(LOG + to))));
    }
    done += run;
  }
  exp<T>(count, Z, Z);
  expm1<T>(count, WEIGHT, WEIGHT);
  wave<T>(count, LOG, LOG, 1);
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
    const root = v128.load(Z + at), turned = v128.mul<T>(v128.sqrt<T>(v128.neg<T>(v128.load(WEIGHT + at))), v128.load(LOG + at));
    v128.store(Z + at, v128.mul<T>(v128.mul<T>(root, turned), root));
  }
}

/** Z = z / √ν, z = (x − location) / scale, over a stretch; LOG = log(1 + z² / ν), far out by log |x − location|, which does not overflow. */
function standing<T>(from: i32, count: i32, tile: i32, theta: usize, x: usize): void {
  const one = v128.splat<T>(1), zero = v128.splat<T>(0), far = v128.splat<T>(<T>1e10), most = v128.splat<T>(largest<T>());
  const inverse = span<T>(Row.InverseScale * tile), root = span<T>(Row.InverseRoot * tile);
  let at = theta + span<T>(from % tile);
  x += span<T>(from);
  for (let to: usize = 0, end = span<T>(count); to < end; at += 16, x += 16, to += 16) {
    const distance = v128.sub<T>(v128.load(x), v128.load(at)), a = v128.mul<T>(v128.mul<T>(distance, v128.load(at + inverse)), v128.load(at + root));
    const square = v128.mul<T>(a, a), grown = v128.add<T>(one, square), beyond = v128.gt<T>(v128.abs<T>(a), far);
    v128.store(Z + to, a);
    v128.store(LOG + to, v128.bitselect(v128.pmin<T>(v128.abs<T>(distance), most), grown, beyond));
    v128.store(WEIGHT + to, v128.bitselect(zero, v128.div<T>(v128.sub<T>(square, v128.sub<T>(grown, one)), grown), beyond));
  }
  log<T>(count, LOG, LOG);
  at = row<T>(theta, tile, Row.Far) + span<T>(from % tile);
  for (let to: usize = 0, end = span<T>(count); to < end; to += 16, at += 16) {
    const l = v128.add<T>(v128.load(LOG + to), v128.load(WEIGHT + to)), beyond = v128.gt<T>(v128.abs<T>(v128.load(Z + to)), far);
    v128.store(LOG + to, v128.add<T>(l, v128.and(v128.add<T>(l, v128.load(at)), beyond)));
  }
}

/**
 * logProb[i] = Σⱼ (−½(ν + 1) log(1 + z² / ν) − offset)
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  const half = v128.splat<T>(<T>-0.5);
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim, count = 0; from < n; from += count) {
    count = stretchOf(from, n, tile);
    standing<T>(from, count, tile, theta, x);
    let degrees = row<T>(theta, tile, Row.Degrees) + span<T>(from % tile);
    for (let at = LOG, end = LOG + span<T>(count); at < end; at += 16, degrees += 16) {
      const exponent = v128.add<T>(half, v128.mul<T>(half, v128.load(degrees)));
      v128.store(at, v128.mul<T>(exponent, v128.load(at)));
    }
    collect<T>(from, count, dim, tile, row<T>(theta, tile, Row.Offset), LOG, logProb);
  }
}

/**
 * With a = z / √ν, r = a² / (1 + a²): ∂ log p/∂log ν = ½ν (lead − log(1 + a²) + (1 + 1/ν) r), ∂ log p/∂location = (ν + 1) a / (1 + a²) / √ν / scale,
 * ∂ log p/∂logScale = (ν + 1) r − 1. At the largest numbers the first is the mean of what they stand for.
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param terms        T[3, rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  const one = v128.splat<T>(1), half = v128.splat<T>(<T>0.5), most = v128.splat<T>(largest<T>()), block = span<T>(rows * dim), row = span<T>(tile);
  for (let from = 0, n = rows * dim, count = 0; from < n; from += count) {
    count = stretchOf(from, n, tile);
    standing<T>(from, count, tile, theta, x);
    let weight = spread<T>(from, count, dim, coefficient, WEIGHT), at = theta + span<T>(from % tile), point = x + span<T>(from);
    for (let left = count, to: usize = 0; left > 0; left -= lanes<T>(), to += 16, at += 16, weight += 16, point += 16, terms += 16) {
      const a = v128.load(Z + to), w = v128.load(weight), degrees = v128.load(at + Row.Degrees * row), inverse = v128.load(at + Row.Inverse * row);
      const reciprocal = v128.div<T>(one, a), r = v128.div<T>(one, v128.add<T>(one, v128.mul<T>(reciprocal, reciprocal)));
      const next = v128.add<T>(degrees, one);
      const slope = v128.add<T>(v128.sub<T>(v128.load(at + Row.Lead * row), v128.load(LOG + to)), v128.add<T>(r, v128.mul<T>(inverse, r)));
      const ended = v128.ge<T>(v128.abs<T>(v128.load(point)), most);
      const first = v128.mul<T>(w, v128.bitselect(v128.load(at + Row.Last * row), v128.mul<T>(v128.mul<T>(half, degrees), slope), ended));
      const pushed = v128.mul<T>(v128.mul<T>(next, v128.load(at + Row.InverseRoot * row)), v128.load(at + Row.InverseScale * row));
      const second = v128.mul<T>(w, v128.div<T>(pushed, v128.add<T>(a, reciprocal)));
      const third = v128.mul<T>(w, v128.sub<T>(v128.mul<T>(next, r), one));
      storeSome<T>(terms, v128.add<T>(v128.load(terms), first), left);
      storeSome<T>(terms + block, v128.add<T>(v128.load(terms + block), second), left);
      storeSome<T>(terms + 2 * block, v128.add<T>(v128.load(terms + 2 * block), third), left);
    }
  }
}

/**
 * out += coefficient · ∂ log p/∂x = −(ν + 1) a / (1 + a²) / √ν / scale.
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param out          T[rows, dim], added to
 */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  const one = v128.splat<T>(1), row = span<T>(tile);
  for (let from = 0, n = rows * dim, count = 0; from < n; from += count) {
    count = stretchOf(from, n, tile);
    standing<T>(from, count, tile, theta, x);
    let weight = spread<T>(from, count, dim, coefficient, WEIGHT), at = theta + span<T>(from % tile);
    for (let left = count, to = Z; left > 0; left -= lanes<T>(), to += 16, at += 16, weight += 16, out += 16) {
      const a = v128.load(to), next = v128.add<T>(v128.load(at + Row.Degrees * row), one);
      const pushed = v128.mul<T>(v128.mul<T>(next, v128.load(at + Row.InverseRoot * row)), v128.load(at + Row.InverseScale * row));
      const slope = v128.div<T>(pushed, v128.add<T>(a, v128.div<T>(one, a)));
      storeSome<T>(out, v128.sub<T>(v128.load(out), v128.mul<T>(v128.load(weight), slope)), left);
    }
  }
}

const HALF_LOG_TWO_PI: f64 = 0.9189385332046728;
const LOG_PI: f64 = 1.1447298858494002;
const NOISE = memory.data(SOURCE, 16);
const ANGLES = memory.data(SOURCE, 16);
