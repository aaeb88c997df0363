import { constant } from "../math/polynomial";
import { massesOver, massOver } from "../math/saddle-point";
import { Part, partOf } from "./count-parts";
import { areTabled, boundOf, lookUp } from "./count-tables";
import { philox, philoxFour } from "./philox";
import { unit } from "./unit";
import { COUNTS } from "./use";

/** Who draws: the key, the site and the chunk. */
const DRAWER = memory.data(16, 16);

export function drawer(low: u32, high: u32, site: u32, chunk: u32): void {
  store<u32>(DRAWER, low);
  store<u32>(DRAWER, high, 4);
  store<u32>(DRAWER, site, 8);
  store<u32>(DRAWER, chunk, 12);
}

/** Block `round` of the bits that belong to draw `element` of the chunk alone, for a use, u32[4]. */
export function ownBits(element: u32, use: u32, round: u32, block: usize): void {
  philox(load<u32>(DRAWER), load<u32>(DRAWER, 4), element, load<u32>(DRAWER, 12), load<u32>(DRAWER, 8), use | round << 8, block);
}

/**
 * Poisson and binomial counts, exact to the 2⁻⁵³ of a uniform: means below 10 by inversion, the others by transformed rejection with squeeze (PTRS and BTRS,
 * Hörmann 1993), two lanes at a time. Both begin with one word of 64 bits.
 *
 * Of a word 52 bits are u, the others the first of v. These decide four of five proposals; for the rest, v's other bits and new proposals come
 * from bits of the draw's own, so that a draw depends on nothing but its element and θ, whoever is drawn beside it.
 *
 * @param element, step  the number of the first draw in the chunk, and from one to the next
 * @param words          u64[count], and room for seven more
 * @param mirror         0, or −1 where the bits of `words` are complements: the draws are then antithetic
 * @param bounded        whether the counts are binomial
 * @param x              f64[count], written, and room for seven more; count at most PAGE
 */
export function draws(element: u32, step: u32, count: i32, words: usize, mirror: i64, theta: usize, stride: i32, bounded: bool, x: usize): void {
  const spread = partOf(theta, Part.Spread, stride);
  const nothing = constant<f64>(NUMBERS, 3);
  let any = i64x2.splat(0), every = i64x2.splat(-1);
  for (let i = 0; i < count; i += 2) {
    const inverted = f64x2.eq(v128.load(spread + (<usize>i << 3)), nothing);
    any = v128.or(any, inverted);
    every = v128.and(every, inverted);
  }
  const all = i64x2.bitmask(every) == 3, none = !v128.any_true(any);
  if (all) memory.copy(x, partOf(theta, Part.Shift, stride), <usize>count << 3);
  else {
    let listed = propose(count, words, theta, stride, x, LIST);
    unsure = listed;
    if (listed > 0 && areTabled()) listed = admit(listed, words, theta, stride, x);
    for (let from = 0; from < listed; from += BATCH) {
      settle(LIST + (<usize>from << 2), min(BATCH, listed - from), max(0, unsure - from), element, step, words, mirror, theta, stride, bounded, x);
    }
  }
  if (none) return;
  if (areTabled()) lookUp(count, words, theta, x);
  else invert(count, words, theta, stride, x);
}

const LIST = memory.data(512 * 4 + 16, 16);
/** Listed draws that are tested together. */
const BATCH: i32 = 128;
const WORDS = memory.data(128 * 8, 16);

