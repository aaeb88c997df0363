import { lanes, span } from "../lanes";

/**
 * Whether all sign · x[i] are numbers of a size, or −∞: forbidden.
 *
 * @param sign  1 of logits, −1 of costs
 * @param most  the largest size
 * @param x     T[n]
 * @returns −1 if they are, −2 if some of them are −∞; otherwise the first that is neither
 */
export function check<T>(n: i32, sign: f64, most: f64, x: usize): i32 {
  const by = v128.splat<T>(<T>sign), infinity = v128.splat<T>(<T>Infinity), limit = v128.splat<T>(<T>most);
  let forbidden = v128.splat<T>(0), i = 0;
  for (; i <= n - lanes<T>(); i += lanes<T>()) {
    const s = v128.mul<T>(v128.load(x + span<T>(i)), by);
    const closed = v128.eq<T>(s, v128.neg<T>(infinity));
    if (i32x4.bitmask(v128.or(closed, v128.le<T>(v128.abs<T>(s), limit))) != 15) break;
    forbidden = v128.or(forbidden, closed);
  }
  let some = v128.any_true(forbidden);
  for (; i < n; ++i) {
    const s = load<T>(x + span<T>(i)) * <T>sign;
    if (s == <T>-Infinity) some = true;
    else if (!(abs<T>(s) <= <T>most)) return i;
  }
  return some ? -2 : -1;
}
