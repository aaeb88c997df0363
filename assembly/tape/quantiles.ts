import { lgamma } from "../math/lgamma";
import { log1p } from "../math/log1p";
import { exp64, expOne, log64, logOne } from "../math/once";

// Inversion: x = F⁻¹(u), the same u for the parameters and for changed ones, so that x moves with them as little as it can.

/** Means up to which the sum begins at 0, where the probability is an ordinary number; beyond, at the mode. */
const NEAR: f64 = 500;

export function log1pOne(x: f64): f64 {
  return f64x2.extract_lane(log1p<f64>(f64x2.splat(x)), 0);
}

function lgammaOne(x: f64): f64 {
  return f64x2.extract_lane(lgamma<f64>(f64x2.splat(x)), 0);
}

/** Failures before the first success: P(x ≥ k) = (1 − p)ᵏ. */
export function geometric(u: f64, p: f64): f64 {
  if (!(p < 1)) return 0;
  const x = floor(logOne(u) / log1pOne(-p));
  return x > 0 ? min(x, 9007199254740992.0) : 0;
}

/** P(0) = e^−λ, P(k + 1) = P(k) λ / (k + 1). */
export function poisson(u: f64, rate: f64): f64 {
  if (!(rate > 0)) return 0;
  if (rate <= NEAR) return upwards(u, 0, expOne(-rate), rate, 0);
  const mode = floor(rate);
  return fromMode(u, mode, expOne(mode * logOne(rate) - rate - lgammaOne(mode + 1)), rate, 0, Infinity);
}

/** P(0) = (1 − p)ⁿ, P(k + 1) = P(k) (n − k) / (k + 1) · p / (1 − p); for p > ½ by the failures. */
export function binomial(u: f64, n: f64, p: f64): f64 {
  if (!(n > 0) || !(p > 0)) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - least(1 - u, n, 1 - p);
  return least(u, n, p);
}

function least(u: f64, n: f64, p: f64): f64 {
  const odds = p / (1 - p);
  if (n * p <= NEAR) return min(n, upwards(u, 0, expOne(n * log1pOne(-p)), odds * n, odds));
  const mode = floor((n + 1) * p);
  const height = lgammaOne(n + 1) - lgammaOne(mode + 1) - lgammaOne(n - mode + 1) + mode * logOne(p) + (n - mode) * log1pOne(-p);
  return fromMode(u, mode, expOne(height), odds * n, odds, n);
}

/** The first k, from `k` on, whose probabilities add up to u; P(k + 1) = P(k) (a − b k) / (k + 1). What cannot add up any more ends it. */
function upwards(u: f64, k: f64, probability: f64, a: f64, b: f64): f64 {
  let sum = probability;
  while (u >= sum) {
    ++k;
    probability *= (a - b * (k - 1)) / k;
    const next = sum + probability;
    if (!(next > sum)) break;
    sum = next;
  }
  return k;
}

/** `geometric` of two lanes at once; both p are above 0 and below 1. */
export function pairOfGeometric(u: v128, p: v128): v128 {
  const x = f64x2.floor(f64x2.div(log64(u), log1p<f64>(f64x2.neg(p))));
  return f64x2.pmax(f64x2.splat(0), f64x2.pmin(x, f64x2.splat(9007199254740992.0)));
}

/** Whether both lanes are between 0 and 1. */
@inline
export function areProbabilities(p: v128): bool {
  return i64x2.all_true(v128.and(f64x2.gt(p, f64x2.splat(0)), f64x2.lt(p, f64x2.splat(1))));
}

/** Whether both lanes are sums from 0 of an ordinary P(0). */
@inline
export function areNear(isBinomial: bool, n: v128, p: v128): bool {
  const positive = f64x2.gt(p, f64x2.splat(0));
  if (!isBinomial) return i64x2.all_true(v128.and(positive, f64x2.le(p, f64x2.splat(NEAR))));
  const range = v128.and(v128.and(positive, f64x2.lt(p, f64x2.splat(1))), f64x2.gt(n, f64x2.splat(0)));
  return i64x2.all_true(v128.and(range, f64x2.le(f64x2.mul(n, p), f64x2.splat(NEAR))));
}

/** `poisson` of rates p, or `binomial`, of two lanes at once, to the same bits: their exponentials and their waits for sums coincide. */
export function pair(isBinomial: bool, u: v128, n: v128, p: v128): v128 {
  const one = f64x2.splat(1), mirrored = v128.and(f64x2.gt(p, f64x2.splat(0.5)), f64x2.splat(isBinomial ? reinterpret<f64>(<i64>-1) : 0));
  const q = v128.bitselect(f64x2.sub(one, p), p, mirrored), v = v128.bitselect(f64x2.sub(one, u), u, mirrored);
  const b = isBinomial ? f64x2.div(q, f64x2.sub(one, q)) : f64x2.splat(0), a = isBinomial ? f64x2.mul(b, n) : p;
  let probability = exp64(isBinomial ? f64x2.mul(n, log1p<f64>(f64x2.neg(q))) : f64x2.neg(p)), sum = probability, x = f64x2.splat(0), k: f64 = 0;
  for (let open = f64x2.ge(v, sum); v128.any_true(open);) {
    const before = f64x2.splat(k);
    ++k;
    probability = f64x2.mul(probability, f64x2.div(f64x2.sub(a, f64x2.mul(b, before)), f64x2.splat(k)));
    x = f64x2.add(x, v128.and(open, one));
    const next = f64x2.add(sum, probability);
    open = v128.and(open, v128.and(f64x2.gt(next, sum), f64x2.ge(v, next)));
    sum = next;
  }
  if (!isBinomial) return x;
  x = f64x2.pmin(x, n);
  return v128.bitselect(f64x2.sub(n, x), x, mirrored);
}

/** The same where P(0) is too small: F(mode) is summed downwards, and the search goes from there. */
function fromMode(u: f64, mode: f64, probability: f64, a: f64, b: f64, most: f64): f64 {
  let below: f64 = 0;
  for (let k = mode, p = probability; k > 0 && below + p > below;) {
    p *= k / (a - b * (k - 1));
    below += p;
    --k;
  }
  if (u >= below) return min(most, upwards(u - below, mode, probability, a, b));
  let k = mode, p = probability;
  while (k > 0 && u < below) {
    p *= k / (a - b * (k - 1));
    below -= p;
    --k;
    if (!(p > 0)) break;
  }
  return k;
}