/** x = ⌊(2a / (½ − |u|) + b) u + c⌋ shifted; lists those that the squeeze does not accept, and says how many. */
function propose(count: i32, words: usize, theta: usize, stride: i32, x: usize, list: usize): i32 {
  const spread = partOf(theta, Part.Spread, stride), width = partOf(theta, Part.Width, stride), centre = partOf(theta, Part.Centre, stride);
  const squeeze = partOf(theta, Part.Squeeze, stride), sign = partOf(theta, Part.Sign, stride), shift = partOf(theta, Part.Shift, stride);
  const half = constant<f64>(NUMBERS, 0);
  let listed = 0;
  for (let i = 0; i < count; i += 2) {
    const at = <usize>i << 3;
    const word = v128.load(words + at), a = v128.load(spread + at);
    const u = f64x2.sub(unit<f64>(word), half), rim = f64x2.sub(half, f64x2.abs(u));
    const k = f64x2.floor(f64x2.add(f64x2.mul(f64x2.add(f64x2.div(f64x2.add(a, a), rim), v128.load(width + at)), u), v128.load(centre + at)));
    v128.store(x + at, f64x2.add(v128.load(shift + at), f64x2.mul(v128.load(sign + at), k)));
    const v = f64x2.sub(v128.or(v128.and(word, constant<u64>(BITS, 0)), constant<u64>(BITS, 1)), constant<f64>(NUMBERS, 1));
    const inner = v128.or(f64x2.ge(rim, constant<f64>(NUMBERS, 2)), f64x2.eq(a, constant<f64>(NUMBERS, 3)));
    const sure = i64x2.bitmask(v128.and(inner, f64x2.le(v, v128.load(squeeze + at))));
    store<i32>(list + (<usize>listed << 2), i);
    listed += ~sure & 1;
    store<i32>(list + (<usize>listed << 2), i + 1);
    listed += (~sure >> 1 & 1) & i32(i + 1 < count);
  }
  return listed;
}

// ½, 2⁵² − 1, 0.07, 0, 2⁵², 2⁻¹².
const NUMBERS = memory.data<f64>([0.5, 4503599627370495, 0.07, 0, 4503599627370496, 0.000244140625]);
// The bits of v, 2⁵².
const BITS = memory.data<u64>([0xfff, 0x4330000000000000]);

// What the test takes of each listed draw: bits of its own, the hat's a, b and level, x and its mean; its limit and the mean of what is missing to it, or the hat's 1 / α.
const FINE = memory.data(128 * 8 + 32, 16);
const NEXT = memory.data(128 * 8 + 32, 16);
const AS = memory.data(128 * 8 + 16, 16);
const BS = memory.data(128 * 8 + 16, 16);
const LEVELS = memory.data(128 * 8 + 16, 16);
const XS = memory.data(128 * 8 + 16, 16);
const MEANS = memory.data(128 * 8 + 16, 16);
const LIMITS = memory.data(128 * 8 + 16, 16);
const OTHERS = memory.data(128 * 8 + 16, 16);

/** How many of the listed are to be tested; the others are rejected for sure. */
let unsure: i32 = 0;
const REJECTED = memory.data(512 * 4, 16);

/** Takes from the list what tables accept for sure, and puts last what they reject. */
function admit(listed: i32, words: usize, theta: usize, stride: i32, x: usize): i32 {
  const a = partOf(theta, Part.Spread, stride), b = partOf(theta, Part.Width, stride);
  let rejected = 0;
  unsure = 0;
  for (let j = 0; j < listed; ++j) {
    const i = load<i32>(LIST + (<usize>j << 2)), at = <usize>i << 3, word = load<u64>(words + at), v = <f64>(word & 0xfff);
    const rim = 0.5 - abs((<f64>(<i64>(word >> 12)) + 0.5) * 2.220446049250313e-16 - 0.5);
    const most = 4096 * (load<f64>(a + at) / (rim * rim) + load<f64>(b + at)) * boundOf(theta + at, load<f64>(x + at));
    store<i32>(LIST + (<usize>unsure << 2), i);
    store<i32>(REJECTED + (<usize>rejected << 2), i);
    const no = v > 1.000002 * most;
    rejected += i32(no);
    unsure += i32(!no && !(v + 1 <= most));
  }
  memory.copy(LIST + (<usize>unsure << 2), REJECTED, <usize>rejected << 2);
  return unsure + rejected;
}

/** Tests the first of the listed draws, and proposes anew for those that fail and for the others, until none is left. */
function settle(list: usize, left: i32, tested: i32, element: u32, step: u32, words: usize, mirror: i64, theta: usize, stride: i32, bounded: bool, x: usize): void {
  for (let j = 0; j < left; ++j) store<u64>(WORDS + (<usize>j << 3), load<u64>(words + (<usize>load<i32>(list + (<usize>j << 2)) << 3)));
  for (let round: u32 = 0; left > 0; ++round) {
    bitsOfListed(list, left, element, step, round, mirror);
    tested = min(tested, left);
    gather(list, tested, theta, stride, x);
    left = retry(list, left, tested, theta, stride, bounded, x);
    tested = left;
  }
}

