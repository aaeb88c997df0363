import { addAt, numberAt, repeat, setAt } from "../memory";
import { exp64 } from "../math/once";
import { deviance, mass } from "../math/saddle-point";
import { Part, partOf } from "../random/count-parts";
import { setUpPoisson } from "../random/count-setup";
import { BLOCK, BLOCK_THETA, DRAWN, PAGE_WORDS, samplePages } from "../random/count-pages";
import { drawer, draws } from "../random/counts";
import { reserveTables } from "../random/count-tables";
import { begin, Noise, SOURCE, standard } from "../random/noise";
import { CHUNK } from "../random/stream";
import { BESIDE } from "../random/use";
import { pairAt, sumMasses, within } from "./counts";

/** After the parts of all counts. */
const LOG_RATE = <i32>Part.Count;
/** No rate is larger: 2¹⁰⁰⁰. */
const MOST: f64 = 1.0715086071862673e301;

/**
 * @param period   batch · dim
 * @param logRate  T[period]
 * @param theta    f64[Part.Count + 1, tile] and room for tables, written
 */
export function prepare<T>(period: i32, tile: i32, logRate: usize, theta: usize): void {
  prepareOf(sizeof<T>(), period, tile, logRate, theta);
}

function prepareOf(size: i32, period: i32, tile: i32, logRate: usize, theta: usize): void {
  for (let i = 0; i < period; i += 2) {
    const at = <usize>i << 3, given = pairAt(size, logRate, i);
    const rate = f64x2.pmin(f64x2.splat(MOST), exp64(given));
    v128.store(partOf(theta, Part.Slope, tile) + at, f64x2.splat(1));
    v128.store(partOf(theta, Part.Offset, tile) + at, f64x2.neg(rate));
    v128.store(partOf(theta, Part.Mean, tile) + at, rate);
    v128.store(partOf(theta, Part.Variance, tile) + at, rate);
    v128.store(partOf(theta, LOG_RATE, tile) + at, given);
  }
  setUpPoisson(period, theta, tile);
  reserveTables(theta, LOG_RATE + 1, period, tile);
  for (let part = 0; part <= LOG_RATE; ++part) repeat<f64>(period, tile, partOf(theta, part, tile), partOf(theta, part, tile));
}

/**
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, dim], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, dim: i32, tile: i32, theta: usize, x: usize): void {
  samplePages(sizeof<T>(), low, high, site, chunk, rows, dim, tile, theta, LOG_RATE + 1, false, x);
}

/**
 * logProb[r] = Σⱼ (x logRate − rate − log x!), −∞ where x is no count. By the saddle-point form: right to some units in the last place up to means of 10⁹.
 *
 * @param x        T[rows, dim]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, dim: i32, tile: i32, theta: usize, x: usize, logProb: usize): void {
  sumMasses<T>(masses, rows, dim, tile, theta, x, logProb);
}

function masses(size: i32, count: i32, theta: usize, stride: i32, x: usize, out: usize): void {
  const mean = partOf(theta, Part.Mean, stride), limit = f64x2.splat(f64.MAX_VALUE);
  for (let i = 0; i < count; i += 2) {
    const k = pairAt(size, x, i);
    v128.store(out + (<usize>i << 3), within(k, limit, mass(k, v128.load(mean + (<usize>i << 3)))));
  }
}

/**
 * value[b] += sign · Σⱼ (λ (log λ − log λ₀) − λ + λ₀), gradient[b, j] += sign · λ (log λ − log λ₀).
 *
 * @param prior     θ of the prior over its own tile
 * @param value     T[batch], added to
 * @param gradient  T[batch, dim], added to
 */
export function divergence<T>(batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  divergenceOf(sizeof<T>(), batch, dim, tile, theta, priorTile, prior, sign, value, gradient);
}

function divergenceOf(size: i32, batch: i32, dim: i32, tile: i32, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  for (let e = 0; e < batch * dim; ++e) {
    const rate = numberAt(8, partOf(theta, Part.Mean, tile), e), other = numberAt(8, partOf(prior, Part.Mean, priorTile), e % priorTile);
    if (rate == 0) {
      addAt(size, value, e / dim, sign * other);
      continue;
    }
    const ratio = numberAt(8, partOf(theta, LOG_RATE, tile), e) - numberAt(8, partOf(prior, LOG_RATE, priorTile), e % priorTile);
    addAt(size, value, e / dim, sign * f64x2.extract_lane(deviance(f64x2.splat(rate), f64x2.splat(other)), 0));
    addAt(size, gradient, e, sign * (rate * ratio));
  }
}

