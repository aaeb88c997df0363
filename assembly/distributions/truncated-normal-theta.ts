import { span } from "../lanes";
import { expm1One, expOne, log1pOne, logOne } from "../math/once";
import { normalGap } from "../math/normal-gap";
import { numberAt, repeat, setAt } from "../memory";

/**
 * Prepared θ of the truncated normal, each T[tile]. With z = (x − location) / scale it is the standard normal on [a, b], mirrored if need be
 * so that the end nearer to the mode is a, and measured from an anchor: y = (x − anchor) · inverse, z = shift + y.
 *
 *   log p = level − y (shift + ½ y), E[y] = first, E[y²] = second
 *
 * In the middle the anchor is the location, so y = z. In a tail (a > 2, or an interval so short that it might be one) and for an interval that
 * is narrow in units of the scale it is the end a, so that what is small, the way from there, is computed as such and not as a difference of
 * what is large.
 */
export const enum Part {
  Low, High, Anchor, Scale, Inverse, Shift, Level, First, Second, Mode, Width, From, To,
  // What draws and their derivatives take; the names are those of the middle, then of a tail, then of a narrow interval.
  P0, P1, P2, P3, P4, P5, P6, P7,
}
export const PARTS: i32 = 21;

/** Middle: Φ(a), Φ(b) − Φ(a), Q(a), Q(b), −½ a², −½ b², a, b (0 and −∞ for ends that are infinite). */
export const enum Middle { Below = Part.P0, Mass, UpperA, UpperB, HalfA, HalfB, A, B }
/** Tail: gap(a), λ(a) = a + gap(a), 1 − r, r = Q(b) / Q(a), 1 − λ(a) / λ(b), b − a λ(a) / λ(b), b. */
export const enum Tail { Gap = Part.P0, Hazard, Kept, Ratio, RiseB, BendB, B }
/** Narrow: α = a · width, β = width², the end that is not the anchor, its distance from the anchor. */
export const enum Narrow { Alpha = Part.P0, Beta, End, Length }

export const enum Mode { Middle, Tail, Narrow }

/**
 * @param low, high  the bounds, which may be infinite
 * @param params     T[2, period]: location, then logScale
 * @param theta      T[21, tile], written
 */
export function prepare<T>(period: i32, tile: i32, low: f64, high: f64, params: usize, theta: usize): void {
  // In the precision of the draws, so that these reach the ends and do not pass them.
  prepareOf(sizeof<T>(), period, tile, <f64>(<T>low), <f64>(<T>high), params, theta);
  for (let part = 0; part < PARTS; ++part) {
    const at = theta + span<T>(part * tile);
    repeat<T>(period, tile, at, at);
  }
}

function prepareOf(size: i32, period: i32, tile: i32, low: f64, high: f64, params: usize, theta: usize): void {
  for (let e = 0; e < period; ++e) {
    standardise(size == 4 ? <f64>f32.MAX_VALUE : f64.MAX_VALUE, low, high, numberAt(size, params, e), numberAt(size, params, period + e));
    const narrowest = size == 4 ? 0.03 : 3e-4, short = size == 4 ? 0.2 : 0.02;
    const shift = load<f64>(OUT, <usize>Part.Shift << 3), width = load<f64>(OUT, <usize>Part.Width << 3);
    const hazard = hazardOf(shift);
    if (width < narrowest && hazard * width < narrowest) narrow(shift, width, low, high, size == 4 ? <f64>f32.MAX_VALUE : f64.MAX_VALUE);
    else if (shift > 2 || width < short) tail(shift, width, numberAt(size, params, period + e));
    else middle(shift, numberAt(size, params, e), numberAt(size, params, period + e));
    for (let part = 0; part < PARTS; ++part) setAt(size, theta, part * tile + e, load<f64>(OUT + (<usize>part << 3)));
  }
}

@inline
function put(part: i32, value: f64): void {
  store<f64>(OUT + (<usize>part << 3), value);
}

/** The ends in units of the scale, mirrored where that brings the nearer to the mode first; shift is a for now. */
function standardise(most: f64, low: f64, high: f64, location: f64, logScale: f64): void {
  const scale = min(expOne(logScale), most), inverse = min(expOne(-logScale), most);
  const a = low == -Infinity ? low : max(-most, min(most, (low - location) * inverse));
  const b = high == Infinity ? high : max(-most, min(most, (high - location) * inverse));
  const mirrored = a + b < 0, sign: f64 = mirrored ? -1 : 1;
  put(Part.Low, max(low, -most));
  put(Part.High, min(high, most));
  put(Part.Anchor, mirrored ? high : low);
  put(Part.Scale, sign * scale);
  put(Part.Inverse, sign * inverse);
  put(Part.Shift, mirrored ? -b : a);
  put(Part.To, mirrored ? -a : b); // b, until the mode is known
  put(Part.Width, low == -Infinity || high == Infinity ? Infinity : min(most, 2 * min(most, (0.5 * high - 0.5 * low) * inverse)));
}

