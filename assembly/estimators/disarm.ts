import { part, Part } from "../distributions/bernoulli";
import { lanes, span } from "../lanes";

/**
 * terms[r, j] += coefficient[r] · ½ (b − b̃)[r, j] · max(pⱼ, 1 − pⱼ), with coefficient = f(b) − f(b̃).
 *
 * Dong, Mnih & Tucker 2020, with (−1)^b̃ · 1[b ≠ b̃] written b − b̃ and sigmoid(|logit|) written max(p, 1 − p).
 *
 * @param theta        prepared by bernoulli's `prepare`
 * @param x, mirrored  T[rows, dim]: b and b̃
 * @param coefficient  T[rows]
 * @param terms        T[rows, dim], added to
 */
export function terms<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, mirrored: usize, coefficient: usize, terms: usize): void {
  const probs = part<T>(theta, Part.Probs, tile), missing = part<T>(theta, Part.Missing, tile);
  for (let r = 0, t = 0; r < rows; ++r) {
    const half: T = <T>0.5 * load<T>(coefficient + span<T>(r));
    const p = probs + span<T>(t), q = missing + span<T>(t);
    const each = v128.splat<T>(half);
    let j = 0;
    for (; j <= dim - lanes<T>(); j += lanes<T>()) {
      const at = span<T>(j);
      const larger = v128.pmax<T>(v128.load(p + at), v128.load(q + at));
      const change = v128.mul<T>(v128.mul<T>(each, larger), v128.sub<T>(v128.load(x + at), v128.load(mirrored + at)));
      v128.store(terms + at, v128.add<T>(v128.load(terms + at), change));
    }
    for (; j < dim; ++j) {
      const at = span<T>(j);
      const larger: T = max<T>(load<T>(p + at), load<T>(q + at));
      store<T>(terms + at, load<T>(terms + at) + half * larger * (load<T>(x + at) - load<T>(mirrored + at)));
    }
    x += span<T>(dim);
    mirrored += span<T>(dim);
    terms += span<T>(dim);
    t += dim;
    if (t == tile) t = 0;
  }
}
