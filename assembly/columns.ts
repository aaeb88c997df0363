import { span } from "./lanes";

// Some columns of a wider array, for families and estimators that are made of others: each row is copied as it lies.

/** out[r, j] = source[r, from + j]. `source` is T[rows, width], `out` T[rows, count], written. */
export function take<T>(rows: i32, width: i32, from: i32, count: i32, source: usize, out: usize): void {
  source += span<T>(from);
  for (let r = 0; r < rows; ++r, source += span<T>(width), out += span<T>(count)) memory.copy(out, source, span<T>(count));
}

/** out[r, from + j] = source[r, j]. `source` is T[rows, count], `out` T[rows, width], written in these columns. */
export function put<T>(rows: i32, width: i32, from: i32, count: i32, source: usize, out: usize): void {
  out += span<T>(from);
  for (let r = 0; r < rows; ++r, source += span<T>(count), out += span<T>(width)) memory.copy(out, source, span<T>(count));
}

/** out[g] = Σᵢ source[g, i], in this order. `source` is T[groups, each], `out` T[groups], written. */
export function sum<T>(groups: i32, each: i32, source: usize, out: usize): void {
  for (let g = 0; g < groups; ++g, out += sizeof<T>()) {
    let total: T = 0;
    for (let i = 0; i < each; ++i, source += sizeof<T>()) total += load<T>(source);
    store<T>(out, total);
  }
}

/** out[g, i] = source[g]. `source` is T[groups], `out` T[groups, each], written. */
export function spread<T>(groups: i32, each: i32, source: usize, out: usize): void {
  for (let g = 0; g < groups; ++g, source += sizeof<T>()) {
    const value = load<T>(source);
    for (let i = 0; i < each; ++i, out += sizeof<T>()) store<T>(out, value);
  }
}
