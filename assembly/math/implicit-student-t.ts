import { betaStep } from "./implicit-beta";
import { exp64, expOne, log1p64, log1pOne, logOne } from "./once";
import { both, dropOf, nodesOf, pairsOf, reach, weightOf } from "./quadrature";

/**
 * ν · dz/dν of z ≥ 0, a standard Student t variable of ν degrees, at one level of its distribution function, which is ½ at 0.
 *
 * For few degrees from ν / (ν + z²) ~ Beta(½ν, ½), where tails are long; for more by the quadrature of its own score, which is positive up to
 * some z and negative beyond.
 *
 * @param lead  ψ(½(ν + 1)) − ψ(½ν) − 1 / ν
 */
export function studentStep(size: i32, degrees: f64, z: f64, lead: f64): f64 {
  if (degrees > 1e12) return -0.25 * z * (z * z + 1) / degrees;
  const w = z * z / degrees;
  if (degrees < 6) return 0.5 * z * (1 - fewDegrees(degrees, z, w, lead));
  const start = log1pOne(w);
  if (lead - start + (1 + 1 / degrees) * w / (1 + w) > 0) return -0.5 * degrees * z * within(size, degrees, w, start, lead);
  return 0.5 * degrees * z * beyond(size, degrees, w, start, lead);
}

/** ½ν · dy/da / (y (1 − y)) of y = ν / (ν + z²) ~ Beta(a, ½), a = ½ν; of z far out or near 0 by the first term of its series. */
function fewDegrees(degrees: f64, z: f64, w: f64, lead: f64): f64 {
  const step = lead + 1 / degrees; // ψ(½ν + ½) − ψ(½ν)
  if (w > 1e200) return 2 / degrees + 2 * logOne(z) - logOne(degrees) - step;
  if (w < 1e-200) return degrees * step;
  const y = 1 / (1 + w), rest = w / (1 + w);
  return betaStep(8, 0.5 * degrees, 0.5, y, rest, step) / (y * rest);
}

/** −log(1 + w) + w / (1 + w) · (1 + 1/ν) + lead: twice the score of ν at z² = ν w. */
@inline
function twiceScore(degrees: f64, w: v128, log: v128, lead: f64): v128 {
  const part = f64x2.div(w, f64x2.add(f64x2.splat(1), w));
  return f64x2.add(f64x2.splat(lead), f64x2.add(f64x2.sub(part, log), f64x2.mul(part, f64x2.splat(1 / degrees))));
}

/** From 0 to z, in units of z. */
function within(size: i32, degrees: f64, w: f64, start: f64, lead: f64): f64 {
  const exponent = f64x2.splat(-0.5 * (degrees + 1));
  let sum = f64x2.splat(0);
  for (let i = 0; i < pairsOf(size); ++i) {
    const s = nodesOf(size, i), at = f64x2.mul(f64x2.splat(w), f64x2.mul(s, s)), log = log1p64(at);
    const density = exp64(f64x2.mul(exponent, f64x2.sub(log, f64x2.splat(start))));
    sum = f64x2.add(sum, f64x2.mul(weightOf(size, i), f64x2.mul(twiceScore(degrees, at, log, lead), density)));
  }
  return both(sum);
}

/** From z to ∞, t = z eˢ. */
function beyond(size: i32, degrees: f64, w: f64, start: f64, lead: f64): f64 {
  const exponent = f64x2.splat(-0.5 * (degrees + 1)), length = lengthOf(degrees, w, start, dropOf(size));
  let sum = f64x2.splat(0);
  for (let i = 0; i < pairsOf(size); ++i) {
    const s = f64x2.mul(f64x2.splat(length), nodesOf(size, i)), at = f64x2.mul(f64x2.splat(w), exp64(f64x2.add(s, s))), log = log1p64(at);
    const density = exp64(f64x2.add(s, f64x2.mul(exponent, f64x2.sub(log, f64x2.splat(start)))));
    sum = f64x2.add(sum, f64x2.mul(weightOf(size, i), f64x2.mul(twiceScore(degrees, at, log, lead), density)));
  }
  return length * both(sum);
}

/** Where φ(s) = ½(ν + 1) (log(1 + w e²ˢ) − log(1 + w)) − s is `drop`. */
function lengthOf(degrees: f64, w: f64, start: f64, drop: f64): f64 {
  const n = degrees + 1, part = w / (1 + w);
  let s = max<f64>(drop / degrees, reach(max<f64>(0, n * part - 1), 2 * n * part / (1 + w), drop));
  for (let step = 0; step < 2; ++step) {
    const at = w * expOne(2 * s);
    s -= (0.5 * n * (log1pOne(at) - start) - s - drop) / (n * at / (1 + at) - 1);
  }
  return s;
}
