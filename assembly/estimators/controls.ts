import { lanes, span, sumOf } from "../lanes";

/** What control variates that learn are put together by. */

/** out[i] += factor · a[i], T[n]. */
export function addScaled<T>(n: i32, factor: f64, a: usize, out: usize): void {
  const by = v128.splat<T>(<T>factor);
  for (let i = 0; i < n; i += lanes<T>()) v128.store(out + span<T>(i), v128.add<T>(v128.load(out + span<T>(i)), v128.mul<T>(by, v128.load(a + span<T>(i)))));
}

/** out[r] += Σⱼ a[r, j] b[r, j]; a and b are T[rows, width]. */
export function dotRows<T>(rows: i32, width: i32, a: usize, b: usize, out: usize): void {
  for (let r = 0; r < rows; ++r, a += span<T>(width), b += span<T>(width)) {
    store<T>(out + span<T>(r), load<T>(out + span<T>(r)) + <T>dot<T>(width, a, b));
  }
}

/** Σᵢ a[i] b[i] of T[n]: in vectors by the thousand, then in f64. */
export function dot<T>(n: i32, a: usize, b: usize): f64 {
  let all: f64 = 0;
  for (; n > 0; n -= DOT) {
    const count = min(n, DOT);
    let sum = v128.splat<T>(0), i = 0;
    for (; i <= count - lanes<T>(); i += lanes<T>()) sum = v128.add<T>(sum, v128.mul<T>(v128.load(a + span<T>(i)), v128.load(b + span<T>(i))));
    all += <f64>sumOf<T>(sum);
    for (; i < count; ++i) all += <f64>(load<T>(a + span<T>(i)) * load<T>(b + span<T>(i)));
    a += span<T>(count);
    b += span<T>(count);
  }
  return all;
}

const DOT = 1024;
