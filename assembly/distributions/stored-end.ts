import { smallest, span } from "../lanes";

/**
 * A draw beyond the numbers is stored as the last of them, which f cannot tell from what was lost. So the score of a stored end is the mean of the
 * scores that it stands for: where the density of u is ∝ u^(α − 1) below a small bound, E[log u | u ≤ bound] = log bound − 1 / α.
 *
 * @param log  the logarithm of the bound, less ψ(α) or what stands for it in the score α (log u − ψ)
 * @returns    α (log − 1 / α); at most 0, its limit where everything is beyond
 */
export function storedEnd(alpha: f64, log: f64): f64 {
  return min<f64>(0, alpha * log - 1);
}

/** The logarithm of what rounds to the smallest positive number: 3/2 of it. */
export function logLeast(size: i32): f64 {
  return size == 4 ? -102.87346479532368 : -744.0346068132731;
}

/** The logarithm of what rounds to the last number before 1, by its distance from 1: 3/2 of that number's. */
export function logRest(size: i32): f64 {
  return size == 4 ? -16.230067225330522 : -36.33133546156893;
}

/** Whether one of a page of x is an end (what lies after the page may be taken for one). */
export function anyEnd<T>(count: i32, x: usize, most: v128): bool {
  const least = v128.splat<T>(smallest<T>());
  let found = v128.splat<T>(0);
  for (const end = x + span<T>(count); x < end; x += 16) found = v128.or(found, v128.or(v128.eq<T>(v128.load(x), least), v128.eq<T>(v128.load(x), most)));
  return v128.any_true(found);
}

/** The smallest positive number of `size` bytes. */
export function leastOf(size: i32): f64 {
  return size == 4 ? <f64>smallest<f32>() : smallest<f64>();
}

/** The last number before 1. */
@inline
export function lastBeforeOne<T>(): v128 {
  return v128.splat<T>(sizeof<T>() == 4 ? <T>0.99999994039535522 : <T>0.99999999999999989);
}
