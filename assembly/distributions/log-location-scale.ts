import { lanes, largest, smallest, span, storeSome } from "../lanes";
import { exp, log } from "../math/vectors";
import { addAt, numberAt } from "../memory";
import { collect, PAGE, PAGE_BYTES, pullBy, pushBy } from "../pages";
import { Phase } from "../random/draw";
import { moveTo, OfNoise } from "./location-scale";

/**
 * What the families log x = location + scale · noise share, x > 0. Prepared θ is that of location-scale.ts, of log x.
 *
 * `side` is 1 where the second parameter is the logarithm of the scale, −1 where it is minus that: Weibull's logConcentration.
 */

/** x = exp(location + scale · noise), above 0 and finite: noise is a page, x the page of draws. */
export function expTo<T>(phase: Phase, count: i32, tile: i32, theta: usize, noise: usize, x: usize): void {
  const most = v128.splat<T>(largest<T>()), least = v128.splat<T>(smallest<T>());
  moveTo<T>(phase, count, tile, theta, noise, Y);
  exp<T>(count, Y, Y);
  for (let left = count, at: usize = 0; left > 0; left -= lanes<T>(), at += 16) {
    storeSome<T>(x + at, v128.pmin<T>(v128.pmax<T>(v128.load(Y + at), least), most), left);
  }
}

/**
 * ∂x/∂location = x, ∂x/∂(second parameter) = side · x · (log x − location).
 *
 * @param cotangent  T[rows, dim]
 * @param terms      T[2, rows, dim], added to
 */
export function pull<T>(rows: i32, dim: i32, tile: i32, side: f64, theta: usize, x: usize, cotangent: usize, terms: usize): void {
  store<f64>(SIDE, side);
  pullBy<T>((from, count, tile, theta, _, x, first, second) => slopes<T>(from, count, tile, theta, x, first, second), rows, dim, tile, theta, 0, x, cotangent, terms);
}

/** The adjoint of `pull`: tangent is T[2, rows, dim], out T[rows, dim], written. */
export function push<T>(rows: i32, dim: i32, tile: i32, side: f64, theta: usize, x: usize, tangent: usize, out: usize): void {
  store<f64>(SIDE, side);
  pushBy<T>((from, count, tile, theta, _, x, first, second) => slopes<T>(from, count, tile, theta, x, first, second), rows, dim, tile, theta, 0, x, tangent, out);
}

function slopes<T>(from: i32, count: i32, tile: i32, theta: usize, x: usize, first: usize, second: usize): void {
  const side = v128.splat<T>(<T>load<f64>(SIDE));
  log<T>(count, x, second);
  for (let phase = from % tile, done = 0; done < count; phase = 0) {
    const run = min(tile - phase, count - done), to = span<T>(done), own = theta + span<T>(phase);
    for (let at: usize = 0, end = span<T>(run); at < end; at += 16) {
      const each = v128.load(x + to + at);
      v128.store(first + to + at, each);
      v128.store(second + to + at, v128.mul<T>(v128.mul<T>(side, each), v128.sub<T>(v128.load(second + to + at), v128.load(own + at))));
    }
    done += run;
  }
}

/**
 * z = (log x − location) / scale within the finite numbers, and log x, over a page.
 *
 * @param x        the page of x
 * @param z, logs  pages, written
 */
export function standardizeLog<T>(from: i32, count: i32, tile: i32, theta: usize, x: usize, z: usize, logs: usize): void {
  const inverse = span<T>(tile) << 1;
  const most = v128.splat<T>(largest<T>()), least = v128.splat<T>(-largest<T>());
  log<T>(count, x, logs);
  for (let phase = from % tile, done = 0; done < count; phase = 0) {
    const run = min(tile - phase, count - done), to = span<T>(done), own = theta + span<T>(phase);
    for (let at: usize = 0, end = span<T>(run); at < end; at += 16) {
      const each = v128.mul<T>(v128.sub<T>(v128.load(logs + to + at), v128.load(own + at)), v128.load(own + inverse + at));
      v128.store(z + to + at, v128.pmin<T>(v128.pmax<T>(each, least), most));
    }
    done += run;
  }
}

/**
 * logProb[i] = Σⱼ (density(z) − logScale − log x) for x > 0, −∞ otherwise.
 *
 * @param density  log p₀(z) of the standard noise
 */
