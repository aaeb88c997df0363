import { expOne, logOne } from "../math/once";
import { lead, mass } from "../math/saddle-point";
import { addAt, numberAt, repeat, setAt } from "../memory";
import { Part, partOf } from "../random/count-parts";
import { setUpBinomial } from "../random/count-setup";
import { BLOCK, BLOCK_THETA, DRAWN, PAGE_WORDS } from "../random/count-pages";
import { drawer, draws } from "../random/counts";
import { begin, Noise, SOURCE, standard } from "../random/noise";
import { CHUNK } from "../random/stream";
import { pairAt, sumMasses, within } from "./counts";

/** After the first parts of all counts: p, log p, and p of a category given that none before it came, with what is missing to it. */
const enum Own { Probs = 4, LogProbs, Given, Missing, Count }

/**
 * @param tile    of batch · categories
 * @param trials  n
 * @param logits  T[batch, categories]
 * @param theta   f64[Own.Count, tile], written
 */
export function prepare<T>(batch: i32, categories: i32, tile: i32, trials: f64, logits: usize, theta: usize): void {
  prepareOf(sizeof<T>(), batch, categories, tile, trials, logits, theta);
}

function prepareOf(size: i32, batch: i32, categories: i32, tile: i32, trials: f64, logits: usize, theta: usize): void {
  for (let first = 0, period = batch * categories; first < period; first += categories) {
    let most: f64 = -Infinity, total: f64 = 0;
    for (let k = first; k < first + categories; ++k) most = max(most, numberAt(size, logits, k));
    for (let k = first; k < first + categories; ++k) total += expOne(numberAt(size, logits, k) - most);
    const norm = most + logOne(total);
    for (let k = first; k < first + categories; ++k) {
      const log = numberAt(size, logits, k) - norm, p = expOne(log);
      setAt(8, partOf(theta, Part.Slope, tile), k, 1);
      setAt(8, partOf(theta, Part.Offset, tile), k, -trials * p);
      setAt(8, partOf(theta, Part.Mean, tile), k, trials * p);
      setAt(8, partOf(theta, Own.Probs, tile), k, p);
      setAt(8, partOf(theta, Own.LogProbs, tile), k, log);
    }
    given(first, categories, tile, theta);
    spread(first, categories, tile, theta);
  }
  for (let part = 0; part < <i32>Own.Count; ++part) repeat<f64>(batch * categories, tile, partOf(theta, part, tile), partOf(theta, part, tile));
}

/** From the last category on, so that no sum cancels. What nothing is left for gets all. */
function given(first: i32, categories: i32, tile: i32, theta: usize): void {
  let after: f64 = 0;
  for (let k = first + categories - 1; k >= first; --k) {
    const p = numberAt(8, partOf(theta, Own.Probs, tile), k), all = p + after;
    setAt(8, partOf(theta, Own.Given, tile), k, all > 0 ? p / all : 1);
    setAt(8, partOf(theta, Own.Missing, tile), k, all > 0 ? after / all : 0);
    after = all;
  }
}

/** Variance n p (1 − p), 1 − p as the sum of the others. */
function spread(first: i32, categories: i32, tile: i32, theta: usize): void {
  let before: f64 = 0;
  for (let k = first; k < first + categories; ++k) {
    const p = numberAt(8, partOf(theta, Own.Probs, tile), k), after = (1 - before) * numberAt(8, partOf(theta, Own.Missing, tile), k);
    setAt(8, partOf(theta, Part.Variance, tile), k, numberAt(8, partOf(theta, Part.Mean, tile), k) * (before + after));
    before += p;
  }
}

/**
 * Category after category, a binomial count of the trials that are left: for a block of rows at once.
 *
 * @param theta  as `prepare` writes it; here as in all kernels below
 * @param x      T[rows, categories], written
 */
export function sample<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, categories: i32, tile: i32, trials: f64, theta: usize, x: usize): void {
  sampleOf(sizeof<T>(), low, high, site, chunk, rows, batch, categories, tile, trials, theta, x);
}

