import { sumOf } from "../lanes";
import * as expOf from "../math/exp";
import * as logOf from "../math/log";
import { constant } from "../math/polynomial";

/**
 * One vector of scalings where an update is more than a division: with log w = power · (log a − log Σ) + (power − 1) φ,
 * log u ← log u + step · (log w − log u).
 *
 * The power is of marginals that are paid for (Chizat et al. 2018), the step of over-relaxation (Thibault et al. 2017). Where a is 0, u is.
 *
 * @param a      T[lanes]
 * @param sum    Σ, the same row of K v
 * @param old    T[lanes]: u
 * @param phi    T[lanes]: what of the potential is absorbed
 * @param to     T[lanes], written: the next u
 * @param total  T[lanes], written where the power is not 1: log u + φ
 * @returns Σ |u − w| · sum
 */
export function relaxed<T>(power: f64, step: f64, a: usize, sum: v128, old: usize, phi: usize, to: usize, total: usize): f64 {
  const u = v128.load(old), mass = v128.pmax<T>(constant<T>(sizeof<T>() == 4 ? TINY32 : TINY64, 0), sum);
  const w = power == 1 ? v128.div<T>(v128.load(a), mass) : paidFor<T>(power, v128.load(a), mass, v128.load(phi));
  let next = w;
  if (step != 1) {
    const known = v128.and(v128.gt<T>(u, v128.splat<T>(0)), v128.gt<T>(w, v128.splat<T>(0)));
    const further = v128.mul<T>(w, exp<T>(v128.mul<T>(v128.splat<T>(<T>(step - 1)), log<T>(v128.div<T>(w, u)))));
    next = v128.bitselect(further, w, known);
  }
  v128.store(to, next);
  if (power != 1) v128.store(total, v128.add<T>(log<T>(next), v128.load(phi)));
  return <f64>sumOf<T>(v128.mul<T>(v128.abs<T>(v128.sub<T>(u, w)), sum));
}

/** exp(power · log(a / Σ) + (power − 1) φ), 0 where a is. */
function paidFor<T>(power: f64, a: v128, sum: v128, phi: v128): v128 {
  const plain = v128.mul<T>(v128.splat<T>(<T>power), v128.sub<T>(log<T>(a), log<T>(sum)));
  return v128.and(v128.gt<T>(a, v128.splat<T>(0)), exp<T>(v128.add<T>(plain, v128.mul<T>(v128.splat<T>(<T>(power - 1)), phi))));
}

function exp<T>(x: v128): v128 {
  return expOf.exp<T>(x);
}

function log<T>(x: v128): v128 {
  return logOf.log<T>(x);
}

const TINY32 = memory.data<f32>([1e-37]);
const TINY64 = memory.data<f64>([1e-307]);
