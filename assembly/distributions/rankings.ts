import { lanes, span } from "../lanes";

/**
 * x[r] = the items by falling z, of equal ones the first first. Up to 256 items each is compared with all, a vector at a time: cheaper than to sort.
 *
 * @param z  T[rows, items]
 * @param x  T[rows, items], written; z itself up to 256 items
 */
export function harden<T>(rows: i32, items: i32, z: usize, x: usize): void {
  for (; rows > 0; --rows, z += span<T>(items), x += span<T>(items)) {
    if (items <= NARROW) rank<T>(items, z, x);
    else heapSort<T>(items, z, x);
  }
}

/** Items up to which a row is ranked in place. */
export const NARROW: i32 = 256;
const ROW = memory.data(256 * 8 + 16, 16);

/** x[#{j : zⱼ > zᵢ, or zⱼ = zᵢ and j < i}] = i */
function rank<T>(items: i32, z: usize, x: usize): void {
  memory.copy(ROW, z, span<T>(items));
  for (let i = 0; i < items; i += lanes<T>()) {
    const own = v128.load(ROW + span<T>(i));
    let above = i32x4.splat(0);
    let j = 0;
    for (; j < i; ++j) above = counted<T>(above, v128.ge<T>(v128.load_splat<T>(ROW + span<T>(j)), own));
    for (const end = min(i + lanes<T>(), items); j < end; ++j) {
      const other = v128.load_splat<T>(ROW + span<T>(j));
      // Of equal ones those before: the lanes after j.
      above = counted<T>(above, v128.or(v128.gt<T>(other, own), v128.and(v128.eq<T>(other, own), v128.load(AFTER + 16 - span<T>(j - i + 1)))));
    }
    for (; j < items; ++j) above = counted<T>(above, v128.gt<T>(v128.load_splat<T>(ROW + span<T>(j)), own));
    v128.store(RANKS, above);
    for (let lane = 0; lane < min(lanes<T>(), items - i); ++lane) store<T>(x + span<T>(load<i32>(RANKS + span<T>(lane))), <T>(i + lane));
  }
}

@inline
function counted<T>(above: v128, mask: v128): v128 {
  return sizeof<T>() == 4 ? i32x4.sub(above, mask) : i64x2.sub(above, mask);
}

const RANKS = memory.data(16, 16);
/** Loaded from `lane + 1` numbers before its middle: a mask of the lanes after `lane`. */
const AFTER = memory.data<u32>([0, 0, 0, 0, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]);

/** x sorted by z, the worst on top of the heap. */
function heapSort<T>(items: i32, z: usize, x: usize): void {
  for (let i = 0; i < items; ++i) store<T>(x + span<T>(i), <T>i);
  for (let i = (items >> 1) - 1; i >= 0; --i) sink<T>(i, items, z, x);
  for (let last = items - 1; last > 0; --last) {
    const worst = load<T>(x);
    store<T>(x, load<T>(x + span<T>(last)));
    store<T>(x + span<T>(last), worst);
    sink<T>(0, last, z, x);
  }
}

function sink<T>(at: i32, length: i32, z: usize, x: usize): void {
  const item = load<T>(x + span<T>(at));
  for (let child = 2 * at + 1; child < length; child = 2 * at + 1) {
    if (child + 1 < length && worse<T>(load<T>(x + span<T>(child + 1)), load<T>(x + span<T>(child)), z)) ++child;
    const below = load<T>(x + span<T>(child));
    if (!worse<T>(below, item, z)) break;
    store<T>(x + span<T>(at), below);
    at = child;
  }
  store<T>(x + span<T>(at), item);
}

/** Whether item a comes after item b. */
@inline
function worse<T>(a: T, b: T, z: usize): bool {
  const own = load<T>(z + span<T>(<i32>a)), other = load<T>(z + span<T>(<i32>b));
  return own < other || (own == other && a > b);
}
