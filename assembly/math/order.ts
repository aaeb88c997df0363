/**
 * order = the indices of the keys from the largest key on, equal keys in their own order. A few are
 * inserted one by one; many go through a heap (Williams 1964): in place.
 *
 * @param keys   f64[count]
 * @param order  i32[count], written
 */
export function descending(count: i32, keys: usize, order: usize): void {
  if (count <= INSERTED) return insert(count, keys, order);
  for (let i = 0; i < count; ++i) store<i32>(order + (<usize>i << 2), i);
  for (let root = count >> 1; root-- > 0;) sink(root, count, keys, order);
  for (let last = count - 1; last > 0; --last) {
    const rear = entry(order, 0);
    store<i32>(order, entry(order, last));
    store<i32>(order + (<usize>last << 2), rear);
    sink(0, last, keys, order);
  }
}

const INSERTED: i32 = 24;

function insert(count: i32, keys: usize, order: usize): void {
  for (let i = 0; i < count; ++i) {
    const key = load<f64>(keys + (<usize>i << 3));
    let at = order + (<usize>i << 2);
    for (; at > order && load<f64>(keys + (<usize>load<i32>(at - 4) << 3)) < key; at -= 4) store<i32>(at, load<i32>(at - 4));
    store<i32>(at, i);
  }
}

/** Moves the entry at `at` down until no entry below it belongs further back. */
function sink(at: i32, count: i32, keys: usize, order: usize): void {
  const moved = entry(order, at);
  for (let child = 2 * at + 1; child < count; child = 2 * at + 1) {
    if (child + 1 < count && behind(entry(order, child + 1), entry(order, child), keys)) ++child;
    const below = entry(order, child);
    if (!behind(below, moved, keys)) break;
    store<i32>(order + (<usize>at << 2), below);
    at = child;
  }
  store<i32>(order + (<usize>at << 2), moved);
}

@inline
function entry(order: usize, i: i32): i32 {
  return load<i32>(order + (<usize>i << 2));
}

@inline
function behind(a: i32, b: i32, keys: usize): bool {
  const x = load<f64>(keys + (<usize>a << 3)), y = load<f64>(keys + (<usize>b << 3));
  return x < y || (x == y && a > b);
}

/** Sums that are looked at all together. */
const FEW: i32 = 16;

/**
 * The first of `count` sums, never falling from one to the next, that exceeds v; the last one if none does.
 *
 * Halved until few are left; of those as many are counted as do not exceed v. No branch hangs on the sums: it would be guessed wrong as
 * often as a draw is uncertain.
 */
export function firstAbove(count: i32, sums: usize, v: f64): i32 {
  let base = 0, left = count;
  while (left > FEW) {
    const half = left >> 1;
    base += half & -i32(load<f64>(sums + (<usize>(base + half) << 3) - 8) <= v);
    left -= half;
  }
  return min(base + upTo(left, sums + (<usize>base << 3), v), count - 1);
}

/** How many of a few sums do not exceed v. */
@inline
function upTo(count: i32, sums: usize, v: f64): i32 {
  const bound = f64x2.splat(v), end = sums + (<usize>(count & -2) << 3);
  let found = i64x2.splat(0);
  for (; sums < end; sums += 16) found = i64x2.sub(found, f64x2.le(v128.load(sums), bound));
  const odd = count & 1 ? i32(load<f64>(sums) <= v) : 0;
  return <i32>i64x2.extract_lane(found, 0) + <i32>i64x2.extract_lane(found, 1) + odd;
}
