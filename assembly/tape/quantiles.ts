import { lgamma } from "../math/lgamma";
import { log1p } from "../math/log1p";
import { expOne, logOne } from "../math/once";
import { NEAR } from "./eights";

// Inversion: x = F⁻¹(u), the same u for the parameters and for changed ones, so that x moves with them as little as it can.

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
    probability *= (a - b * (k - 1)) * (1 / k);
    const next = sum + probability;
    if (!(next > sum)) break;
    sum = next;
  }
  return k;
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
