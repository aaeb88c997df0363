import { largest, smallest, span } from "../lanes";
import * as vectors from "../math/vectors";
import { PAGE, PAGE_BYTES } from "../pages";

/** Maps of one number to another, increasing but for an affine one of negative scale. */
const enum Map { Affine, Exp, Sigmoid, Tanh, Softplus }

// By the page, in a page of our own: nothing beyond n is read or written.
const X = memory.data(PAGE_BYTES, 16);
const Y = memory.data(PAGE_BYTES, 16);
const Z = memory.data(PAGE_BYTES, 16);

/**
 * y[i] = g(x[i]), within the open range of g: what would round to an end of it is the number next to that end.
 *
 * @param x  T[n]
 * @param y  T[n], written; may be x
 */
export function forward<T>(map: i32, shift: f64, scale: f64, n: i32, x: usize, y: usize): void {
  for (let from = 0; from < n; from += PAGE) {
    const count = min(PAGE, n - from), bytes = span<T>(count);
    memory.copy(X, x + span<T>(from), bytes);
    if (map == Map.Affine) affine<T>(count, shift, scale, X, Y);
    else if (map == Map.Exp) vectors.exp<T>(count, X, Y);
    else if (map == Map.Sigmoid) vectors.sigmoid<T>(count, X, Y);
    else if (map == Map.Tanh) vectors.tanh<T>(count, X, Y);
    else vectors.softplus<T>(count, X, Y);
    const most: T = map == Map.Sigmoid || map == Map.Tanh ? <T>1 - ulpBelowOne<T>() : largest<T>();
    clamp<T>(count, map == Map.Affine ? -most : map == Map.Tanh ? -most : smallest<T>(), most, Y);
    memory.copy(y + span<T>(from), Y, bytes);
  }
}

/** 1 less the number below it. */
@inline
function ulpBelowOne<T>(): T {
  return sizeof<T>() == 4 ? <T>5.9604644775390625e-8 : <T>1.1102230246251565e-16;
}

@inline
function affine<T>(count: i32, shift: f64, scale: f64, x: usize, y: usize): void {
  const a = v128.splat<T>(<T>shift), b = v128.splat<T>(<T>scale);
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(y + at, v128.add<T>(a, v128.mul<T>(b, v128.load(x + at))));
}

@inline
function clamp<T>(count: i32, least: T, most: T, y: usize): void {
  const low = v128.splat<T>(least), high = v128.splat<T>(most);
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(y + at, v128.pmin<T>(v128.pmax<T>(v128.load(y + at), low), high));
}

/**
 * x[i] = g⁻¹(y[i]): ±∞ at the ends of the range of g, NaN beyond.
 *
 * @param y  T[n]
 * @param x  T[n], written; may be y
 */
export function inverse<T>(map: i32, shift: f64, scale: f64, n: i32, y: usize, x: usize): void {
  for (let from = 0; from < n; from += PAGE) {
    const count = min(PAGE, n - from), bytes = span<T>(count);
    memory.copy(Y, y + span<T>(from), bytes);
    if (map == Map.Affine) affine<T>(count, -shift / scale, 1 / scale, Y, X);
    else if (map == Map.Exp) vectors.log<T>(count, Y, X);
    else if (map == Map.Softplus) unsoftened<T>(count);
    else logOdds<T>(map, count);
    memory.copy(x + span<T>(from), X, bytes);
  }
}

/** X = Y + ln(1 − e^−Y) */
function unsoftened<T>(count: i32): void {
  negate<T>(count, Y, X);
  vectors.expm1<T>(count, X, X);
  negate<T>(count, X, X);
  vectors.log<T>(count, X, X);
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(X + at, v128.add<T>(v128.load(Y + at), v128.load(X + at)));
}

/** X = ln Y − ln(1 − Y) of a sigmoid, ½ (ln(1 + Y) − ln(1 − Y)) of a hyperbolic tangent. */
function logOdds<T>(map: i32, count: i32): void {
  negate<T>(count, Y, Z);
  vectors.log1p<T>(count, Z, Z);
  if (map == Map.Tanh) vectors.log1p<T>(count, Y, X);
  else vectors.log<T>(count, Y, X);
  const factor = v128.splat<T>(map == Map.Tanh ? <T>0.5 : <T>1);
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(X + at, v128.mul<T>(factor, v128.sub<T>(v128.load(X + at), v128.load(Z + at))));
}

@inline
function negate<T>(count: i32, x: usize, out: usize): void {
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) v128.store(out + at, v128.neg<T>(v128.load(x + at)));
}

/**
 * out[i] = g′(x[i]).
 *
 * @param x, y  T[n], y = g(x)
 * @param out   T[n], written
 */
