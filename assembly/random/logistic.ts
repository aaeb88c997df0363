import { logOfNormal } from "../math/log";
import { constant } from "../math/polynomial";
import { tableLog } from "./table-log";
import { half } from "./unit";

/**
 * Standard logistic draws log(u / (1 − u)): ± log(v / (1 − v)) of v in (0, ½], so both tails are alike and reach as far as v does.
 *
 * @param at … end  words, then T in their place; whole vectors
 */
export function logistic<T>(at: usize, end: usize): void {
  const limits = sizeof<T>() == 4 ? LIMITS32 : LIMITS64;
  for (; at < end; at += 16) {
    const bits = v128.load(at);
    const v = half<T>(bits);
    const odds = v128.div<T>(v, v128.sub<T>(constant<T>(limits, 0), v));
    const below = sizeof<T>() == 4 ? logOfNormal<T>(odds, constant<T>(limits, 1), constant<T>(limits, 2)) : tableLog(odds, constant<T>(limits, 2));
    v128.store(at, v128.xor(below, v128.and(bits, constant<T>(limits, 3))));
  }
}

// 1, −(2²³ + 127), 0, the sign bit.
const LIMITS32 = memory.data<f32>([1, -8388735, 0, -0.0]);
const LIMITS64 = memory.data<f64>([1, 0, 0, -0.0]);
