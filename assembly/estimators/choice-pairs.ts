import { Part as Choice, part } from "../distributions/categorical";
import { lanes, span } from "../lanes";
import { descending, firstAbove } from "../math/order";
import { addAt, numberAt, setAt } from "../memory";
import { strideOf } from "../random/choices";
import { CHUNK } from "../random/stream";
import { begin, next, nextFour, skip } from "../random/uniforms";

/**
 * Antithetic pairs of a choice among K: the sticks of Dong, Mnih & Tucker 2021. A choice is the first 1 among K − 1 coins (the last
 * category if there is none), coin k with probability αₖ = pₖ / (pₖ + Rₖ), Rₖ the probability of all that come later; a pair of
 * choices comes from antithetic pairs of coins. Categories are taken from the most probable on: then the pair parts soonest.
 *
 * What a call makes ready, f64[batch, stride] each: the category of a place in that order; sums of p up to it; the probability that
 * the mirrored choice has not come yet if the other has not; α; 1 / R (0 where R is); and last, T: the place of each category.
 */
const enum Ready { Order, Cumulative, Survival, Stick, Inverse, Place }

@inline
function at(ready: usize, which: Ready, batch: i32, problem: i32, categories: i32): usize {
  return ready + (<usize>((<i32>which * batch + problem) * strideOf(categories)) << 3);
}

/**
 * @param theta  prepared by categorical's `prepare`
 * @param ready  f64[6, batch, stride], written
 */
export function prepare<T>(batch: i32, categories: i32, theta: usize, ready: usize): void {
  const probs = part<T>(theta, Choice.Probs, batch, categories);
  for (let b = 0; b < batch; ++b) prepareOf(sizeof<T>(), batch, b, categories, probs + span<T>(b * strideOf(categories)), ready);
}

function prepareOf(size: i32, batch: i32, b: i32, categories: i32, probs: usize, ready: usize): void {
  const order = at(ready, Ready.Order, batch, b, categories), sums = at(ready, Ready.Cumulative, batch, b, categories);
  const survival = at(ready, Ready.Survival, batch, b, categories), stick = at(ready, Ready.Stick, batch, b, categories);
  const inverse = at(ready, Ready.Inverse, batch, b, categories), place = at(ready, Ready.Place, batch, b, categories);
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
    const own = firstAbove(categories, sums, numberAt(8, uniforms, 0) * numberAt(8, sums, categories - 1));
    let other = firstAbove(own + 1, at(ready, Ready.Survival, batch, b, categories), -numberAt(8, uniforms, 1));
    if (other >= own) other = later(categories, own, numberAt(8, uniforms, 2), numberAt(8, at(ready, Ready.Stick, batch, b, categories), own), sums);
    put(size, dim, r, load<i32>(order + (<usize>own << 2)), x);
    put(size, dim, r, load<i32>(order + (<usize>other << 2)), mirrored);
    if (++b == batch) b = 0;
  }
}

/** The place of the mirrored choice if it is not before `own`: that coin shows 1 on both sides as far as it must, or the rest decides. */
function later(categories: i32, own: i32, u: f64, stick: f64, sums: usize): i32 {
  const both = stick > 0.5 ? (2 * stick - 1) / stick : 0;
  if (own == categories - 1 || u < both) return own;
  const before = numberAt(8, sums, own), v = (u - both) / (1 - both);
  const place = firstAbove(categories, sums, before + v * (numberAt(8, sums, categories - 1) - before));
  return max(place, own + 1);
}

function clear(size: i32, rows: i32, dim: i32, x: usize, mirrored: usize): void {
  memory.fill(x, 0, <usize>(rows * dim) * <usize>size);
  memory.fill(mirrored, 0, <usize>(rows * dim) * <usize>size);
}

function put(size: i32, dim: i32, row: i32, category: i32, x: usize): void {
  if (dim == 1) setAt(size, x, row, <f64>category);
  else setAt(size, x, row * dim + category, 1);
}

/** The category of a row, an index or the 1 of a one-hot row. */
@inline
function categoryOf<T>(categories: i32, dim: i32, x: usize): i32 {
  if (dim == 1) return <i32>load<T>(x);
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
    const ahead = load<T>(places + span<T>(own)) < load<T>(places + span<T>(other));
    const first = ahead ? own : other, second = ahead ? other : own;
    const half: T = (ahead ? <T>0.5 : <T>-0.5) * load<T>(coefficient + span<T>(r));
    if (own != other) {
      const place = load<T>(places + span<T>(first)), i = <i32>place;
      const stick = numberAt(8, at(ready, Ready.Stick, batch, b, categories), i), larger = max(stick, 1 - stick);
      const share = half * <T>((1 - larger) * numberAt(8, at(ready, Ready.Inverse, batch, b, categories), i));
      store<T>(terms + span<T>(first), load<T>(terms + span<T>(first)) + half * <T>larger);
      store<T>(terms + span<T>(second), load<T>(terms + span<T>(second)) - half);
      beyond<T>(categories, place, share, places, probs + span<T>(b * strideOf(categories)), terms);
    }
    if (++b == batch) b = 0;
  }
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
    if (load<T>(places + span<T>(k)) > place) store<T>(terms + span<T>(k), load<T>(terms + span<T>(k)) + share * load<T>(probs + span<T>(k)));
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
    let own = count, other = count, k = 0;
    for (; k < count && (own == count || other == count); ++k) {
      const u = next(), stick = numberAt(8, sticks, k);
      setAt(size, uniform, r * count + k, u);
      if (own == count && u < stick) own = k;
      if (other == count && 1 - u < stick) other = k;
    }
    skip(count - k);
    for (; k < count; ++k) setAt(size, uniform, r * count + k, 0.5);
    put(size, dim, r, load<i32>(order + (<usize>own << 2)), x);
    put(size, dim, r, load<i32>(order + (<usize>other << 2)), mirrored);
    if (++b == batch) b = 0;
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
    let last = count - 1;
    while (last >= 0 && load<T>(uniform + span<T>(last)) == <T>0.5) --last;
    const before = flipped(sizeof<T>(), last, at(ready, Ready.Order, batch, b, categories), at(ready, Ready.Inverse, batch, b, categories), own, uniform, c, terms);
    if (last >= 0) beyond<T>(categories, <T>last, -c * <T>before, at(ready, Ready.Place, batch, b, categories), own, terms);
    if (++b == batch) b = 0;
  }
}

/** The terms of the places up to the last coin that was needed; returns Σₖ (½ − uₖ) / Rₖ. */
function flipped(size: i32, last: i32, order: usize, inverse: usize, probs: usize, uniform: usize, c: f64, terms: usize): f64 {
  let before: f64 = 0;
  for (let k = 0; k <= last; ++k) {
    const category = load<i32>(order + (<usize>k << 2)), over = numberAt(8, inverse, k);
    // The coin of the last possible category is always 1, and no logit moves it.
    const noise = over > 0 ? 0.5 - numberAt(size, uniform, k) : 0;
    addAt(size, terms, category, c * (noise - before * numberAt(size, probs, category)));
    before += noise * over;
  }
  return before;
}
