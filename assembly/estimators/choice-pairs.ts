import { Part as Choice, part } from "../distributions/categorical";
import { span } from "../lanes";
import { descending, firstAbove } from "../math/order";
import { numberAt, setAt } from "../memory";
import { strideOf } from "../random/choices";
import { CHUNK } from "../random/stream";
import { begin, nextFour } from "../random/uniforms";
import { at, beyond, clear, put, Ready } from "./sticks";

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
