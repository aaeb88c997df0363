import { lanes, span, storeSome, sumOf } from "./lanes";

/**
 * A kernel over [rows, dim] goes page by page along the flat array: what a page holds stays in the first cache from pass to pass.
 * `from` is the page's first element, a multiple of PAGE.
 */
export const PAGE: i32 = 512;
/** Bytes of a page, with room for a vector that begins in it. */
export const PAGE_BYTES: i32 = PAGE * 8 + 16;

/** Elements from `from` on that lie in one page and in one tile, n at most: their parameters are one stretch of θ. */
@inline
export function stretchOf(from: i32, n: i32, tile: i32): i32 {
  return min(tile - from % tile, min(PAGE, n - from));
}

/**
 * out[e] = coefficient[row of e] over a page; the address where it is, which for dim = 1 is `coefficient` itself.
 *
 * @param coefficient  T[rows]
 * @param out          a page, written
 */
export function spread<T>(from: i32, count: i32, dim: i32, coefficient: usize, out: usize): usize {
  if (dim == 1) return coefficient + span<T>(from);
  let row = from / dim;
  const end = out + span<T>(count);
  let next = out - span<T>(from - row * dim);
  for (let at = out; at < end; ++row) {
    const each = v128.load_splat<T>(coefficient + span<T>(row));
    next += span<T>(dim);
    // The last vector of a row runs into the next row, which overwrites it.
    for (const stop = min(next, end); at < stop; at += 16) v128.store(at, each);
    at = next;
  }
  return out;
}

/**
 * sums[row of e] += page[e]: a row's numbers in one fixed order.
 *
 * @param page  T[count]
 * @param sums  T[rows]
 */
export function sumRows<T>(from: i32, count: i32, dim: i32, page: usize, sums: usize): void {
  let row = from / dim;
  let left = dim - (from - row * dim);
  if (dim == 1) return addTo<T>(count, page, sums + span<T>(from));
  for (let done = 0; done < count; ++row) {
    const run = min(left, count - done);
    const at = sums + span<T>(row);
    store<T>(at, load<T>(at) + sum<T>(run, page + span<T>(done)));
    done += run;
    left = dim;
  }
}

function addTo<T>(count: i32, page: usize, sums: usize): void {
  for (let left = count; left > 0; left -= lanes<T>(), page += 16, sums += 16) {
    storeSome<T>(sums, v128.add<T>(v128.load(sums), v128.load(page)), left);
  }
}

@inline
function sum<T>(count: i32, page: usize): T {
  let total: T = 0;
  let i = 0;
  if (count >= 2 * lanes<T>()) {
    let each = v128.load(page);
    for (i = lanes<T>(); i <= count - lanes<T>(); i += lanes<T>()) each = v128.add<T>(each, v128.load(page + span<T>(i)));
    total = sumOf<T>(each);
  }
  for (; i < count; ++i) total += load<T>(page + span<T>(i));
  return total;
}

/**
 * z[e] = (x[e] − location[e]) / scale[e] over a page.
 *
 * @param theta  T[≥ 3, tile]: location, scale, 1 / scale
 * @param x      T[n], the whole array
 * @param z      a page, written
 */
export function standardize<T>(from: i32, count: i32, tile: i32, theta: usize, x: usize, z: usize): void {
  const inverse = span<T>(tile) << 1;
  x += span<T>(from);
  let phase = from % tile;
  for (let done = 0; done < count; phase = 0) {
    const run = min(tile - phase, count - done);
    let at = theta + span<T>(phase);
    for (const end = at + span<T>(run); at < end; at += 16, x += 16, z += 16) {
      v128.store(z, v128.mul<T>(v128.sub<T>(v128.load(x), v128.load(at)), v128.load(at + inverse)));
    }
    done += run;
  }
}

/**
 * logProb[row of e] += page[e] − offset[e].
 *
 * @param offset   T[tile]
 * @param page     the page, changed
 * @param logProb  T[rows], added to
 */
export function collect<T>(from: i32, count: i32, dim: i32, tile: i32, offset: usize, page: usize, logProb: usize): void {
  let phase = from % tile;
  let to = page;
  for (let done = 0; done < count; phase = 0) {
    const run = min(tile - phase, count - done);
    let at = offset + span<T>(phase);
    for (const end = at + span<T>(run); at < end; at += 16, to += 16) v128.store(to, v128.sub<T>(v128.load(to), v128.load(at)));
    done += run;
  }
  sumRows<T>(from, count, dim, page, logProb);
}

/**
 * terms of location += coefficient · slope / scale, terms of logScale += coefficient · (z · slope − 1), slope = −∂ log p₀/∂z.
 *
 * @param n            rows · dim
 * @param z, slope     pages
 * @param coefficient  T[rows]
 * @param terms        T[2, rows, dim], added to
 */
export function addScore<T>(from: i32, count: i32, n: i32, dim: i32, tile: i32, theta: usize, z: usize, slope: usize, coefficient: usize, terms: usize): void {
  const inverse = span<T>(tile) << 1;
  const second = span<T>(n);
  const one = v128.splat<T>(1);
  let weight = spread<T>(from, count, dim, coefficient, WEIGHT);
  terms += span<T>(from);
  let phase = from % tile;
  for (let done = 0; done < count; phase = 0) {
    const run = min(tile - phase, count - done);
    let at = theta + inverse + span<T>(phase);
    for (let left = run; left > 0; left -= lanes<T>()) {
      const w = v128.load(weight), g = v128.load(slope);
      const location = v128.mul<T>(w, v128.mul<T>(g, v128.load(at)));
      const scale = v128.mul<T>(w, v128.sub<T>(v128.mul<T>(v128.load(z), g), one));
      storeSome<T>(terms, v128.add<T>(v128.load(terms), location), left);
      storeSome<T>(terms + second, v128.add<T>(v128.load(terms + second), scale), left);
      weight += 16; slope += 16; z += 16; at += 16; terms += 16;
    }
    done += run;
  }
}

const WEIGHT = memory.data(PAGE_BYTES, 16);
