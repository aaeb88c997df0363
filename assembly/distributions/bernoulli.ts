import { lanes, span, sumOf } from "../lanes";
import { exp, log } from "../math/vectors";
import { addAt, numberAt, repeat } from "../memory";
import { PAGE, PAGE_BYTES } from "../pages";
import { flips, restBits } from "../random/flips";

// Prepared θ, each T[tile]: what a row of flips is compared with and scored by. The rest of P(x = 1) after its first eight
// bits is an integer; those eight bits come last, u8[tile + 64], so that a vector of them may run over the tile's end.
export const enum Part { Logits, Probs, Missing, LogProbs, LogMissing, Rest, First }

@inline
export function part<T>(theta: usize, which: Part, tile: i32): usize {
  return theta + span<T>(<i32>which * tile);
}

/**
 * p = sigmoid(logits) and 1 − p, their logarithms, and the integers that the sampler compares with. Computed in f64 in both precisions:
 * it runs once a call, and P(x = 1) is then exact to 2⁻⁴⁰ (f32) or to the rounding of p (f64).
 *
 *   log p = min(l, 0) − log(1 + e^−|l|), log(1 − p) = min(−l, 0) − log(1 + e^−|l|)
 *
 * @param period  batch · dim
 * @param logits  T[period]
 * @param theta   T[6 tile] and u8[tile + 64], written
 */
export function prepare<T>(period: i32, tile: i32, logits: usize, theta: usize): void {
  for (let from = 0; from < period; from += PAGE) preparePage<T>(from, min(PAGE, period - from), tile, logits, theta);
  for (let which = <i32>Part.Logits; which < <i32>Part.First; ++which) {
    const at = part<T>(theta, which, tile);
    repeat<T>(period, tile, at, at);
  }
  const first = part<T>(theta, Part.First, tile);
  repeat<u8>(period, tile + 64, first, first);
}

/** A pass for each function: SMALL = e^−|l|, LOGS = log(1 + SMALL) without what the sum drops. */
function preparePage<T>(from: i32, count: i32, tile: i32, logits: usize, theta: usize): void {
  const one = f64x2.splat(1);
  for (let i = 0; i < count; i += 2) {
    const at = logits + span<T>(from + i);
    const l = sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
    v128.store(WIDE + span<f64>(i), l);
    v128.store(SMALL + span<f64>(i), f64x2.neg(f64x2.abs(l)));
  }
  exp<f64>(count, SMALL, SMALL);
  for (let i = 0; i < count; i += 2) v128.store(LOGS + span<f64>(i), f64x2.add(one, v128.load(SMALL + span<f64>(i))));
  log<f64>(count, LOGS, LOGS);
  for (let i = 0; i < count; i += 2) prepareTwo<T>(from + i, tile, span<f64>(i), theta);
}

const WIDE = memory.data(PAGE_BYTES, 16);
const SMALL = memory.data(PAGE_BYTES, 16);
const LOGS = memory.data(PAGE_BYTES, 16);

@inline
function prepareTwo<T>(i: i32, tile: i32, at: usize, theta: usize): void {
  const zero = f64x2.splat(0), one = f64x2.splat(1);
  const l = v128.load(WIDE + at), small = v128.load(SMALL + at);
  const sum = f64x2.add(one, small);
  const lost = f64x2.sub(small, f64x2.sub(sum, one)); // what the sum dropped of `small`
  const softplus = f64x2.add(v128.load(LOGS + at), f64x2.div(lost, sum));
  const negative = f64x2.lt(l, zero);
  const p = f64x2.div(v128.bitselect(small, one, negative), sum);
  put<T>(part<T>(theta, Part.Logits, tile) + span<T>(i), l);
  put<T>(part<T>(theta, Part.Probs, tile) + span<T>(i), p);
  put<T>(part<T>(theta, Part.Missing, tile) + span<T>(i), f64x2.div(v128.bitselect(one, small, negative), sum));
  put<T>(part<T>(theta, Part.LogProbs, tile) + span<T>(i), f64x2.sub(f64x2.pmin(zero, l), softplus));
  put<T>(part<T>(theta, Part.LogMissing, tile) + span<T>(i), f64x2.sub(f64x2.pmin(zero, f64x2.neg(l)), softplus));
  split<T>(i, tile, p, theta);
}

