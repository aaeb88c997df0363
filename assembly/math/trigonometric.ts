import { COS32, COS64, HALF_PI32, HALF_PI64, SIN32, SIN64 } from "./coefficients";
import { LIMITS32, LIMITS64, REDUCED, nearest, reduceAny } from "./half-pi";
import { constant, cubic, linear } from "./polynomial";

/**
 * sin(x + quarter · π/2): 0 is sin x, 1 is cos x.
 *
 * For every finite x at most 0.91 ulp in f32 (exhaustive), 0.8 in f64 (the worst of 60,000 hard points).
 */
@inline
export function wave<T>(x: v128, quarter: i32): v128 {
  const table = sizeof<T>() == 4 ? HALF_PI32 : HALF_PI64;
  const limits = sizeof<T>() == 4 ? LIMITS32 : LIMITS64;
  let shifted = nearest<T>(x);
  const n = v128.sub<T>(shifted, constant<T>(limits, 0));
  const first = v128.sub<T>(x, v128.mul<T>(n, constant<T>(table, 1))); // exact
  const product = v128.mul<T>(n, constant<T>(table, 2)); // exact
  const second = v128.sub<T>(first, product);
  const lost = v128.sub<T>(v128.sub<T>(first, second), product);
  const third = v128.sub<T>(v128.mul<T>(n, constant<T>(table, 3)), lost);
  let high = v128.sub<T>(second, third);
  let low = v128.sub<T>(v128.sub<T>(second, high), third);
  const settled = v128.ge<T>(v128.abs<T>(high), v128.mul<T>(v128.abs<T>(n), constant<T>(limits, 2)));
  const ordinary = v128.and(settled, v128.le<T>(v128.abs<T>(x), constant<T>(limits, 1)));
  if (i32x4.bitmask(ordinary) != 15) {
    reduceAny<T>(x, shifted, high, low, ordinary);
    shifted = v128.load(REDUCED), high = v128.load(REDUCED, 16), low = v128.load(REDUCED, 32);
  }
  return onQuarter<T>(shifted, high, low, quarter);
}

/** sin(high + low + (n + quarter) π/2), |high| ≤ π/4 (the order of the terms as in Sun's fdlibm, 1993). */
@inline
function onQuarter<T>(n: v128, high: v128, low: v128, quarter: i32): v128 {
  const halves = sizeof<T>() == 4 ? HALVES32 : HALVES64;
  const half = constant<T>(halves, 0), one = constant<T>(halves, 1);
  const z = v128.mul<T>(high, high);
  const bent = v128.sub<T>(v128.mul<T>(half, low), v128.mul<T>(high, sinTail<T>(z)));
  const sine = v128.sub<T>(high, v128.sub<T>(v128.mul<T>(z, bent), low));
  const drop = v128.mul<T>(half, z);
  const flat = v128.sub<T>(one, drop);
  const rest = v128.sub<T>(v128.mul<T>(v128.mul<T>(z, z), cosTail<T>(z)), v128.mul<T>(high, low));
  const cosine = v128.add<T>(flat, v128.add<T>(v128.sub<T>(v128.sub<T>(one, flat), drop), rest));
  if (sizeof<T>() == 4) {
    const q = i32x4.add(n, i32x4.splat(quarter));
    const odd = i32x4.shr_s(i32x4.shl(q, 31), 31);
    return v128.xor(v128.bitselect(cosine, sine, odd), i32x4.shl(i32x4.shr_u(q, 1), 31));
  }
  const q = i64x2.add(n, i64x2.splat(quarter));
  const odd = i64x2.sub(i64x2.splat(0), v128.and(q, i64x2.splat(1)));
  return v128.xor(v128.bitselect(cosine, sine, odd), i64x2.shl(i64x2.shr_u(q, 1), 63));
}

/** (sin r − r) / r³ in z = r². */
@inline
export function sinTail<T>(z: v128): v128 {
  const z2 = v128.mul<T>(z, z);
  if (sizeof<T>() == 4) return v128.add<T>(linear<T>(SIN32, 0, z), v128.mul<T>(constant<T>(SIN32, 2), z2));
  return v128.add<T>(cubic<T>(SIN64, 0, z, z2), v128.mul<T>(linear<T>(SIN64, 4, z), v128.mul<T>(z2, z2)));
}

/** (cos r − 1 + ½ r²) / r⁴ in z = r². */
@inline
export function cosTail<T>(z: v128): v128 {
  const z2 = v128.mul<T>(z, z);
  if (sizeof<T>() == 4) return v128.add<T>(linear<T>(COS32, 0, z), v128.mul<T>(constant<T>(COS32, 2), z2));
  return v128.add<T>(cubic<T>(COS64, 0, z, z2), v128.mul<T>(linear<T>(COS64, 4, z), v128.mul<T>(z2, z2)));
}

const HALVES32 = memory.data<f32>([0.5, 1]);
const HALVES64 = memory.data<f64>([0.5, 1]);
