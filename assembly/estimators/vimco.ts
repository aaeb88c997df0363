import { lanes, span, storeSome } from "../lanes";
import { exp } from "../math/exp";
import { log } from "../math/log";
import { logOne } from "../math/once";

/**
 * The bound L of K particles and what each adds to it:
 *
 *   l[k] = f[k] − log q[k], total = L = log 1/K Σₖ exp l[k], weight[k] = exp l[k] / Σᵢ exp l[i]
 *   coefficient[k] = L − L₋ₖ − weight[k], L₋ₖ = L with exp l[k] replaced by the mean of the others' weights
 *
 * The mean is geometric, or arithmetic. Mnih & Rezende 2016. Rows run along the vectors. Sums without particle k are taken
 * relative to the largest of the others, so that none is a difference of nearly equal numbers and none is 0.
 *
 * @param particles    K, at least 2
 * @param value        T[particles, rows], f
 * @param logs         T[particles, rows]: log q, then l
 * @param weight       T[particles, rows], written
 * @param coefficient  T[particles, rows], written
 * @param total        T[rows], written
 */
export function weigh<T>(particles: i32, rows: i32, geometric: bool, value: usize, logs: usize, weight: usize, coefficient: usize, total: usize): void {
  const step = span<T>(rows), end = step * <usize>particles;
  const logCount = logOne(<f64>particles);
  const count = v128.splat<T>(<T>logCount), one = v128.splat<T>(1);
  const others = v128.splat<T>(<T>(1 / <f64>(particles - 1)));
  // log of what the sum without k is divided by, over log K
  const shift = v128.splat<T>(<T>(geometric ? 0 : logOne(<f64>(particles - 1)) - logCount));
  for (let r = 0; r < rows; r += lanes<T>()) {
    const left = rows - r, first = span<T>(r);
    let most = v128.splat<T>(<T>-Infinity), second = most;
    for (let at = first; at < end; at += step) {
      const l = v128.sub<T>(v128.load(value + at), v128.load(logs + at));
      storeSome<T>(logs + at, l, left);
      second = v128.pmax<T>(second, v128.pmin<T>(l, most));
      most = v128.pmax<T>(most, l);
    }
    let sum = v128.splat<T>(0), deviations = sum, without = v128.splat<T>(-1);
    for (let at = first; at < end; at += step) {
      const l = v128.load(logs + at), deviation = v128.sub<T>(l, most);
      const e = exp<T>(deviation);
      storeSome<T>(weight + at, e, left);
      sum = v128.add<T>(sum, e);
      deviations = v128.add<T>(deviations, deviation);
      // The largest counts 1 here, which is what the −1 at the beginning takes away.
      without = v128.add<T>(without, exp<T>(v128.sub<T>(v128.pmin<T>(l, second), second)));
    }
    const share = v128.div<T>(one, sum), logSum = log<T>(sum), gap = v128.sub<T>(most, second);
    for (let at = first; at < end; at += step) {
      const l = v128.load(logs + at), e = v128.load(weight + at);
      const own = v128.eq<T>(l, most);
      const drop = v128.and(own, gap); // most − the largest of the others
      let rest = v128.bitselect(without, v128.sub<T>(sum, e), own);
      if (geometric) {
        const mean = v128.mul<T>(v128.sub<T>(deviations, v128.sub<T>(l, most)), others);
        rest = v128.add<T>(rest, exp<T>(v128.add<T>(mean, drop)));
      }
      const gain = v128.add<T>(v128.add<T>(drop, v128.sub<T>(logSum, log<T>(rest))), shift);
      const w = v128.mul<T>(e, share);
      storeSome<T>(weight + at, w, left);
      storeSome<T>(coefficient + at, v128.sub<T>(gain, w), left);
    }
    storeSome<T>(total + first, v128.add<T>(most, v128.sub<T>(logSum, count)), left);
  }
}
