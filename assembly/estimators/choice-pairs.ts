import { Part as Choice, part } from "../distributions/categorical";
import { lanes, span } from "../lanes";
import { descending, firstAbove } from "../math/order";
import { addAt, numberAt, setAt } from "../memory";
import { strideOf } from "../random/choices";
import { CHUNK } from "../random/stream";
import { begin, nextFour, nextRow, skip } from "../random/uniforms";

/**
 * Antithetic pairs of a choice among K: the sticks of Dong, Mnih & Tucker 2021. A choice is the first 1 among K − 1 coins (the last
 * category if there is none), coin k with probability αₖ = pₖ / (pₖ + Rₖ), Rₖ the probability of all that come later; a pair of
 * choices comes from antithetic pairs of coins. Categories are taken from the most probable on: then the pair parts soonest.
 *
 * What a call makes ready, f64[batch, stride] each: the category of a place in that order; sums of p up to it; the probability that
 * the mirrored choice has not come yet if the other has not; α; 1 / R (0 where R is); M = max(α, 1 − α); (1 − M) / R; and last, T: the
 * place of each category.
 */
const enum Ready { Order, Cumulative, Survival, Stick, Inverse, Larger, Share, Place }

@inline
function at(ready: usize, which: Ready, batch: i32, problem: i32, categories: i32): usize {
  return ready + (<usize>((<i32>which * batch + problem) * strideOf(categories)) << 3);
}

/**
 * @param theta  prepared by categorical's `prepare`
 * @param ready  f64[8, batch, stride], written
 */
export function prepare<T>(batch: i32, categories: i32, theta: usize, ready: usize): void {
  const probs = part<T>(theta, Choice.Probs, batch, categories);
  for (let b = 0; b < batch; ++b) prepareOf(sizeof<T>(), batch, b, categories, probs + span<T>(b * strideOf(categories)), ready);
}

function prepareOf(size: i32, batch: i32, b: i32, categories: i32, probs: usize, ready: usize): void {
  const order = at(ready, Ready.Order, batch, b, categories), sums = at(ready, Ready.Cumulative, batch, b, categories);
  const survival = at(ready, Ready.Survival, batch, b, categories), stick = at(ready, Ready.Stick, batch, b, categories);
  const inverse = at(ready, Ready.Inverse, batch, b, categories), place = at(ready, Ready.Place, batch, b, categories);
  const larger = at(ready, Ready.Larger, batch, b, categories), share = at(ready, Ready.Share, batch, b, categories);
  for (let k = 0; k < categories; ++k) setAt(8, sums, k, numberAt(size, probs, k));
  descending(categories, sums, order);
  let rest: f64 = 0;
  for (let k = categories - 1; k >= 0; --k) {
    const category = load<i32>(order + (<usize>k << 2)), p = numberAt(size, probs, category);
    setAt(8, inverse, k, rest > 0 ? 1 / rest : 0);
    rest += p;
    setAt(8, stick, k, p > 0 ? p / rest : 0);
    setAt(size, place, category, k);
  }
  let sum: f64 = 0, alive: f64 = 1;
  for (let k = 0; k < categories; ++k) {
    sum += numberAt(size, probs, load<i32>(order + (<usize>k << 2)));
    setAt(8, sums, k, sum);
    const a = numberAt(8, stick, k);
    alive = a < 0.5 ? alive * (1 - 2 * a) / (1 - a) : 0;
    setAt(8, larger, k, max(a, 1 - a));
    setAt(8, share, k, (1 - max(a, 1 - a)) * numberAt(8, inverse, k));
    setAt(8, survival, k, -alive); // negative: the sums rise
  }
}

