import { sumOf } from "../lanes";
import { addAt, numberAt, repeat, setAt } from "../memory";
import { exp64, log1p64 } from "../math/once";
import { lead, massesOver } from "../math/saddle-point";
import { Part, partOf } from "../random/count-parts";
import { samplePages } from "../random/count-pages";
import { reserveTables } from "../random/count-tables";
import { setUpBinomial } from "../random/count-setup";
import { pairAt, sumMasses, within } from "./counts";

/** After the parts of all counts: the logits, p and 1 − p, their logarithms, and what log n! adds to log p. */
const enum Own { Logits = 16, Probs, Missing, LogProbs, LogMissing, Constant, Count }

/**
 * @param period  batch · dim
 * @param trials  n
 * @param logits  T[period]
 * @param theta   f64[Own.Count, tile] and room for tables, written
 */
export function prepare<T>(period: i32, tile: i32, trials: f64, logits: usize, theta: usize): void {
  prepareOf(sizeof<T>(), period, tile, trials, logits, theta);
}

function prepareOf(size: i32, period: i32, tile: i32, trials: f64, logits: usize, theta: usize): void {
  const n = f64x2.splat(trials);
  for (let i = 0; i < period; i += 2) {
    flipAt(i, tile, pairAt(size, logits, i), theta);
    const at = <usize>i << 3, p = v128.load(partOf(theta, Own.Probs, tile) + at), q = v128.load(partOf(theta, Own.Missing, tile) + at);
    v128.store(partOf(theta, Part.Slope, tile) + at, f64x2.splat(1));
    v128.store(partOf(theta, Part.Offset, tile) + at, f64x2.neg(f64x2.mul(n, p)));
    v128.store(partOf(theta, Part.Variance, tile) + at, f64x2.mul(f64x2.mul(n, p), q));
    v128.store(partOf(theta, Part.Limit, tile) + at, n);
    v128.store(partOf(theta, Own.Constant, tile) + at, lead(n));
  }
  setUpBinomial(period, partOf(theta, Own.Probs, tile), partOf(theta, Own.Missing, tile), theta, tile);
  reserveTables(theta, <i32>Own.Count, period, tile);
  for (let part = 0; part < <i32>Own.Count; ++part) repeat<f64>(period, tile, partOf(theta, part, tile), partOf(theta, part, tile));
}

/** p = sigmoid(l), 1 − p and their logarithms, each with full relative precision. */
function flipAt(i: i32, tile: i32, l: v128, theta: usize): void {
  const at = <usize>i << 3, zero = f64x2.splat(0), one = f64x2.splat(1);
  const small = exp64(f64x2.neg(f64x2.abs(l))), softplus = log1p64(small), sum = f64x2.add(one, small), negative = f64x2.lt(l, zero);
  v128.store(partOf(theta, Own.Logits, tile) + at, l);
  v128.store(partOf(theta, Own.Probs, tile) + at, f64x2.div(v128.bitselect(small, one, negative), sum));
  v128.store(partOf(theta, Own.Missing, tile) + at, f64x2.div(v128.bitselect(one, small, negative), sum));
  v128.store(partOf(theta, Own.LogProbs, tile) + at, f64x2.sub(f64x2.pmin(zero, l), softplus));
  v128.store(partOf(theta, Own.LogMissing, tile) + at, f64x2.sub(f64x2.pmin(zero, f64x2.neg(l)), softplus));
}

/**
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  samplePages(sizeof<T>(), low, high, site, chunk, rows, dim, tile, theta, <i32>Own.Count, true, x);
}

/**
 * logProb[r] = Σⱼ (log n! − log x! − log(n − x)! + x log p + (n − x) log(1 − p)), −∞ where x is none of 0 … n. By the saddle-point form: right to
 * some units in the last place up to counts of 2³¹.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  sumMasses<T>(masses, rows, dim, tile, theta, x, logProb);
}

function masses(size: i32, count: i32, theta: usize, stride: i32, x: usize, out: usize): void {
  for (let i = 0; i < count; i += 2) {
    const at = <usize>i << 3, n = v128.load(partOf(theta, Part.Limit, stride) + at);
    const mean = v128.load(partOf(theta, Part.Mean, stride) + at), other = v128.load(partOf(theta, Part.Other, stride) + at);
    const k = pairAt(size, x, i), log = massOf(k, n, mean, other, v128.load(partOf(theta, Own.Constant, stride) + at));
    // At the ends log p is a product, and may be near 0.
    const none = f64x2.mul(n, v128.load(partOf(theta, Own.LogMissing, stride) + at)), all = f64x2.mul(n, v128.load(partOf(theta, Own.LogProbs, stride) + at));
    v128.store(out + at, v128.bitselect(all, v128.bitselect(none, log, f64x2.eq(k, f64x2.splat(0))), f64x2.eq(k, n)));
  }
}

function massOf(x: v128, n: v128, mean: v128, other: v128, constant: v128): v128 {
  return within(x, n, f64x2.add(massesOver(f64x2.splat(1), x, mean, f64x2.sub(n, x), other), constant));
}

/**
 * Points from … to − 1 of {0 … n}ᵈ, each for every problem: coordinate j of point i is digit j of i to the base n + 1.
 *
 * @param x  T[to − from, batch, dim], written
 */
