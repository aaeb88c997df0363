import { exp } from "../math/exp";
import { log } from "../math/log";
import { one, zero } from "./elementwise";

@inline
export function expOf<T>(x: v128): v128 { return exp<T>(x); }
@inline
export function logOf<T>(x: v128): v128 { return log<T>(x); }
export function log1pOf<T>(x: v128): v128 { return log<T>(v128.add<T>(x, one<T>())); }
export function expm1Of<T>(x: v128): v128 { return v128.sub<T>(exp<T>(x), one<T>()); }
export function sinOf<T>(x: v128): v128 { return x; }
export function cosOf<T>(x: v128): v128 { return x; }
export function sigmoidOf<T>(x: v128): v128 { return v128.div<T>(one<T>(), v128.add<T>(one<T>(), exp<T>(v128.neg<T>(x)))); }
export function softplusOf<T>(x: v128): v128 { return v128.add<T>(v128.max<T>(x, zero<T>()), log<T>(v128.add<T>(one<T>(), exp<T>(v128.neg<T>(v128.abs<T>(x)))))); }
export function tanhOf<T>(x: v128): v128 {
  const e = exp<T>(v128.add<T>(x, x));
  return v128.sub<T>(one<T>(), v128.div<T>(v128.add<T>(one<T>(), one<T>()), v128.add<T>(e, one<T>())));
}