/**
 * ∂p/∂logRate = λ (p⁺ − p⁻), p⁺ the law of a draw plus 1, p⁻ that of a draw (Pflug 1989): plus and minus are x, but for coordinate `entry`, drawn from both.
 *
 * @param coupling              0: the same draw, 1: draws of complementary bits, 2: independent ones
 * @param x                     T[rows, dim]
 * @param plus, minus           T[rows, dim], written
 * @param constant              T[rows], written: λ
 */
export function weak<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, dim: i32, tile: i32, theta: usize, entry: i32, coupling: i32, x: usize, plus: usize, minus: usize, constant: usize): void {
  weakOf(sizeof<T>(), low, high, site, chunk, rows, batch, dim, tile, theta, entry, coupling, x, plus, minus, constant);
}

function weakOf(size: i32, low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, dim: i32, tile: i32, theta: usize, entry: i32, coupling: i32, x: usize, plus: usize, minus: usize, constant: usize): void {
  memory.copy(plus, x, <usize>rows * dim * size);
  memory.copy(minus, x, <usize>rows * dim * size);
  for (let first = 0; first < rows; first += CHUNK, ++chunk) {
    drawer(low, high, site, chunk);
    begin(low, high, site, chunk, NOISE, BESIDE | <u32>(2 * entry + 1) << 8);
    begin(low, high, site, chunk, OTHER_NOISE, BESIDE | <u32>(2 * entry + 2) << 8);
    for (let from = 0, n = min(CHUNK, rows - first); from < n; from += BLOCK) {
      const count = min(BLOCK, n - from), at = first + from;
      gather(count, <i32>((<u64>chunk * CHUNK + from) % batch), batch, dim, tile, theta, entry);
      standard<f64>(Noise.Words, count, NOISE, PAGE_WORDS);
      draws(from * dim + entry | 0x80000000, dim, count, PAGE_WORDS, 0, BLOCK_THETA, BLOCK, false, DRAWN);
      column(size, count, dim, entry, 0, minus, at);
      if (coupling == 1) for (let i: usize = 0; i < <usize>count << 3; i += 16) v128.store(PAGE_WORDS + i, v128.not(v128.load(PAGE_WORDS + i)));
      if (coupling == 1) draws(from * dim + entry | 0x80000000, dim, count, PAGE_WORDS, -1, BLOCK_THETA, BLOCK, false, DRAWN);
      if (coupling == 2) {
        standard<f64>(Noise.Words, count, OTHER_NOISE, PAGE_WORDS);
        draws(from * dim + entry | 0xc0000000, dim, count, PAGE_WORDS, 0, BLOCK_THETA, BLOCK, false, DRAWN);
      }
      column(size, count, dim, entry, 1, plus, at);
      for (let i = 0; i < count; ++i) setAt(size, constant, at + i, min(largestOf(size), numberAt(8, partOf(BLOCK_THETA, Part.Mean, BLOCK), i)));
    }
  }
}

const NOISE = memory.data(SOURCE, 16);
const OTHER_NOISE = memory.data(SOURCE, 16);

/** θ of one coordinate for `count` rows, the first of which is of problem `b`. */
function gather(count: i32, b: i32, batch: i32, dim: i32, tile: i32, theta: usize, entry: i32): void {
  for (let i = 0; i < count; ++i) {
    for (let part = 0; part < <i32>Part.Count; ++part) setAt(8, partOf(BLOCK_THETA, part, BLOCK), i, numberAt(8, partOf(theta, part, tile), b * dim + entry));
    if (++b == batch) b = 0;
  }
}

/** out[first + i, entry] = DRAWN[i] + more */
function column(size: i32, count: i32, dim: i32, entry: i32, more: f64, out: usize, first: i32): void {
  for (let i = 0; i < count; ++i) setAt(size, out, (first + i) * dim + entry, min(largestOf(size), numberAt(8, DRAWN, i) + more));
}

function largestOf(size: i32): f64 {
  return size == 4 ? <f64>f32.MAX_VALUE : f64.MAX_VALUE;
}
