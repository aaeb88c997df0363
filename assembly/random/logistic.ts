import { negativeLog } from "./negative-log";
import { half, upper } from "./unit";

/**
 * Standard logistic draws ± log((1 − v) / v) of v in (0, ½] and the sign bit: both tails are alike, and reach as far as v does.
 *
 * @param at … end  words, then T in their place; whole groups of eight words
 */
export function logistic<T>(at: usize, end: usize): void {
  const one = v128.splat<T>(1), sign = v128.splat<T>(<T>-0.0), shift = SIGNS - at;
  for (let to = at; to < end; to += 16) {
    const bits = v128.load(to);
    const v = half<T>(bits);
    v128.store(to, v128.div<T>(v, v128.sub<T>(one, v)));
    v128.store(to + shift, v128.and(bits, sign));
  }
  negativeLog<T>(at, end);
  for (; at < end; at += 16) v128.store(at, v128.xor(v128.load(at), v128.load(at + shift)));
}

/** v / (1 − v), or its inverse, of the same words: a logistic draw is the logarithm. */
export function odds<T>(at: usize, end: usize): void {
  const one = v128.splat<T>(1);
  for (; at < end; at += 16) {
    const bits = v128.load(at), small = upper<T>(bits);
    const v = half<T>(bits), rest = v128.sub<T>(one, v);
    v128.store(at, v128.div<T>(v128.bitselect(v, rest, small), v128.bitselect(rest, v, small)));
  }
}

/** Those that the draws of a block are to have. */
const SIGNS = memory.data(4096, 16);
