import { lanes, span } from "../lanes";

/**
 * Whether all sign · x[i] are numbers below ∞.
 *
 * @param sign  1 of logits, −1 of costs
 * @param x     T[n]
 * @returns −1 if they are, −2 if some of them are −∞: forbidden; otherwise the first that is no number or ∞
 */
export function check<T>(n: i32, sign: f64, x: usize): i32 {
  const by = v128.splat<T>(<T>sign), infinity = v128.splat<T>(<T>Infinity);
  let forbidden = v128.splat<T>(0), i = 0;
  for (; i <= n - lanes<T>(); i += lanes<T>()) {
    const s = v128.mul<T>(v128.load(x + span<T>(i)), by);
    if (i32x4.bitmask(v128.lt<T>(s, infinity)) != 15) break;
    forbidden = v128.or(forbidden, v128.eq<T>(s, v128.neg<T>(infinity)));
  }
  let some = v128.any_true(forbidden);
  for (; i < n; ++i) {
    const s = load<T>(x + span<T>(i)) * <T>sign;
    if (!(s < <T>Infinity)) return i;
    if (s == <T>-Infinity) some = true;
  }
  return some ? -2 : -1;
}
