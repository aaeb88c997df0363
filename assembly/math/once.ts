import { exp, log } from "./vectors";

/** Functions of one vector or number, for what is not hot. */

export function exp64(x: v128): v128 {
  v128.store(ONE, x);
  exp<f64>(2, ONE, ONE);
  return v128.load(ONE);
}

export function log64(x: v128): v128 {
  v128.store(ONE, x);
  log<f64>(2, ONE, ONE);
  return v128.load(ONE);
}

export function expOne(x: f64): f64 {
  return f64x2.extract_lane(exp64(f64x2.splat(x)), 0);
}

export function logOne(x: f64): f64 {
  return f64x2.extract_lane(log64(f64x2.splat(x)), 0);
}

const ONE = memory.data(16, 16);
