import { ATAN32, ATAN64 } from "./special-coefficients";
import { constant, cubic, linear, septic } from "./polynomial";

/** atan t for t ≥ 0: of min(t, 1/t), halved twice over: atan y = 2 atan(y / (1 + √(1 + y²))). Within 3 ulp. */
@inline
export function atan<T>(t: v128): v128 {
  const limits = sizeof<T>() == 4 ? LIMITS32 : LIMITS64;
  const one = constant<T>(limits, 0);
  const y = v128.pmin<T>(t, v128.div<T>(one, t));
  const r = v128.div<T>(y, v128.add<T>(one, v128.sqrt<T>(v128.add<T>(one, v128.mul<T>(y, y)))));
  const angle = v128.mul<T>(v128.add<T>(r, r), series<T>(v128.mul<T>(r, r)));
  return v128.bitselect(v128.sub<T>(constant<T>(limits, 1), angle), angle, v128.gt<T>(t, one));
}

/** atan r / r in z = r². */
@inline
function series<T>(z: v128): v128 {
  const z2 = v128.mul<T>(z, z), z4 = v128.mul<T>(z2, z2);
  if (sizeof<T>() == 4) return v128.add<T>(cubic<T>(ATAN32, 0, z, z2), v128.mul<T>(linear<T>(ATAN32, 4, z), z4));
  return v128.add<T>(septic<T>(ATAN64, 0, z, z2, z4), v128.mul<T>(cubic<T>(ATAN64, 8, z, z2), v128.mul<T>(z4, z4)));
}

// 1, π/2
const LIMITS32 = memory.data<f32>([1, 1.5707963267948966]);
const LIMITS64 = memory.data<f64>([1, 1.5707963267948966]);