@inline
function put<T>(at: usize, pair: v128): void {
  if (sizeof<T>() == 4) v128.store64_lane(at, f32x4.demote_f64x2_zero(pair), 0);
  else v128.store(at, pair);
}

/** p = (first + rest / 2³¹) / 256, in f64 rest / 2⁵²; p = 1 is 255 and all of the rest. */
@inline
function split<T>(i: i32, tile: i32, p: v128, theta: usize): void {
  const magic = f64x2.splat(4503599627370496); // 2⁵²: its bits and an integer's add up to those of their sum
  const scaled = f64x2.mul(p, f64x2.splat(256));
  const first = f64x2.pmin(f64x2.splat(255), f64x2.floor(scaled));
  const at = part<T>(theta, Part.First, tile) + i;
  v128.store8_lane(at, f64x2.add(first, magic), 0);
  v128.store8_lane(at, f64x2.add(first, magic), 8, 1);
  const most = f64x2.splat(<f64>(<u64>1 << restBits<T>()));
  const rest = i64x2.sub(f64x2.add(f64x2.mul(f64x2.sub(scaled, first), most), magic), magic);
  const to = part<T>(theta, Part.Rest, tile) + span<T>(i);
  if (sizeof<T>() == 4) v128.store64_lane(to, v128.shuffle<u32>(rest, rest, 0, 2, 0, 2), 0);
  else v128.store(to, rest);
}

/**
 * Flips with P(x = 1) = p; `mirrored`, if not 0, those of 1 − u where x are those of u.
 *
 * @param x, mirrored  T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize, mirrored: usize): void {
  flips<T>(low, high, site, chunk, rows, dim, tile, part<T>(theta, Part.First, tile), part<T>(theta, Part.Rest, tile), x, mirrored);
}

/**
 * logProb[r] = Σⱼ log p(x[r, j]): log p at 1, log(1 − p) at 0, −∞ elsewhere. A select, not a product: 0 · −∞ is no number.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  const one = part<T>(theta, Part.LogProbs, tile), zero = part<T>(theta, Part.LogMissing, tile);
  for (let r = 0, t = 0; r < rows; ++r, x += span<T>(dim)) {
    const at = span<T>(t);
    let sum = v128.splat<T>(0);
    let j = 0;
    for (; j <= dim - lanes<T>(); j += lanes<T>()) sum = v128.add<T>(sum, mass<T>(x + span<T>(j), one + at + span<T>(j), zero + at + span<T>(j)));
    let total: T = sumOf<T>(sum);
    for (; j < dim; ++j) {
      const value = load<T>(x + span<T>(j));
      total += value == 1 ? load<T>(one + at + span<T>(j)) : value == 0 ? load<T>(zero + at + span<T>(j)) : <T>-Infinity;
    }
    store<T>(logProb + span<T>(r), total);
    t += dim;
    if (t == tile) t = 0;
  }
}

@inline
function mass<T>(x: usize, one: usize, zero: usize): v128 {
  const value = v128.load(x);
  const nothing = v128.splat<T>(0);
  const missing = v128.bitselect(v128.load(zero), v128.splat<T>(<T>-Infinity), v128.eq<T>(value, nothing));
  return v128.bitselect(v128.load(one), missing, v128.eq<T>(value, v128.splat<T>(1)));
}

/**
 * terms[r, j] += coefficient[r] · (x[r, j] − pⱼ), ∂/∂logits.
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param terms        T[rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  const probs = part<T>(theta, Part.Probs, tile);
  if (dim == 1) return narrow<T>(rows, tile, probs, x, coefficient, terms);
  for (let r = 0, t = 0; r < rows; ++r) {
    const c = load<T>(coefficient + span<T>(r));
    const p = probs + span<T>(t);
    const each = v128.splat<T>(c);
    let j = 0;
    for (; j <= dim - 4 * lanes<T>(); j += 4 * lanes<T>()) {
      const at = span<T>(j);
      scored<T>(each, x + at, p + at, terms + at, 0);
      scored<T>(each, x + at, p + at, terms + at, 16);
      scored<T>(each, x + at, p + at, terms + at, 32);
      scored<T>(each, x + at, p + at, terms + at, 48);
    }
    for (; j <= dim - lanes<T>(); j += lanes<T>()) scored<T>(each, x + span<T>(j), p + span<T>(j), terms + span<T>(j), 0);
    for (; j < dim; ++j) {
      const at = span<T>(j);
      store<T>(terms + at, load<T>(terms + at) + c * (load<T>(x + at) - load<T>(p + at)));
    }
    x += span<T>(dim);
    terms += span<T>(dim);
    t += dim;
    if (t == tile) t = 0;
  }
}

/** One flip a row: rows run along the vectors. */
function narrow<T>(rows: i32, tile: i32, probs: usize, x: usize, coefficient: usize, terms: usize): void {
  let r = 0, t = 0;
  for (; r <= rows - lanes<T>(); r += lanes<T>()) {
    scored<T>(v128.load(coefficient + span<T>(r)), x + span<T>(r), probs + span<T>(t), terms + span<T>(r), 0);
    t += lanes<T>();
    if (t == tile) t = 0;
  }
  for (; r < rows; ++r, ++t) {
    const at = span<T>(r);
    store<T>(terms + at, load<T>(terms + at) + load<T>(coefficient + at) * (load<T>(x + at) - load<T>(probs + span<T>(t))));
  }
}

