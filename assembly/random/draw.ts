import { span } from "../lanes";
import { PAGE } from "../pages";
import { begin, Noise, SOURCE, standard } from "./noise";
import { CHUNK } from "./stream";

/** Where in θ's tile a page begins: a multiple of the lanes. */
export type Phase = i32;

/**
 * Draws of an elementwise family: noise by the page, made x in its place by the family's own pass while it is in the first cache.
 *
 * Element i of a chunk depends on (key, site, chunk, i) and its own θ alone.
 *
 * @param chunk  the first chunk; a chunk has 1,024 rows
 * @param make   noise to x, a page: (phase, count, tile, theta, x)
 * @param x      T[rows, dim], written
 */
export function draw<T>(
  noise: Noise, make: (phase: Phase, count: i32, tile: i32, theta: usize, x: usize) => void,
  low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize,
): void {
  const each = dim * CHUNK;
  let phase = <u64>chunk * <u64>each % <u64>tile;
  for (let left = rows * dim; left > 0; left -= each, ++chunk) {
    begin(low, high, site, chunk, NOISE);
    const count = min(left, each);
    for (let done = 0; done < count; done += PAGE) {
      const some = min(PAGE, count - done);
      standard<T>(noise, some, NOISE, x);
      make(<i32>phase, some, tile, theta, x);
      phase = (phase + <u64>some) % <u64>tile;
      x += span<T>(some);
    }
  }
}

const NOISE = memory.data(SOURCE, 16);
