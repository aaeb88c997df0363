import { addAt, numberAt, repeat } from "../memory";
import { exp64, log1p64 } from "../math/once";
import { PAGE } from "../pages";
import { Part, partOf } from "../random/count-parts";
import { DRAWN, put } from "../random/count-pages";
import { begin, Noise, SOURCE, standard } from "../random/noise";
import { CHUNK } from "../random/stream";
import { pairAt, sumMasses, within } from "./counts";

/** After the first parts of all counts: the logits, p and 1 − p, their logarithms, and −1 / log(1 − p). */
const enum Own { Logits = 4, Probs, Missing, LogProbs, LogMissing, Scale, Count }

/** No draw is larger, so that nothing overflows on the way. */
const MOST: f64 = 8.98846567431158e307;

/**
 * @param period  batch · dim
 * @param logits  T[period]: of a success
 * @param theta   f64[Own.Count, tile], written
 */
export function prepare<T>(period: i32, tile: i32, logits: usize, theta: usize): void {
  prepareOf(sizeof<T>(), period, tile, logits, theta);
}

function prepareOf(size: i32, period: i32, tile: i32, logits: usize, theta: usize): void {
  const zero = f64x2.splat(0), one = f64x2.splat(1), most = f64x2.splat(MOST);
  for (let i = 0; i < period; i += 2) {
    const l = pairAt(size, logits, i), at = <usize>i << 3, negative = f64x2.lt(l, zero);
    const small = exp64(f64x2.neg(f64x2.abs(l))), softplus = log1p64(small), sum = f64x2.add(one, small);
    const p = f64x2.div(v128.bitselect(small, one, negative), sum), q = f64x2.div(v128.bitselect(one, small, negative), sum);
    const logMissing = f64x2.sub(f64x2.pmin(zero, f64x2.neg(l)), softplus), odds = exp64(f64x2.neg(l));
    v128.store(partOf(theta, Part.Slope, tile) + at, f64x2.neg(p));
    v128.store(partOf(theta, Part.Offset, tile) + at, q);
    v128.store(partOf(theta, Part.Mean, tile) + at, odds);
    v128.store(partOf(theta, Part.Variance, tile) + at, f64x2.mul(odds, f64x2.add(one, odds)));
    v128.store(partOf(theta, Own.Logits, tile) + at, l);
    v128.store(partOf(theta, Own.Probs, tile) + at, p);
    v128.store(partOf(theta, Own.Missing, tile) + at, q);
    v128.store(partOf(theta, Own.LogProbs, tile) + at, f64x2.sub(f64x2.pmin(zero, l), softplus));
    v128.store(partOf(theta, Own.LogMissing, tile) + at, logMissing);
    v128.store(partOf(theta, Own.Scale, tile) + at, f64x2.pmin(most, f64x2.div(one, f64x2.abs(logMissing))));
  }
  for (let part = 0; part < <i32>Own.Count; ++part) repeat<f64>(period, tile, partOf(theta, part, tile), partOf(theta, part, tile));
}

/**
 * x = ⌊E / −log(1 − p)⌋ of exponential E, in f64 in both precisions: by inversion, P(x ≥ k) = (1 − p)ᵏ.
 *
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  sampleOf(sizeof<T>(), low, high, site, chunk, rows, dim, tile, theta, x);
}

function sampleOf(size: i32, low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  const each = dim * CHUNK, most = f64x2.splat(MOST);
  let phase = <i32>(<u64>chunk * <u64>each % <u64>tile);
  for (let left = rows * dim; left > 0; left -= each, ++chunk) {
    begin(low, high, site, chunk, NOISE);
    for (let from = 0, n = min(left, each); from < n; from += PAGE) {
      const count = min(PAGE, n - from);
      standard<f64>(Noise.Exponential, count, NOISE, DRAWN);
      for (let done = 0; done < count;) {
        const run = min(count - done, tile - phase);
        for (let i = 0; i < run; i += 2) {
          const at = DRAWN + (<usize>(done + i) << 3), scale = v128.load(partOf(theta, Own.Scale, tile) + (<usize>(phase + i) << 3));
          const drawn = v128.load(at), made = f64x2.pmin(most, f64x2.floor(f64x2.mul(drawn, scale)));
          v128.store(at, i + 1 < run ? made : v128.shuffle<u64>(made, drawn, 0, 3));
        }
        done += run;
        phase = phase + run == tile ? 0 : phase + run;
      }
      put(size, count, DRAWN, x);
      x += <usize>(count * size);
    }
  }
}

const NOISE = memory.data(SOURCE, 16);

/**
 * logProb[r] = Σⱼ (log p + x log(1 − p)), −∞ where x is no count.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  sumMasses<T>(masses, rows, dim, tile, theta, x, logProb);
}

function masses(size: i32, count: i32, theta: usize, stride: i32, x: usize, out: usize): void {
  const limit = f64x2.splat(f64.MAX_VALUE);
  for (let i = 0; i < count; i += 2) {
    const at = <usize>i << 3, k = pairAt(size, x, i);
    // Not 0 · −∞: that of no failure where every trial is a success.
    const failures = v128.and(f64x2.mul(k, v128.load(partOf(theta, Own.LogMissing, stride) + at)), f64x2.ne(k, f64x2.splat(0)));
    v128.store(out + at, within(k, limit, f64x2.add(v128.load(partOf(theta, Own.LogProbs, stride) + at), failures)));
  }
}

/**
 * KL = Σⱼ (p log p/p₀ + (1 − p) log (1 − p)/(1 − p₀)) / p: that of one trial, as often as trials are due. ∂/∂l = (1 − p) (l − l₀ − KL).
 *
 * @param prior     θ of the prior over its own tile
 * @param value     T[batch], added to with `sign`
 * @param gradient  T[batch, dim], added to with `sign`
 */
export function divergence<T>(batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  divergenceOf(sizeof<T>(), batch, dim, tile, theta, priorTile, prior, sign, value, gradient);
}

/**
 * H = −Σⱼ (p log p + (1 − p) log(1 − p)) / p: minus what the divergence is of no prior. ∂H/∂l = −(1 − p) (l + H).
 *
 * @param value     T[batch], added to with `sign`
 * @param gradient  T[batch, dim], added to with `sign`
 */
export function entropy<T>(batch: i32, dim: i32, tile: i32, sign: f64, theta: usize, value: usize, gradient: usize): void {
  divergenceOf(sizeof<T>(), batch, dim, tile, theta, 1, 0, -sign, value, gradient);
}

function divergenceOf(size: i32, batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const q = numberAt(8, partOf(theta, Own.Missing, tile), e), odds = numberAt(8, partOf(theta, Part.Mean, tile), e);
    let sum = relative(Own.LogProbs, e, tile, theta, priorTile, prior);
    if (q > 0) sum += odds * relative(Own.LogMissing, e, tile, theta, priorTile, prior);
    addAt(size, value, e / dim, sign * sum);
    if (q > 0) addAt(size, gradient, e, sign * (q * (relative(Own.Logits, e, tile, theta, priorTile, prior) - sum)));
  }
}

/** Number e of a part of θ, less the prior's. */
function relative(which: Own, e: i32, tile: i32, theta: usize, priorTile: i32, prior: usize): f64 {
  const own = numberAt(8, partOf(theta, which, tile), e);
  return prior ? own - numberAt(8, partOf(prior, which, priorTile), e % priorTile) : own;
}