@inline
function scored<T>(coefficient: v128, x: usize, p: usize, terms: usize, offset: usize): void {
  const change = v128.mul<T>(coefficient, v128.sub<T>(v128.load(x + offset), v128.load(p + offset)));
  v128.store(terms + offset, v128.add<T>(v128.load(terms + offset), change));
}

/**
 * Points from … to − 1 of {0, 1}ᵈ, each for every problem: coordinate j of point i is bit j of i.
 *
 * @param x  T[to − from, batch, dim], written
 */
export function enumerate<T>(from: f64, to: f64, batch: i32, dim: i32, x: usize): void {
  const last = <u64>to;
  for (let point = <u64>from; point < last; ++point) {
    for (let b = 0; b < batch; ++b) {
      for (let j = 0; j < dim; ++j, x += sizeof<T>()) store<T>(x, j > 63 ? <T>0 : <T>((point >> j) & 1));
    }
  }
}

/**
 * value[b] += sign · Σⱼ (p log p/p₀ + (1 − p) log (1 − p)/(1 − p₀)), gradient[b, j] += sign · p (1 − p) (l − l₀).
 *
 * A flip that cannot happen under p counts nothing, whatever the prior says of it.
 *
 * @param prior     θ of the prior over its own tile
 * @param value     T[batch], added to
 * @param gradient  T[batch, dim], added to
 */
export function divergence<T>(batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  divergenceOf(sizeof<T>(), batch, dim, tile, theta, priorTile, prior, sign, value, gradient);
}

/**
 * value[b] += sign · −Σⱼ (p log p + (1 − p) log(1 − p)), gradient[b, j] −= sign · p (1 − p) l: minus what the divergence is of no prior.
 *
 * @param value     T[batch], added to
 * @param gradient  T[batch, dim], added to
 */
export function entropy<T>(batch: i32, dim: i32, tile: i32, theta: usize, sign: f64, value: usize, gradient: usize): void {
  divergenceOf(sizeof<T>(), batch, dim, tile, theta, 1, 0, -sign, value, gradient);
}

/** The divergence, from a measure that weighs both sides 1 where `prior` is 0. */
function divergenceOf(size: i32, batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  let sum: f64 = 0;
  for (let i = 0; i < batch * dim; ++i) {
    const p = numberAt(size, theta, <i32>Part.Probs * tile + i), q = numberAt(size, theta, <i32>Part.Missing * tile + i);
    if (p > 0) sum += p * relative(size, Part.LogProbs, i, tile, theta, priorTile, prior);
    if (q > 0) sum += q * relative(size, Part.LogMissing, i, tile, theta, priorTile, prior);
    if (p * q > 0) addAt(size, gradient, i, sign * (p * q * relative(size, Part.Logits, i, tile, theta, priorTile, prior)));
    if ((i + 1) % dim != 0) continue;
    addAt(size, value, i / dim, sign * sum);
    sum = 0;
  }
}

/** Number i of a part of θ, less the prior's. */
function relative(size: i32, which: Part, i: i32, tile: i32, theta: usize, priorTile: i32, prior: usize): f64 {
  const own = numberAt(size, theta, <i32>which * tile + i);
  return prior ? own - numberAt(size, prior, <i32>which * priorTile + i % priorTile) : own;
}
