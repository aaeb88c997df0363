import type { Points } from "../core/core.ts";
import type { Pointer } from "../core/kernels.ts";
import type { Site } from "../vocabulary/estimator.ts";

/**
 * The rank of each value among those of its problem, scaled to −½ … ½; equal values share the mean of their ranks.
 *
 * @param count  values of one problem
 * @param value  `[count, batch]`
 * @param out    `[count, batch]`, written
 */
export function ranks({ region, batch }: Site, count: number, value: Pointer, out: Pointer): void {
  const values = region.core.view(region.precision, value, count * batch);
  const ranked = region.core.view(region.precision, out, count * batch);
  for (let b = 0; b < batch; b++) {
    const own = new Float64Array(count).map((_, i) => values[i * batch + b]!);
    const sorted = own.slice().sort();
    for (let i = 0; i < count; i++) {
      const below = firstOver(sorted, own[i]!, false);
      const rank = (below + firstOver(sorted, own[i]!, true) - 1) / 2;
      ranked[i * batch + b] = count === 1 ? 0 : rank / (count - 1) - 0.5;
    }
  }
}

/** How many of the sorted values are less than `value`; not larger, if `equal`. */
function firstOver(sorted: Points, value: number, equal: boolean): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < value || (equal && sorted[middle] === value)) from = middle + 1;
    else to = middle;
  }
  return from;
}
