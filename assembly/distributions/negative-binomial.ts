import { digamma } from "../math/digamma";
import { exp64, log1p64, log64, logOne } from "../math/once";
import { deviance, leadOfReal, mass } from "../math/saddle-point";
import { addAt, numberAt, repeat } from "../memory";
import { Part, partOf } from "../random/count-parts";
import { closeTables, openTables, reserveTables } from "../random/count-tables";
import { setUpPoisson } from "../random/count-setup";
import { BLOCK, BLOCK_THETA, DRAWN, PAGE_WORDS, put } from "../random/count-pages";
import { drawer, draws } from "../random/counts";
import { beginGammas, blockOfGammas, GammaPart, gammas } from "../random/gammas";
import { begin, Noise, SOURCE, standard } from "../random/noise";
import { CHUNK } from "../random/stream";
import { score as linearScore } from "./counts";
import { pairAt, sumMasses, within } from "./counts";

/** After the parts of all counts: r, log of r! less its power, p = sigmoid(logits) and 1 − p, log(1 − p), and what gamma draws take. */
const enum Own { Concentration = 16, Lead, Probs, Missing, LogMissing, Gamma, Count = 25 }

/** Concentrations and means lie between these. */
const LEAST: f64 = 1e-300;
const MOST: f64 = 1.0715086071862673e301;

/**
 * @param period  batch · dim
 * @param params  T[2, period]: logConcentration, then logits
 * @param theta   f64[Own.Count, tile] and room for tables, written
 */
export function prepare<T>(period: i32, tile: i32, params: usize, theta: usize): void {
  prepareOf(sizeof<T>(), period, tile, params, params + (<usize>period << (sizeof<T>() == 4 ? 2 : 3)), theta);
}

function prepareOf(size: i32, period: i32, tile: i32, logConcentration: usize, logits: usize, theta: usize): void {
  for (let i = 0; i < period; i += 2) prepareTwo(i, tile, pairAt(size, logConcentration, i), pairAt(size, logits, i), theta);
  reserveTables(theta, <i32>Own.Count, period, tile);
  for (let part = 0; part < <i32>Own.Count; ++part) repeat<f64>(period, tile, partOf(theta, part, tile), partOf(theta, part, tile));
}

function prepareTwo(i: i32, tile: i32, logR: v128, l: v128, theta: usize): void {
  theta += <usize>i << 3;
  const zero = f64x2.splat(0), one = f64x2.splat(1), most = f64x2.splat(MOST), negative = f64x2.lt(l, zero);
  const r = f64x2.pmin(most, f64x2.pmax(f64x2.splat(LEAST), exp64(logR)));
  const small = exp64(f64x2.neg(f64x2.abs(l))), sum = f64x2.add(one, small);
  const p = f64x2.div(v128.bitselect(small, one, negative), sum), q = f64x2.div(v128.bitselect(one, small, negative), sum);
  const logMissing = f64x2.sub(f64x2.pmin(zero, f64x2.neg(l)), log1p64(small));
  const odds = exp64(l), mean = f64x2.pmin(most, f64x2.mul(r, odds));
  const inverted = v128.and(f64x2.lt(mean, f64x2.splat(10)), f64x2.le(l, zero));
  v128.store(partOf(theta, Part.Slope, tile), q);
  v128.store(partOf(theta, Part.Offset, tile), f64x2.neg(f64x2.mul(r, p)));
  v128.store(partOf(theta, Part.Mean, tile), mean);
  v128.store(partOf(theta, Part.Variance, tile), f64x2.mul(mean, f64x2.add(one, odds)));
  v128.store(partOf(theta, Part.First, tile), v128.and(exp64(f64x2.mul(r, logMissing)), inverted));
  v128.store(partOf(theta, Part.Rise, tile), f64x2.mul(f64x2.sub(r, one), p));
  v128.store(partOf(theta, Part.Fall, tile), f64x2.neg(p));
  v128.store(partOf(theta, Part.Spread, tile), zero);
  v128.store(partOf(theta, Part.Limit, tile), f64x2.splat(f64.MAX_VALUE));
  v128.store(partOf(theta, Part.Sign, tile), one);
  v128.store(partOf(theta, Part.Shift, tile), zero);
  v128.store(partOf(theta, Own.Concentration, tile), r);
  v128.store(partOf(theta, Own.Lead, tile), leadOfReal(r));
  v128.store(partOf(theta, Own.Probs, tile), p);
  v128.store(partOf(theta, Own.Missing, tile), q);
  v128.store(partOf(theta, Own.LogMissing, tile), logMissing);
  const boosted = f64x2.lt(r, one);
  const d = f64x2.sub(f64x2.add(r, v128.and(one, boosted)), f64x2.splat(0.3333333333333333));
  v128.store(partOf(theta, Own.Gamma + GammaPart.Shape, tile), d);
  v128.store(partOf(theta, Own.Gamma + GammaPart.Slant, tile), f64x2.div(f64x2.splat(0.3333333333333333), f64x2.sqrt(d)));
  v128.store(partOf(theta, Own.Gamma + GammaPart.LogScale, tile), f64x2.add(log64(d), l));
  v128.store(partOf(theta, Own.Gamma + GammaPart.Boost, tile), v128.and(f64x2.div(one, r), boosted));
}

