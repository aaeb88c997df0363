import { lanes, span, storeSome } from "../lanes";
import { normalQuantile } from "../math/normal-quantile";
import { log, log1p } from "../math/vectors";
import { numberAt, setAt } from "../memory";
import { PAGE, PAGE_BYTES } from "../pages";
import { scaled32, scaled64 } from "../random/bisect";
import { strideOf } from "../random/choices";
import { Noise } from "../random/noise";
import * as bernoulliOf from "./bernoulli";
import * as categoricalOf from "./categorical";
import { stretch } from "./exponential";
import { move } from "./location-scale";
import { between } from "./uniform";

/**
 * Draws from uniforms that come from outside: x is the quantile of u, and rises with it.
 *
 * Here as in all kernels below: θ as the family prepares it; `uniform` is T[rows, dim] in (0, 1), x is T[rows, dim], written.
 */
export function normal<T>(rows: i32, dim: i32, tile: i32, theta: usize, uniform: usize, x: usize): void {
  pages<T>(Noise.Normal, (phase, count, tile, theta, x) => move<T>(phase, count, tile, theta, x), rows * dim, tile, theta, uniform, x);
}

export function gumbel<T>(rows: i32, dim: i32, tile: i32, theta: usize, uniform: usize, x: usize): void {
  pages<T>(Noise.Gumbel, (phase, count, tile, theta, x) => move<T>(phase, count, tile, theta, x), rows * dim, tile, theta, uniform, x);
}

export function logistic<T>(rows: i32, dim: i32, tile: i32, theta: usize, uniform: usize, x: usize): void {
  pages<T>(Noise.Logistic, (phase, count, tile, theta, x) => move<T>(phase, count, tile, theta, x), rows * dim, tile, theta, uniform, x);
}

export function exponential<T>(rows: i32, dim: i32, tile: i32, theta: usize, uniform: usize, x: usize): void {
  pages<T>(Noise.Exponential, (phase, count, tile, theta, x) => stretch<T>(phase, count, tile, theta, x, x), rows * dim, tile, theta, uniform, x);
}

export function uniform<T>(rows: i32, dim: i32, tile: i32, theta: usize, uniform: usize, x: usize): void {
  pages<T>(Noise.Words, (phase, count, tile, theta, x) => between<T>(phase, count, tile, theta, x), rows * dim, tile, theta, uniform, x);
}

/** out[i] = Φ⁻¹(uniform[i]), T[n]: the noise of a family that keeps it. */
export function standardNormal<T>(n: i32, uniform: usize, out: usize): void {
  for (let from = 0; from < n; from += PAGE) {
    const count = min(PAGE, n - from);
    standard<T>(Noise.Normal, count, uniform + span<T>(from));
    memory.copy(out + span<T>(from), Z, span<T>(count));
  }
}

/** Standard noise by the page, made x by the family's own pass. */
function pages<T>(
  noise: Noise, make: (phase: i32, count: i32, tile: i32, theta: usize, x: usize) => void, n: i32, tile: i32, theta: usize, uniform: usize, x: usize,
): void {
  for (let from = 0; from < n; from += PAGE) {
    const count = min(PAGE, n - from), at = x + span<T>(from);
    standard<T>(noise, count, uniform + span<T>(from));
    memory.copy(at, Z, span<T>(count));
    make(from % tile, count, tile, theta, at);
  }
}

const Z = memory.data(PAGE_BYTES, 16);

/** Z = the quantiles of standard noise: Φ⁻¹(u), −log(1 − u), −log(−log u), log(u / (1 − u)); or the words of which `unit` makes u. */
function standard<T>(noise: Noise, count: i32, uniform: usize): void {
  const one = v128.splat<T>(1);
  for (let at: usize = 0, end = span<T>(count); at < end; at += 16) {
    const u = v128.load(uniform + at);
    let z = u;
    if (noise == Noise.Normal) z = normalQuantile<T>(u);
    else if (noise == Noise.Exponential) z = v128.neg<T>(u);
    else if (noise == Noise.Logistic) z = v128.div<T>(u, v128.sub<T>(one, u));
    else if (noise == Noise.Words) z = wordsOf<T>(u);
    v128.store(Z + at, z);
  }
  if (noise == Noise.Exponential) {
    log1p<T>(count, Z, Z);
    negate<T>(count);
  } else if (noise == Noise.Logistic) log<T>(count, Z, Z);
  else if (noise == Noise.Gumbel) {
    log<T>(count, Z, Z);
    negate<T>(count);
    log<T>(count, Z, Z);
    negate<T>(count);
  }
}

/** The bits of 1 + u without half a step, and without the first twelve (f32: nine). */
@inline
function wordsOf<T>(u: v128): v128 {
  const half: T = sizeof<T>() == 4 ? <T>5.960464477539063e-8 : <T>1.1102230246251565e-16;
  const bits = v128.add<T>(v128.splat<T>(1), v128.sub<T>(u, v128.splat<T>(half)));
  return sizeof<T>() == 4 ? i32x4.shl(bits, 9) : i64x2.shl(bits, 12);
}

function negate<T>(count: i32): void {
  for (let at = Z, end = Z + span<T>(count); at < end; at += 16) v128.store(at, v128.neg<T>(v128.load(at)));
}

/** x = 1[u > 1 − p]. */
export function bernoulli<T>(rows: i32, dim: i32, tile: i32, theta: usize, uniform: usize, x: usize): void {
  const missing = bernoulliOf.part<T>(theta, bernoulliOf.Part.Missing, tile), one = v128.splat<T>(1);
  for (let left = rows * dim; left > 0; left -= tile) {
    const run = min(left, tile);
    for (let e = 0; e < run; e += lanes<T>(), uniform += 16, x += 16) {
      storeSome<T>(x, v128.and(one, v128.gt<T>(v128.load(uniform), v128.load(missing + span<T>(e)))), run - e);
    }
  }
}

/**
 * The first category whose cumulative weight is above u's share of all weight.
 *
 * @param width    of a draw: 1 for an index, `categories` for a one-hot row
 * @param uniform  T[rows]
 * @param x        T[rows, width], written
 */
export function categorical<T>(rows: i32, batch: i32, categories: i32, width: i32, theta: usize, uniform: usize, x: usize): void {
  categoricalFrom(sizeof<T>(), rows, batch, categories, width, categoricalOf.part<T>(theta, categoricalOf.Part.Cumulative, batch, categories), uniform, x);
}

function categoricalFrom(size: i32, rows: i32, batch: i32, categories: i32, width: i32, cumulative: usize, uniform: usize, x: usize): void {
  if (width > 1) memory.fill(x, 0, <usize>rows * <usize>(width * size));
  for (let r = 0, b = 0; r < rows; ++r) {
    const k = choiceOf(size, categories, cumulative + <usize>(b * strideOf(categories) * size), numberAt(size, uniform, r));
    if (width == 1) setAt(size, x, r, <f64>k);
    else setAt(size, x, r * width + k, 1);
    if (++b == batch) b = 0;
  }
}

function choiceOf(size: i32, categories: i32, cumulative: usize, u: f64): i32 {
  const last = <usize>((categories - 1) * size);
  const v: u64 = size == 4 ? scaled32(<u32>(u * 4294967296), load<u32>(cumulative + last)) : scaled64(<u64>(u * 9007199254740992) << 11, load<u64>(cumulative + last));
  let base = 0;
  for (let left = categories; left > 1;) {
    const half = left >> 1, at = cumulative + <usize>((base + half - 1) * size);
    if ((size == 4 ? <u64>load<u32>(at) : load<u64>(at)) <= v) base += half;
    left -= half;
  }
  return base;
}