export function enumerate<T>(from: f64, to: f64, trials: f64, batch: i32, dim: i32, x: usize): void {
  enumerateOf(sizeof<T>(), from, to, trials + 1, batch, dim, x);
}

function enumerateOf(size: i32, from: f64, to: f64, base: f64, batch: i32, dim: i32, x: usize): void {
  for (let point = from; point < to; point += 1) {
    for (let b = 0; b < batch; ++b) {
      for (let j = 0, left = point; j < dim; ++j, x += size) {
        const rest = floor<f64>(left / base);
        setAt(size, x, 0, left - rest * base);
        left = rest;
      }
    }
  }
}

/**
 * value[b] += sign · n Σⱼ (p log p/p₀ + (1 − p) log (1 − p)/(1 − p₀)), gradient[b, j] += sign · n p (1 − p) (l − l₀).
 *
 * @param prior     θ of the prior over its own tile
 * @param value     T[batch], added to
 * @param gradient  T[batch, dim], added to
 */
export function divergence<T>(batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  divergenceOf(sizeof<T>(), batch, dim, tile, theta, priorTile, prior, sign, value, gradient);
}

function divergenceOf(size: i32, batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const p = numberAt(8, theta, <i32>Own.Probs * tile + e), q = numberAt(8, theta, <i32>Own.Missing * tile + e), n = numberAt(8, theta, <i32>Part.Limit * tile + e);
    let sum: f64 = 0;
    if (p > 0) sum += p * relative(Own.LogProbs, e, tile, theta, priorTile, prior);
    if (q > 0) sum += q * relative(Own.LogMissing, e, tile, theta, priorTile, prior);
    if (p * q > 0) addAt(size, gradient, e, sign * n * (p * q * relative(Own.Logits, e, tile, theta, priorTile, prior)));
    addAt(size, value, e / dim, sign * n * sum);
  }
}

/** Number e of a part of θ, less the prior's. */
function relative(which: Own, e: i32, tile: i32, theta: usize, priorTile: i32, prior: usize): f64 {
  return numberAt(8, theta, <i32>which * tile + e) - numberAt(8, prior, <i32>which * priorTile + e % priorTile);
}

/**
 * value[b] += sign · −Σⱼ Σₓ p(x) log p(x), gradient[b, j] −= sign · Σₓ p(x) log p(x) (x − n p): sums over the counts within 12 standard deviations and 40 of the
 * mean, beyond which nothing is left that an f64 could hold beside them.
 *
 * @param value     T[batch], added to
 * @param gradient  T[batch, dim], added to
 */
export function entropy<T>(batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  entropyOf(sizeof<T>(), batch, dim, tile, sign, theta, value, gradient);
}

function entropyOf(size: i32, batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const mean = numberAt(8, partOf(theta, Part.Mean, tile), e), n = numberAt(8, partOf(theta, Part.Limit, tile), e);
    const reach = 12 * sqrt(numberAt(8, partOf(theta, Part.Variance, tile), e)) + 40;
    const last = min(n, ceil(mean + reach));
    const trials = f64x2.splat(n), each = f64x2.splat(mean), other = f64x2.splat(numberAt(8, partOf(theta, Part.Other, tile), e));
    const constant = f64x2.splat(numberAt(8, partOf(theta, Own.Constant, tile), e)), one = f64x2.replace_lane(f64x2.splat(0), 1, 1);
    let sum = f64x2.splat(0), slope = sum;
    for (let k = max<f64>(0, floor(mean - reach)); k <= last; k += 2) {
      const x = f64x2.add(f64x2.splat(k), one), log = massOf(x, trials, each, other, constant);
      const p = exp64(log), term = v128.and(f64x2.mul(p, log), f64x2.gt(p, f64x2.splat(0)));
      sum = f64x2.add(sum, term);
      slope = f64x2.add(slope, f64x2.mul(term, f64x2.sub(x, each)));
    }
    addAt(size, value, e / dim, -sign * sumOf<f64>(sum));
    addAt(size, gradient, e, -sign * sumOf<f64>(slope));
  }
}
