import { largest, span } from "../lanes";
import { digammaOne, logGammaRatio, trigammaOne } from "../math/gamma-once";
import { expm1One, expOne, logOne } from "../math/once";
import { exp, expm1, log, log1p } from "../math/vectors";
import { addAt, largestOf, numberAt, setAt } from "../memory";
import { invertBy, logProbGradientBy, OWN0 as W, scoreBy } from "../pages";
import { draw } from "../random/draw";
import { Noise } from "../random/noise";
import * as locationScale from "./location-scale";
import { expTo, gradientOf, logProbOf, slopesOf } from "./log-location-scale";
import { anyEnd, leastOf, logLeast } from "./stored-end";

/**
 * log x = logScale + w / concentration, w = log E: so θ is that of log-location-scale.ts with side −1.
 *
 * @param params  T[2, period]: logScale, then logConcentration
 * @param theta   T[4, tile], written: logScale, 1 / concentration, concentration, −logConcentration
 */
export function prepare<T>(period: i32, tile: i32, params: usize, theta: usize): void {
  const row = span<T>(tile);
  locationScale.prepare<T>(period, tile, params, theta);
  for (let at = theta + row, end = at + row; at < end; at += 16) {
    const concentration = v128.load(at);
    v128.store(at, v128.load(at + row));
    v128.store(at + row, concentration);
    v128.store(at + 2 * row, v128.neg<T>(v128.load(at + 2 * row)));
  }
}

/**
 * Draws scale · E^(1 / concentration), E a standard exponential with both ends fine.
 *
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  draw<T>(Noise.Gumbel, (phase, count, tile, theta, x) => {
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(W + at, v128.neg<T>(v128.load(x + at)));
    expTo<T>(phase, count, tile, theta, W, x);
  }, low, high, site, chunk, rows, dim, tile, theta, x);
}

/** x = scale · (−log(1 − u))^(1 / concentration). Both T[rows, dim]. */
export function invert<T>(rows: i32, dim: i32, tile: i32, theta: usize, uniform: usize, x: usize): void {
  invertBy<T>((phase, count, tile, theta, uniform, x) => {
    const end = span<T>(count);
    for (let at: usize = 0; at < end; at += 16) v128.store(W + at, v128.neg<T>(v128.load(uniform + at)));
    log1p<T>(count, W, W);
    for (let at: usize = 0; at < end; at += 16) v128.store(W + at, v128.neg<T>(v128.load(W + at)));
    log<T>(count, W, W);
    expTo<T>(phase, count, tile, theta, W, x);
  }, rows, dim, tile, theta, uniform, x);
}

/**
 * logProb[i] = Σⱼ (w − exp(w) + logConcentration − log x), w = concentration · (log x − logScale), for x > 0, −∞ otherwise.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  logProbOf<T>((count, w, out) => {
    exp<T>(count, w, W);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(out + at, v128.sub<T>(v128.load(w + at), v128.load(W + at)));
  }, rows, dim, tile, theta, x, logProb);
}

/**
 * ∂ log p/∂logScale = concentration · (exp(w) − 1), ∂ log p/∂logConcentration = 1 − w (exp(w) − 1); at the ends the means of what they stand for.
 *
 * @param coefficient  T[rows]
 * @param terms        T[2, rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  scoreBy<T>((from, count, tile, theta, _, x, first, second) => {
    slopesOf<T>((count, w, slope) => expm1<T>(count, w, slope), <T>-1, from, count, tile, theta, x, first, second);
    if (anyEnd<T>(count, x, v128.splat<T>(largest<T>()))) endsOf(sizeof<T>(), from, count, tile, theta, x, first, second);
  }, rows, dim, tile, theta, x, coefficient, terms);
}

/** The ends of a page: with E = exp(w), P(x ≤ end) = 1 − exp(−E), of which ∂ log/∂w is E / (exp(E) − 1), and −E of the rest. */
function endsOf(size: i32, from: i32, count: i32, tile: i32, theta: usize, x: usize, first: usize, second: usize): void {
  for (let e = 0; e < count; ++e) {
    const at = numberAt(size, x, e), high = at == largestOf(size), p = (from + e) % tile;
    if (!high && at > leastOf(size)) continue;
    const concentration = numberAt(size, theta, 2 * tile + p), w = concentration * ((high ? logOne(at) : logLeast(size)) - numberAt(size, theta, p));
    const exponential = expOne(w), slope = high ? -exponential : exponential > 700 ? 0 : exponential < 1e-300 ? 1 : exponential / expm1One(exponential);
    setAt(size, first, e, -concentration * slope);
    setAt(size, second, e, w * slope);
  }
}

/** out −= coefficient · (concentration · (exp(w) − 1) + 1) / x; T[rows, dim], added to. */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  logProbGradientBy<T>((from, count, tile, theta, x, out) => {
    gradientOf<T>((count, w, slope) => expm1<T>(count, w, slope), from, count, tile, theta, x, out);
  }, rows, dim, tile, theta, x, coefficient, out);
}

/**
 * mean = scale · Γ(1 + h), variance = scale² · (Γ(1 + 2h) − Γ(1 + h)²), h = 1 / concentration; both T[batch, dim], written.
 */
export function moments<T>(batch: i32, dim: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  momentsOf(sizeof<T>(), batch * dim, tile, theta, mean, variance);
}

function momentsOf(size: i32, n: i32, tile: i32, theta: usize, mean: usize, variance: usize): void {
  for (let e = 0; e < n; ++e) {
    const h = numberAt(size, theta, tile + e), once = logGammaRatio(1, h);
    const centre = expOne(numberAt(size, theta, e) + once);
    // log E[x²] − 2 log E[x]; by its second derivative where h is small.
    const growth = h < 1e-5 ? h * h * trigammaOne(1 + h) : logGammaRatio(1, 2 * h) - 2 * once;
    setAt(size, mean, e, centre);
    setAt(size, variance, e, centre * centre * expm1One(growth));
  }
}

/**
 * KL(p ‖ prior) = Σⱼ −log r − γ (1 − r) + κ₀ d + A − 1, r = κ₀ / κ (concentrations), d = log λ₀ − log λ (scales), A = exp(−κ₀ d) Γ(1 + r);
 * ∂/∂logScale = κ₀ (A − 1), ∂/∂logConcentration = 1 − γ r − A r ψ(1 + r).
 *
 * @param priorTile  the prior's own tile: it may have a batch of its own
 * @param value      T[batch], added to with `sign`
 * @param gradient   T[2, batch, dim], added to with `sign`
 */
export function divergence<T>(batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  divergenceOf(sizeof<T>(), batch, dim, tile, theta, priorTile, prior, sign, value, gradient);
}

function divergenceOf(size: i32, batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const p = e % priorTile, concentration = numberAt(size, prior, p + 2 * priorTile);
    const distance = concentration * (numberAt(size, prior, p) - numberAt(size, theta, e));
    const logRatio = numberAt(size, theta, e + 3 * tile) - numberAt(size, prior, p + 3 * priorTile);
    const ratio = expOne(logRatio), weight = expOne(logGammaRatio(1, ratio) - distance);
    addAt(size, value, e / dim, sign * (distance + weight - 1 - logRatio - EULER_GAMMA * (1 - ratio)));
    addAt(size, gradient, e, sign * concentration * (weight - 1));
    addAt(size, gradient, batch * dim + e, sign * (1 - EULER_GAMMA * ratio - weight * ratio * digammaOne(1 + ratio)));
  }
}

const EULER_GAMMA: f64 = 0.5772156649015329;
