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

/**
 * out[e] += coefficient[row of e] · page[e]
 *
 * @param coefficient  T[rows]
 * @param out          T[n] from the page on, added to
 */
export function addRows<T>(from: i32, count: i32, dim: i32, coefficient: usize, page: usize, out: usize): void {
  addProduct<T>(count, spread<T>(from, count, dim, coefficient, WEIGHT), page, out + span<T>(from));
}

/** out[e] += a[e] · b[e], and nothing beyond. */
function addProduct<T>(count: i32, a: usize, b: usize, out: usize): void {
  for (let left = count; left > 0; left -= lanes<T>(), a += 16, b += 16, out += 16) {
    storeSome<T>(out, v128.add<T>(v128.load(out), v128.mul<T>(v128.load(a), v128.load(b))), left);
  }
}

/** A pass of an elementwise family over one page of x, into a page: (from, count, tile, theta, x of the page, out). */
export type Pass = (from: i32, count: i32, tile: i32, theta: usize, x: usize, out: usize) => void;

/** A pass for a family of two parameters, into a page each: (from, count, tile, theta, noise of the page, x of the page, first, second). */
export type Slopes = (from: i32, count: i32, tile: i32, theta: usize, noise: usize, x: usize, first: usize, second: usize) => void;

/** logProb[row of e] = Σ density[e] */
export function logProbBy<T>(density: Pass, rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  memory.fill(logProb, 0, span<T>(rows));
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    density(from, count, tile, theta, x + span<T>(from), FIRST);
    sumRows<T>(from, count, dim, FIRST, logProb);
  }
}

/** out[e] += coefficient[row of e] · slope[e], slope = ∂ log p/∂x. */
export function logProbGradientBy<T>(slope: Pass, rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    slope(from, count, tile, theta, x + span<T>(from), FIRST);
    addRows<T>(from, count, dim, coefficient, FIRST, out);
  }
}

/** terms of each parameter += coefficient[row of e] · slope[e], slope = ∂ log p/∂θ. `terms` is T[2, rows, dim]. */
export function scoreBy<T>(slopes: Slopes, rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  const n = rows * dim;
  for (let from = 0; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    slopes(from, count, tile, theta, 0, x + span<T>(from), FIRST, SECOND);
    addRows<T>(from, count, dim, coefficient, FIRST, terms);
    addRows<T>(from, count, dim, coefficient, SECOND, terms + span<T>(n));
  }
}

/** terms of each parameter += cotangent[e] · slope[e], slope = ∂x/∂θ. `terms` is T[2, rows, dim]. */
export function pullBy<T>(slopes: Slopes, rows: i32, dim: i32, tile: i32, theta: usize, noise: usize, x: usize, cotangent: usize, terms: usize): void {
  const n = rows * dim;
  for (let from = 0; from < n; from += PAGE) {
    const count = min(PAGE, n - from), at = span<T>(from);
    slopes(from, count, tile, theta, noise + at, x + at, FIRST, SECOND);
    addProduct<T>(count, cotangent + at, FIRST, terms + at);
    addProduct<T>(count, cotangent + at, SECOND, terms + at + span<T>(n));
  }
}

/** out[e] = Σ tangent of each parameter[e] · slope[e], slope = ∂x/∂θ. `tangent` is T[2, rows, dim]. */
export function pushBy<T>(slopes: Slopes, rows: i32, dim: i32, tile: i32, theta: usize, noise: usize, x: usize, tangent: usize, out: usize): void {
  const n = rows * dim, second = span<T>(n);
  for (let from = 0; from < n; from += PAGE) {
    const at = span<T>(from);
    slopes(from, min(PAGE, n - from), tile, theta, noise + at, x + at, FIRST, SECOND);
    for (let left = min(PAGE, n - from), e: usize = 0; left > 0; left -= lanes<T>(), e += 16) {
      const sum = v128.mul<T>(v128.load(FIRST + e), v128.load(tangent + at + e));
      storeSome<T>(out + at + e, v128.add<T>(sum, v128.mul<T>(v128.load(SECOND + e), v128.load(tangent + second + at + e))), left);
    }
  }
}

/** A pass from noise to draws, a page: (phase, count, tile, theta, noise, x). */
export type Make = (phase: i32, count: i32, tile: i32, theta: usize, noise: usize, x: usize) => void;

/** x = make(uniform), page by page: a sampler's way from uniforms given from outside. Both are T[rows, dim]. */
export function invertBy<T>(make: Make, rows: i32, dim: i32, tile: i32, theta: usize, uniform: usize, x: usize): void {
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    make(from % tile, min(PAGE, n - from), tile, theta, uniform + span<T>(from), x + span<T>(from));
  }
}

const FIRST = memory.data(PAGE_BYTES, 16);
const SECOND = memory.data(PAGE_BYTES, 16);

// Pages that the kernels of one family may use between their passes: they hold nothing from one call to the next, and no pass above uses them.
export const OWN0 = memory.data(PAGE_BYTES, 16);
export const OWN1 = memory.data(PAGE_BYTES, 16);
export const OWN2 = memory.data(PAGE_BYTES, 16);
export const OWN3 = memory.data(PAGE_BYTES, 16);
export const OWN4 = memory.data(PAGE_BYTES, 16);
