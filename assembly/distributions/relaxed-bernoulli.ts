import { lanes, span, storeSome } from "../lanes";
import { logOne } from "../math/once";
import { log, log1p, sigmoid, softplus } from "../math/vectors";
import { repeat } from "../memory";
import { PAGE, PAGE_BYTES, spread, sumRows } from "../pages";
import { draw, soften } from "./binary-concrete";

/**
 * Prepared θ is T[tile], the logits: what `draw` of binary-concrete takes of the flips' θ.
 *
 * @param logits  T[period]
 * @param theta   T[tile], written
 */
export function prepare<T>(period: i32, tile: i32, logits: usize, theta: usize): void {
  repeat<T>(period, tile, logits, theta);
}

/**
 * y = sigmoid((logits + logistic noise) / temperature), kept inside (0, 1): between the least normal number and the last before 1.
 *
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param y      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, temperature: f64, theta: usize, y: usize): void {
  draw<T>(low, high, site, chunk, rows, dim, tile, theta, y);
  soften<T>(rows * dim, y, temperature, y);
  const least = leastOf<T>(), most = mostOf<T>();
  for (let left = rows * dim; left > 0; left -= lanes<T>(), y += 16) storeSome<T>(y, v128.pmin<T>(v128.pmax<T>(v128.load(y), least), most), left);
}

@inline
function leastOf<T>(): v128 {
  return v128.splat<T>(sizeof<T>() == 4 ? <T>1.1754943508222875e-38 : <T>2.2250738585072014e-308);
}

@inline
function mostOf<T>(): v128 {
  return v128.splat<T>(sizeof<T>() == 4 ? <T>0.99999994039535522 : <T>0.99999999999999989);
}

const LOG = memory.data(PAGE_BYTES, 16);
const LOG_MISSING = memory.data(PAGE_BYTES, 16);
const D = memory.data(PAGE_BYTES, 16);
const S = memory.data(PAGE_BYTES, 16);
const WEIGHT = memory.data(PAGE_BYTES, 16);

/** LOG = log y, LOG_MISSING = log(1 − y), D = logits − temperature · (LOG − LOG_MISSING): the distance of z from its logits, negated. */
function distances<T>(from: i32, count: i32, tile: i32, temperature: T, theta: usize, y: usize): void {
  const by = v128.splat<T>(temperature), whole = span<T>(count);
  log<T>(count, y, LOG);
  for (let at: usize = 0; at < whole; at += 16) v128.store(LOG_MISSING + at, v128.neg<T>(v128.load(y + at)));
  log1p<T>(count, LOG_MISSING, LOG_MISSING);
  for (let done = 0, phase = from % tile; done < count; phase = 0) {
    const run = min(tile - phase, count - done);
    for (let at = span<T>(done), own = theta + span<T>(phase), end = at + span<T>(run); at < end; at += 16, own += 16) {
      const logit = v128.sub<T>(v128.load(LOG + at), v128.load(LOG_MISSING + at));
      v128.store(D + at, v128.sub<T>(v128.load(own), v128.mul<T>(by, logit)));
    }
    done += run;
  }
}

