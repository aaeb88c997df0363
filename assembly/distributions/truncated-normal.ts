import { lanes, span, storeSome } from "../lanes";
import { LOG_LIMITS32, LOG_LIMITS64, logOfNormal } from "../math/log";
import { log1pOfOrdinary } from "../math/log1p";
import { normalGap } from "../math/normal-gap";
import { normalQuantile } from "../math/normal-quantile";
import { constant } from "../math/polynomial";
import { logProbBy, logProbGradientBy, OWN0 as U, PAGE, scoreBy } from "../pages";
import { draw } from "../random/draw";
import { Noise } from "../random/noise";
import { half } from "../random/unit";
import { Middle, Mode, Narrow, Part, Tail } from "./truncated-normal-theta";

@inline
export function at<T>(theta: usize, part: i32, tile: i32): v128 {
  return v128.load(theta + span<T>(part * tile));
}

/** All ones in the lanes of this mode. */
@inline
export function isIn<T>(mode: Mode, theta: usize, tile: i32): v128 {
  return v128.eq<T>(at<T>(theta, Part.Mode, tile), v128.splat<T>(<T>mode));
}

/**
 * Draws by inversion, in three ways: Φ⁻¹ in the middle; in a tail the excess over its end, by two steps of Halley's method on the logarithm
 * of Q; in a narrow interval a series about the uniform law.
 *
 * The noise is u below ½ and −(1 − u) above, so both ends of u are fine; it is kept, because a pull takes u and 1 − u.
 *
 * @param theta  as truncatedNormalThetaPrepare writes it; here as in all kernels below
 * @param noise  T[rows, dim], written; or x itself, where it is not wanted
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, noise: usize, x: usize): void {
  store<usize>(AWAY, noise - x);
  draw<T>(Noise.Words, (phase, count, tile, theta, x) => {
    const sign = v128.splat<T>(<T>-0.0);
    for (let i: usize = 0, end = span<T>(count); i < end; i += 16) {
      const bits = v128.load(x + i);
      v128.store(U + i, v128.or(half<T>(bits), v128.and(bits, sign)));
    }
    place<T>(phase, count, tile, theta, x + load<usize>(AWAY), x);
  }, low, high, site, chunk, rows, dim, tile, theta, x);
}

/** x, and its noise, of uniforms given from outside. All T[rows, dim]. */
export function invert<T>(rows: i32, dim: i32, tile: i32, theta: usize, uniform: usize, noise: usize, x: usize): void {
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const one = v128.splat<T>(1), middle = v128.splat<T>(<T>0.5);
    const count = min(PAGE, n - from), begin = span<T>(from);
    for (let i: usize = 0, end = span<T>(count); i < end; i += 16) {
      const u = v128.load(uniform + begin + i);
      v128.store(U + i, v128.bitselect(u, v128.sub<T>(u, one), v128.le<T>(u, middle)));
    }
    place<T>(from % tile, count, tile, theta, noise + begin, x + begin);
  }
}

/** Draws of the noise in U, which is copied to its own array. */
function place<T>(phase: i32, count: i32, tile: i32, theta: usize, noise: usize, x: usize): void {
  for (let done = 0; done < count; phase = 0) {
    const run = min(tile - phase, count - done);
    let own = theta + span<T>(phase), u = U + span<T>(done);
    for (let left = run; left > 0; left -= lanes<T>(), own += 16, u += 16, noise += 16, x += 16) {
      const n = v128.load(u);
      const y = v128.pmin<T>(v128.pmax<T>(placed<T>(n, own, tile), at<T>(own, Part.Low, tile)), at<T>(own, Part.High, tile));
      storeSome<T>(noise, n, left);
      storeSome<T>(x, y, left);
    }
    done += run;
  }
}

