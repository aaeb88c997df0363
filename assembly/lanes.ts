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
