import { span } from "../lanes";

/** The first k with Cₖ > v: one of `left` from `base` on, halved without a branch. */
@inline
export function bisect<T>(categories: i32, cumulative: usize, word: usize): i32 {
  const last = cumulative + span<T>(categories - 1);
  let base = 0;
  if (sizeof<T>() == 4) {
    const v = scaled32(load<u32>(word), load<u32>(last));
    for (let left = categories; left > 1;) {
      const half = left >> 1;
      base += half & -i32(load<u32>(cumulative + (<usize>(base + half) << 2) - 4) <= v);
      left -= half;
    }
  } else {
    const v = scaled64(load<u64>(word), load<u64>(last));
    for (let left = categories; left > 1;) {
      const half = left >> 1;
      base += half & -i32(load<u64>(cumulative + (<usize>(base + half) << 3) - 8) <= v);
      left -= half;
    }
  }
  return base;
}

/** ⌊word · total / 2³²⌋ */
@inline
export function scaled32(word: u32, total: u32): u32 {
  return <u32>((<u64>word * total) >> 32);
}

/** ⌊word · total / 2⁶⁴⌋ for total < 2⁶³, by halves. */
@inline
export function scaled64(word: u64, total: u64): u64 {
  const a = word >> 32, b = word & 0xffffffff, c = total >> 32, d = total & 0xffffffff;
  const middle = a * d + ((b * d) >> 32); // < 2⁶⁴: (2³² − 1)² + 2³²
  return a * c + (middle >> 32) + ((b * c + (middle & 0xffffffff)) >> 32);
}
