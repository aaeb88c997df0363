import { lanes, span } from "./lanes";

// Where nothing else is said, an array is a field of its own, followed by room: it is written to the end of its last vector.

/** out[i] = value. `out` is T[n], written. */
export function fill<T>(n: i32, value: f64, out: usize): void {
  const each = v128.splat<T>(<T>value);
  for (let i = 0; i < n; i += lanes<T>()) v128.store(out + span<T>(i), each);
}

/** out[i] = 0, T[n], and nothing beyond. */
export function zero<T>(n: i32, out: usize): void {
  memory.fill(out, 0, span<T>(n));
}

/** out[i] = a[i] − b[i], all T[n]; `out` may be `a` or `b`. */
export function subtract<T>(n: i32, a: usize, b: usize, out: usize): void {
  for (let i = 0; i < n; i += lanes<T>()) v128.store(out + span<T>(i), v128.sub<T>(v128.load(a + span<T>(i)), v128.load(b + span<T>(i))));
}

/** out[i] = ½ a[i] + ½ b[i], all T[n]; halved first, so that nothing overflows on the way. */
export function average<T>(n: i32, a: usize, b: usize, out: usize): void {
  const half = v128.splat<T>(<T>0.5);
  for (let i = 0; i < n; i += lanes<T>()) v128.store(out + span<T>(i), v128.add<T>(v128.mul<T>(half, v128.load(a + span<T>(i))), v128.mul<T>(half, v128.load(b + span<T>(i)))));
}

/** out[i] = a[i], T[n]. */
export function copy<T>(n: i32, a: usize, out: usize): void {
  memory.copy(out, a, span<T>(n));
}

/** out[i] ← factor · out[i], T[n]. */
export function scale<T>(n: i32, factor: f64, out: usize): void {
  const by = v128.splat<T>(<T>factor);
  for (let i = 0; i < n; i += lanes<T>()) v128.store(out + span<T>(i), v128.mul<T>(by, v128.load(out + span<T>(i))));
}

/** out[i] += a[i], T[n], and nothing beyond: `out` may be terms that others follow. */
export function add<T>(n: i32, a: usize, out: usize): void {
  let i = 0;
  for (; i <= n - lanes<T>(); i += lanes<T>()) v128.store(out + span<T>(i), v128.add<T>(v128.load(a + span<T>(i)), v128.load(out + span<T>(i))));
  for (; i < n; ++i) store<T>(out + span<T>(i), load<T>(a + span<T>(i)) + load<T>(out + span<T>(i)));
}

/** Bytes of one number. */
export function bytes<T>(): i32 {
  return <i32>sizeof<T>();
}

/** out[i] *= a[i], both T[n]. */
export function multiply<T>(n: i32, a: usize, out: usize): void {
  for (let i = 0; i < n; i += lanes<T>()) v128.store(out + span<T>(i), v128.mul<T>(v128.load(a + span<T>(i)), v128.load(out + span<T>(i))));
}
