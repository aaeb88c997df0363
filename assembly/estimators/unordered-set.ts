import { addAt, numberAt, setAt } from "../memory";
import { CHUNK } from "../random/stream";
import { begin, next } from "../random/uniforms";
import { copyPoint, placeOf, ranked, Ranked } from "./ranked-support";

/** Most draws of a set: its weights cost draws · 2^draws operations. */
const MOST: i32 = 12;
/** Places drawn so far, in order, between two that are none: −1 and the number of points. */
const DRAWN = memory.data((12 + 2) * 4, 16);
/** P(the rest of the set is what is drawn next, given that A was) for each subset A of it. */
const NEXT = memory.data(4096 * 8, 16);

/**
 * Sets of `draws` different points, drawn one after the other without replacement: the law of the `draws` largest of log p + Gumbel
 * noise, from one uniform a draw.
 *
 * @param ready    written by rankedSupport's `rank`
 * @param support  T[points, batch, dim]
 * @param x        T[draws, rows, dim], written
 * @param probs    T[draws + 1, rows], written: of each point of the set, and of all that are not in it
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, draws: i32, rows: i32, batch: i32, points: i32, dim: i32, ready: usize, support: usize, x: usize, probs: usize): void {
  sampleOf(sizeof<T>(), low, high, site, chunk, draws, rows, batch, points, dim, ready, support, x, probs);
}

function sampleOf(size: i32, low: u32, high: u32, site: u32, chunk: u32, draws: i32, rows: i32, batch: i32, points: i32, dim: i32, ready: usize, support: usize, x: usize, probs: usize): void {
  for (let r = 0; r < rows; ++r) {
    if (r % CHUNK == 0) begin(low, high, site, chunk++);
    const b = r % batch, rest = ranked(ready, Ranked.Rest, batch, b, points);
    store<i32>(DRAWN, -1);
    store<i32>(DRAWN, points, 4);
    for (let i = 0; i < draws; ++i) {
      const place = drawOne(i, rest, next());
      insert(i, place);
      copyPoint(size, batch, b, dim, ranked(ready, Ranked.Order, batch, b, points), place, support, i * rows + r, x);
      setAt(size, probs, i * rows + r, numberAt(8, ranked(ready, Ranked.Probs, batch, b, points), place));
    }
    setAt(size, probs, draws * rows + r, remaining(draws, rest));
  }
}

@inline
function drawn(i: i32): i32 {
  return load<i32>(DRAWN + (<usize>i << 2));
}

/** The mass of the places between the drawn ones i and i + 1; exactly 0 if there is none. */
function between(i: i32, rest: usize): f64 {
  const from = drawn(i) + 1, to = drawn(i + 1);
  return from < to ? numberAt(8, rest, to) - numberAt(8, rest, from) : 0;
}

/** What is not drawn, from the smallest to the largest. */
function remaining(count: i32, rest: usize): f64 {
  let sum: f64 = 0;
  for (let i = count; i >= 0; --i) sum += between(i, rest);
  return sum;
}

/** A place that was not drawn before, by inversion over the gaps between those that were; impossible ones last, in their order. */
function drawOne(count: i32, rest: usize, u: f64): i32 {
  let left = u * remaining(count, rest), gap = -1, mass: f64 = 0;
  for (let i = count; i >= 0; --i) {
    const own = between(i, rest);
    if (own == 0) continue;
    gap = i;
    mass = own;
    if (left <= own) break;
    left -= own;
  }
  if (gap >= 0) return placeOf(rest, drawn(gap) + 1, drawn(gap + 1), min(left, mass));
  gap = 0;
  while (drawn(gap) + 1 == drawn(gap + 1)) ++gap;
  return drawn(gap) + 1;
}

function insert(count: i32, place: i32): void {
  let i = count + 1;
  for (; drawn(i) > place; --i) store<i32>(DRAWN + (<usize>(i + 1) << 2), drawn(i));
  store<i32>(DRAWN + (<usize>(i + 1) << 2), place);
}

/**
 * weight[i] = p(xᵢ) R(S, xᵢ), R(S, s) = P(S ∖ s, s being gone) / P(S); total = Σᵢ weight[i] f[i];
 * coefficient[i] = weight[i] (f[i] − b[i]), b[i] = p(xᵢ) f[i] + Σ_{j ≠ i} p(xⱼ) P(S ∖ {xᵢ, xⱼ}, both gone) / P(S ∖ xᵢ, xᵢ gone) f[j] with a baseline, else 0.
 *
 * Kool, van Hoof & Welling 2020. All of these probabilities are in one table over the subsets A of S,
 * P(S ∖ A, A gone) = Σ_{s ∈ S ∖ A} p(s) / (1 − P(A)) · P(S ∖ A ∖ s, A and s gone), with 1 − P(A) as the sum of what it is made of.
 *
 * @param probs                         T[draws + 1, rows], as `sample` wrote it
 * @param value, weight, coefficient    T[draws, rows]; the last two written
 * @param total                         T[rows], written
 */
export function weigh<T>(draws: i32, rows: i32, baseline: bool, probs: usize, value: usize, weight: usize, coefficient: usize, total: usize): void {
  weighOf(sizeof<T>(), draws, rows, baseline, probs, value, weight, coefficient, total);
}

function weighOf(size: i32, draws: i32, rows: i32, baseline: bool, probs: usize, value: usize, weight: usize, coefficient: usize, total: usize): void {
  for (let r = 0; r < rows; ++r) {
    tabulate(size, draws, rows, r, probs);
    const whole = numberAt(8, NEXT, 0);
    setAt(size, total, r, 0);
    for (let i = 0; i < draws; ++i) {
      const e = i * rows + r, alone = numberAt(8, NEXT, 1 << i);
      const w = whole > 0 ? numberAt(size, probs, e) * alone / whole : 0;
      const compared = baseline ? expected(size, draws, rows, r, i, alone, probs, value) : 0;
      setAt(size, weight, e, w);
      setAt(size, coefficient, e, w * (numberAt(size, value, e) - compared));
      addAt(size, total, r, w * numberAt(size, value, e));
    }
  }
}

/** The estimate of E f that the set makes when xᵢ is given. */
function expected(size: i32, draws: i32, rows: i32, r: i32, i: i32, alone: f64, probs: usize, value: usize): f64 {
  let sum: f64 = 0;
  for (let j = 0; j < draws; ++j) {
    const e = j * rows + r;
    const ratio = j == i ? 1 : alone > 0 ? numberAt(8, NEXT, 1 << i | 1 << j) / alone : 0;
    sum += ratio * numberAt(size, probs, e) * numberAt(size, value, e);
  }
  return sum;
}

/** NEXT[A] for all subsets A, from the whole set down. Where nothing possible is left to draw, what is impossible costs nothing. */
function tabulate(size: i32, draws: i32, rows: i32, r: i32, probs: usize): void {
  const last = (1 << min(draws, MOST)) - 1, outside = numberAt(size, probs, draws * rows + r);
  setAt(8, NEXT, last, 1);
  for (let a = last - 1; a >= 0; --a) {
    let mass = outside, sum: f64 = 0;
    for (let left = last & ~a; left != 0; left &= left - 1) {
      const s = ctz(left), p = numberAt(size, probs, s * rows + r);
      mass += p;
      sum += p * numberAt(8, NEXT, a | 1 << s);
    }
    setAt(8, NEXT, a, mass > 0 ? sum / mass : 1);
  }
}
