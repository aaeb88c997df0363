import { expOne } from "../math/once";
import { descending, firstAbove } from "../math/order";
import { numberAt, setAt } from "../memory";

/**
 * A finite support from the most probable point on, f64[batch, points + 1] each: the point at a place (i32), its probability, and
 * minus the probability of all places from this one on (so that it rises to 0 at the end). That sum is taken from the end: what is
 * left when the probable points are gone keeps its digits.
 */
export const enum Ranked { Order, Probs, Rest }

@inline
export function ranked(ready: usize, which: Ranked, batch: i32, problem: i32, points: i32): usize {
  return ready + (<usize>((<i32>which * batch + problem) * (points + 1)) << 3);
}

/**
 * @param logProb  T[points, batch], up to a constant of each problem
 * @param ready    f64[3, batch, points + 1], written
 */
export function rank<T>(points: i32, batch: i32, logProb: usize, ready: usize): void {
  rankOf(sizeof<T>(), points, batch, logProb, ready);
}

function rankOf(size: i32, points: i32, batch: i32, logProb: usize, ready: usize): void {
  for (let b = 0; b < batch; ++b) {
    const order = ranked(ready, Ranked.Order, batch, b, points), probs = ranked(ready, Ranked.Probs, batch, b, points), rest = ranked(ready, Ranked.Rest, batch, b, points);
    for (let i = 0; i < points; ++i) setAt(8, rest, i, numberAt(size, logProb, i * batch + b));
    descending(points, rest, order);
    const most = numberAt(8, rest, load<i32>(order));
    let sum: f64 = 0;
    for (let i = points - 1; i >= 0; --i) {
      const p = expOne(numberAt(8, rest, load<i32>(order + (<usize>i << 2))) - most);
      setAt(8, probs, i, p);
      sum += p;
    }
    const share = 1 / sum;
    setAt(8, rest, points, 0);
    for (let i = points - 1; i >= 0; --i) {
      setAt(8, probs, i, numberAt(8, probs, i) * share);
      setAt(8, rest, i, numberAt(8, rest, i + 1) - numberAt(8, probs, i));
    }
  }
}

/** The place among those from `from` to `to` − 1 where a mass u > 0, counted from the end, falls; none that is impossible. */
export function placeOf(rest: usize, from: i32, to: i32, u: f64): i32 {
  return from + firstAbove(to - from, rest + (<usize>(from + 1) << 3), numberAt(8, rest, to) - u);
}

/**
 * x[row] = the point at a place.
 *
 * @param support  [points, batch, dim], numbers of `size` bytes
 * @param x        [rows, dim], one row written
 */
export function copyPoint(size: i32, batch: i32, problem: i32, dim: i32, order: usize, place: i32, support: usize, row: i32, x: usize): void {
  const bytes = <usize>(dim * size);
  const from = support + <usize>(load<i32>(order + (<usize>place << 2)) * batch + problem) * bytes, to = x + <usize>row * bytes;
  if (dim > 16) memory.copy(to, from, bytes);
  else for (let j = 0; j < dim; ++j) setAt(size, to, j, numberAt(size, from, j));
}
