import { BITS, isSplat, operand, stepOf } from "./draws";
import { DEPTH } from "./opcodes";

/**
 * out[lane] = the first category whose probabilities, operand 0, add up to u; the last possible one if none does: that is the last possible
 * one before which they add up to no more than u.
 *
 * Two lanes at a time, as doubles in both precisions: the same sums as of a lane on its own.
 */
export function categories<T>(at: usize, n: i32, out: usize): void {
  const first = operand(at, 0), along = stepOf(at, 0), count = load<i32>(at, DEPTH) >> 8, splat = isSplat(at, 0);
  const one = f64x2.splat(1), nothing = f64x2.splat(0);
  for (let lane: usize = 0, end = <usize>n * sizeof<T>(); lane < end; lane += 2 * sizeof<T>()) {
    const u = pair<T>(BITS + lane);
    let sum = nothing, x = nothing, category = nothing, from = splat ? first : first + lane;
    for (let i = 0; i < count; ++i, from += along) {
      const p = splat ? f64x2.splat(<f64>load<T>(from)) : pair<T>(from), possible = f64x2.gt(p, nothing);
      x = v128.bitselect(category, x, v128.and(possible, f64x2.ge(u, sum)));
      sum = f64x2.add(sum, v128.and(p, possible));
      category = f64x2.add(category, one);
    }
    if (sizeof<T>() == 4) v128.store64_lane(out + lane, f32x4.demote_f64x2_zero(x), 0);
    else v128.store(out + lane, x);
  }
}

@inline
function pair<T>(from: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(from)) : v128.load(from);
}
