import { fill, open, STREAM } from "./random/stream";
import { philox } from "./random/philox";

const STATE = memory.data(STREAM, 16);

/**
 * The raw words of a chunk, for tests of the generator itself and for the program that feeds PractRand.
 *
 * @param words  a multiple of 8
 * @param out    u32[words], written
 */
export function words(low: u32, high: u32, site: u32, chunk: u32, words: i32, out: usize): void {
  open(low, high, site, chunk, STATE);
  fill(words, STATE, out);
}

/** One Philox4x32-10 block, for Random123's known answers. `out` is u32[4], written. */
export function block(low: u32, high: u32, c0: u32, c1: u32, c2: u32, c3: u32, out: usize): void {
  philox(low, high, c0, c1, c2, c3, out);
}
