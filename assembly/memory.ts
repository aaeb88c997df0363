import { span } from "./lanes";

/**
 * out[i] = source[i mod period] for i < length: by doubling what is there already.
 *
 * @param length  a multiple of `period`
 * @param source  T[period]; may be `out` itself
 * @param out     T[length], written
 */
export function repeat<T>(period: i32, length: i32, source: usize, out: usize): void {
  if (source != out) memory.copy(out, source, span<T>(period));
  for (let done = period; done < length;) {
    const more = min(done, length - done);
    memory.copy(out + span<T>(done), out, span<T>(more));
    done += more;
  }
}

/** The tile of TypeScript's `tileOf`: a whole number of periods, a whole number of vectors, at least 64 numbers. */
export function tileOf(period: i32): i32 {
  let tile = period;
  while (tile & 3) tile += period;
  return tile * ((63 + tile) / tile);
}

/** The longest tile of a period below 16. */
export const NARROW_TILE: i32 = 128;

// Kernels that are not hot are in the module once, for both precisions: they compute in f64 on numbers of `size` bytes.

/** Number i of an array. */
export function numberAt(size: i32, array: usize, i: i32): f64 {
  return size == 4 ? <f64>load<f32>(array + (<usize>i << 2)) : load<f64>(array + (<usize>i << 3));
}

export function setAt(size: i32, array: usize, i: i32, value: f64): void {
  if (size == 4) store<f32>(array + (<usize>i << 2), <f32>value);
  else store<f64>(array + (<usize>i << 3), value);
}

export function addAt(size: i32, array: usize, i: i32, term: f64): void {
  setAt(size, array, i, numberAt(size, array, i) + term);
}

/** `repeat` in place, for numbers of `size` bytes. */
export function repeatOf(size: i32, period: i32, length: i32, array: usize): void {
  repeat<u8>(size * period, size * length, array, array);
}

/** The largest finite number of `size` bytes, and the smallest that is normal. */
export function largestOf(size: i32): f64 {
  return size == 4 ? <f64>f32.MAX_VALUE : f64.MAX_VALUE;
}

export function smallestOf(size: i32): f64 {
  return size == 4 ? <f64>f32.MIN_NORMAL_VALUE : f64.MIN_NORMAL_VALUE;
}

/** A positive number within the normal ones of `size` bytes. */
export function withinOf(size: i32, x: f64): f64 {
  return max<f64>(smallestOf(size), min<f64>(largestOf(size), x));
}