/**
 * Counts of small mean and p ≤ ½ by inversion, the others as Poisson counts of gamma rates.
 *
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  sampleOf(sizeof<T>(), low, high, site, chunk, rows, dim, tile, theta, x);
}

function sampleOf(size: i32, low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  const each = dim * CHUNK, mixed = anyZero(false, tile, partOf(theta, Part.First, tile)), boosted = anyZero(true, tile, partOf(theta, Own.Gamma + GammaPart.Boost, tile));
  let phase = <i32>(<u64>chunk * <u64>each % <u64>tile);
  if (!mixed) openTables(theta, <i32>Own.Count, tile, rows * dim, false);
  for (let left = rows * dim; left > 0; left -= each, ++chunk) {
    begin(low, high, site, chunk, NOISE);
    if (mixed) beginGammas(low, high, site, chunk);
    drawer(low, high, site, chunk);
    for (let from = 0, n = min(left, each); from < n; from += BLOCK) {
      const count = min(BLOCK, n - from);
      standard<f64>(Noise.Words, count, NOISE, PAGE_WORDS);
      if (mixed) blockOfGammas(count, boosted);
      for (let done = 0; done < count;) {
        const run = min(count - done, tile - phase);
        drawRun(from, done, run, theta + (<usize>phase << 3), tile, mixed, boosted);
        done += run;
        phase = phase + run == tile ? 0 : phase + run;
      }
      put(size, count, DRAWN, x);
      x += <usize>(count * size);
    }
  }
  closeTables();
}

const NOISE = memory.data(SOURCE, 16);

/** Whether any number is 0, or any is not. */
function anyZero(not: bool, count: i32, numbers: usize): bool {
  for (let i = 0; i < count; ++i) if ((numberAt(8, numbers, i) == 0) != not) return true;
  return false;
}

/** What is inverted has a rate of 0, and takes its own terms instead of a Poisson count's. */
function drawRun(from: i32, done: i32, run: i32, theta: usize, tile: i32, mixed: bool, boosted: bool): void {
  const words = PAGE_WORDS + (<usize>done << 3), out = DRAWN + (<usize>done << 3);
  if (!mixed) return draws(from + done, 1, run, words, 0, theta, tile, false, out);
  const rates = partOf(BLOCK_THETA, Part.Mean, BLOCK), zero = f64x2.splat(0);
  gammas(from + done, done, run, boosted, partOf(theta, Own.Gamma, tile), tile, MOST, rates);
  for (let i = 0; i < run; i += 2) {
    const at = <usize>i << 3, inverted = f64x2.gt(v128.load(partOf(theta, Part.First, tile) + at), zero);
    v128.store(rates + at, v128.andnot(v128.load(rates + at), inverted));
  }
  setUpPoisson(run, BLOCK_THETA, BLOCK);
  for (let i = 0; i < run; i += 2) {
    const at = <usize>i << 3, inverted = f64x2.gt(v128.load(partOf(theta, Part.First, tile) + at), zero);
    for (let part = <i32>Part.First; part <= <i32>Part.Fall; ++part) {
      const to = partOf(BLOCK_THETA, part, BLOCK) + at;
      v128.store(to, v128.bitselect(v128.load(partOf(theta, part, tile) + at), v128.load(to), inverted));
    }
  }
  draws(from + done, 1, run, words, 0, BLOCK_THETA, BLOCK, false, out);
}

/**
 * logProb[i] = Σⱼ (log Γ(r + x) − log Γ(r) − log x! + r log(1 − p) + x log p), −∞ where x is no count; by the saddle-point form, with n = r + x:
 *
 *   log r / n − lead(r) − deviance(r, n (1 − p)) + log Poisson(x; n p) + lead(n)
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  sumMasses<T>(masses, rows, dim, tile, theta, x, logProb);
}

function masses(size: i32, count: i32, theta: usize, stride: i32, x: usize, out: usize): void {
  for (let i = 0; i < count; i += 2, theta += 16) {
    const k = pairAt(size, x, i), counted = f64x2.pmax(f64x2.splat(0), k), r = v128.load(partOf(theta, Own.Concentration, stride));
    const n = f64x2.add(r, counted), p = v128.load(partOf(theta, Own.Probs, stride)), q = v128.load(partOf(theta, Own.Missing, stride));
    const own = f64x2.sub(f64x2.sub(log64(f64x2.div(r, n)), v128.load(partOf(theta, Own.Lead, stride))), deviance(r, f64x2.mul(n, q)));
    const log = f64x2.add(own, f64x2.add(mass(counted, f64x2.mul(n, p)), leadOfReal(n)));
    // Of none it is a product, and may be near 0.
    const none = f64x2.mul(r, v128.load(partOf(theta, Own.LogMissing, stride)));
    v128.store(out + (<usize>i << 3), within(k, f64x2.splat(MOST), v128.bitselect(none, log, f64x2.eq(k, f64x2.splat(0)))));
  }
}

/**
 * ∂ log p/∂logConcentration = r (ψ(r + x) − ψ(r) + log(1 − p)), ∂ log p/∂logits = (1 − p) x − p r.
 *
 * @param x            T[rows, dim]
 * @param coefficient  T[rows]
 * @param terms        T[2, rows, dim], added to
 */
