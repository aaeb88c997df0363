import * as expOf from "./exp";
import * as logOf from "./log";

/** Functions of a vector for what is not hot: compiled once, and called. */

export function exp64(x: v128): v128 {
  return expOf.exp<f64>(x);
}

export function log64(x: v128): v128 {
  return logOf.log<f64>(x);
}

export function logOne(x: f64): f64 {
  return f64x2.extract_lane(log64(f64x2.splat(x)), 0);
}

/** eˣ */
export function expOne(x: f64): f64 {
  return f64x2.extract_lane(exp64(f64x2.splat(x)), 0);
}