/**
 * Pairs by inversion, three uniforms a row (of four), in O(log K): the first choice i; whether the mirrored one came before, and where; if it came
 * later, where. The law is that of the coins: while both are out, a coin that fails in one succeeds in the other with probability
 * min(α, 1 − α) / (1 − α).
 *
 * @param dim          1: a choice is an index; `categories`: a one-hot row
 * @param x, mirrored  T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, categories: i32, dim: i32, ready: usize, x: usize, mirrored: usize): void {
  sampleOf(sizeof<T>(), low, high, site, chunk, rows, batch, categories, dim, ready, x, mirrored);
}

function sampleOf(size: i32, low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, categories: i32, dim: i32, ready: usize, x: usize, mirrored: usize): void {
  if (dim > 1) clear(size, rows, dim, x, mirrored);
  let b = <i32>(<u64>chunk * CHUNK % batch);
  for (let r = 0; r < rows; ++r) {
    if (r % CHUNK == 0) begin(low, high, site, chunk++);
    const order = at(ready, Ready.Order, batch, b, categories), sums = at(ready, Ready.Cumulative, batch, b, categories);
    const uniforms = nextFour();
    const own = firstAbove(categories, sums, load<f64>(uniforms) * load<f64>(sums + (<usize>(categories - 1) << 3)));
    const before = firstAbove(categories, at(ready, Ready.Survival, batch, b, categories), -load<f64>(uniforms, 8));
    const after = later(categories, own, load<f64>(uniforms, 16), load<f64>(at(ready, Ready.Stick, batch, b, categories) + (<usize>own << 3)), sums);
    const other = select(before, after, before < own);
    put(size, dim, r, load<i32>(order + (<usize>own << 2)), x);
    put(size, dim, r, load<i32>(order + (<usize>other << 2)), mirrored);
    if (++b == batch) b = 0;
  }
}

/** The place of the mirrored choice if it is not before `own`: that coin shows 1 on both sides as far as it must, or the rest decides. */
@inline
function later(categories: i32, own: i32, u: f64, stick: f64, sums: usize): i32 {
  const both = max<f64>(0, (2 * stick - 1) / stick), from = load<f64>(sums + (<usize>own << 3)), all = load<f64>(sums + (<usize>(categories - 1) << 3));
  const place = firstAbove(categories, sums, from + (u - both) / (1 - both) * (all - from));
  return select(own, max(place, own + 1), i32(own == categories - 1) | i32(u < both));
}

function clear(size: i32, rows: i32, dim: i32, x: usize, mirrored: usize): void {
  memory.fill(x, 0, <usize>(rows * dim) * <usize>size);
  memory.fill(mirrored, 0, <usize>(rows * dim) * <usize>size);
}

@inline
function put(size: i32, dim: i32, row: i32, category: i32, x: usize): void {
  const value: f64 = dim == 1 ? category : 1, i = dim == 1 ? row : row * dim + category;
  if (size == 4) store<f32>(x + (<usize>i << 2), <f32>value);
  else store<f64>(x + (<usize>i << 3), value);
}

/** A small whole number as an integer: it stands in the last bits of its sum with 2²³ (2⁵²). Conversion would look at every case first. */
@inline
function index<T>(x: T): i32 {
  if (sizeof<T>() == 4) return reinterpret<i32>(<f32>x + 8388608) & 0x7fffff;
  return <i32>reinterpret<i64>(<f64>x + 4503599627370496);
}

/** The category of a row, an index or the 1 of a one-hot row. */
@inline
function categoryOf<T>(categories: i32, dim: i32, x: usize): i32 {
  if (dim == 1) return index<T>(load<T>(x));
  let k = 0;
  while (k < categories - 1 && load<T>(x + span<T>(k)) == 0) ++k;
  return k;
}

/**
 * With i and j the places of a pair, i < j, and M = max(αᵢ, 1 − αᵢ): terms += ½ coefficient · (M eᵢ − eⱼ + (1 − M) p / Rᵢ beyond place i),
 * and minus that where the mirrored choice is the first of the two. The coins that neither choice needed are integrated out.
 *
 * @param coefficient  T[rows], f(x) − f(mirrored)
 * @param terms        T[rows, categories], added to
 */
