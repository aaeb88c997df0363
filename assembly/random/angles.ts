import { lanes, span } from "../lanes";
import { COS64, SIN64 } from "../math/coefficients";
import { log } from "../math/log";
import { constant, cubic, linear } from "../math/polynomial";
import { numberAt, setAt } from "../memory";
import { PAGE_BYTES } from "../pages";
import { Phase } from "./draw";
import { begin, Noise, SOURCE, standard } from "./noise";
import { STREAM } from "./stream";
import { COSINE, SINE } from "./tables";
import { unit } from "./unit";
import { ANGLE, SECOND_ANGLE } from "./use";
import { next } from "./ziggurat";

/**
 * Von Mises variables about 0 by rejection from wrapped Cauchy ones (Best & Fisher 1979): with δ = r − 1, r = (1 + √(1 + 4κ²)) / 2κ, the
 * candidate has tan ½x = squash · cot ½πv, squash = √(δ / (δ + 2)), v uniform in (0, 1), and a sign. It is accepted where log(c / u) + 1 ≥ c,
 * c = κ (r − cos x) = κδ + 2κ sin² ½x. So nothing cancels, however large κ is.
 */

/** tan ½x of a candidate, with the sign of the last bit. */
@inline
function candidate<T>(bits: v128, squash: v128): v128 {
  const limits = sizeof<T>() == 4 ? LIMITS32 : LIMITS64;
  const w = v128.sub<T>(unit<T>(bits), constant<T>(limits, 0));
  const sine = sineOf<T>(w), cosine = cosineOf<T>(w); // of ½πw, ½π (v − ½)
  const tangent = v128.div<T>(v128.mul<T>(squash, v128.sub<T>(cosine, sine)), v128.add<T>(cosine, sine));
  return v128.or(tangent, sizeof<T>() == 4 ? i32x4.shl(bits, 31) : i64x2.shl(bits, 63));
}

/** sin ½πw, |w| ≤ ½. */
@inline
function sineOf<T>(w: v128): v128 {
  if (sizeof<T>() == 4) {
    const z = f32x4.mul(w, w);
    return f32x4.mul(w, cubic<f32>(SINE, 0, z, f32x4.mul(z, z)));
  }
  const r = f64x2.mul(w, constant<f64>(LIMITS64, 2)), z = f64x2.mul(r, r), z2 = f64x2.mul(z, z);
  const tail = f64x2.add(cubic<f64>(SIN64, 0, z, z2), f64x2.mul(linear<f64>(SIN64, 4, z), f64x2.mul(z2, z2)));
  return f64x2.add(r, f64x2.mul(f64x2.mul(r, z), tail));
}

/** cos ½πw, |w| ≤ ½. */
@inline
function cosineOf<T>(w: v128): v128 {
  if (sizeof<T>() == 4) {
    const z = f32x4.mul(w, w);
    return cubic<f32>(COSINE, 0, z, f32x4.mul(z, z));
  }
  const r = f64x2.mul(w, constant<f64>(LIMITS64, 2)), z = f64x2.mul(r, r), z2 = f64x2.mul(z, z);
  const tail = f64x2.add(cubic<f64>(COS64, 0, z, z2), f64x2.mul(linear<f64>(COS64, 4, z), f64x2.mul(z2, z2)));
  return f64x2.add(f64x2.sub(constant<f64>(LIMITS64, 1), f64x2.mul(constant<f64>(LIMITS64, 0), z)), f64x2.mul(z2, tail));
}

/** Which of them are accepted, a bit a lane. */
@inline
function accepted<T>(tangent: v128, lead: v128, kappa: v128, u: v128): i32 {
  const one = constant<T>(sizeof<T>() == 4 ? LIMITS32 : LIMITS64, 1);
  const square = v128.mul<T>(tangent, tangent), share = v128.div<T>(square, v128.add<T>(one, square));
  const c = v128.add<T>(lead, v128.mul<T>(v128.add<T>(kappa, kappa), share));
  const kept = v128.ge<T>(v128.add<T>(log<T>(v128.div<T>(c, u)), one), c);
  return sizeof<T>() == 4 ? i32x4.bitmask(kept) : i64x2.bitmask(kept);
}

/** Further rounds; about 13 of a thousand draws are not settled in them. */
const ROUNDS: i32 = 4;
/** Bytes of the sources of angles: words of candidates, of what accepts them, and of both in each further round. */
export const ANGLES: i32 = (2 + ROUNDS) * SOURCE;

export function beginAngles(low: u32, high: u32, site: u32, chunk: u32, sources: usize): void {
  begin(low, high, site, chunk, sources);
  begin(low, high, site, chunk, sources + SOURCE, ANGLE);
  for (let round: i32 = 0; round < ROUNDS; ++round) begin(low, high, site, chunk, sources + (2 + round) * SOURCE, SECOND_ANGLE + round);
}

/**
 * out[e] = tan ½x of each element.
 *
 * Those that are not accepted go together into the next round, in their order, each round with words of its own: so a draw does not depend on how
 * many follow it.
 *
 * @param phase  where in the tile the page begins
 * @param theta  T[3, tile]: κ, squash, κδ
 * @param out    a page, written by whole vectors
 */
