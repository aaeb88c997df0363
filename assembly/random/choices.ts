import { span } from "../lanes";
import { bisect } from "./bisect";
import { lookUp } from "./guide";
import { fill, open, STREAM } from "./stream";

/** The index of each row of one chunk at most, i32[1024]: what `choose` writes. */
export const CHOSEN = memory.data(1024 * 4 + 16, 16);

const WORDS = memory.data(1024 * 8 + 32, 16);
const STATE = memory.data(STREAM, 16);

/** Numbers of one problem's row: whole vectors, filled up with impossible categories. */
@inline
export function strideOf(categories: i32): i32 {
  return (categories + 3) & -4;
}

/**
 * Inversion of integer cumulative weights: chosen[r] = #{k : Cₖ ≤ v}, v = ⌊word · C_last / 2³²⌋ (f64: a word of 64 bits, 2⁶⁴).
 *
 * Integer sums have no order and no rounding, so the index is one function of the word however it is searched for: by
 * bisection, without a branch on the data, or, where many rows share one problem, from a guide. v < C_last, so a category without
 * weight is never chosen, at the ends neither. One word a row (f64: two).
 *
 * @param rows        of this chunk, at most 1,024
 * @param problem     of the first row
 * @param cumulative  u32[batch, stride] (f64: u64)
 * @param guided      whether `guide` was called for this problem: the only one
 */
export function choose<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, problem: i32, categories: i32, cumulative: usize, guided: bool): void {
  open(low, high, site, chunk, STATE);
  fill(rows * (<i32>sizeof<T>() / 4), STATE, WORDS);
  if (guided) return lookUp<T>(rows, categories, cumulative, WORDS, CHOSEN);
  for (let r = 0; r < rows; ++r) {
    store<i32>(CHOSEN + (<usize>r << 2), bisect<T>(categories, cumulative + span<T>(problem * strideOf(categories)), WORDS + span<T>(r)));
    if (++problem == batch) problem = 0;
  }
}
