import { span } from "../lanes";
import { bisect, scaled32, scaled64 } from "./choices";

/**
 * The answers of `bisect` for every leading 32 bits of a word, by slots of equal width (after Chen & Asau 1974): in a slot with one
 * step at most, the answer is `below` for words less than its edge and `above` from there on, without a branch. Slots with more
 * steps (fewer than one in a hundred at eight slots a category) and words that lie on an edge to all 32 bits are bisected.
 *
 * A slot is [edge u32, below u16, above u16].
 */
const GUIDE = memory.data(8192 * 8, 16);
const MOST: i32 = 8192;
const BISECTED: u32 = 0xffffffff;

/** Whether so many rows of one problem are worth a guide. */
export function worthGuiding(rows: i32, categories: i32): bool {
  return categories <= MOST / 2 && rows >= 2 * slots(categories);
}

/** A power of two. */
@inline
function slots(categories: i32): i32 {
  return min(MOST, 1 << (32 - clz(8 * categories - 1)));
}

/**
 * @param cumulative  u32[categories] (f64: u64)
 */
export function guide<T>(categories: i32, cumulative: usize): void {
  const count = slots(categories);
  const width = <u32>(<u64>0x100000000 >> ctz(count));
  for (let j = 0, k = 0; j < count; ++j) {
    const lead = <u32>j * width;
    const below = upTo<T>(cumulative, k, reached<T>(categories, cumulative, lead, 0));
    k = upTo<T>(cumulative, below, reached<T>(categories, cumulative, lead + width - 1, 0xffffffff));
    const edge = k == below ? lead : edgeOf<T>(categories, cumulative, below);
    const above = k == below ? k : upTo<T>(cumulative, below, sizeof<T>() == 4 ? reached<T>(categories, cumulative, edge, 0) : edge == 0xffffffff ? ~0 : reached<T>(categories, cumulative, edge + 1, 0));
    const at = GUIDE + (<usize>j << 3);
    store<u32>(at, edge);
    store<u32>(at, above == k ? <u32>below | (<u32>above << 16) : BISECTED, 4);
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
  const shift = 32 - ctz(slots(categories));
  const end = words + span<T>(rows);
  for (; words < end; words += span<T>(4), chosen += 16) {
    const lead = sizeof<T>() == 4 ? v128.load(words) : v128.shuffle<u32>(v128.load(words), v128.load(words, 16), 1, 3, 5, 7);
    const at = i32x4.add(i32x4.shl(i32x4.shr_u(lead, shift), 3), i32x4.splat(<i32>GUIDE));
    const a = v128.load64_lane(i32x4.extract_lane(at, 1), v128.load64_zero(i32x4.extract_lane(at, 0)), 1);
    const b = v128.load64_lane(i32x4.extract_lane(at, 3), v128.load64_zero(i32x4.extract_lane(at, 2)), 1);
    const edge = v128.shuffle<u32>(a, b, 0, 2, 4, 6), pair = v128.shuffle<u32>(a, b, 1, 3, 5, 7);
    const above = i32x4.ge_u(lead, edge);
    v128.store(chosen, v128.bitselect(i32x4.shr_u(pair, 16), v128.and(pair, i32x4.splat(0xffff)), above));
    let unsure = i32x4.eq(pair, i32x4.splat(BISECTED));
    if (sizeof<T>() == 8) unsure = v128.or(unsure, i32x4.eq(lead, edge));
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
