import { lanes, span } from "../lanes";

/**
 * velocity ← momentum · velocity + gradient; params ← params + rate · velocity. With momentum 0: plain gradient steps.
 *
 * Arrays are read and written to the end of their last vector. Polyak 1964; the step is up or down by the sign of `rate`.
 *
 * @param gradient  T[n]
 * @param velocity  T[n], updated; may be 0 (the null pointer) where momentum is 0
 * @param params    T[n], updated
 */
export function step<T>(n: i32, rate: f64, momentum: f64, gradient: usize, velocity: usize, params: usize): void {
  const r = v128.splat<T>(<T>rate), m = v128.splat<T>(<T>momentum);
  for (let i = 0; i < n; i += lanes<T>()) {
    const at = span<T>(i);
    let v = v128.load(gradient + at);
    if (velocity) {
      v = v128.add<T>(v128.mul<T>(m, v128.load(velocity + at)), v);
      v128.store(velocity + at, v);
    }
    v128.store(params + at, v128.add<T>(v128.load(params + at), v128.mul<T>(r, v)));
  }
}
