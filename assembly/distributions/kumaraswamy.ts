import { lanes, largest, smallest, span, storeSome } from "../lanes";
import { LOG_LIMITS32, LOG_LIMITS64, logOfNormal } from "../math/log";
import { constant } from "../math/polynomial";
import { exp as expOf } from "../math/exp";
import { exp, expm1, log, log1p } from "../math/vectors";
import { expm1One, expOne, log1pOne, logOne } from "../math/once";
import { numberAt, repeat, setAt } from "../memory";
import { collect, invertBy, logProbGradientBy, OWN0 as L, OWN1 as Y, OWN2 as R, OWN3 as S, OWN4 as E, PAGE, pullBy, pushBy, scoreBy } from "../pages";
import { draw } from "../random/draw";
import { exponentialOf } from "../random/exponential";
import { Noise } from "../random/noise";
import { anyEnd, lastBeforeOne, leastOf, logLeast, logRest } from "./stored-end";

// Prepared θ, each T[tile]: 1 / a, 1 / b, a, b, −log a − log b, of P(x ≤ t) = 1 − (1 − tᵃ)ᵇ; what overflows is the largest finite number.
const enum Part { InverseA, InverseB, A, B, MinusLogs }

@inline
function part<T>(theta: usize, which: Part, tile: i32): usize {
  return theta + span<T>(<i32>which * tile);
}

/**
 * @param params  T[2, period]: log a, then log b
 * @param theta   T[5, tile], written
 */
export function prepare<T>(period: i32, tile: i32, params: usize, theta: usize): void {
  const row = span<T>(tile);
  const a = part<T>(theta, Part.A, tile), logs = part<T>(theta, Part.MinusLogs, tile), most = v128.splat<T>(largest<T>());
  repeat<T>(period, tile, params, a);
  repeat<T>(period, tile, params + span<T>(period), a + row);
  for (let at: usize = 0; at < row; at += 16) v128.store(logs + at, v128.neg<T>(v128.add<T>(v128.load(a + at), v128.load(a + row + at))));
  for (let at: usize = 0; at < 2 * row; at += 16) v128.store(theta + at, v128.neg<T>(v128.load(a + at)));
  exp<T>(4 * tile, theta, theta);
  for (let at = theta; at < logs; at += 16) v128.store(at, v128.pmin<T>(v128.load(at), most));
}

/**
 * Draws (1 − exp(−E / b))^(1 / a), E a standard exponential with both ends fine.
 *
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  draw<T>(Noise.Words, (phase, count, tile, theta, x) => {
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(S + at, exponentialOf<T>(v128.load(x + at)));
    powers<T>(phase, count, tile, theta, x);
  }, low, high, site, chunk, rows, dim, tile, theta, x);
}

/** x = (1 − (1 − u)^(1 / b))^(1 / a). Both T[rows, dim]. */
export function invert<T>(rows: i32, dim: i32, tile: i32, theta: usize, uniform: usize, x: usize): void {
  invertBy<T>((phase, count, tile, theta, uniform, x) => {
    const end = span<T>(count);
    for (let at: usize = 0; at < end; at += 16) v128.store(S + at, v128.neg<T>(v128.load(uniform + at)));
    log1p<T>(count, S, S);
    for (let at: usize = 0; at < end; at += 16) v128.store(S + at, v128.neg<T>(v128.load(S + at)));
    powers<T>(phase, count, tile, theta, x);
  }, rows, dim, tile, theta, uniform, x);
}

/** x of the exponentials in S, between 0 and 1 and neither. */
function powers<T>(phase: i32, count: i32, tile: i32, theta: usize, x: usize): void {
  const least = v128.splat<T>(smallest<T>()), most = lastBeforeOne<T>();
  times<T>(phase, count, tile, part<T>(theta, Part.InverseB, tile), S);
  logOneMinusExp<T>(count, S, L);
  times<T>(phase, count, tile, part<T>(theta, Part.InverseA, tile), L);
  exp<T>(count, L, L);
  for (let left = count, at: usize = 0; left > 0; left -= lanes<T>(), at += 16) {
    storeSome<T>(x + at, v128.pmin<T>(v128.pmax<T>(v128.load(L + at), least), most), left);
  }
}

/** page[e] ← page[e] · factor[e] */
function times<T>(phase: i32, count: i32, tile: i32, factor: usize, page: usize): void {
  for (let done = 0; done < count; phase = 0) {
    const run = min(tile - phase, count - done), own = factor + span<T>(phase), to = page + span<T>(done);
    for (let at: usize = 0, end = span<T>(run); at < end; at += 16) v128.store(to + at, v128.mul<T>(v128.load(to + at), v128.load(own + at)));
    done += run;
  }
}

/**
 * out = log(1 − exp(−s)) for s > 0; and E = exp(−s), Y = 1 − E, by expm1. s and out are pages, and s is kept within the numbers for which
 * neither the result nor exp(s) overflows.
 *
 * In f32 log(1 − E) of a small E is taken with what 1 − E lost (Mächler 2012): a concentration of a million multiplies it. In f64 the
 * absolute error of 2⁻⁵³ is harmless even then, and E comes from Y: 17 to 14 ns a draw, 20 to 13 a pull. Only an E below 4e-8 is taken by itself:
 * a small b makes it, and a small a multiplies it.
 */
