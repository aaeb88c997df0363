import { log } from "./log";

/**
 * log(x / centre), as log(1 + (x − centre) / centre) near the centre: a density's sum of a log(x / μ) and b log((1 − x) / (1 − μ)) is
 * flat there, and stays so only if both are wrong by the same when μ is rounded. f64 has digits to spare: 1e-10 at a = 1e6.
 */
@inline
export function logRatio<T>(x: v128, difference: v128, centre: v128): v128 {
  if (sizeof<T>() == 8) return log<T>(v128.div<T>(x, centre));
  const one = v128.splat<T>(1), half = v128.splat<T>(<T>0.5), zero = v128.splat<T>(0);
  const inverse = v128.div<T>(one, centre), delta = v128.mul<T>(difference, inverse), grown = v128.add<T>(one, delta);
  const near = v128.lt<T>(v128.abs<T>(delta), half);
  const lost = v128.bitselect(v128.div<T>(v128.sub<T>(delta, v128.sub<T>(grown, one)), grown), zero, near);
  return v128.add<T>(log<T>(v128.bitselect(grown, v128.mul<T>(x, inverse), near)), lost);
}