function sampleOf(size: i32, low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, categories: i32, tile: i32, trials: f64, theta: usize, x: usize): void {
  for (let left = rows; left > 0; left -= CHUNK, ++chunk) {
    begin(low, high, site, chunk, NOISE);
    drawer(low, high, site, chunk);
    for (let from = 0, n = min(left, CHUNK); from < n; from += BLOCK) {
      const count = min(BLOCK, n - from), b = <i32>((<u64>chunk * CHUNK + from) % batch);
      for (let i = 0; i < count; ++i) setAt(8, LEFT, i, trials);
      for (let k = 0; k < categories - 1; ++k) {
        standard<f64>(Noise.Words, BLOCK, NOISE, PAGE_WORDS); // of whole blocks, so that categories begin alike in runs of any length
        setUp(count, b, batch, categories, k, tile, theta);
        draws(from * categories + k, categories, count, PAGE_WORDS, 0, BLOCK_THETA, BLOCK, true, DRAWN);
        for (let i = 0; i < count; ++i) {
          const drawn = numberAt(8, DRAWN, i);
          setAt(size, x, i * categories + k, drawn);
          setAt(8, LEFT, i, numberAt(8, LEFT, i) - drawn);
        }
      }
      for (let i = 0; i < count; ++i) setAt(size, x, i * categories + categories - 1, numberAt(8, LEFT, i));
      x += <usize>(count * categories * size);
    }
  }
}

const NOISE = memory.data(SOURCE, 16);
const LEFT = memory.data(128 * 8, 16);
const HITS = memory.data(128 * 8 + 16, 16);
const MISSES = memory.data(128 * 8 + 16, 16);

/** The binomial counts of category k, for rows of which the first is of problem b. */
function setUp(count: i32, b: i32, batch: i32, categories: i32, k: i32, tile: i32, theta: usize): void {
  for (let i = 0; i < count; ++i) {
    setAt(8, partOf(BLOCK_THETA, Part.Limit, BLOCK), i, numberAt(8, LEFT, i));
    setAt(8, HITS, i, numberAt(8, partOf(theta, Own.Given, tile), b * categories + k));
    setAt(8, MISSES, i, numberAt(8, partOf(theta, Own.Missing, tile), b * categories + k));
    if (++b == batch) b = 0;
  }
  setUpBinomial(count, HITS, MISSES, BLOCK_THETA, BLOCK);
}

/**
 * logProb[r] = log n! + Σₖ (xₖ log pₖ − log xₖ!), −∞ where x is no row of counts whose sum is n.
 *
 * In f32 the sum of counts above 2²⁴ may be n but for their rounding.
 *
 * @param x        T[rows, categories]
 * @param logProb  T[rows], written
 */
export function logProb<T>(rows: i32, categories: i32, tile: i32, trials: f64, theta: usize, x: usize, logProb: usize): void {
  sumMasses<T>(masses, rows, categories, tile, theta, x, logProb);
  addNorm(sizeof<T>(), rows, categories, trials, x, logProb);
}

function masses(size: i32, count: i32, theta: usize, stride: i32, x: usize, out: usize): void {
  const mean = partOf(theta, Part.Mean, stride), limit = f64x2.splat(f64.MAX_VALUE);
  for (let i = 0; i < count; i += 2) {
    const k = pairAt(size, x, i);
    v128.store(out + (<usize>i << 3), within(k, limit, mass(k, v128.load(mean + (<usize>i << 3)))));
  }
}

function addNorm(size: i32, rows: i32, categories: i32, trials: f64, x: usize, logProb: usize): void {
  const norm = f64x2.extract_lane(lead(f64x2.splat(trials)), 0), rounding = size == 4 && trials > 16777216 ? trials / 8388608 : 0;
  for (let r = 0; r < rows; ++r) {
    let sum: f64 = 0;
    for (let k = 0; k < categories; ++k) sum += numberAt(size, x, r * categories + k);
    if (abs(sum - trials) <= rounding) addAt(size, logProb, r, norm);
    else setAt(size, logProb, r, -Infinity);
  }
}

