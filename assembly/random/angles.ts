import { COS64, SIN64 } from "../math/coefficients";
import { log } from "../math/log";
import { constant, cubic, linear } from "../math/polynomial";
import { numberAt, setAt } from "../memory";
import { fill, open, STREAM } from "./stream";
import { COSINE, SINE } from "./tables";
import { unit } from "./unit";
import { SECOND_ANGLE } from "./use";

/**
 * Von Mises variables about 0 by rejection from wrapped Cauchy ones (Best & Fisher 1979): with δ = r − 1, r = (1 + √(1 + 4κ²)) / 2κ, the
 * candidate has tan ½x = squash · cot ½πv, squash = √(δ / (δ + 2)), v uniform in (0, 1), and a sign. It is accepted where log(c / u) + 1 ≥ c,
 * c = κ (r − cos x) = κδ + 2κ sin² ½x. So nothing cancels, however large κ is.
 */

/** tan ½x of a candidate, with the sign of the last bit. */
@inline
export function candidate<T>(bits: v128, squash: v128): v128 {
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
export function accepted<T>(tangent: v128, lead: v128, kappa: v128, u: v128): i32 {
  const one = constant<T>(sizeof<T>() == 4 ? LIMITS32 : LIMITS64, 1);
  const square = v128.mul<T>(tangent, tangent), share = v128.div<T>(square, v128.add<T>(one, square));
  const c = v128.add<T>(lead, v128.mul<T>(v128.add<T>(kappa, kappa), share));
  const kept = v128.ge<T>(v128.add<T>(log<T>(v128.div<T>(c, u)), one), c);
  return sizeof<T>() == 4 ? i32x4.bitmask(kept) : i64x2.bitmask(kept);
}

/**
 * What was not accepted of a vector, in order: two candidates at a time, until one is.
 *
 * @param kept               those that were
 * @param squash,lead,kappa  T[lanes]
 * @param tangents           T[lanes], written where not kept
 * @param retry              RETRY bytes, advanced
 */
export function settle(size: i32, count: i32, kept: i32, squash: usize, lead: usize, kappa: usize, tangents: usize, retry: usize): void {
  for (let i = 0; i < count; ++i) {
    if (kept >> i & 1) continue;
    const k = f64x2.splat(numberAt(size, squash, i)), l = f64x2.splat(numberAt(size, lead, i)), c = f64x2.splat(numberAt(size, kappa, i));
    for (let which = 0; which == 0;) {
      const both = candidate<f64>(words(retry), k);
      which = accepted<f64>(both, l, c, unit<f64>(words(retry)));
      setAt(size, tangents, i, which & 1 ? f64x2.extract_lane(both, 0) : f64x2.extract_lane(both, 1));
    }
  }
}

/** The next four words. */
function words(retry: usize): v128 {
  let at = load<usize>(retry + STREAM);
  if (at == LAST) {
    fill(WORDS, retry, BUFFER);
    at = BUFFER;
  }
  store<usize>(retry + STREAM, at + 16);
  return v128.load(at);
}

/** Bytes of what words for candidates are taken from: a stream, and where in the buffer of its next words one is. There is one buffer. */
export const RETRY: i32 = STREAM + 16;

export function beginRetry(low: u32, high: u32, site: u32, chunk: u32, retry: usize): void {
  open(low, high, site, chunk, retry, SECOND_ANGLE);
  store<usize>(retry + STREAM, LAST);
}

const WORDS = 64;
const BUFFER = memory.data(256, 16);
const LAST = BUFFER + 256;

// ½, 1, ½π
const LIMITS32 = memory.data<f32>([0.5, 1, 1.5707963267948966]);
const LIMITS64 = memory.data<f64>([0.5, 1, 1.5707963267948966]);
