import { lanes, span, sumOf } from "../lanes";
import { clear, heightOf, PANEL, panelAddRows, panelBytes, panelDots, rowOf, STEP, SUMS, widthOf } from "./panels";

/** What is read off u, v and K after the iterations: P[i, j] = uᵢ Kᵢⱼ vⱼ. The arrays are those of sinkhorn.ts. */

/**
 * byRow[4, i] = uᵢ Σⱼ Kᵢⱼ vⱼ and next[j] = vⱼ Σᵢ Kᵢⱼ uᵢ: the marginals of the plan.
 *
 * @param kernel  panels of K
 */
export function marginals<T>(rows: i32, columns: i32, kernel: usize, byRow: usize, byColumn: usize): void {
  const bytes = panelBytes<T>(columns), along = bytes >> 3, v = byColumn + along, next = v + along, height = span<T>(heightOf(rows));
  clear(next, along);
  for (const end = byRow + height; byRow < end; byRow += span<T>(PANEL), kernel += bytes) {
    panelDots<T>(kernel, kernel + bytes, v);
    for (let part: usize = 0; part < span<T>(PANEL); part += 16) {
      const u = byRow + height + part;
      v128.store(u + 3 * height, v128.mul<T>(v128.load(SUMS + part), v128.load(u)));
    }
    panelAddRows<T>(kernel, kernel + bytes, byRow + height, next);
  }
  for (let j = 0; j < columns; j += lanes<T>()) v128.store(next + span<T>(j), v128.mul<T>(v128.load(next + span<T>(j)), v128.load(v + span<T>(j))));
}

/** out[i, j] = P[i, j]. `out` is T[rows, columns], written. */
export function write<T>(rows: i32, columns: i32, kernel: usize, byRow: usize, byColumn: usize, out: usize): void {
  const column = byColumn + span<T>(widthOf<T>(columns)), row = byRow + span<T>(heightOf(rows));
  for (let i = 0; i < rows; ++i) {
    const each = v128.load_splat<T>(row + span<T>(i));
    let from = rowOf<T>(kernel, columns, i), j = 0;
    for (; j <= columns - lanes<T>(); j += lanes<T>(), from += STEP, out += 16) {
      v128.store(out, v128.mul<T>(v128.mul<T>(each, v128.load(from)), v128.load(column + span<T>(j))));
    }
    for (; j < columns; ++j, from += sizeof<T>(), out += sizeof<T>()) store<T>(out, load<T>(row + span<T>(i)) * load<T>(from) * load<T>(column + span<T>(j)));
  }
}

/** Σ P[i, j] x[i, j] over the entries that are not 0. `x` is T[rows, columns]. */
export function cost<T>(rows: i32, columns: i32, kernel: usize, byRow: usize, byColumn: usize, x: usize): f64 {
  const column = byColumn + span<T>(widthOf<T>(columns)), row = byRow + span<T>(heightOf(rows)), zero = v128.splat<T>(0);
  let all: f64 = 0;
  for (let i = 0; i < rows; ++i, x += span<T>(columns)) {
    let sum = zero, from = rowOf<T>(kernel, columns, i);
    for (let j = 0; j < columns; j += lanes<T>(), from += STEP) {
      const k = v128.mul<T>(v128.load(from), v128.load(column + span<T>(j)));
      sum = v128.add<T>(sum, v128.and(v128.mul<T>(k, v128.load(x + span<T>(j))), v128.ne<T>(k, zero)));
    }
    all += <f64>sumOf<T>(sum) * <f64>load<T>(row + span<T>(i));
  }
  return all;
}
