import { lanes, span } from "../lanes";

/**
 * mean ← β₁ mean + (1 − β₁) g; square ← β₂ square + (1 − β₂) g²;
 * params ← params + rate · (mean / unbias1) / (√(square / unbias2) + epsilon)
 *
 * Arrays are read and written to the end of their last vector. Kingma & Ba 2014. The step is up or down by the sign of `rate`; unbias = 1 − βᵗ comes from the caller.
 *
 * @param gradient  T[n]
 * @param mean      T[n], updated
 * @param square    T[n], updated
 * @param params    T[n], updated
 */
export function step<T>(
  n: i32, rate: f64, beta1: f64, beta2: f64, epsilon: f64, unbias1: f64, unbias2: f64,
  gradient: usize, mean: usize, square: usize, params: usize,
): void {
  const length = <T>(rate / unbias1), unbias = <T>(1 / unbias2);
  const b1 = <T>beta1, c1 = <T>(1 - beta1), b2 = <T>beta2, c2 = <T>(1 - beta2), tiny = <T>epsilon;
  for (let i = 0; i < n; i += lanes<T>()) {
    const at = span<T>(i);
    const g = v128.load(gradient + at);
    const m = v128.add<T>(v128.mul<T>(v128.splat<T>(b1), v128.load(mean + at)), v128.mul<T>(v128.splat<T>(c1), g));
    const s = v128.add<T>(v128.mul<T>(v128.splat<T>(b2), v128.load(square + at)), v128.mul<T>(v128.splat<T>(c2), v128.mul<T>(g, g)));
    v128.store(mean + at, m);
    v128.store(square + at, s);
    const width = v128.add<T>(v128.sqrt<T>(v128.mul<T>(s, v128.splat<T>(unbias))), v128.splat<T>(tiny));
    v128.store(params + at, v128.add<T>(v128.load(params + at), v128.div<T>(v128.mul<T>(v128.splat<T>(length), m), width)));
  }
}