export function score<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  scoreOf(sizeof<T>(), rows, dim, tile, theta, x, coefficient, terms);
  linearScore<T>(rows, dim, tile, theta, x, coefficient, terms + <usize>rows * dim * sizeof<T>());
}

function scoreOf(size: i32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize, coefficient: usize, terms: usize): void {
  for (let e = 0, n = rows * dim, phase = 0; e < n; e += 2) {
    v128.store(SLOPES, slopeOf(pairAt(size, x, e), theta + (<usize>phase << 3), tile));
    addAt(size, terms, e, numberAt(size, coefficient, e / dim) * numberAt(8, SLOPES, 0));
    if (e + 1 < n) addAt(size, terms, e + 1, numberAt(size, coefficient, (e + 1) / dim) * numberAt(8, SLOPES, 1));
    phase += 2;
    if (phase == tile) phase = 0;
  }
}

const SLOPES = memory.data(16, 16);

/**
 * From a concentration of 50 on r (log n / r + log(1 − p)) as r log1p((x − μ) / (r + μ)), and the rest of ψ's series: the difference of two
 * logarithms would leave nothing of it.
 */
function slopeOf(x: v128, theta: usize, stride: i32): v128 {
  const r = v128.load(partOf(theta, Own.Concentration, stride)), n = f64x2.add(r, x), large = f64x2.ge(r, f64x2.splat(50));
  const mean = v128.load(partOf(theta, Part.Mean, stride)), one = f64x2.splat(1);
  const main = f64x2.mul(r, log1p64(f64x2.div(f64x2.sub(x, mean), f64x2.add(r, mean))));
  const y = f64x2.div(one, r), y2 = f64x2.mul(y, y), ratio = f64x2.div(r, n), z = f64x2.mul(ratio, ratio), z2 = f64x2.mul(z, z);
  const second = f64x2.mul(f64x2.splat(0.08333333333333333), f64x2.sub(one, z)), fourth = f64x2.mul(f64x2.splat(-0.008333333333333333), f64x2.sub(one, z2));
  const sixth = f64x2.mul(f64x2.splat(0.003968253968253968), f64x2.sub(one, f64x2.mul(z, z2)));
  const rest = f64x2.mul(y, f64x2.add(second, f64x2.mul(y2, f64x2.add(fourth, f64x2.mul(y2, sixth)))));
  const series = f64x2.add(main, f64x2.add(f64x2.mul(f64x2.splat(0.5), f64x2.sub(one, ratio)), rest));
  if (i64x2.bitmask(large) == 3) return series;
  const difference = f64x2.add(f64x2.sub(digamma<f64>(n), digamma<f64>(r)), v128.load(partOf(theta, Own.LogMissing, stride)));
  return v128.bitselect(series, f64x2.mul(r, difference), large);
}

/**
 * KL(p ‖ prior) = Σⱼ r (log q − log q₀) + m (log p − log p₀), q = 1 − p, m the mean, where both have the same r; NaN where they do not, which
 * has no closed form. ∂/∂log r = ∂/∂logits = m (log p − log p₀), at that r.
 *
 * @param priorTile  the prior's own tile: it may have a batch of its own
 * @param value      T[batch], added to with `sign`
 * @param gradient   T[2, batch, dim], added to with `sign`
 */
export function divergence<T>(batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  divergenceOf(sizeof<T>(), batch, dim, tile, theta, priorTile, prior, sign, value, gradient);
}

function divergenceOf(size: i32, batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const o = e % priorTile;
    const r = numberAt(8, partOf(theta, Own.Concentration, tile), e), mean = numberAt(8, partOf(theta, Part.Mean, tile), e), p = numberAt(8, partOf(theta, Own.Probs, tile), e);
    const failures = numberAt(8, partOf(theta, Own.LogMissing, tile), e) - numberAt(8, partOf(prior, Own.LogMissing, priorTile), o);
    const slope = p > 0 ? mean * (logOne(p) - logOne(numberAt(8, partOf(prior, Own.Probs, priorTile), o))) : 0;
    addAt(size, value, e / dim, r == numberAt(8, partOf(prior, Own.Concentration, priorTile), o) ? sign * (r * failures + slope) : NaN);
    addAt(size, gradient, e, sign * slope);
    addAt(size, gradient, batch * dim + e, sign * slope);
  }
}
