/** What every reduction of a row shares: its vectors, the last one filled up with a value that does not count. */

/** The lanes of a row that the last whole vector leaves over. */
@inline
export function restOf<T>(width: i32): i32 {
  return width & (16 / <i32>sizeof<T>() - 1);
}

/**
 * The last `rest` lanes of a row, others `filler`: from the vector that ends with the row, so nothing outside it is read.
 *
 * @param end  where the row ends
 */
@inline
export function restVector<T>(width: i32, rest: i32, end: usize, filler: v128): v128 {
  if (width * <i32>sizeof<T>() >= 16) return v128.bitselect(v128.load(end - 16), filler, v128.load(LAST + <usize>rest * sizeof<T>()));
  const start = end - <usize>rest * sizeof<T>();
  if (sizeof<T>() == 8) return v128.load64_lane(start, filler, 0);
  let v = v128.load32_lane(start, filler, 0);
  if (rest > 1) v = v128.load32_lane(start, v, 1, 4);
  if (rest > 2) v = v128.load32_lane(start, v, 2, 8);
  return v;
}

/** Writes what belongs to the lanes that `restVector` read, to the row that ends at `end`; nothing outside it changes. */
@inline
export function storeRest<T>(width: i32, rest: i32, end: usize, v: v128): void {
  if (width * <i32>sizeof<T>() >= 16) {
    const mask = v128.load(LAST + <usize>rest * sizeof<T>());
    return v128.store(end - 16, v128.bitselect(v, v128.load(end - 16), mask));
  }
  const start = end - <usize>rest * sizeof<T>();
  if (sizeof<T>() == 8) return v128.store64_lane(start, v, 0);
  v128.store32_lane(start, v, 0);
  if (rest > 1) v128.store32_lane(start, v, 1, 4);
  if (rest > 2) v128.store32_lane(start, v, 2, 8);
}

/** The largest lane, in an order that does not depend on anything. NaN lanes may be passed over. */
@inline
export function largest<T>(v: v128): T {
  const w = v128.pmax<T>(v, v128.shuffle<u64>(v, v, 1, 0));
  if (sizeof<T>() == 8) return v128.extract_lane<T>(w, 0);
  return v128.extract_lane<T>(v128.pmax<T>(w, v128.shuffle<u32>(w, w, 1, 0, 3, 2)), 0);
}

/** (v₀ + v₂) + (v₁ + v₃), or v₀ + v₁ */
@inline
export function total<T>(v: v128): T {
  const w = v128.add<T>(v, v128.shuffle<u64>(v, v, 1, 0));
  if (sizeof<T>() == 8) return v128.extract_lane<T>(w, 0);
  return v128.extract_lane<T>(v128.add<T>(w, v128.shuffle<u32>(w, w, 1, 0, 3, 2)), 0);
}

/** Loaded `rest` lanes from its begin: a mask of the last `rest` lanes. */
const LAST = memory.data<u32>([0, 0, 0, 0, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]);