function logOneMinusExp<T>(count: i32, s: usize, out: usize): void {
  const limits = sizeof<T>() == 4 ? LIMITS32 : LIMITS64, logs = sizeof<T>() == 4 ? LOG_LIMITS32 : LOG_LIMITS64;
  const end = span<T>(count), one = v128.splat<T>(1);
  for (let at: usize = 0; at < end; at += 16) {
    const kept = v128.pmin<T>(v128.pmax<T>(v128.load(s + at), constant<T>(limits, 0)), constant<T>(limits, 1));
    v128.store(s + at, kept);
    v128.store(Y + at, v128.neg<T>(kept));
  }
  if (sizeof<T>() == 4) exp<T>(count, Y, E);
  expm1<T>(count, Y, Y);
  for (let at: usize = 0; at < end; at += 16) {
    const y = v128.neg<T>(v128.load(Y + at));
    v128.store(Y + at, y);
    if (sizeof<T>() == 4) {
      const e = v128.load(E + at), rest = v128.sub<T>(one, e), small = v128.lt<T>(v128.load(s + at), constant<T>(limits, 2));
      const lost = v128.andnot(v128.sub<T>(v128.sub<T>(one, rest), e), small), whole = v128.bitselect(y, rest, small);
      v128.store(out + at, logOfNormal<T>(whole, constant<T>(logs, 2), v128.div<T>(lost, whole)));
    } else {
      const far = v128.gt<T>(v128.load(s + at), constant<T>(limits, 2));
      let e = v128.sub<T>(one, y), log = logOfNormal<T>(y, constant<T>(logs, 2), constant<T>(logs, 3));
      if (v128.any_true(far)) {
        const own = expOf<T>(v128.neg<T>(v128.load(s + at)));
        e = v128.bitselect(own, e, far);
        log = v128.bitselect(v128.neg<T>(v128.add<T>(own, v128.mul<T>(v128.mul<T>(own, own), v128.splat<T>(<T>0.5)))), log, far);
      }
      v128.store(E + at, e);
      v128.store(out + at, log);
    }
  }
}

// The smallest normal number, what exp does not overflow at, ln 2 (f64: where E is small).
const LIMITS32 = memory.data<f32>([1.1754943508222875e-38, 87, 0.6931472]);
const LIMITS64 = memory.data<f64>([2.2250738585072014e-308, 700, 17]);

/** L = log x, S = −a log x, R = log(1 − xᵃ) of a page of x. */
function logarithms<T>(from: i32, count: i32, tile: i32, theta: usize, x: usize): void {
  log<T>(count, x, L);
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(S + at, v128.neg<T>(v128.load(L + at)));
  times<T>(from % tile, count, tile, part<T>(theta, Part.A, tile), S);
  logOneMinusExp<T>(count, S, R);
}

/**
 * logProb[i] = Σⱼ (log a + log b + (a − 1) log x + (b − 1) log(1 − xᵃ)) for 0 < x < 1, −∞ otherwise.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  const zero = v128.splat<T>(0), one = v128.splat<T>(1), never = v128.splat<T>(-Infinity);
  const a = part<T>(theta, Part.A, tile), row = span<T>(tile);
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from), points = x + span<T>(from);
    logarithms<T>(from, count, tile, theta, points);
    for (let phase = from % tile, done = 0; done < count; phase = 0) {
      const run = min(tile - phase, count - done), to = span<T>(done), own = a + span<T>(phase);
      for (let at: usize = 0, end = span<T>(run); at < end; at += 16) {
        const point = v128.load(points + to + at);
        const first = v128.mul<T>(v128.sub<T>(v128.load(own + at), one), v128.load(L + to + at));
        const both = v128.add<T>(first, v128.mul<T>(v128.sub<T>(v128.load(own + row + at), one), v128.load(R + to + at)));
        v128.store(R + to + at, v128.bitselect(both, never, v128.and(v128.gt<T>(point, zero), v128.lt<T>(point, one))));
      }
      done += run;
    }
    collect<T>(from, count, dim, tile, part<T>(theta, Part.MinusLogs, tile), R, logProb);
  }
}

/**
 * With s = −a log x, e = exp(−s): ∂ log p/∂log a = 1 − s + (b − 1) s e / (1 − e), ∂ log p/∂log b = 1 + b log(1 − xᵃ); at the ends the means of what
 * they stand for.
 *
 * @param coefficient  T[rows]
 * @param terms        T[2, rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  scoreBy<T>((from, count, tile, theta, _, x, first, second) => {
    const one = v128.splat<T>(1), b = part<T>(theta, Part.B, tile);
    logarithms<T>(from, count, tile, theta, x);
    for (let phase = from % tile, done = 0; done < count; phase = 0) {
      const run = min(tile - phase, count - done), to = span<T>(done), own = b + span<T>(phase);
      for (let at: usize = 0, end = span<T>(run); at < end; at += 16) {
        const each = v128.load(own + at), s = v128.load(S + to + at);
        const pulled = v128.mul<T>(v128.sub<T>(each, one), v128.div<T>(v128.mul<T>(s, v128.load(E + to + at)), v128.load(Y + to + at)));
        v128.store(first + to + at, v128.add<T>(v128.sub<T>(one, s), pulled));
        v128.store(second + to + at, v128.add<T>(one, v128.mul<T>(each, v128.load(R + to + at))));
      }
      done += run;
    }
    if (anyEnd<T>(count, x, lastBeforeOne<T>())) endsOf(sizeof<T>(), from, count, tile, theta, x, first, second);
  }, rows, dim, tile, theta, x, coefficient, terms);
}

/**
 * The ends of a page: with l = b log(1 − xᵃ), P(x > end) = exp(l), of which ∂ log/∂log a = b s e / (1 − e) and ∂ log/∂log b = l; times
 * −1 / (exp(−l) − 1) for P(x ≤ end), as −s and 1 where that is small.
 */