/**
 * logProb[r] = Σⱼ (log temperature + d − 2 softplus(d) − log y − log(1 − y)), −∞ outside (0, 1).
 *
 * @param y        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, temperature: f64, theta: usize, y: usize, logProb: usize): void {
  const norm = v128.splat<T>(<T>logOne(temperature)), zero = v128.splat<T>(0), one = v128.splat<T>(1), never = v128.splat<T>(<T>-Infinity);
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim; from < n; from += PAGE, y += span<T>(PAGE)) {
    const count = min(PAGE, n - from);
    distances<T>(from, count, tile, <T>temperature, theta, y);
    softplus<T>(count, D, S);
    for (let at: usize = 0; at < span<T>(count); at += 16) {
      const value = v128.load(y + at), s = v128.load(S + at);
      const logistic = v128.sub<T>(v128.sub<T>(v128.load(D + at), s), s);
      const density = v128.sub<T>(v128.add<T>(norm, logistic), v128.add<T>(v128.load(LOG + at), v128.load(LOG_MISSING + at)));
      v128.store(S + at, v128.bitselect(density, never, v128.and(v128.gt<T>(value, zero), v128.lt<T>(value, one))));
    }
    sumRows<T>(from, count, dim, S, logProb);
  }
}

/**
 * terms[r, j] += coefficient[r] · (1 − 2 sigmoid(d)), ∂/∂logits. An end stands for all draws beyond it, and takes the mean of their scores, which is
 * the slope of the logarithm of their probability: −sigmoid(d) at the least number, 1 − sigmoid(d) at the last before 1.
 *
 * @param y            T[rows, dim]
 * @param coefficient  T[rows]
 * @param terms        T[rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, temperature: f64, theta: usize, y: usize, coefficient: usize, terms: usize): void {
  slopes<T>(false, rows, dim, tile, temperature, theta, y, coefficient, terms);
}

/**
 * out[r, j] += coefficient[r] · ∂ log p/∂y = coefficient[r] · (−temperature (1 − 2 sigmoid(d)) − (1 − 2y)) / (y (1 − y)).
 *
 * @param y            T[rows, dim]
 * @param coefficient  T[rows]
 * @param out          T[rows, dim], added to
 */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, temperature: f64, theta: usize, y: usize, coefficient: usize, out: usize): void {
  slopes<T>(true, rows, dim, tile, temperature, theta, y, coefficient, out);
}

function slopes<T>(along: bool, rows: i32, dim: i32, tile: i32, temperature: f64, theta: usize, y: usize, coefficient: usize, out: usize): void {
  const one = v128.splat<T>(1), by = v128.splat<T>(<T>temperature), least = leastOf<T>(), most = mostOf<T>();
  for (let from = 0, n = rows * dim; from < n; from += PAGE, y += span<T>(PAGE)) {
    const count = min(PAGE, n - from);
    distances<T>(from, count, tile, <T>temperature, theta, y);
    sigmoid<T>(count, D, S);
    const weight = spread<T>(from, count, dim, coefficient, WEIGHT);
    for (let at: usize = 0, left = count; left > 0; left -= lanes<T>(), at += 16, out += 16) {
      const s = v128.load(S + at), value = v128.load(y + at);
      // At the ends one of the two s is not there, and the 1 only at the upper.
      const low = v128.eq<T>(value, least), first = along ? one : v128.andnot(one, low);
      const last = along ? s : v128.andnot(s, v128.or(low, v128.eq<T>(value, most)));
      let slope = v128.sub<T>(v128.sub<T>(first, s), last);
      if (along) {
        const missing = v128.sub<T>(one, value), centre = v128.sub<T>(missing, value);
        slope = v128.div<T>(v128.neg<T>(v128.add<T>(v128.mul<T>(by, slope), centre)), v128.mul<T>(value, missing));
      }
      storeSome<T>(out, v128.add<T>(v128.load(out), v128.mul<T>(v128.load(weight + at), slope)), left);
    }
  }
}

/**
 * ∂y/∂logits = y (1 − y) / temperature: terms += cotangent · that.
 *
 * @param y, cotangent  T[n]
 * @param terms         T[n], added to
 */
export function pull<T>(n: i32, temperature: f64, y: usize, cotangent: usize, terms: usize): void {
  const one = v128.splat<T>(1), by = v128.splat<T>(<T>(1 / temperature));
  for (let left = n; left > 0; left -= lanes<T>(), y += 16, cotangent += 16, terms += 16) {
    const value = v128.load(y);
    const slope = v128.mul<T>(v128.mul<T>(value, v128.sub<T>(one, value)), by);
    storeSome<T>(terms, v128.add<T>(v128.load(terms), v128.mul<T>(v128.load(cotangent), slope)), left);
  }
}
