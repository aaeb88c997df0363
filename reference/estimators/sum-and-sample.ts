/** The k most probable points summed, one of the others drawn (Liu et al. 2019), over plain arrays. */

/** Points from the most probable one on, equals in their own order. */
export function rank(p: ArrayLike<number>): number[] {
  return Array.from(p, (_, k) => k).sort((a, b) => p[b]! - p[a]! || a - b);
}

/** One of the points from place k of the order on, by inversion. */
export function draw(uniform: () => number, p: ArrayLike<number>, order: readonly number[], k: number, rest: number): number {
  let v = uniform() * rest;
  let place = k;
  for (; place < order.length - 1; place++) {
    v -= p[order[place]!]!;
    if (v < 0) break;
  }
  return order[place]!;
}
