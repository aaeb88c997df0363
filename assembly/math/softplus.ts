import { exp } from "./exp";
import { log1pOfOrdinary } from "./log1p";
import { constant } from "./polynomial";

/**
 * ln(1 + eˣ) = max(x, 0) + log1p(e^−|x|)
 *
 * For every x at most 1.7 ulp in f32 (exhaustive), 1.4 in f64 (the worst of 60,000 hard points).
 */
@inline
export function softplus<T>(x: v128): v128 {
  const zero = constant<T>(sizeof<T>() == 4 ? ZERO32 : ZERO64, 0);
  const rest = log1pOfOrdinary<T>(exp<T>(v128.neg<T>(v128.abs<T>(x))));
  return v128.add<T>(v128.pmax<T>(x, zero), rest); // pmax keeps the NaN that log1pOfOrdinary loses
}

const ZERO32 = memory.data<f32>([0]);
const ZERO64 = memory.data<f64>([0]);
