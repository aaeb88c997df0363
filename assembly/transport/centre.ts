import { strideOf } from "./laplacian";
import { scratch, solve } from "./matching";

/**
 * Where potentials along columns begin for a temperature so low that Sinkhorn's iteration would not arrive: in the midst of the optimal ones of
 * temperature 0, so that every cell off the matching is as far below it as all of them can be.
 *
 * With the matching σ, g is optimal if g[σ(j)] ≤ g[σ(i)] + d[i, j], d[i, j] = z[i, σ(i)] − z[i, σ(j)]: lengths of shortest ways from any row are, and so is their mean.
 *
 * @param z          f64[n, width], finite
 * @param distances  f64[n, width], room
 * @param work       room for a matching, then i32[n]
 * @param g          f64[n], written
 */
export function centre(n: i32, z: usize, distances: usize, work: usize, g: usize): void {
  const stride = strideOf(n), chosen = work + ((<usize>scratch(n, n) + 7) & -8);
  // Rows have a room of whole vectors, the matching has none: its costs are copied close together first.
  for (let i = 0; i < n; ++i) memory.copy(distances + (<usize>(i * n) << 3), z + <usize>i * stride, <usize>n << 3);
  solve<f64>(n, n, -1, distances, work, chosen);
  for (let i = 0, to = distances; i < n; ++i, to += stride) {
    const row = z + <usize>i * stride, own = at(row, column(chosen, i));
    for (let j = 0; j < n; ++j) store<f64>(to + (<usize>j << 3), own - at(row, column(chosen, j)));
  }
  shorten(n, distances);
  for (let j = 0; j < n; ++j) {
    let sum: f64 = 0;
    for (let i = 0; i < n; ++i) sum += at(distances + <usize>i * stride, j) - at(distances + <usize>j * stride, i);
    store<f64>(g + (<usize>column(chosen, j) << 3), sum / <f64>(2 * n));
  }
}

@inline
function at(row: usize, j: i32): f64 {
  return load<f64>(row + (<usize>j << 3));
}

@inline
function column(chosen: usize, i: i32): i32 {
  return load<i32>(chosen + (<usize>i << 2));
}

/** Shortest ways between all, by way of one after the other (Floyd 1962). */
function shorten(n: i32, distances: usize): void {
  const stride = strideOf(n);
  for (let k = 0, by = distances; k < n; ++k, by += stride) {
    store<f64>(by + (<usize>k << 3), 0); // rounding may have made a way back to where it began a gain
    for (let i = 0, row = distances; i < n; ++i, row += stride) {
      if (i == k) continue;
      const first = f64x2.splat(at(row, k));
      for (let j: usize = 0; j < stride; j += 16) v128.store(row + j, f64x2.pmin(v128.load(row + j), f64x2.add(first, v128.load(by + j))));
    }
  }
}