/** gap(t), t ≥ 0 */
function gapOf(t: f64): f64 {
  return f64x2.extract_lane(gap64(f64x2.splat(t)), 0);
}

function gap64(t: v128): v128 {
  return normalGap<f64>(t);
}

function densityOf(t: f64): f64 {
  return 0.3989422804014327 * expOne(-0.5 * t * t);
}

/** Q(t) = 1 − Φ(t) */
function upperOf(t: f64): f64 {
  const size = abs(t), upper: f64 = size > 40 ? 0 : densityOf(size) / (size + gapOf(size));
  return t < 0 ? 1 - upper : upper;
}

function hazardOf(t: f64): f64 {
  return t < 0 ? (t < -40 ? 0 : densityOf(t) / upperOf(t)) : t + gapOf(t);
}

/** The density is all but flat: its series in α and β to the second order. */
function narrow(a: f64, width: f64, low: f64, high: f64, most: f64): void {
  const alpha = a * width, beta = width * width;
  const mirrored = load<f64>(OUT, <usize>Part.Anchor << 3) == high;
  put(Part.Mode, <f64>Mode.Narrow);
  put(Part.Level, 0.5 * alpha - alpha * alpha / 24 + beta / 6 - logOne(0.5 * high - 0.5 * low) - 0.6931471805599453);
  put(Part.First, width * (0.5 - alpha / 12));
  put(Part.Second, beta * (0.3333333333333333 - alpha / 12));
  put(Part.From, 0);
  put(Part.To, width);
  put(Narrow.Alpha, alpha);
  put(Narrow.Beta, beta);
  put(Narrow.End, mirrored ? low : high);
  const length = min(most, high - low);
  put(Narrow.Length, mirrored ? -length : length);
}

/** log(Q(a) / Q(a + d)) for a ≥ 0, without the difference of two large logarithms. */
function fallOf(a: f64, gap: f64, d: f64): f64 {
  return a * d + 0.5 * d * d + log1pOne((d + gapOf(a + d) - gap) / (a + gap));
}

function tail(a: f64, width: f64, logScale: f64): void {
  const gap = gapOf(a), hazard = a + gap, b = a + width;
  const fall = width < Infinity ? fallOf(a, gap, width) : Infinity;
  const ratio = expOne(-fall), kept = -expm1One(-fall);
  const bounded = ratio > 0; // else b might as well be infinite
  const hazardB = bounded ? b + gapOf(b) : 1, rise = bounded ? hazardB - b - gap + width : 0;
  const first = gap - rise * (ratio / kept);
  put(Part.Mode, <f64>Mode.Tail);
  put(Part.Level, logOne(hazard) - logOne(kept) - logScale);
  put(Part.First, first);
  put(Part.Second, 1 - a * first - (bounded ? width * hazardB * (ratio / kept) : 0));
  put(Part.From, 0);
  put(Part.To, min(width, 80 / (a + sqrt(a * a + 80)))); // beyond, the density is below exp(−40) of its mode
  put(Tail.Gap, gap);
  put(Tail.Hazard, hazard);
  put(Tail.Kept, kept);
  put(Tail.Ratio, ratio);
  put(Tail.RiseB, rise / hazardB);
  put(Tail.BendB, bounded ? (width * (a + b) + b * (hazardB - b) - a * gap) / hazardB : 0);
  put(Tail.B, bounded ? b : 0);
}

function middle(a: f64, location: f64, logScale: f64): void {
  const b = load<f64>(OUT, <usize>Part.To << 3);
  const below = upperOf(-a), upper = upperOf(a), upperB = upperOf(b);
  const mass = a > 0 ? upper - upperB : 1 - below - upperB;
  put(Part.Mode, <f64>Mode.Middle);
  put(Part.Anchor, location);
  put(Part.Shift, 0);
  put(Part.Level, -0.9189385332046728 - logScale - logOne(mass));
  put(Part.First, (densityOf(a) - densityOf(b)) / mass);
  put(Part.Second, 1 + (weighed(a) - weighed(b)) / mass);
  put(Part.From, max(a, -9));
  put(Part.To, min(b, 9));
  put(Middle.Below, below);
  put(Middle.Mass, mass);
  put(Middle.UpperA, upper);
  put(Middle.UpperB, upperB);
  put(Middle.HalfA, -0.5 * a * a);
  put(Middle.HalfB, -0.5 * b * b);
  put(Middle.A, a == -Infinity ? 0 : a);
  put(Middle.B, b == Infinity ? 0 : b);
}

/** t φ(t) */
function weighed(t: f64): f64 {
  return abs(t) > 40 ? 0 : t * densityOf(t);
}

const OUT = memory.data(21 * 8, 16);
