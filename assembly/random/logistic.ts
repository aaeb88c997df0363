import { minusLog } from "./minus-log";
import { half } from "./unit";

/**
 * Standard logistic draws ± log((1 − v) / v) of v in (0, ½] and the sign bit: both tails are alike, and reach as far as v does.
 *
 * @param at … end  words, then T in their place; whole groups of eight words
 */
export function logistic<T>(at: usize, end: usize): void {
  signedOdds<T>(at, end);
  const sign = v128.splat<T>(<T>-0.0);
  for (; at < end; at += 32) {
    const first = v128.load(at), second = v128.load(at, 16);
    const a = minusLog<T>(v128.abs<T>(first)), b = minusLog<T>(v128.abs<T>(second));
    v128.store(at, v128.xor(a, v128.and(first, sign)));
    v128.store(at, v128.xor(b, v128.and(second, sign)), 16);
  }
}

/** v / (1 − v), with the sign that the draw is to have. */
function signedOdds<T>(at: usize, end: usize): void {
  const one = v128.splat<T>(1), sign = v128.splat<T>(<T>-0.0);
  for (; at < end; at += 16) {
    const bits = v128.load(at);
    const v = half<T>(bits);
    v128.store(at, v128.or(v128.div<T>(v, v128.sub<T>(one, v)), v128.and(bits, sign)));
  }
}
