import { exp64, log1p64 } from "../math/once";
import { constant } from "../math/polynomial";
import { scaledMasses } from "../math/saddle-point";
import { Part, partOf } from "./count-parts";

/** A part's vector. */
@inline
function part(theta: usize, which: Part, stride: i32, i: i32): usize {
  return partOf(theta, which, stride) + (<usize>i << 3);
}

/**
 * What `draws` takes of Poisson counts, from their means. Hörmann 1993, "The transformed rejection method for generating Poisson random variables".
 *
 * At some rates between 10 and 200 his hat lies below the density by up to half a percent, or his squeeze above it. So here 1 / α is larger by 0.08 / b
 * and the squeeze smaller by 0.2 / b, which holds at every rate.
 *
 * @param theta  f64[Part.Count, stride]: Mean given, the parts from Other on written (Other is the hat's 1 / α), whole vectors of `count`
 */
export function setUpPoisson(count: i32, theta: usize, stride: i32): void {
  const zero = constant<f64>(NUMBERS, 0), one = constant<f64>(NUMBERS, 1), most = constant<f64>(NUMBERS, 4);
  for (let i = 0; i < count; i += 2) {
    const mean = v128.load(part(theta, Part.Mean, stride, i));
    const inverted = f64x2.lt(mean, constant<f64>(NUMBERS, 2));
    const b = f64x2.add(constant<f64>(PTRS, 0), f64x2.mul(constant<f64>(PTRS, 1), f64x2.sqrt(mean)));
    const a = f64x2.sub(f64x2.mul(constant<f64>(PTRS, 2), b), constant<f64>(PTRS, 3));
    const inverse = f64x2.div(one, b);
    const own = f64x2.add(constant<f64>(PTRS, 4), f64x2.div(constant<f64>(PTRS, 5), f64x2.sub(b, constant<f64>(PTRS, 6))));
    const inner = f64x2.sub(constant<f64>(PTRS, 7), f64x2.div(constant<f64>(PTRS, 8), f64x2.sub(b, constant<f64>(PTRS, 9))));
    const hat = f64x2.mul(own, f64x2.add(one, f64x2.mul(constant<f64>(PTRS, 11), inverse)));
    const squeeze = f64x2.mul(inner, f64x2.sub(one, f64x2.mul(constant<f64>(PTRS, 12), inverse)));
    const first = i64x2.bitmask(inverted) == 0 ? zero : exp64(f64x2.neg(mean));
    hatAt(i, theta, stride, inverted, a, b, f64x2.add(mean, constant<f64>(PTRS, 10)), squeeze, zero, first);
    v128.store(part(theta, Part.Other, stride, i), hat);
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
  const all = constant<f64>(NUMBERS, 5);
  v128.store(part(theta, Part.Spread, stride, i), v128.andnot(a, inverted));
  v128.store(part(theta, Part.Width, stride, i), v128.andnot(b, inverted));
  v128.store(part(theta, Part.Centre, stride, i), v128.andnot(c, inverted));
  v128.store(part(theta, Part.Squeeze, stride, i), v128.bitselect(all, f64x2.mul(all, squeeze), inverted));
  v128.store(part(theta, Part.Level, stride, i), level);
  v128.store(part(theta, Part.First, stride, i), v128.and(first, inverted));
}

/**
 * The same of binomial counts, by the rarer of the two outcomes. Hörmann 1993, "The generation of binomial random variates".
 *
 * The level has the probability of the mode in it, of which only what depends on k matters: log k! (n − k)! p⁻ᵏ q^(k − n); and log α, α = (2.83 + 5.1 / b) σ.
 *
 * @param p, q   f64[count]: p and 1 − p, each with full relative precision
 * @param theta  f64[Part.Count, stride]: Limit (the number of trials) given, Mean and the parts from Other on written
 */
export function setUpBinomial(count: i32, p: usize, q: usize, theta: usize, stride: i32): void {
  const zero = constant<f64>(NUMBERS, 0), one = constant<f64>(NUMBERS, 1);
  for (let i = 0; i < count; i += 2) {
    const hit = v128.load(p + (<usize>i << 3)), miss = v128.load(q + (<usize>i << 3)), n = v128.load(part(theta, Part.Limit, stride, i));
    const mirrored = f64x2.gt(hit, miss), rare = f64x2.pmin(hit, miss), usual = f64x2.pmax(hit, miss);
    const mean = f64x2.mul(n, rare), inverted = f64x2.lt(mean, constant<f64>(NUMBERS, 2)), odds = f64x2.div(rare, usual);
    v128.store(part(theta, Part.Mean, stride, i), f64x2.mul(n, hit));
    v128.store(part(theta, Part.Other, stride, i), f64x2.mul(n, miss));
    v128.store(part(theta, Part.Rise, stride, i), f64x2.mul(f64x2.add(n, one), odds));
    v128.store(part(theta, Part.Fall, stride, i), odds);
    v128.store(part(theta, Part.Sign, stride, i), v128.bitselect(f64x2.neg(one), one, mirrored));
    v128.store(part(theta, Part.Shift, stride, i), v128.and(n, mirrored));
    const first = i64x2.bitmask(inverted) == 0 ? zero : exp64(f64x2.mul(n, log1p64(f64x2.neg(rare))));
    if (i64x2.bitmask(inverted) == 3) {
      hatAt(i, theta, stride, inverted, zero, zero, zero, zero, zero, first);
      continue;
    }
    const deviation = f64x2.sqrt(f64x2.mul(mean, usual));
    const b = f64x2.add(constant<f64>(BTRS, 0), f64x2.mul(constant<f64>(BTRS, 1), deviation));
    const a = f64x2.add(f64x2.sub(f64x2.mul(constant<f64>(BTRS, 2), b), constant<f64>(BTRS, 3)), f64x2.mul(constant<f64>(BTRS, 4), rare));
    const squeeze = f64x2.sub(constant<f64>(BTRS, 5), f64x2.div(constant<f64>(BTRS, 6), b));
    const scale = f64x2.div(b, f64x2.mul(f64x2.add(f64x2.mul(constant<f64>(BTRS, 7), b), constant<f64>(BTRS, 8)), deviation));
    const mode = f64x2.floor(f64x2.add(mean, rare));
    const level = scaledMasses(scale, mode, mean, f64x2.sub(n, mode), f64x2.mul(n, usual));
    hatAt(i, theta, stride, inverted, a, b, f64x2.add(mean, constant<f64>(NUMBERS, 3)), squeeze, v128.andnot(level, inverted), first);
  }
}

// 0, 1, the mean from which on counts are proposed and rejected (Hörmann's hats hold from 10 on), ½, the largest number, 2¹².
const NUMBERS = memory.data<f64>([0, 1, 10, 0.5, 1.7976931348623157e308, 4096]);
const PTRS = memory.data<f64>([0.931, 2.53, 0.02483, 0.059, 1.1239, 1.1328, 3.4, 0.9277, 3.6224, 2, 0.43, 0.08, 0.2]);
const BTRS = memory.data<f64>([1.15, 2.53, 0.0248, 0.0873, 0.01, 0.92, 4.2, 2.83, 5.1]);