export function logProbOf<T>(density: OfNoise, rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  const zero = v128.splat<T>(0), never = v128.splat<T>(-Infinity);
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    standardizeLog<T>(from, count, tile, theta, x + span<T>(from), Y, LOGS);
    density(count, Y, Y);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
      const inside = v128.gt<T>(v128.load(x + span<T>(from) + at), zero);
      v128.store(Y + at, v128.bitselect(v128.sub<T>(v128.load(Y + at), v128.load(LOGS + at)), never, inside));
    }
    collect<T>(from, count, dim, tile, theta + 3 * span<T>(tile), Y, logProb);
  }
}

/**
 * The page of ∂ log p/∂x = −(slope / scale + 1) / x.
 *
 * @param slope  −∂ log p₀/∂z of the standard noise
 * @param x      the page of x
 */
export function gradientOf<T>(slope: OfNoise, from: i32, count: i32, tile: i32, theta: usize, x: usize, out: usize): void {
  const one = v128.splat<T>(1), inverse = span<T>(tile) << 1;
  standardizeLog<T>(from, count, tile, theta, x, Y, LOGS);
  slope(count, Y, LOGS);
  for (let phase = from % tile, done = 0; done < count; phase = 0) {
    const run = min(tile - phase, count - done), to = span<T>(done), own = theta + inverse + span<T>(phase);
    for (let at: usize = 0, end = span<T>(run); at < end; at += 16) {
      const fall = v128.add<T>(v128.mul<T>(v128.load(LOGS + to + at), v128.load(own + at)), one);
      v128.store(out + to + at, v128.neg<T>(v128.div<T>(fall, v128.load(x + to + at))));
    }
    done += run;
  }
}

/**
 * The pages of ∂ log p/∂location = slope / scale and ∂ log p/∂(second parameter) = side · (z · slope − 1).
 *
 * @param slope  −∂ log p₀/∂z of the standard noise
 * @param x      the page of x
 */
export function slopesOf<T>(slope: OfNoise, side: T, from: i32, count: i32, tile: i32, theta: usize, x: usize, first: usize, second: usize): void {
  const one = v128.splat<T>(1), sided = v128.splat<T>(side), inverse = span<T>(tile) << 1;
  standardizeLog<T>(from, count, tile, theta, x, second, LOGS);
  slope(count, second, first);
  for (let phase = from % tile, done = 0; done < count; phase = 0) {
    const run = min(tile - phase, count - done), to = span<T>(done), own = theta + inverse + span<T>(phase);
    for (let at: usize = 0, end = span<T>(run); at < end; at += 16) {
      const each = v128.load(first + to + at);
      v128.store(second + to + at, v128.mul<T>(sided, v128.sub<T>(v128.mul<T>(v128.load(second + to + at), each), one)));
      v128.store(first + to + at, v128.mul<T>(each, v128.load(own + at)));
    }
    done += run;
  }
}

/**
 * value[b] += sign · Σⱼ (constant + logScale + location + centre · scale), the entropy of log x and its mean; ∂/∂location = 1,
 * ∂/∂(second parameter) = side · (1 + centre · scale).
 *
 * @param constant, centre  the entropy and the mean of the standard noise
 * @param value             T[batch], added to
 * @param gradient          T[2, batch, dim], added to
 */
export function entropy<T>(batch: i32, dim: i32, tile: i32, side: f64, constant: f64, centre: f64, sign: f64, theta: usize, value: usize, gradient: usize): void {
  entropyOf(sizeof<T>(), batch, dim, tile, side, constant, centre, sign, theta, value, gradient);
}

function entropyOf(size: i32, batch: i32, dim: i32, tile: i32, side: f64, constant: f64, centre: f64, sign: f64, theta: usize, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const moved = centre * numberAt(size, theta, tile + e);
    addAt(size, value, e / dim, sign * (constant + numberAt(size, theta, 3 * tile + e) + numberAt(size, theta, e) + moved));
    addAt(size, gradient, e, sign);
    addAt(size, gradient, batch * dim + e, sign * side * (1 + moved));
  }
}

const Y = memory.data(PAGE_BYTES, 16);
const LOGS = memory.data(PAGE_BYTES, 16);
const SIDE = memory.data(8, 16);
