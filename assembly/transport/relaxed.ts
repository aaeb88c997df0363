import { sumOf } from "../lanes";
import * as expOf from "../math/exp";
import * as logOf from "../math/log";
import { constant } from "../math/polynomial";

/**
 * One vector of scalings where an update is more than a division: with log w = power · (log a − log Σ) + (power − 1) φ,
 * log u ← log u + step · (log w − log u). Where a sum vanished, u is ∞.
 *
 * The power is of marginals that are paid for (Chizat et al. 2018), the step of over-relaxation (Thibault et al. 2017). Where a is 0, u is.
 *
 * @param a      T[lanes]
 * @param sum    Σ, the same row of K v
 * @param old    T[lanes]: u
 * @param phi    T[lanes]: what of the potential is absorbed
 * @param to     T[lanes], written: the next u
 * @param total  T[lanes], written unless it is 0: log u + φ, which may be further than u can say
 * @returns Σ |u − w| · sum
 */
export function relaxed<T>(power: f64, step: f64, a: usize, sum: v128, old: usize, phi: usize, to: usize, total: usize): f64 {
  const tiny = constant<T>(sizeof<T>() == 4 ? TINY32 : TINY64, 0), zero = v128.splat<T>(0), u = v128.load(old);
  const mass = v128.pmax<T>(tiny, sum), own = v128.gt<T>(v128.load(a), zero);
  let next = v128.div<T>(v128.load(a), mass), logarithm = zero;
  if (power != 1) {
    const ratio = v128.mul<T>(v128.splat<T>(<T>power), v128.sub<T>(log<T>(v128.load(a)), log<T>(mass)));
    logarithm = v128.add<T>(ratio, v128.mul<T>(v128.splat<T>(<T>(power - 1)), v128.load(phi)));
    next = v128.and(own, exp<T>(logarithm));
  }
  const change = v128.mul<T>(v128.abs<T>(v128.sub<T>(u, next)), sum);
  if (step != 1) {
    const far = v128.div<T>(next, u), within = v128.and(v128.lt<T>(far, v128.splat<T>(<T>FAR)), v128.gt<T>(far, v128.splat<T>(<T>(1 / FAR))));
    const more = v128.and(within, v128.mul<T>(v128.splat<T>(<T>(step - 1)), log<T>(far)));
    next = v128.bitselect(v128.mul<T>(next, exp<T>(more)), next, within);
    logarithm = v128.add<T>(logarithm, more);
  }
  if (total != 0) {
    if (power == 1) logarithm = log<T>(next);
    v128.store(total, v128.bitselect(v128.add<T>(logarithm, v128.load(phi)), v128.splat<T>(<T>-Infinity), own));
  }
  // A sum that vanished tells nothing, however little a power makes of it.
  v128.store(to, v128.bitselect(v128.splat<T>(<T>Infinity), next, v128.and(own, v128.lt<T>(sum, tiny))));
  return <f64>sumOf<T>(change);
}

function exp<T>(x: v128): v128 {
  return expOf.exp<T>(x);
}

function log<T>(x: v128): v128 {
  return logOf.log<T>(x);
}

/** A step that changes a scaling by more is taken as it is: far from the solution, going further leads anywhere. */
const FAR: f64 = 1048576.0; // 2²⁰
const TINY32 = memory.data<f32>([1e-37]);
const TINY64 = memory.data<f64>([1e-307]);