export function disarm<T>(rows: i32, batch: i32, categories: i32, dim: i32, theta: usize, ready: usize, x: usize, mirrored: usize, coefficient: usize, terms: usize): void {
  const probs = part<T>(theta, Choice.Probs, batch, categories);
  for (let r = 0, b = 0; r < rows; ++r, x += span<T>(dim), mirrored += span<T>(dim), terms += span<T>(categories)) {
    const places = at(ready, Ready.Place, batch, b, categories);
    const own = categoryOf<T>(categories, dim, x), other = categoryOf<T>(categories, dim, mirrored);
    // Which of the two is first is anyone's guess, so no branch hangs on it: signs and minima instead.
    const at1 = load<T>(places + span<T>(own)), gap: T = load<T>(places + span<T>(other)) - at1;
    const place = at1 + least<T>(gap, 0), i = index<T>(place), size = abs<T>(gap);
    const half: T = copysign<T>(<T>0.5 * least<T>(size, 1), gap) * load<T>(coefficient + span<T>(r));
    const share = half * <T>load<f64>(at(ready, Ready.Share, batch, b, categories) + (<usize>i << 3));
    const order = at(ready, Ready.Order, batch, b, categories);
    const first = load<i32>(order + (<usize>i << 2)), second = load<i32>(order + (<usize>(i + index<T>(size)) << 2));
    beyond<T>(categories, place, share, places, probs + span<T>(b * strideOf(categories)), terms);
    store<T>(terms + span<T>(first), load<T>(terms + span<T>(first)) + half * <T>load<f64>(at(ready, Ready.Larger, batch, b, categories) + (<usize>i << 3)));
    store<T>(terms + span<T>(second), load<T>(terms + span<T>(second)) - half);
    if (++b == batch) b = 0;
  }
}

@inline
function least<T>(x: T, y: T): T {
  return v128.extract_lane<T>(v128.pmin<T>(v128.splat<T>(x), v128.splat<T>(y)), 0);
}

/** terms[k] += share · pₖ for the categories that come after a place. */
@inline
function beyond<T>(categories: i32, place: T, share: T, places: usize, probs: usize, terms: usize): void {
  const each = v128.splat<T>(share), from = v128.splat<T>(place);
  let k = 0;
  for (; k <= categories - lanes<T>(); k += lanes<T>()) {
    const part = v128.and(v128.gt<T>(v128.load(places + span<T>(k)), from), v128.mul<T>(each, v128.load(probs + span<T>(k))));
    v128.store(terms + span<T>(k), v128.add<T>(v128.load(terms + span<T>(k)), part));
  }
  for (; k < categories; ++k) {
    const after = <T>i32(load<T>(places + span<T>(k)) > place);
    store<T>(terms + span<T>(k), load<T>(terms + span<T>(k)) + share * after * load<T>(probs + span<T>(k)));
  }
}

/**
 * The pair of the coins themselves, with their uniforms: coin k of the order is 1[u < αₖ], its mirror 1[1 − u < αₖ].
 *
 * @param uniform      T[rows, categories − 1], written; ½ where neither choice needed the coin: that integrates it out
 * @param x, mirrored  T[rows, dim], written
 */
export function coins<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, categories: i32, dim: i32, ready: usize, uniform: usize, x: usize, mirrored: usize): void {
  coinsOf(sizeof<T>(), low, high, site, chunk, rows, batch, categories, dim, ready, uniform, x, mirrored);
}

function coinsOf(size: i32, low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, categories: i32, dim: i32, ready: usize, uniform: usize, x: usize, mirrored: usize): void {
  if (dim > 1) clear(size, rows, dim, x, mirrored);
  const count = categories - 1;
  let b = <i32>(<u64>chunk * CHUNK % batch);
  for (let r = 0; r < rows; ++r) {
    if (r % CHUNK == 0) begin(low, high, site, chunk++);
    const order = at(ready, Ready.Order, batch, b, categories), sticks = at(ready, Ready.Stick, batch, b, categories);
    let own = 0, other = 0, k = 0;
    while (k < count && max(own, other) == k) {
      const some = min(count - k, TOGETHER), u = nextRow(some), stick = sticks + (<usize>k << 3);
      own += zeros(some, u, stick, false) * i32(own == k);
      other += zeros(some, u, stick, true) * i32(other == k);
      keep(size, some, max(own, other) - k, u, uniform + <usize>(size * k));
      k += some;
    }
    skip(count - k);
    for (; k < count; ++k) setAt(size, uniform, k, 0.5);
    uniform += <usize>(size * count);
    put(size, dim, r, load<i32>(order + (<usize>own << 2)), x);
    put(size, dim, r, load<i32>(order + (<usize>other << 2)), mirrored);
    if (++b == batch) b = 0;
  }
}

