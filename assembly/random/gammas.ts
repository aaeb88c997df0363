import { exp64, log64, logOne } from "../math/once";
import { partOf } from "./count-parts";
import { ownBits } from "./counts";
import { begin, Noise, SOURCE, standard } from "./noise";
import { unit } from "./unit";
import { BESIDE, GAMMAS } from "./use";
import { ziggurat } from "./ziggurat";

// Streams of their own, so that each is read as far as there are draws: normal, uniform and exponential noise.
const NORMAL = memory.data(SOURCE, 16);
const UNIFORM = memory.data(SOURCE, 16);
const EXPONENTIAL = memory.data(SOURCE, 16);

const ZS = memory.data(128 * 8 + 16, 16);
const US = memory.data(128 * 8 + 16, 16);
const ES = memory.data(128 * 8 + 16, 16);
const ROOTS = memory.data(128 * 8 + 16, 16);

export function beginGammas(low: u32, high: u32, site: u32, chunk: u32): void {
  begin(low, high, site, chunk, NORMAL, BESIDE | 1 << 8);
  begin(low, high, site, chunk, UNIFORM, BESIDE | 2 << 8);
  begin(low, high, site, chunk, EXPONENTIAL, BESIDE | 3 << 8);
}

/** The noise of the next block of the chunk; exponential noise only where some shape is below 1. */
export function blockOfGammas(count: i32, boosted: bool): void {
  standard<f64>(Noise.Normal, count, NORMAL, ZS);
  standard<f64>(Noise.Words, count, UNIFORM, US);
  if (boosted) standard<f64>(Noise.Exponential, count, EXPONENTIAL, ES);
}

/** Parts of the θ of gamma draws, from `first` on: d, c = 1 / 3√d, log of the scale and d, and 1 / shape where the shape is below 1. */
export const enum GammaPart { Shape, Slant, LogScale, Boost, Count }

/**
 * Gamma draws times a scale, at most `most`: d (1 + c z)³ (Marsaglia & Tsang 2000); shapes below 1 by that of shape + 1 and a power of a uniform, in
 * logarithms, so that small shapes do not vanish before their scale is known.
 *
 * @param element  number of the first draw in its chunk
 * @param from     where in the block the draws begin
 * @param theta    GammaPart.Count parts, f64[…, stride]
 * @param out      f64[count, whole vectors], written
 */
export function gammas(element: u32, from: i32, count: i32, boosted: bool, theta: usize, stride: i32, most: f64, out: usize): void {
  const zs = ZS + (<usize>from << 3), us = US + (<usize>from << 3), es = ES + (<usize>from << 3);
  const one = f64x2.splat(1), zero = f64x2.splat(0);
  for (let i = 0; i < count; i += 2) {
    const at = <usize>i << 3, z = v128.load(zs + at), z2 = f64x2.mul(z, z);
    const w = f64x2.add(one, f64x2.mul(v128.load(partOf(theta, GammaPart.Slant, stride) + at), z));
    const sure = v128.and(f64x2.gt(w, zero), f64x2.lt(unit<f64>(v128.load(us + at)), f64x2.sub(one, f64x2.mul(f64x2.splat(0.0331), f64x2.mul(z2, z2)))));
    v128.store(ROOTS + at, w);
    for (let left = ~i64x2.bitmask(sure) & 3; left != 0; left &= left - 1) {
      const j = i + ctz(left), own = <usize>j << 3;
      if (j < count) store<f64>(ROOTS + own, accepted(element + j, load<f64>(zs + own), load<u64>(us + own), theta + own, stride));
    }
  }
  for (let i = 0; i < count; i += 2) {
    const at = <usize>i << 3, three = f64x2.splat(3);
    const cube = f64x2.add(v128.load(partOf(theta, GammaPart.LogScale, stride) + at), f64x2.mul(three, log64(v128.load(ROOTS + at))));
    const boost = boosted ? f64x2.mul(v128.load(partOf(theta, GammaPart.Boost, stride) + at), v128.load(es + at)) : zero;
    v128.store(out + at, f64x2.pmin(f64x2.splat(most), exp64(f64x2.sub(cube, boost))));
  }
}

/** 1 + c z of a z that is accepted: the given one by the full test, or another of the draw's own bits. */
function accepted(element: u32, z: f64, word: u64, theta: usize, stride: i32): f64 {
  const d = load<f64>(partOf(theta, GammaPart.Shape, stride)), c = load<f64>(partOf(theta, GammaPart.Slant, stride));
  for (let round: u32 = 0; ; round += 2) {
    const w = 1 + c * z, u = (<f64>(<i64>(word >> 12)) + 0.5) * 2.220446049250313e-16;
    if (w > 0 && logOne(u) < 0.5 * z * z + d * (1 - w * w * w + 3 * logOne(w))) return w;
    ownBits(element, GAMMAS, round, BITS);
    ownBits(element, GAMMAS, round + 1, RETRY);
    word = load<u64>(BITS, 8);
    ziggurat(RETRY, BITS, BITS + 8);
    z = load<f64>(BITS);
  }
  return 0;
}

const BITS = memory.data(16, 16);
const RETRY = memory.data(16, 16);