@inline
function placed<T>(noise: v128, own: usize, tile: i32): v128 {
  const one = v128.splat<T>(1), zero = v128.splat<T>(0);
  const inMiddle = isIn<T>(Mode.Middle, own, tile), inTail = isIn<T>(Mode.Tail, own, tile);
  const v = v128.abs<T>(noise), upper = isUpper<T>(noise, own, tile);
  const u = v128.bitselect(v128.sub<T>(one, v), v, upper), rest = v128.bitselect(v, v128.sub<T>(one, v), upper);
  const scale = at<T>(own, Part.Scale, tile), anchor = at<T>(own, Part.Anchor, tile);
  if (i32x4.bitmask(inMiddle) == 15) return v128.add<T>(anchor, v128.mul<T>(scale, central<T>(u, rest, own, tile)));
  let y = zero;
  if (v128.any_true(inMiddle)) y = v128.bitselect(central<T>(u, rest, own, tile), y, inMiddle);
  if (v128.any_true(inTail)) y = v128.bitselect(excess<T>(u, rest, own, tile), y, inTail);
  const x = v128.add<T>(anchor, v128.mul<T>(scale, y));
  const t = fraction<T>(u, rest, own, tile);
  const between = v128.add<T>(v128.mul<T>(v128.sub<T>(one, t), anchor), v128.mul<T>(t, at<T>(own, Narrow.End, tile)));
  return v128.bitselect(between, x, isIn<T>(Mode.Narrow, own, tile));
}

/** Whether u, counted from the end that comes first, is 1 less the size of the noise. */
@inline
export function isUpper<T>(noise: v128, own: usize, tile: i32): v128 {
  const bits = v128.xor(noise, at<T>(own, Part.Inverse, tile));
  return sizeof<T>() == 4 ? i32x4.shr_s(bits, 31) : i64x2.shr_s(bits, 63);
}

/** z with Φ(z) = (1 − u) Φ(a) + u Φ(b), from whichever of Φ(z) and Q(z) is less. */
function central<T>(u: v128, rest: v128, own: usize, tile: i32): v128 {
  const p = v128.add<T>(at<T>(own, Middle.Below, tile), v128.mul<T>(u, at<T>(own, Middle.Mass, tile)));
  const q = v128.add<T>(v128.mul<T>(rest, at<T>(own, Middle.UpperA, tile)), v128.mul<T>(u, at<T>(own, Middle.UpperB, tile)));
  const z = normalQuantile<T>(v128.pmin<T>(p, q));
  return v128.bitselect(z, v128.neg<T>(z), v128.le<T>(p, q));
}

/** y with log Q(a) − log Q(a + y) = l = −log(1 − u (1 − r)): from the second-order expansion in y, then two steps of Halley's method. */
function excess<T>(u: v128, rest: v128, own: usize, tile: i32): v128 {
  const limits = sizeof<T>() == 4 ? LOG_LIMITS32 : LOG_LIMITS64;
  const one = constant<T>(limits, 7), half = constant<T>(limits, 8);
  const a = at<T>(own, Part.Shift, tile), gap = at<T>(own, Tail.Gap, tile), hazard = at<T>(own, Tail.Hazard, tile);
  const taken = v128.mul<T>(u, at<T>(own, Tail.Kept, tile)), small = v128.lt<T>(taken, half);
  const fraction = v128.bitselect(v128.sub<T>(one, taken), v128.add<T>(rest, v128.mul<T>(u, at<T>(own, Tail.Ratio, tile))), small);
  const w = v128.bitselect(fraction, one, isIn<T>(Mode.Tail, own, tile)); // the other lanes must be numbers
  const lost = v128.and(v128.sub<T>(v128.sub<T>(one, w), taken), small);
  const l = v128.neg<T>(logOfNormal<T>(w, constant<T>(limits, 2), v128.div<T>(lost, w)));
  const bend = v128.div<T>(v128.mul<T>(v128.add<T>(gap, gap), l), hazard);
  const start = v128.div<T>(v128.add<T>(l, l), v128.mul<T>(hazard, v128.add<T>(one, v128.sqrt<T>(v128.add<T>(one, bend)))));
  let y = start;
  for (let step = 0; step < 2; ++step) {
    const z = v128.add<T>(a, y), g = normalGap<T>(z);
    const growth = v128.div<T>(v128.add<T>(y, v128.sub<T>(g, gap)), hazard);
    const fall = v128.add<T>(v128.mul<T>(y, v128.add<T>(a, v128.mul<T>(half, y))), log1pOfOrdinary<T>(growth));
    const off = v128.sub<T>(fall, l);
    y = v128.sub<T>(y, v128.div<T>(off, v128.sub<T>(v128.add<T>(z, g), v128.mul<T>(half, v128.mul<T>(off, g)))));
  }
  // Where l is small the expansion is as good, and the gap's rounding worse.
  const near = v128.lt<T>(l, v128.splat<T>(sizeof<T>() == 4 ? <T>4e-3 : <T>1e-5));
  return v128.pmax<T>(v128.bitselect(start, y, near), v128.splat<T>(0));
}