/** Philox blocks of the listed draws' own, four at a time. */
function bitsOfListed(list: usize, left: i32, element: u32, step: u32, round: u32, mirror: i64): void {
  const low = load<u32>(DRAWER), high = load<u32>(DRAWER, 4), site = load<u32>(DRAWER, 8), chunk = load<u32>(DRAWER, 12), flip = i64x2.splat(mirror);
  for (let j = 0; j < left; j += 4) {
    const at = <usize>j << 3, elements = i32x4.add(i32x4.splat(element), i32x4.mul(i32x4.splat(step), v128.load(list + (<usize>j << 2))));
    philoxFour(low, high, elements, chunk, site, COUNTS | round << 8, FOUR, 16);
    const a = v128.load(FOUR), b = v128.load(FOUR, 16), c = v128.load(FOUR, 32), d = v128.load(FOUR, 48);
    v128.store(FINE + at, v128.xor(flip, v128.shuffle<u32>(a, b, 0, 4, 1, 5)));
    v128.store(FINE + at, v128.xor(flip, v128.shuffle<u32>(a, b, 2, 6, 3, 7)), 16);
    v128.store(NEXT + at, v128.xor(flip, v128.shuffle<u32>(c, d, 0, 4, 1, 5)));
    v128.store(NEXT + at, v128.xor(flip, v128.shuffle<u32>(c, d, 2, 6, 3, 7)), 16);
  }
}

const FOUR = memory.data(64, 16);

function gather(list: usize, left: i32, theta: usize, stride: i32, x: usize): void {
  const a = partOf(theta, Part.Spread, stride), b = partOf(theta, Part.Width, stride), level = partOf(theta, Part.Level, stride), mean = partOf(theta, Part.Mean, stride);
  const limit = partOf(theta, Part.Limit, stride), other = partOf(theta, Part.Other, stride);
  for (let j = 0; j < left; ++j) {
    const i = <usize>load<i32>(list + (<usize>j << 2)) << 3, at = <usize>j << 3;
    store<f64>(AS + at, load<f64>(a + i));
    store<f64>(BS + at, load<f64>(b + i));
    store<f64>(LEVELS + at, load<f64>(level + i));
    store<f64>(XS + at, load<f64>(x + i));
    store<f64>(MEANS + at, load<f64>(mean + i));
    store<f64>(LIMITS + at, load<f64>(limit + i));
    store<f64>(OTHERS + at, load<f64>(other + i));
  }
}

/** Keeps on the list what fails again: log(v / α (a / rim² + b)) > log p, for binomial counts level − log p for log α; it is NaN outside the support. */
function retry(list: usize, left: i32, tested: i32, theta: usize, stride: i32, bounded: bool, x: usize): i32 {
  for (let j = 0; j < tested; j += 2) {
    const at = <usize>j << 3, word = v128.load(WORDS + at), half = constant<f64>(NUMBERS, 0);
    const rim = f64x2.sub(half, f64x2.abs(f64x2.sub(unit<f64>(word), half)));
    const first = f64x2.sub(v128.or(v128.and(word, constant<u64>(BITS, 0)), constant<u64>(BITS, 1)), constant<f64>(NUMBERS, 4));
    const v = f64x2.mul(f64x2.add(first, unit<f64>(v128.load(FINE + at))), constant<f64>(NUMBERS, 5));
    const ratio = f64x2.div(v, f64x2.add(f64x2.div(v128.load(AS + at), f64x2.mul(rim, rim)), v128.load(BS + at)));
    const margin = bounded
      ? massesOver(ratio, v128.load(XS + at), v128.load(MEANS + at), f64x2.sub(v128.load(LIMITS + at), v128.load(XS + at)), v128.load(OTHERS + at))
      : massOver(f64x2.mul(ratio, v128.load(OTHERS + at)), v128.load(XS + at), v128.load(MEANS + at));
    v128.store(AS + at, f64x2.ge(margin, v128.load(LEVELS + at)));
  }
  let kept = 0;
  for (let j = 0; j < left; ++j) {
    if (j < tested && load<u64>(AS + (<usize>j << 3)) != 0) continue;
    const i = load<i32>(list + (<usize>j << 2)), word = NEXT + (<usize>j << 3);
    const again = propose(1, word, theta + (<usize>i << 3), stride, ONE, ONE_LISTED);
    store<f64>(x + (<usize>i << 3), load<f64>(ONE));
    store<i32>(list + (<usize>kept << 2), i);
    store<u64>(WORDS + (<usize>kept << 3), load<u64>(word));
    kept += again;
  }
  return kept;
}