function endsOf(size: i32, from: i32, count: i32, tile: i32, theta: usize, x: usize, first: usize, second: usize): void {
  for (let i = 0; i < count; ++i) {
    const low = numberAt(size, x, i) <= leastOf(size), p = (from + i) % tile;
    if (!low && numberAt(size, x, i) < (size == 4 ? 0.9999999403953552 : 0.9999999999999999)) continue;
    const b = numberAt(size, theta, Part.B * tile + p), s = -numberAt(size, theta, Part.A * tile + p) * (low ? logLeast(size) : -expOne(logRest(size)));
    const e = expOne(-s), y = max<f64>(-expm1One(-s), f64.MIN_NORMAL_VALUE), l = b * (e < 0.5 ? log1pOne(-e) : logOne(y));
    const small = low && l > -1e-300, factor: f64 = low ? -1 / expm1One(-l) : 1;
    setAt(size, first, i, small ? -s : factor * b * s * e / y);
    setAt(size, second, i, small ? 1 : factor * l);
  }
}

/** out += coefficient · (a − 1 − (b − 1) a e / (1 − e)) / x; T[rows, dim], added to. */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  logProbGradientBy<T>((from, count, tile, theta, x, out) => {
    const one = v128.splat<T>(1), a = part<T>(theta, Part.A, tile), row = span<T>(tile);
    logarithms<T>(from, count, tile, theta, x);
    for (let phase = from % tile, done = 0; done < count; phase = 0) {
      const run = min(tile - phase, count - done), to = span<T>(done), own = a + span<T>(phase);
      for (let at: usize = 0, end = span<T>(run); at < end; at += 16) {
        const each = v128.load(own + at);
        const fall = v128.div<T>(v128.mul<T>(v128.mul<T>(v128.sub<T>(v128.load(own + row + at), one), each), v128.load(E + to + at)), v128.load(Y + to + at));
        v128.store(out + to + at, v128.div<T>(v128.sub<T>(v128.sub<T>(each, one), fall), v128.load(x + to + at)));
      }
      done += run;
    }
  }, rows, dim, tile, theta, x, coefficient, out);
}

/**
 * ∂x/∂log a = −x log x, ∂x/∂log b = x / a · log(1 − xᵃ) · (1 − xᵃ) / xᵃ.
 *
 * @param cotangent  T[rows, dim]
 * @param terms      T[2, rows, dim], added to
 */
export function pull<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, cotangent: usize, terms: usize): void {
  pullBy<T>((from, count, tile, theta, _, x, first, second) => slopes<T>(from, count, tile, theta, x, first, second), rows, dim, tile, theta, 0, x, cotangent, terms);
}

/** The adjoint of `pull`: tangent is T[2, rows, dim], out T[rows, dim], written. */
export function push<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, tangent: usize, out: usize): void {
  pushBy<T>((from, count, tile, theta, _, x, first, second) => slopes<T>(from, count, tile, theta, x, first, second), rows, dim, tile, theta, 0, x, tangent, out);
}

function slopes<T>(from: i32, count: i32, tile: i32, theta: usize, x: usize, first: usize, second: usize): void {
  const one = v128.splat<T>(1), half = v128.splat<T>(<T>0.5), far = v128.splat<T>(<T>17);
  logarithms<T>(from, count, tile, theta, x);
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
    const each = v128.load(x + at), e = v128.load(E + at);
    let bent = v128.div<T>(v128.mul<T>(v128.load(R + at), v128.load(Y + at)), e);
    // log(1 − e) (1 − e) / e = −1 + ½ e − … of an e that is lost in Y.
    if (sizeof<T>() == 8) bent = v128.bitselect(v128.sub<T>(v128.mul<T>(half, e), one), bent, v128.gt<T>(v128.load(S + at), far));
    v128.store(first + at, v128.neg<T>(v128.mul<T>(each, v128.load(L + at))));
    v128.store(second + at, v128.mul<T>(each, bent));
  }
  times<T>(from % tile, count, tile, part<T>(theta, Part.InverseA, tile), second);
}
