import { lanes, span, storeSome } from "../lanes";
import { exp } from "../math/exp";
import { log } from "../math/log";
import { logOne } from "../math/once";

/**
 * The importance weights of K particles, rows along the vectors:
 *
 *   l[k, r] = f[k, r] − log q[k, r], total[r] = log 1/K Σₖ exp l[k, r], weight[k, r] = exp l[k, r] / Σᵢ exp l[i, r]
 *   coefficient[k, r] = −weight[k, r], or −weight[k, r]² where `squared`
 *
 * @param value        T[particles, rows], f
 * @param logs         T[particles, rows]: log q, then l
 * @param weight       T[particles, rows], written
 * @param coefficient  T[particles, rows], written
 * @param total        T[rows], written
 */
export function weigh<T>(particles: i32, rows: i32, squared: bool, value: usize, logs: usize, weight: usize, coefficient: usize, total: usize): void {
  const step = span<T>(rows), end = step * <usize>particles;
  const logCount = v128.splat<T>(<T>logOne(<f64>particles)), one = v128.splat<T>(1);
  for (let r = 0; r < rows; r += lanes<T>()) {
    const left = rows - r, first = span<T>(r);
    let most = v128.splat<T>(<T>-Infinity), sum = v128.splat<T>(0);
    for (let at = first; at < end; at += step) {
      const l = v128.sub<T>(v128.load(value + at), v128.load(logs + at));
      storeSome<T>(logs + at, l, left);
      most = v128.pmax<T>(most, l);
    }
    for (let at = first; at < end; at += step) {
      const e = exp<T>(v128.sub<T>(v128.load(logs + at), most));
      storeSome<T>(weight + at, e, left);
      sum = v128.add<T>(sum, e);
    }
    const share = v128.div<T>(one, sum);
    for (let at = first; at < end; at += step) {
      const w = v128.mul<T>(v128.load(weight + at), share);
      storeSome<T>(weight + at, w, left);
      storeSome<T>(coefficient + at, v128.neg<T>(squared ? v128.mul<T>(w, w) : w), left);
    }
    storeSome<T>(total + first, v128.add<T>(most, v128.sub<T>(log<T>(sum), logCount)), left);
  }
}

/**
 * x[r, j] ← −coefficient[r] · x[r, j]
 *
 * @param coefficient  T[rows]
 * @param x            T[rows, dim], updated
 */
export function scale<T>(rows: i32, dim: i32, coefficient: usize, x: usize): void {
  for (let r = 0; r < rows; ++r, x += span<T>(dim)) {
    const c: T = -load<T>(coefficient + span<T>(r));
    const each = v128.splat<T>(c);
    let j = 0;
    for (; j <= dim - lanes<T>(); j += lanes<T>()) v128.store(x + span<T>(j), v128.mul<T>(each, v128.load(x + span<T>(j))));
    for (; j < dim; ++j) store<T>(x + span<T>(j), c * load<T>(x + span<T>(j)));
  }
}