const ONE = memory.data(16, 16);
const ONE_LISTED = memory.data(16, 16);

/**
 * x += sign · #{k : P(0) + … + P(k) ≤ u}: eight draws at a time, because the sums of each wait for one another.
 *
 * It ends where the terms are below the distance of two uniforms.
 */
function invert(count: i32, words: usize, theta: usize, stride: i32, x: usize): void {
  for (let i = 0; i < count; i += 8) {
    const at = <usize>i << 3, word = words + at, limit = f64x2.splat(<f64>(count - i));
    const first = partOf(theta, Part.First, stride) + at, rise = partOf(theta, Part.Rise, stride) + at, fall = partOf(theta, Part.Fall, stride) + at;
    const u0 = unit<f64>(v128.load(word)), u1 = unit<f64>(v128.load(word, 16)), u2 = unit<f64>(v128.load(word, 32)), u3 = unit<f64>(v128.load(word, 48));
    // Lanes beyond the last draw have no P(0), and end at once.
    let p0 = v128.and(v128.load(first), f64x2.lt(v128.load(LANES), limit)), p1 = v128.and(v128.load(first, 16), f64x2.lt(v128.load(LANES, 16), limit));
    let p2 = v128.and(v128.load(first, 32), f64x2.lt(v128.load(LANES, 32), limit)), p3 = v128.and(v128.load(first, 48), f64x2.lt(v128.load(LANES, 48), limit));
    const a0 = v128.load(rise), a1 = v128.load(rise, 16), a2 = v128.load(rise, 32), a3 = v128.load(rise, 48);
    const b0 = v128.load(fall), b1 = v128.load(fall, 16), b2 = v128.load(fall, 32), b3 = v128.load(fall, 48);
    let s0 = p0, s1 = p1, s2 = p2, s3 = p3;
    let k0 = i64x2.splat(0), k1 = k0, k2 = k0, k3 = k0;
    for (let k: f64 = 1; ; k += 1) {
      const least = constant<f64>(LEAST, 0), inverse = f64x2.splat(1 / k);
      const more0 = v128.and(f64x2.ge(u0, s0), f64x2.gt(p0, least)), more1 = v128.and(f64x2.ge(u1, s1), f64x2.gt(p1, least));
      const more2 = v128.and(f64x2.ge(u2, s2), f64x2.gt(p2, least)), more3 = v128.and(f64x2.ge(u3, s3), f64x2.gt(p3, least));
      if (!v128.any_true(v128.or(v128.or(more0, more1), v128.or(more2, more3)))) break;
      k0 = i64x2.sub(k0, more0); k1 = i64x2.sub(k1, more1); k2 = i64x2.sub(k2, more2); k3 = i64x2.sub(k3, more3);
      p0 = f64x2.mul(p0, f64x2.sub(f64x2.mul(a0, inverse), b0)); p1 = f64x2.mul(p1, f64x2.sub(f64x2.mul(a1, inverse), b1));
      p2 = f64x2.mul(p2, f64x2.sub(f64x2.mul(a2, inverse), b2)); p3 = f64x2.mul(p3, f64x2.sub(f64x2.mul(a3, inverse), b3));
      s0 = f64x2.add(s0, p0); s1 = f64x2.add(s1, p1); s2 = f64x2.add(s2, p2); s3 = f64x2.add(s3, p3);
    }
    move(k0, at, theta, stride, x); move(k1, at + 16, theta, stride, x); move(k2, at + 32, theta, stride, x); move(k3, at + 48, theta, stride, x);
  }
}

/** x += sign · min(k, limit), k small integers. */
@inline
function move(k: v128, at: usize, theta: usize, stride: i32, x: usize): void {
  const magic = constant<u64>(BITS, 1);
  const number = f64x2.pmin(v128.load(partOf(theta, Part.Limit, stride) + at), f64x2.sub(v128.or(k, magic), magic));
  v128.store(x + at, f64x2.add(v128.load(x + at), f64x2.mul(v128.load(partOf(theta, Part.Sign, stride) + at), number)));
}

const LANES = memory.data<f64>([0, 1, 2, 3, 4, 5, 6, 7]);
const LEAST = memory.data<f64>([1.3877787807814457e-17]); // 2⁻⁵⁶
