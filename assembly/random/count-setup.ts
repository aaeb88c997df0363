import { exp64, log1p64, log64 } from "../math/once";
import { constant } from "../math/polynomial";
import { mass } from "../math/saddle-point";
import { Part, partOf } from "./count-parts";

/** Means from which on counts are proposed and rejected; below, they are inverted. Hörmann's hats hold from 10 on. */
const NUMBERS = memory.data<f64>([0, 1, 10, 0.5, 3.4028234663852886e38, 1.7976931348623157e308]);

/** A part's vector. */
@inline
function part(theta: usize, which: Part, stride: i32, i: i32): usize {
  return partOf(theta, which, stride) + (<usize>i << 3);
}

/** x where it is proposed, 0 where it is inverted. */
@inline
function proposed(x: v128, inverted: v128): v128 {
  return v128.andnot(x, inverted);
}

/**
 * What `draws` takes of Poisson counts, from their means. Hörmann 1993, "The transformed rejection method for generating Poisson random variables".
 *
 * @param theta  f64[Part.Count, stride]: Mean given, the parts from Other on written, whole vectors of `count`
 */
export function setUpPoisson(count: i32, theta: usize, stride: i32): void {
  const zero = constant<f64>(NUMBERS, 0), one = constant<f64>(NUMBERS, 1), most = constant<f64>(NUMBERS, 5);
  for (let i = 0; i < count; i += 2) {
    const mean = v128.load(part(theta, Part.Mean, stride, i));
    const inverted = f64x2.lt(mean, constant<f64>(NUMBERS, 2));
    const b = f64x2.add(f64x2.splat(0.931), f64x2.mul(f64x2.splat(2.53), f64x2.sqrt(mean)));
    const hat = f64x2.add(f64x2.splat(1.1239), f64x2.div(f64x2.splat(1.1328), f64x2.sub(b, f64x2.splat(3.4))));
    const squeeze = f64x2.sub(f64x2.splat(0.9277), f64x2.div(f64x2.splat(3.6224), f64x2.sub(b, f64x2.splat(2))));
    const level = i64x2.bitmask(inverted) == 3 ? zero : log64(v128.bitselect(one, hat, inverted));
    const first = i64x2.bitmask(inverted) == 0 ? zero : exp64(f64x2.neg(mean));
    hatAt(i, theta, stride, inverted, f64x2.add(f64x2.splat(-0.059), f64x2.mul(f64x2.splat(0.02483), b)), b, f64x2.add(mean, f64x2.splat(0.43)), squeeze, level, v128.and(first, inverted));
    v128.store(part(theta, Part.Other, stride, i), zero);
    v128.store(part(theta, Part.Rise, stride, i), mean);
    v128.store(part(theta, Part.Fall, stride, i), zero);
    v128.store(part(theta, Part.Limit, stride, i), most);
    v128.store(part(theta, Part.Sign, stride, i), one);
    v128.store(part(theta, Part.Shift, stride, i), zero);
  }
}

/** The squeeze is in units of 2⁻¹², as the first bits of v are. */
@inline
function hatAt(i: i32, theta: usize, stride: i32, inverted: v128, a: v128, b: v128, c: v128, squeeze: v128, level: v128, first: v128): void {
  v128.store(part(theta, Part.Spread, stride, i), proposed(a, inverted));
  v128.store(part(theta, Part.Width, stride, i), proposed(b, inverted));
  v128.store(part(theta, Part.Centre, stride, i), proposed(c, inverted));
  v128.store(part(theta, Part.Squeeze, stride, i), v128.bitselect(f64x2.splat(4096), f64x2.mul(f64x2.splat(4096), squeeze), inverted));
  v128.store(part(theta, Part.Level, stride, i), level);
  v128.store(part(theta, Part.First, stride, i), first);
}

/**
 * The same of binomial counts, by the rarer of the two outcomes. Hörmann 1993, "The generation of binomial random variates".
 *
 * The level has the probability of the mode in it, of which only what depends on k matters: log k! (n − k)! p⁻ᵏ q^(k − n).
 *
 * @param p, q   f64[count]: p and 1 − p, each with full relative precision
 * @param theta  f64[Part.Count, stride]: Limit (the number of trials) given, Mean and the parts from Other on written
 */
export function setUpBinomial(count: i32, p: usize, q: usize, theta: usize, stride: i32): void {
  const zero = constant<f64>(NUMBERS, 0), one = constant<f64>(NUMBERS, 1);
  for (let i = 0; i < count; i += 2) {
    const hit = v128.load(p + (<usize>i << 3)), miss = v128.load(q + (<usize>i << 3)), n = v128.load(part(theta, Part.Limit, stride, i));
    const mirrored = f64x2.gt(hit, miss);
    const rare = f64x2.pmin(hit, miss), usual = f64x2.pmax(hit, miss);
    const mean = f64x2.mul(n, rare);
    const inverted = f64x2.lt(mean, constant<f64>(NUMBERS, 2));
    const odds = f64x2.div(rare, usual);
    v128.store(part(theta, Part.Mean, stride, i), f64x2.mul(n, hit));
    v128.store(part(theta, Part.Other, stride, i), f64x2.mul(n, miss));
    v128.store(part(theta, Part.Rise, stride, i), f64x2.mul(f64x2.add(n, one), odds));
    v128.store(part(theta, Part.Fall, stride, i), odds);
    v128.store(part(theta, Part.Sign, stride, i), v128.bitselect(f64x2.splat(-1), one, mirrored));
    v128.store(part(theta, Part.Shift, stride, i), v128.and(n, mirrored));
    const deviation = f64x2.sqrt(f64x2.mul(mean, usual));
    const b = f64x2.add(f64x2.splat(1.15), f64x2.mul(f64x2.splat(2.53), deviation));
    const a = f64x2.add(f64x2.add(f64x2.splat(-0.0873), f64x2.mul(f64x2.splat(0.0248), b)), f64x2.mul(f64x2.splat(0.01), rare));
    const squeeze = f64x2.sub(f64x2.splat(0.92), f64x2.div(f64x2.splat(4.2), b));
    const level = i64x2.bitmask(inverted) == 3 ? zero : levelAt(n, mean, f64x2.mul(n, usual), rare, b, deviation);
    const first = i64x2.bitmask(inverted) == 0 ? zero : exp64(f64x2.mul(n, log1p64(f64x2.neg(rare))));
    hatAt(i, theta, stride, inverted, a, b, f64x2.add(mean, constant<f64>(NUMBERS, 3)), squeeze, v128.andnot(level, inverted), v128.and(first, inverted));
  }
}

/** log α, α = (2.83 + 5.1 / b) σ, and the mode's part of log p. */
@inline
function levelAt(n: v128, mean: v128, other: v128, rare: v128, b: v128, deviation: v128): v128 {
  const alpha = f64x2.mul(f64x2.add(f64x2.splat(2.83), f64x2.div(f64x2.splat(5.1), b)), deviation);
  const mode = f64x2.floor(f64x2.add(mean, rare));
  return f64x2.add(log64(alpha), f64x2.add(mass(mode, mean), mass(f64x2.sub(n, mode), other)));
}
