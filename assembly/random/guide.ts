import { span } from "../lanes";
import { bisect, scaled32, scaled64 } from "./bisect";

/**
 * The answers of `bisect` for every leading 32 bits of a word, by slots of equal width (after Chen & Asau 1974). A slot holds, in
 * its leading bits, the answer `below` for its first words and, in the others, how far they go; from there on it is below + 1.
 *
 * Slots where more happens (fewer than one in a hundred at eight slots a category) and, in f64, words that lie on the edge to
 * all 32 bits are bisected. So the table is 32 KiB at most, and a draw has no branch to guess wrong.
 */
const GUIDE = memory.data(8192 * 4, 16);
const MOST: i32 = 8192;

/** Whether so many rows of one problem are worth a guide. */
export function worthGuiding(rows: i32, categories: i32): bool {
  return categories <= MOST / 2 && rows >= 2 * slots(categories);
}

/** A power of two. */
@inline
function slots(categories: i32): i32 {
  return min(MOST, 1 << (32 - clz(8 * categories - 1)));
}

/** The `below` of a slot that must be bisected: no category has it. */
@inline
function unknown(count: i32): u32 {
  return <u32>count - 1;
}

/**
 * @param cumulative  u32[categories] (f64: u64)
 */
export function guide<T>(categories: i32, cumulative: usize): void {
  const count = slots(categories);
  const shift = 32 - ctz(count);
  const width = <u32>1 << shift;
  for (let j = 0, next = 0; j < count; ++j) {
    const lead = <u32>j << shift;
    const below = upTo<T>(cumulative, next, reached<T>(categories, cumulative, lead, 0));
    next = upTo<T>(cumulative, below, reached<T>(categories, cumulative, lead + width - 1, 0xffffffff));
    let slot = (<u32>below << shift) | (width - 1);
    if (next == below + 1) slot = (<u32>below << shift) | (edgeOf<T>(categories, cumulative, below) - u32(sizeof<T>() == 4) - lead);
    else if (next != below) slot = unknown(count) << shift;
    store<u32>(GUIDE + (<usize>j << 2), slot);
  }
}

/** v of the word with these leading bits and, in f64, these 32 below them. */
@inline
function reached<T>(categories: i32, cumulative: usize, lead: u32, low: u32): u64 {
  const last = cumulative + span<T>(categories - 1);
  return sizeof<T>() == 4 ? scaled32(lead, load<u32>(last)) : scaled64((<u64>lead << 32) | low, load<u64>(last));
}

@inline
function at<T>(cumulative: usize, k: i32): u64 {
  return sizeof<T>() == 4 ? load<u32>(cumulative + span<T>(k)) : load<u64>(cumulative + span<T>(k));
}

/** The first k with Cₖ > v, from `k` on. */
@inline
function upTo<T>(cumulative: usize, k: i32, v: u64): i32 {
  while (at<T>(cumulative, k) <= v) ++k;
  return k;
}

/** The least leading bits with which a word may reach Cₖ. */
function edgeOf<T>(categories: i32, cumulative: usize, k: i32): u32 {
  const target = at<T>(cumulative, k);
  let edge = <u32>(<f64>target / <f64>at<T>(cumulative, categories - 1) * 4294967296);
  while (reached<T>(categories, cumulative, edge, 0xffffffff) < target) ++edge;
  while (edge > 0 && reached<T>(categories, cumulative, edge - 1, 0xffffffff) >= target) --edge;
  return edge;
}

/**
 * chosen[r] for each word, four at a time.
 *
 * @param words   u32[rows] (f64: u64), and room for three more
 * @param chosen  i32[rows], and room for three more
 */
export function lookUp<T>(rows: i32, categories: i32, cumulative: usize, words: usize, chosen: usize): void {
  const count = slots(categories);
  const shift = 32 - ctz(count);
  const low = i32x4.splat((1 << shift) - 1), none = i32x4.splat(<i32>unknown(count));
  const end = words + span<T>(rows);
  for (; words < end; words += span<T>(4), chosen += 16) {
    const lead = sizeof<T>() == 4 ? v128.load(words) : v128.shuffle<u32>(v128.load(words), v128.load(words, 16), 1, 3, 5, 7);
    const at = i32x4.add(i32x4.shl(i32x4.shr_u(lead, shift), 2), i32x4.splat(<i32>GUIDE));
    let slot = v128.load32_zero(i32x4.extract_lane(at, 0));
    slot = v128.load32_lane(i32x4.extract_lane(at, 1), slot, 1);
    slot = v128.load32_lane(i32x4.extract_lane(at, 2), slot, 2);
    slot = v128.load32_lane(i32x4.extract_lane(at, 3), slot, 3);
    const below = i32x4.shr_u(slot, shift), edge = v128.and(slot, low), place = v128.and(lead, low);
    v128.store(chosen, i32x4.sub(below, i32x4.gt_s(place, edge)));
    let unsure = i32x4.eq(below, none);
    if (sizeof<T>() == 8) unsure = v128.or(unsure, i32x4.eq(place, edge));
    if (v128.any_true(unsure)) search<T>(i32x4.bitmask(unsure), categories, cumulative, words, chosen);
  }
}

/** The answers of a few words, one bit of `unsure` each. */
function search<T>(unsure: i32, categories: i32, cumulative: usize, words: usize, chosen: usize): void {
  for (; unsure != 0; unsure &= unsure - 1) {
    const r = ctz(unsure);
    store<i32>(chosen + (<usize>r << 2), bisect<T>(categories, cumulative, words + span<T>(r)));
  }
}
