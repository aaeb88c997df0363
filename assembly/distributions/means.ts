import { lanes, span, storeSome } from "../lanes";
import { strideOf } from "../random/choices";
import * as flips from "./bernoulli";
import * as choices from "./categorical";
import { product } from "./concrete";

/** Pull-backs through E[x] as a function of the logits. */

/**
 * terms[r, j] += cotangent[r, j] · pⱼ (1 − pⱼ)
 *
 * @param theta      prepared by bernoulli's `prepare`
 * @param cotangent  T[rows, dim]
 * @param terms      T[rows, dim], added to
 */
export function pullFlips<T>(rows: i32, dim: i32, tile: i32, theta: usize, cotangent: usize, terms: usize): void {
  const probs = flips.part<T>(theta, flips.Part.Probs, tile), missing = flips.part<T>(theta, flips.Part.Missing, tile);
  for (let n = rows * dim, done = 0; done < n; done += tile) {
    const count = min(tile, n - done);
    for (let i = 0; i < count; i += lanes<T>()) {
      const at = span<T>(i), slope = v128.mul<T>(v128.load(probs + at), v128.load(missing + at));
      storeSome<T>(terms + at, v128.add<T>(v128.load(terms + at), v128.mul<T>(v128.load(cotangent + at), slope)), count - i);
    }
    cotangent += span<T>(count);
    terms += span<T>(count);
  }
}

/**
 * terms[r, k] += pₖ (cotangent[r, k] − Σᵢ pᵢ cotangent[r, i])
 *
 * @param theta      prepared by categorical's `prepare`
 * @param cotangent  T[rows, categories]
 * @param terms      T[rows, categories], added to
 */
export function pullChoices<T>(rows: i32, batch: i32, categories: i32, theta: usize, cotangent: usize, terms: usize): void {
  const probs = choices.part<T>(theta, choices.Part.Probs, batch, categories), row = span<T>(categories);
  for (let r = 0, b = 0; r < rows; ++r, cotangent += row, terms += row) {
    const p = probs + span<T>(b * strideOf(categories));
    const mean = v128.splat<T>(product<T>(categories, cotangent, p));
    for (let k = 0; k < categories; k += lanes<T>()) {
      const at = span<T>(k), change = v128.mul<T>(v128.load(p + at), v128.sub<T>(v128.load(cotangent + at), mean));
      storeSome<T>(terms + at, v128.add<T>(v128.load(terms + at), change), categories - k);
    }
    if (++b == batch) b = 0;
  }
}
