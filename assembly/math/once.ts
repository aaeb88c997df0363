import { exp } from "./exp";
import { expm1 } from "./expm1";
import { log } from "./log";
import { log1p } from "./log1p";
import { wave } from "./trigonometric";

/** Functions of one vector or number, for what is not hot: compiled once, and called. */

export function exp64(x: v128): v128 {
  return exp<f64>(x);
}

export function log64(x: v128): v128 {
  return log<f64>(x);
}

export function expm164(x: v128): v128 {
  return expm1<f64>(x);
}

export function log1p64(x: v128): v128 {
  return log1p<f64>(x);
}

export function sine64(x: v128): v128 {
  return wave<f64>(x, 0);
}

export function expOne(x: f64): f64 {
  return first(exp64(f64x2.splat(x)));
}

export function logOne(x: f64): f64 {
  return first(log64(f64x2.splat(x)));
}

export function expm1One(x: f64): f64 {
  return first(expm164(f64x2.splat(x)));
}

export function log1pOne(x: f64): f64 {
  return first(log1p64(f64x2.splat(x)));
}

export function sineOne(x: f64): f64 {
  return first(sine64(f64x2.splat(x)));
}

@inline
function first(x: v128): f64 {
  return f64x2.extract_lane(x, 0);
}