/**
 * Points from … to − 1, each for every problem: rows of counts whose sum is n, from (n, 0, …) to (…, 0, n), the last count the slowest.
 *
 * @param x  T[to − from, batch, categories], written
 */
export function enumerate<T>(from: f64, to: f64, trials: f64, batch: i32, categories: i32, x: usize): void {
  if (from >= to) return;
  pointOf(sizeof<T>(), from, trials, categories, x);
  enumerateOf(sizeof<T>(), from, to, batch, categories, x);
}

function enumerateOf(size: i32, from: f64, to: f64, batch: i32, categories: i32, x: usize): void {
  const row = <usize>(categories * size);
  for (;;) {
    for (let b = 1; b < batch; ++b) memory.copy(x + <usize>b * row, x, row);
    if ((from += 1) >= to) return;
    memory.copy(x + <usize>batch * row, x, row);
    x += <usize>batch * row;
    let first = 0;
    while (numberAt(size, x, first) == 0) ++first;
    const moved = numberAt(size, x, first);
    setAt(size, x, first, 0);
    setAt(size, x, 0, moved - 1);
    addAt(size, x, first + 1, 1);
  }
}

/** The row of this rank. */
function pointOf(size: i32, rank: f64, trials: f64, categories: i32, x: usize): void {
  for (let k = categories - 1; k > 0; --k) {
    let count: f64 = 0;
    for (let points = ways(trials, k); rank >= points; points = ways(trials - count, k)) {
      rank -= points;
      count += 1;
    }
    setAt(size, x, k, count);
    trials -= count;
  }
  setAt(size, x, 0, trials);
}

/** Rows of k counts whose sum is n: C(n + k − 1, k − 1), each product whole. */
function ways(n: f64, k: i32): f64 {
  let product: f64 = 1;
  for (let i = 1; i < k; ++i) product = product * (n + <f64>i) / <f64>i;
  return product;
}

/**
 * value[b] += sign · n Σₖ pₖ (log pₖ − log p₀ₖ), gradient[b, k] += sign · n pₖ (log pₖ − log p₀ₖ − their mean).
 *
 * @param prior     θ of the prior over its own tile
 * @param value     T[batch], added to
 * @param gradient  T[batch, categories], added to
 */
export function divergence<T>(batch: i32, categories: i32, tile: i32, trials: f64, theta: usize, priorTile: i32, prior: usize, sign: f64, value: usize, gradient: usize): void {
  divergenceOf(sizeof<T>(), batch, categories, tile, sign * trials, theta, priorTile, prior, value, gradient);
}

function divergenceOf(size: i32, batch: i32, categories: i32, tile: i32, factor: f64, theta: usize, priorTile: i32, prior: usize, value: usize, gradient: usize): void {
  for (let b = 0; b < batch; ++b) {
    let sum: f64 = 0;
    for (let k = b * categories; k < (b + 1) * categories; ++k) sum += weighed(k, tile, theta, priorTile, prior);
    for (let k = b * categories; k < (b + 1) * categories; ++k) {
      addAt(size, gradient, k, factor * (weighed(k, tile, theta, priorTile, prior) - numberAt(8, partOf(theta, Own.Probs, tile), k) * sum));
    }
    addAt(size, value, b, factor * sum);
  }
}

/** p (log p − log p₀) of a category; an impossible one counts nothing, whatever the prior says of it. */
function weighed(k: i32, tile: i32, theta: usize, priorTile: i32, prior: usize): f64 {
  const p = numberAt(8, partOf(theta, Own.Probs, tile), k);
  return p > 0 ? p * (numberAt(8, partOf(theta, Own.LogProbs, tile), k) - numberAt(8, partOf(prior, Own.LogProbs, priorTile), k % priorTile)) : 0;
}
