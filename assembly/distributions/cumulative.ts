import { span } from "../lanes";
import { atan } from "../math/atan";
import { exp, expm1, log, log1p } from "../math/vectors";
import { normalGap } from "../math/normal-gap";
import { OWN0 as Z, OWN1 as LESSER, OWN2 as LOWER, OWN3 as UPPER, PAGE, standardize } from "../pages";

/**
 * below = log F(x), above = log(1 − F(x)), coordinate by coordinate: of logarithms, so that a tail is there however thin.
 *
 * The kernels take θ as locationScalePrepare writes it (the exponential as its own), x T[rows, dim], and write T[rows, dim] twice.
 */
type Tails = (count: i32, z: usize, below: usize, above: usize) => void;

function tailsOf<T>(tails: Tails, rows: i32, dim: i32, tile: i32, theta: usize, x: usize, below: usize, above: usize): void {
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    standardize<T>(from, count, tile, theta, x, Z);
    tails(count, Z, LOWER, UPPER);
    memory.copy(below + span<T>(from), LOWER, span<T>(count));
    memory.copy(above + span<T>(from), UPPER, span<T>(count));
  }
}

/** Of a symmetric law: the logarithm of the lesser tail, at |z|, is in `lesser`; the other is log(1 − that). */
function bothTails<T>(count: i32, z: usize, below: usize, above: usize): void {
  const end = span<T>(count), zero = v128.splat<T>(0);
  exp<T>(count, LESSER, above);
  for (let at: usize = 0; at < end; at += 16) v128.store(above + at, v128.neg<T>(v128.load(above + at)));
  log1p<T>(count, above, above);
  for (let at: usize = 0; at < end; at += 16) {
    const lesser = v128.load(LESSER + at), greater = v128.load(above + at), low = v128.lt<T>(v128.load(z + at), zero);
    v128.store(below + at, v128.bitselect(lesser, greater, low));
    v128.store(above + at, v128.bitselect(greater, lesser, low));
  }
}

/** Q(t) = φ(t) / (t + gap(t)), t = |z|; beyond 10¹⁹ (f64: 10¹⁵⁴) t² would overflow, and is as large as it can be. */
export function normal<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, below: usize, above: usize): void {
  tailsOf<T>((count, z, below, above) => {
    const end = span<T>(count);
    const half = v128.splat<T>(0.5), logRoot = v128.splat<T>(<T>0.9189385332046727), most = v128.splat<T>(sizeof<T>() == 4 ? <T>1e19 : <T>1e154);
    for (let at: usize = 0; at < end; at += 16) {
      const t = v128.pmin<T>(v128.abs<T>(v128.load(z + at)), most);
      v128.store(LESSER + at, v128.add<T>(t, normalGap<T>(t)));
    }
    log<T>(count, LESSER, LESSER);
    for (let at: usize = 0; at < end; at += 16) {
      const t = v128.pmin<T>(v128.abs<T>(v128.load(z + at)), most);
      const density = v128.add<T>(v128.mul<T>(half, v128.mul<T>(t, t)), logRoot);
      v128.store(LESSER + at, v128.neg<T>(v128.add<T>(density, v128.load(LESSER + at))));
    }
    bothTails<T>(count, z, below, above);
  }, rows, dim, tile, theta, x, below, above);
}

/** The lesser tail is exp(−|z|) / (1 + exp(−|z|)), the other 1 / (1 + exp(−|z|)). */
export function logistic<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, below: usize, above: usize): void {
  tailsOf<T>((count, z, below, above) => {
    const end = span<T>(count), zero = v128.splat<T>(0);
    for (let at: usize = 0; at < end; at += 16) v128.store(below + at, v128.neg<T>(v128.abs<T>(v128.load(z + at))));
    exp<T>(count, below, below);
    log1p<T>(count, below, below);
    for (let at: usize = 0; at < end; at += 16) {
      const each = v128.load(z + at), greater = v128.neg<T>(v128.load(below + at));
      v128.store(below + at, v128.add<T>(greater, v128.pmin<T>(each, zero)));
      v128.store(above + at, v128.sub<T>(greater, v128.pmax<T>(each, zero)));
    }
  }, rows, dim, tile, theta, x, below, above);
}

/** The lesser tail is ½ exp(−|z|). */
export function laplace<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, below: usize, above: usize): void {
  tailsOf<T>((count, z, below, above) => {
    const logTwo = v128.splat<T>(<T>0.6931471805599453);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(LESSER + at, v128.neg<T>(v128.add<T>(v128.abs<T>(v128.load(z + at)), logTwo)));
    bothTails<T>(count, z, below, above);
  }, rows, dim, tile, theta, x, below, above);
}

/** The lesser tail is (π/2 − atan |z|) / π = atan(1 / |z|) / π. */
export function cauchy<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, below: usize, above: usize): void {
  tailsOf<T>((count, z, below, above) => {
    const one = v128.splat<T>(1), share = v128.splat<T>(<T>0.3183098861837907);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
      v128.store(LESSER + at, v128.mul<T>(share, atan<T>(v128.div<T>(one, v128.abs<T>(v128.load(z + at))))));
    }
    log<T>(count, LESSER, LESSER);
    bothTails<T>(count, z, below, above);
  }, rows, dim, tile, theta, x, below, above);
}

/** log F = −exp(−z) */
export function gumbel<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, below: usize, above: usize): void {
  tailsOf<T>((count, z, below, above) => {
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(above + at, v128.neg<T>(v128.load(z + at)));
    exp<T>(count, above, above);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(below + at, v128.neg<T>(v128.load(above + at)));
    complement<T>(count, below, above, z);
  }, rows, dim, tile, theta, x, below, above);
}

/** log(1 − F) = −rate · x */
export function exponential<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, below: usize, above: usize): void {
  const rate = theta + span<T>(tile), zero = v128.splat<T>(0);
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    for (let i = 0; i < count; ++i) store<T>(Z + span<T>(i), load<T>(x + span<T>(from + i)) * load<T>(rate + span<T>((from + i) % tile)));
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(UPPER + at, v128.neg<T>(v128.pmax<T>(zero, v128.load(Z + at))));
    expm1<T>(count, UPPER, LOWER);
    for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(LOWER + at, v128.neg<T>(v128.load(LOWER + at)));
    log<T>(count, LOWER, LOWER);
    memory.copy(below + span<T>(from), LOWER, span<T>(count));
    memory.copy(above + span<T>(from), UPPER, span<T>(count));
  }
}

/** above = log(1 − exp(below)), and −z where that rounds to exp(below) = 1. */
function complement<T>(count: i32, below: usize, above: usize, z: usize): void {
  const far = v128.splat<T>(sizeof<T>() == 4 ? <T>20 : <T>40);
  expm1<T>(count, below, above);
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(above + at, v128.neg<T>(v128.load(above + at)));
  log<T>(count, above, above);
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
    const each = v128.load(z + at);
    v128.store(above + at, v128.bitselect(v128.neg<T>(each), v128.load(above + at), v128.gt<T>(each, far)));
  }
}
