import { exp } from "./exp";
import { expm1 } from "./expm1";
import { log } from "./log";
import * as log1pOf from "./log1p";

/** Functions of one vector or number, for what is not hot: compiled once, and called. */

export function exp64(x: v128): v128 {
  return exp<f64>(x);
}

export function log64(x: v128): v128 {
  return log<f64>(x);
}

export function log1p64(x: v128): v128 {
  return log1pOf.log1p<f64>(x);
}

export function expOne(x: f64): f64 {
  return f64x2.extract_lane(exp64(f64x2.splat(x)), 0);
}

export function logOne(x: f64): f64 {
  return f64x2.extract_lane(log64(f64x2.splat(x)), 0);
}

export function expm1One(x: f64): f64 {
  return f64x2.extract_lane(expm1<f64>(f64x2.splat(x)), 0);
}

export function log1pOne(x: f64): f64 {
  return f64x2.extract_lane(log1pOf.log1p<f64>(f64x2.splat(x)), 0);
}
