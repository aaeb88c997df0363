/** Numbers of type T in one vector. */
@inline
export function lanes<T>(): i32 {
  return 16 / <i32>sizeof<T>();
}

/** Bytes of `count` numbers of type T. */
@inline
export function span<T>(count: i32): usize {
  return (<usize>count) * sizeof<T>();
}

/** The sum of a vector's lanes, pairwise, in one fixed order. */
@inline
export function sumOf<T>(x: v128): T {
  if (sizeof<T>() == 4) {
    const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
    return <T>(f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1));
  } else {
    return <T>(f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1));
  }
}

/** Bytes of the whole vectors in `count` numbers. */
@inline
export function wholeSpan<T>(count: i32): usize {
  return span<T>(count & -lanes<T>());
}

/** Stores the first `count` lanes, all of them if count is at least their number. */
@inline
export function storeSome<T>(at: usize, x: v128, count: i32): void {
  if (count >= lanes<T>()) v128.store(at, x);
  else storePart<T>(at, x, count);
}

function storePart<T>(at: usize, x: v128, count: i32): void {
  v128.store(PART, x);
  memory.copy(at, PART, span<T>(count));
}

const PART = memory.data(16, 16);

/** The largest finite number. */
@inline
export function largest<T>(): T {
  return sizeof<T>() == 4 ? <T>f32.MAX_VALUE : <T>f64.MAX_VALUE;
}

/** The smallest positive number. */
@inline
export function smallest<T>(): T {
  return sizeof<T>() == 4 ? <T>reinterpret<f32>(<u32>1) : <T>reinterpret<f64>(<u64>1);
}

/** The next number above a finite x. */
@inline
export function nextUp<T>(x: T): T {
  if (x == 0) return smallest<T>();
  if (sizeof<T>() == 4) return <T>reinterpret<f32>(reinterpret<i32>(<f32>x) + (x > 0 ? 1 : -1));
  return <T>reinterpret<f64>(reinterpret<i64>(<f64>x) + (x > 0 ? 1 : -1));
}
