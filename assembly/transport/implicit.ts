import { span } from "../lanes";
import { clear, heightOf, PANEL, panelAddRows, panelBytes, panelDots, SUMS } from "./panels";

/**
 * zᵢ = weightᵢ · (qᵢ − Σⱼ P[i, j] t[j]), out[j] = Σᵢ P[i, j] zᵢ, in one pass over P.
 *
 * All that solving [[D₁, P], [Pᵀ, D₂]] (s, t) = (q, r) takes: with t = 0 its reduced right side, with q = 0 a product with its Schur complement, at the end s.
 *
 * @param matrix  P by panels of f64
 * @param byRow   f64[3, height]: weight, q, and z, written
 * @param t       f64[width]
 * @param out     f64[width], written
 */
export function apply(rows: i32, columns: i32, matrix: usize, byRow: usize, t: usize, out: usize): void {
  const bytes = panelBytes<f64>(columns), height = span<f64>(heightOf(rows));
  clear(out, bytes >> 3);
  for (const end = byRow + height; byRow < end; byRow += span<f64>(PANEL), matrix += bytes) {
    panelDots<f64>(matrix, matrix + bytes, t);
    for (let part: usize = 0; part < span<f64>(PANEL); part += 16) {
      const q = byRow + height + part;
      v128.store(q + height, f64x2.mul(v128.load(byRow + part), f64x2.sub(v128.load(q), v128.load(SUMS + part))));
    }
    panelAddRows<f64>(matrix, matrix + bytes, byRow + 2 * height, out);
  }
}