/** Coins that are looked at together, so that no branch hangs on which of them is the first 1. */
const TOGETHER: i32 = 8;

/** How many coins are 0 before the first 1. */
@inline
function zeros(count: i32, u: usize, stick: usize, mirrored: bool): i32 {
  let ones = 1 << count;
  for (let k = 0; k < count; k += 2) {
    let own = v128.load(u + (<usize>k << 3));
    if (mirrored) own = f64x2.sub(f64x2.splat(1), own);
    ones |= i64x2.bitmask(f64x2.lt(own, v128.load(stick + (<usize>k << 3)))) << k;
  }
  // One coin more than there are may have been looked at.
  return min(count, ctz(ones));
}

/** The uniforms of the coins up to the last one that was needed, and ½ from there on. */
@inline
function keep(size: i32, count: i32, last: i32, u: usize, uniform: usize): void {
  for (let k = 0; k < count; ++k) {
    const own = load<f64>(u + (<usize>k << 3)), noise = (own - 0.5) * <f64>i32(k <= last);
    if (size == 4) store<f32>(uniform + (<usize>k << 2), <f32>(0.5 + noise));
    else store<f64>(uniform + (<usize>k << 3), 0.5 + noise);
  }
}

/**
 * terms += coefficient · Σₖ (½ − uₖ) ∂φₖ, φₖ the log-odds of coin k: ∂φₖ = 1 in its own logit, −p / Rₖ in the logits beyond it.
 *
 * @param coefficient  T[rows], f(x) − f(mirrored)
 * @param terms        T[rows, categories], added to
 */
export function arm<T>(rows: i32, batch: i32, categories: i32, theta: usize, ready: usize, uniform: usize, coefficient: usize, terms: usize): void {
  const probs = part<T>(theta, Choice.Probs, batch, categories), count = categories - 1;
  for (let r = 0, b = 0; r < rows; ++r, uniform += span<T>(count), terms += span<T>(categories)) {
    const own = probs + span<T>(b * strideOf(categories)), c = load<T>(coefficient + span<T>(r));
    let needed = count;
    // Where there are few coins, all of them cost less than a branch that is guessed wrong.
    if (count > FEW) while (needed > 0 && load<T>(uniform + span<T>(needed - 1)) == <T>0.5) --needed;
    const before = flipped<T>(needed, at(ready, Ready.Order, batch, b, categories), at(ready, Ready.Inverse, batch, b, categories), own, uniform, c, terms);
    if (needed > 0) beyond<T>(categories, <T>(needed - 1), -c * <T>before, at(ready, Ready.Place, batch, b, categories), own, terms);
    if (++b == batch) b = 0;
  }
}

const FEW: i32 = 32;

/** The terms of the places whose coins were needed; returns Σₖ (½ − uₖ) / Rₖ. */
@inline
function flipped<T>(needed: i32, order: usize, inverse: usize, probs: usize, uniform: usize, c: f64, terms: usize): f64 {
  let before: f64 = 0;
  for (let k = 0; k < needed; ++k) {
    const category = <usize>load<i32>(order + (<usize>k << 2)), over = load<f64>(inverse + (<usize>k << 3));
    // The coin of the last possible category is always 1, and no logit moves it.
    const noise = over > 0 ? 0.5 - <f64>load<T>(uniform + span<T>(k)) : 0;
    const term = terms + category * sizeof<T>();
    store<T>(term, <T>(<f64>load<T>(term) + c * (noise - before * <f64>load<T>(probs + category * sizeof<T>()))));
    before += noise * over;
  }
  return before;
}
