import { PAGE } from "../pages";
import { Part } from "./count-parts";
import { closeTables, openTables } from "./count-tables";
import { drawer, draws } from "./counts";
import { begin, Noise, SOURCE, standard } from "./noise";
import { CHUNK } from "./stream";

/** The draws of a page, f64. */
export const DRAWN = memory.data(512 * 8 + 64, 16);
/** Their words, u64. */
export const PAGE_WORDS = memory.data(512 * 8 + 64, 16);

/** Draws whose parameters differ from row to row are set up by the block: f64[Part.Count, BLOCK]. */
export const BLOCK: i32 = 128;
export const BLOCK_THETA = memory.data(<i32>Part.Count * 128 * 8 + 64, 16);

/** The draws of one page, from `phase` of the tile on. Returns where in the tile the next one falls. */
function drawPage(element: u32, count: i32, phase: i32, tile: i32, theta: usize, bounded: bool): i32 {
  for (let done = 0; done < count;) {
    const run = min(count - done, tile - phase), at = <usize>done << 3;
    draws(element + done, 1, run, PAGE_WORDS + at, 0, theta + (<usize>phase << 3), tile, bounded, DRAWN + at);
    done += run;
    phase += run;
    if (phase == tile) phase = 0;
  }
  return phase;
}

/** Poisson draws, or binomial ones where they are bounded. Tables come after `parts` parts of θ. */
export function samplePages(size: i32, low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, parts: i32, bounded: bool, x: usize): void {
  const each = dim * CHUNK;
  openTables(theta, parts, tile, rows * dim, bounded);
  let phase = <i32>(<u64>chunk * <u64>each % <u64>tile);
  for (let left = rows * dim; left > 0; left -= each, ++chunk) {
    begin(low, high, site, chunk, NOISE);
    drawer(low, high, site, chunk);
    for (let from = 0, n = min(left, each); from < n; from += PAGE) {
      const count = min(PAGE, n - from);
      standard<f64>(Noise.Words, count, NOISE, PAGE_WORDS);
      phase = drawPage(from, count, phase, tile, theta, bounded);
      put(size, count, DRAWN, x);
      x += <usize>(count * size);
    }
  }
  closeTables();
}

const NOISE = memory.data(SOURCE, 16);

/** out[i] = page[i], rounded to the nearest number of `size` bytes and at most the largest. */
export function put(size: i32, count: i32, page: usize, out: usize): void {
  if (size == 8) return memory.copy(out, page, <usize>count << 3);
  const most = f64x2.splat(<f64>f32.MAX_VALUE);
  let i = 0;
  for (; i <= count - 2; i += 2) {
    v128.store64_lane(out + (<usize>i << 2), f32x4.demote_f64x2_zero(f64x2.pmin(most, v128.load(page + (<usize>i << 3)))), 0);
  }
  if (i < count) store<f32>(out + (<usize>i << 2), <f32>min(<f64>f32.MAX_VALUE, load<f64>(page + (<usize>i << 3))));
}