export function slope<T>(map: i32, scale: f64, n: i32, x: usize, y: usize, out: usize): void {
  const one = v128.splat<T>(1);
  for (let from = 0; from < n; from += PAGE) {
    const count = min(PAGE, n - from), bytes = span<T>(count);
    memory.copy(X, x + span<T>(from), bytes);
    memory.copy(Y, y + span<T>(from), bytes);
    if (map == Map.Softplus) vectors.sigmoid<T>(count, X, Y);
    for (let at: usize = 0; at < bytes; at += 16) {
      const own = v128.load(Y + at);
      if (map == Map.Affine) v128.store(Y + at, v128.splat<T>(<T>scale));
      else if (map == Map.Sigmoid) v128.store(Y + at, v128.mul<T>(own, v128.sub<T>(one, own)));
      else if (map == Map.Tanh) v128.store(Y + at, v128.mul<T>(v128.sub<T>(one, own), v128.add<T>(one, own)));
    }
    memory.copy(out + span<T>(from), Y, bytes);
  }
}

/**
 * logProb[r] −= Σⱼ ln |g′(x[r, j])|; −∞ where that is no number, for a point that g does not reach.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], updated
 */
export function logSlope<T>(map: i32, scale: f64, rows: i32, dim: i32, x: usize, logProb: usize): void {
  let row = 0, column = 0;
  const constant = <T>logOf(abs(scale));
  for (let from = 0, n = rows * dim; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    memory.copy(X, x + span<T>(from), span<T>(count));
    logs<T>(map, count, constant);
    for (let i = 0; i < count; ++i) {
      const at = logProb + span<T>(row);
      const value: T = load<T>(at) - load<T>(Y + span<T>(i));
      store<T>(at, value);
      if (++column < dim) continue;
      column = 0;
      ++row;
      if (value != value) store<T>(at, <T>-Infinity);
    }
  }
}

function logOf(x: f64): f64 {
  store<f64>(Z, x);
  vectors.log<f64>(1, Z, Z);
  return load<f64>(Z);
}

/** Y = ln g′(X): of σ it is −|x| − 2 ln(1 + e^−|x|), of tanh that of σ at 2x, and ln 4. */
function logs<T>(map: i32, count: i32, constant: T): void {
  const end = span<T>(count);
  const minusTwo = v128.splat<T>(-2);
  if (map == Map.Affine) {
    for (let at: usize = 0; at < end; at += 16) v128.store(Y + at, v128.splat<T>(constant));
  } else if (map == Map.Exp) memory.copy(Y, X, end);
  else if (map == Map.Softplus) {
    negate<T>(count, X, Y);
    vectors.softplus<T>(count, Y, Y);
    negate<T>(count, Y, Y);
  } else {
    const factor = v128.splat<T>(map == Map.Tanh ? <T>-2 : <T>-1), added = v128.splat<T>(map == Map.Tanh ? <T>1.3862943611198906 : <T>0);
    for (let at: usize = 0; at < end; at += 16) v128.store(X + at, v128.mul<T>(factor, v128.abs<T>(v128.load(X + at))));
    vectors.softplus<T>(count, X, Y);
    for (let at: usize = 0; at < end; at += 16) v128.store(Y + at, v128.add<T>(added, v128.add<T>(v128.load(X + at), v128.mul<T>(minusTwo, v128.load(Y + at)))));
  }
}

/**
 * out[r, j] += (slopes[r, j] − coefficient[r] g″/g′) / g′ at x: the slope of a transformed log density, from that of the density.
 *
 * @param x, y         T[rows, dim], y = g(x)
 * @param slopes       T[rows, dim]: coefficient · ∂ log p/∂x
 * @param coefficient  T[rows]
 * @param out          T[rows, dim], added to
 */
export function pullBack<T>(map: i32, scale: f64, rows: i32, dim: i32, x: usize, y: usize, slopes: usize, coefficient: usize, out: usize): void {
  for (let r = 0, e = 0; r < rows; ++r) {
    const c = load<T>(coefficient + span<T>(r));
    for (let j = 0; j < dim; ++j, ++e) {
      const at = span<T>(e);
      const own: T = load<T>(y + at);
      let steep: T = <T>scale, bend: T = 0; // g′, g″/g′
      if (map == Map.Exp) {
        steep = own;
        bend = 1;
      } else if (map == Map.Sigmoid) {
        steep = own * (1 - own);
        bend = 1 - own - own;
      } else if (map == Map.Tanh) {
        steep = (1 - own) * (1 + own);
        bend = -own - own;
      } else if (map == Map.Softplus) {
        store<T>(X, -load<T>(x + at));
        vectors.sigmoid<T>(1, X, X);
        bend = load<T>(X);
        steep = 1 - bend;
      }
      store<T>(out + at, load<T>(out + at) + (load<T>(slopes + at) - c * bend) / steep);
    }
  }
}
