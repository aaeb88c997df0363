import { lanes, span } from "../lanes";
import { strideOf } from "../random/choices";

/**
 * Antithetic pairs of a choice among K: the sticks of Dong, Mnih & Tucker 2021. A choice is the first 1 among K − 1 coins (the last
 * category if there is none), coin k with probability αₖ = pₖ / (pₖ + Rₖ), Rₖ the probability of all that come later; a pair of
 * choices comes from antithetic pairs of coins. Categories are taken from the most probable on: then the pair parts soonest.
 *
 * What a call makes ready, f64[batch, stride] each: the category of a place in that order; sums of p up to it; the probability that
 * the mirrored choice has not come yet if the other has not; α; 1 / R (0 where R is); M = max(α, 1 − α); (1 − M) / R; and last, T: the
 * place of each category.
 */
export const enum Ready { Order, Cumulative, Survival, Stick, Inverse, Larger, Share, Place }

@inline
export function at(ready: usize, which: Ready, batch: i32, problem: i32, categories: i32): usize {
  return ready + (<usize>((<i32>which * batch + problem) * strideOf(categories)) << 3);
}

/** Rows of nothing but zeros. */
export function clear(size: i32, rows: i32, dim: i32, x: usize, mirrored: usize): void {
  memory.fill(x, 0, <usize>(rows * dim) * <usize>size);
  memory.fill(mirrored, 0, <usize>(rows * dim) * <usize>size);
}

/** A choice into its row: an index, or the 1 of a one-hot row. */
@inline
export function put(size: i32, dim: i32, row: i32, category: i32, x: usize): void {
  const value: f64 = dim == 1 ? category : 1, i = dim == 1 ? row : row * dim + category;
  if (size == 4) store<f32>(x + (<usize>i << 2), <f32>value);
  else store<f64>(x + (<usize>i << 3), value);
}

/** terms[k] += share · pₖ for the categories that come after a place. */
@inline
export function beyond<T>(categories: i32, place: T, share: T, places: usize, probs: usize, terms: usize): void {
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