/** t = u + u (1 − u) (−½ α + α² (1 − 2u) / 6 − β (1 + u) / 6), the way from the anchor to the other end. */
@inline
export function fraction<T>(u: v128, rest: v128, own: usize, tile: i32): v128 {
  const alpha = at<T>(own, Narrow.Alpha, tile), sixth = v128.splat<T>(<T>0.16666666666666666);
  const squares = v128.mul<T>(v128.mul<T>(alpha, alpha), v128.sub<T>(rest, u));
  const second = v128.sub<T>(squares, v128.mul<T>(at<T>(own, Narrow.Beta, tile), v128.add<T>(v128.splat<T>(1), u)));
  const bend = v128.sub<T>(v128.mul<T>(sixth, second), v128.mul<T>(v128.splat<T>(<T>0.5), alpha));
  return v128.add<T>(u, v128.mul<T>(v128.mul<T>(u, rest), bend));
}

/** y of x, and whether x lies within the ends. */
@inline
function fromAnchor<T>(x: v128, own: usize, tile: i32): v128 {
  return v128.mul<T>(v128.sub<T>(x, at<T>(own, Part.Anchor, tile)), at<T>(own, Part.Inverse, tile));
}

/**
 * logProb[i] = Σⱼ (level − y (shift + ½ y)) within the ends, −∞ beyond.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  logProbBy<T>((from, count, tile, theta, x, out) => {
    const half = v128.splat<T>(<T>0.5), never = v128.splat<T>(-Infinity);
    for (let phase = from % tile, done = 0; done < count; phase = 0) {
      const run = min(tile - phase, count - done), to = span<T>(done);
      let own = theta + span<T>(phase);
      for (let i: usize = 0, end = span<T>(run); i < end; i += 16, own += 16) {
        const point = v128.load(x + to + i), y = fromAnchor<T>(point, own, tile);
        const drop = v128.mul<T>(y, v128.add<T>(at<T>(own, Part.Shift, tile), v128.mul<T>(half, y)));
        const inside = v128.and(v128.ge<T>(point, at<T>(own, Part.Low, tile)), v128.le<T>(point, at<T>(own, Part.High, tile)));
        v128.store(out + to + i, v128.bitselect(v128.sub<T>(at<T>(own, Part.Level, tile), drop), never, inside));
      }
      done += run;
    }
  }, rows, dim, tile, theta, x, logProb);
}

/**
 * ∂ log p/∂location = (y − first) · inverse, ∂ log p/∂logScale = 2 shift (y − first) + y² − second.
 *
 * @param coefficient  T[rows]
 * @param terms        T[2, rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  scoreBy<T>((from, count, tile, theta, _, x, first, second) => {
    for (let phase = from % tile, done = 0; done < count; phase = 0) {
      const run = min(tile - phase, count - done), to = span<T>(done);
      let own = theta + span<T>(phase);
      for (let i: usize = 0, end = span<T>(run); i < end; i += 16, own += 16) {
        const y = fromAnchor<T>(v128.load(x + to + i), own, tile), shift = at<T>(own, Part.Shift, tile);
        const centred = v128.sub<T>(y, at<T>(own, Part.First, tile));
        const square = v128.sub<T>(v128.mul<T>(y, y), at<T>(own, Part.Second, tile));
        v128.store(first + to + i, v128.mul<T>(centred, at<T>(own, Part.Inverse, tile)));
        v128.store(second + to + i, v128.add<T>(v128.mul<T>(v128.add<T>(shift, shift), centred), square));
      }
      done += run;
    }
  }, rows, dim, tile, theta, x, coefficient, terms);
}

/** out −= coefficient · (shift + y) · inverse; T[rows, dim], added to. */
export function logProbGradient<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, out: usize): void {
  logProbGradientBy<T>((from, count, tile, theta, x, out) => {
    for (let phase = from % tile, done = 0; done < count; phase = 0) {
      const run = min(tile - phase, count - done), to = span<T>(done);
      let own = theta + span<T>(phase);
      for (let i: usize = 0, end = span<T>(run); i < end; i += 16, own += 16) {
        const z = v128.add<T>(at<T>(own, Part.Shift, tile), fromAnchor<T>(v128.load(x + to + i), own, tile));
        v128.store(out + to + i, v128.neg<T>(v128.mul<T>(z, at<T>(own, Part.Inverse, tile))));
      }
      done += run;
    }
  }, rows, dim, tile, theta, x, coefficient, out);
}

const AWAY = memory.data(4, 16);