export function tangents<T>(phase: Phase, count: i32, tile: i32, theta: usize, sources: usize, out: usize): void {
  let left = first<T>(phase, count, tile, theta, sources, out);
  for (let round = 0; round < ROUNDS && left > 0; ++round) left = again<T>(left, tile, sources + (2 + round) * SOURCE, out);
  settle(sizeof<T>(), left, tile, sources + SOURCE + STREAM, out);
}

/** One candidate for each; how many were not accepted: which ones, and where their θ is, is at PENDING. */
function first<T>(phase: Phase, count: i32, tile: i32, theta: usize, sources: usize, out: usize): i32 {
  standard<T>(Noise.Words, count, sources, WORDS);
  standard<T>(Noise.Words, count, sources + SOURCE, WORDS + PAGE_BYTES);
  const row = span<T>(tile);
  let words = WORDS, left = 0, e = 0;
  for (let done = 0; done < count; phase = 0) {
    const run = min(count - done, tile - phase);
    let at = theta + span<T>(phase);
    for (const end = done + run; e < end; e += lanes<T>(), at += 16, words += 16) {
      const tangent = candidate<T>(v128.load(words), v128.load(at + row));
      const kept = accepted<T>(tangent, v128.load(at + 2 * row), v128.load(at), unit<T>(v128.load(words + PAGE_BYTES)));
      v128.store(out + span<T>(e), tangent);
      for (let i = 0; i < lanes<T>(); ++i) left = pend(left, e + i, at + span<T>(i), (kept >> i & 1) != 0 || e + i >= end);
    }
    done += run;
    e = done;
  }
  return left;
}

/** Writes an element down; it counts only where it is not settled. */
@inline
function pend(left: i32, e: i32, at: usize, settled: bool): i32 {
  store<i32>(PENDING + (<usize>left << 3), e);
  store<u32>(PENDING + (<usize>left << 3), <u32>at, 4);
  return left + (settled ? 0 : 1);
}

/** Another candidate for each that is pending. */
function again<T>(pending: i32, tile: i32, source: usize, out: usize): i32 {
  standard<T>(Noise.Words, 2 * ((pending + lanes<T>() - 1) & -lanes<T>()), source, WORDS); // by vectors: candidates, then what accepts them
  const row = span<T>(tile);
  let words = WORDS, left = 0;
  for (let from = 0; from < pending; from += lanes<T>(), words += 32) {
    for (let i = 0; i < lanes<T>(); ++i) {
      const to = GATHERED + span<T>(i), at = <usize>load<u32>(PENDING + (<usize>min(from + i, pending - 1) << 3), 4);
      store<T>(to, load<T>(at));
      store<T>(to, load<T>(at + row), 16);
      store<T>(to, load<T>(at + 2 * row), 32);
    }
    const tangent = candidate<T>(v128.load(words), v128.load(GATHERED, 16));
    const kept = accepted<T>(tangent, v128.load(GATHERED, 32), v128.load(GATHERED), unit<T>(v128.load(words, 16)));
    v128.store(GATHERED, tangent);
    for (let i = 0; i < lanes<T>() && from + i < pending; ++i) {
      const entry = PENDING + (<usize>(from + i) << 3), e = load<i32>(entry);
      if (kept >> i & 1) store<T>(out + span<T>(e), load<T>(GATHERED + span<T>(i)));
      left = pend(left, e, <usize>load<u32>(entry, 4), (kept >> i & 1) != 0);
    }
  }
  return left;
}

/** What is left after all rounds, in order: two candidates at a time, until one is accepted. */
function settle(size: i32, pending: i32, tile: i32, retry: usize, out: usize): void {
  for (let i = 0; i < pending; ++i) {
    const entry = PENDING + (<usize>i << 3), e = load<i32>(entry), at = <usize>load<u32>(entry, 4);
    const kappa = f64x2.splat(numberAt(size, at, 0)), squash = f64x2.splat(numberAt(size, at, tile)), lead = f64x2.splat(numberAt(size, at, 2 * tile));
    for (let which = 0; which == 0;) {
      const both = candidate<f64>(words(retry), squash);
      which = accepted<f64>(both, lead, kappa, unit<f64>(words(retry)));
      setAt(size, out, e, which & 1 ? f64x2.extract_lane(both, 0) : f64x2.extract_lane(both, 1));
    }
  }
}

function words(retry: usize): v128 {
  const low = next(retry);
  return i64x2.replace_lane(i64x2.splat(low), 1, next(retry));
}

const WORDS = memory.data(2 * PAGE_BYTES, 16);
const PENDING = memory.data(512 * 8 + 64, 16);
const GATHERED = memory.data(48, 16);
// ½, 1, ½π
const LIMITS32 = memory.data<f32>([0.5, 1, 1.5707963267948966]);
const LIMITS64 = memory.data<f64>([0.5, 1, 1.5707963267948966]);
