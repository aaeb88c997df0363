import { Part as Choice, part } from "../distributions/categorical";
import { span } from "../lanes";
import { setAt } from "../memory";
import { strideOf } from "../random/choices";
import { CHUNK } from "../random/stream";
import { begin, nextRow, skip } from "../random/uniforms";
import { at, beyond, clear, put, Ready } from "./sticks";

/** Coins that are looked at together, so that no branch hangs on which of them is the first 1. */
const TOGETHER: i32 = 8;
/** Places that cost less, all of them, than a branch that is guessed wrong. */
const FEW: i32 = 32;

/**
 * The pair of the coins themselves, with their uniforms: coin k of the order is 1[u < αₖ], its mirror 1[1 − u < αₖ].
 *
 * @param uniform      T[rows, categories − 1], written; ½ where neither choice needed the coin: that integrates it out
 * @param x, mirrored  T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, categories: i32, dim: i32, ready: usize, uniform: usize, x: usize, mirrored: usize): void {
  sampleOf(sizeof<T>(), low, high, site, chunk, rows, batch, categories, dim, ready, uniform, x, mirrored);
}

function sampleOf(size: i32, low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, categories: i32, dim: i32, ready: usize, uniform: usize, x: usize, mirrored: usize): void {
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
    if (count > FEW) while (needed > 0 && load<T>(uniform + span<T>(needed - 1)) == <T>0.5) --needed;
    const before = flipped<T>(needed, at(ready, Ready.Order, batch, b, categories), at(ready, Ready.Inverse, batch, b, categories), own, uniform, c, terms);
    if (needed > 0) beyond<T>(categories, <T>(needed - 1), -c * <T>before, at(ready, Ready.Place, batch, b, categories), own, terms);
    if (++b == batch) b = 0;
  }
}

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
