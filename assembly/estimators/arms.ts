import { Part, part } from "../distributions/bernoulli";
import { lanes, span, storeSome } from "../lanes";
import { exp, log } from "../math/vectors";
import { numberAt, repeat, setAt } from "../memory";
import { PAGE, PAGE_BYTES } from "../pages";
import { draw } from "../random/draw";
import { Noise } from "../random/noise";

/**
 * Sets of n flips that avoid one another (Dimitriev & Zhou 2021): n standard exponentials, divided by their sum, are uniform on a simplex
 * (Dirichlet(1, …, 1)), and 1 − dᵢ > h with probability 1 − hⁿ⁻¹. So the rarer side of a coin, of probability s = min(p, 1 − p), is
 * where all the others together have less than a share h = s^(1/(n − 1)); two of n show it with probability J = max(0, 2h − 1)ⁿ⁻¹,
 * less than s².
 *
 * What a call makes ready, T[tile] each: h / (1 − h), and s (1 − s) / (s − J) / n.
 *
 * @param theta  prepared by bernoulli's `prepare`
 * @param ready  T[2, tile], written
 */
export function prepare<T>(draws: i32, period: i32, tile: i32, theta: usize, ready: usize): void {
  prepareOf(sizeof<T>(), draws, period, tile, theta, ready);
  repeat<T>(period, tile, ready, ready);
  repeat<T>(period, tile, ready + span<T>(tile), ready + span<T>(tile));
}

function prepareOf(size: i32, draws: i32, period: i32, tile: i32, theta: usize, ready: usize): void {
  for (let from = 0; from < period; from += PAGE) preparePage(size, draws, from, min(PAGE, period - from), tile, theta, ready);
}

/** A pass for each function: SHARES = h, JOINT = J where it is more than 0. */
function preparePage(size: i32, draws: i32, from: i32, count: i32, tile: i32, theta: usize, ready: usize): void {
  const others = <f64>(draws - 1);
  for (let i = 0; i < count; ++i) {
    const p = numberAt(size, theta, <i32>Part.Probs * tile + from + i), q = numberAt(size, theta, <i32>Part.Missing * tile + from + i);
    setAt(8, SHARES, i, numberAt(size, theta, (p < q ? <i32>Part.LogProbs : <i32>Part.LogMissing) * tile + from + i) / others);
  }
  exp<f64>(count, SHARES, SHARES);
  for (let i = 0; i < count; ++i) setAt(8, JOINT, i, max(0, 2 * numberAt(8, SHARES, i) - 1));
  log<f64>(count, JOINT, JOINT); // −∞ of 0: so J is 0
  for (let i = 0; i < count; ++i) setAt(8, JOINT, i, others * numberAt(8, JOINT, i));
  exp<f64>(count, JOINT, JOINT);
  for (let i = 0; i < count; ++i) {
    const s = min(numberAt(size, theta, <i32>Part.Probs * tile + from + i), numberAt(size, theta, <i32>Part.Missing * tile + from + i));
    const h = numberAt(8, SHARES, i);
    setAt(size, ready, from + i, h / (1 - h));
    setAt(size, ready, tile + from + i, (s > 0 ? s * (1 - s) / (s - numberAt(8, JOINT, i)) : 1) / draws);
  }
}

const SHARES = memory.data(PAGE_BYTES, 16);
const JOINT = memory.data(PAGE_BYTES, 16);

/**
 * Standard exponentials for draw i of the sets, of which `select` makes flips.
 *
 * @param x  T[draws, rows, dim], draw i written
 */
export function noise<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, i: i32, x: usize): void {
  draw<T>(Noise.Exponential, (_phase, _count, _tile, _theta, _x) => {}, low, high, site, chunk, rows, dim, 4, 0, x + span<T>(i * rows * dim));
}

/**
 * Exponentials become flips in their place. The sum of the others is never a difference of nearly equal numbers: for the largest it
 * is the sum of what was smaller, for each other one it is more than half of all.
 *
 * @param x  T[draws, rows, dim], changed
 */
export function select<T>(draws: i32, rows: i32, dim: i32, tile: i32, theta: usize, ready: usize, x: usize): void {
  const n = rows * dim, step = span<T>(n), end = step * <usize>draws;
  const probs = part<T>(theta, Part.Probs, tile), missing = part<T>(theta, Part.Missing, tile);
  const one = v128.splat<T>(1);
  for (let e = 0, t = 0; e < n; e += lanes<T>()) {
    let most = v128.splat<T>(0), rest = most;
    for (let at = span<T>(e); at < end; at += step) {
      const own = v128.load(x + at);
      rest = v128.add<T>(rest, v128.pmin<T>(own, most));
      most = v128.pmax<T>(most, own);
    }
    const odds = v128.load(ready + span<T>(t)), whole = v128.add<T>(rest, most);
    const flipped = v128.gt<T>(v128.load(probs + span<T>(t)), v128.load(missing + span<T>(t)));
    for (let at = span<T>(e); at < end; at += step) {
      const own = v128.load(x + at);
      const others = v128.bitselect(rest, v128.sub<T>(whole, own), v128.eq<T>(own, most));
      const rare = v128.lt<T>(others, v128.mul<T>(odds, own));
      storeSome<T>(x + at, v128.and(one, v128.xor(rare, flipped)), n - e);
    }
    t += lanes<T>();
    if (t == tile) t = 0;
  }
}

/**
 * terms[r, k] += s (1 − s) / (s − J) / n · Σᵢ coefficient[i, r] · x[i, r, k], with coefficient f less the mean f of the other flips:
 * leave-one-out, over what the flips of a set have less of variance between them.
 *
 * @param stride       coefficients from one draw of a set to the next
 * @param each         rows that share a coefficient, one after the other
 * @param x            T[draws, stride · each, dim], from the first of the rows on
 * @param coefficient  T[draws, stride]
 * @param terms        T[rows, dim], added to
 */
export function terms<T>(draws: i32, rows: i32, stride: i32, each: i32, dim: i32, tile: i32, ready: usize, x: usize, coefficient: usize, terms: usize): void {
  const factors = ready + span<T>(tile), nextC = span<T>(stride), nextX = span<T>(stride * each * dim);
  for (let r = 0, t = 0, shared = each; r < rows; ++r, x += span<T>(dim), terms += span<T>(dim)) {
    const factor = factors + span<T>(t);
    let k = 0;
    for (; k <= dim - lanes<T>(); k += lanes<T>()) {
      let sum = v128.splat<T>(0);
      for (let i = 0, c = coefficient, at = x + span<T>(k); i < draws; ++i, c += nextC, at += nextX) sum = v128.add<T>(sum, v128.mul<T>(v128.load_splat<T>(c), v128.load(at)));
      v128.store(terms + span<T>(k), v128.add<T>(v128.load(terms + span<T>(k)), v128.mul<T>(sum, v128.load(factor + span<T>(k)))));
    }
    for (; k < dim; ++k) {
      let sum: T = 0;
      for (let i = 0, c = coefficient, at = x + span<T>(k); i < draws; ++i, c += nextC, at += nextX) sum += load<T>(c) * load<T>(at);
      store<T>(terms + span<T>(k), load<T>(terms + span<T>(k)) + sum * load<T>(factor + span<T>(k)));
    }
    t += dim;
    if (t == tile) t = 0;
    if (--shared == 0) {
      coefficient += sizeof<T>();
      shared = each;
    }
  }
}
