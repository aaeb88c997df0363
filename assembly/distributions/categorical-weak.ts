import { numberAt, setAt } from "../memory";
import { scaled32, scaled64 } from "../random/bisect";
import { strideOf } from "../random/choices";
import { FIRST, wordsOf } from "../random/couples";
import { CHUNK } from "../random/stream";
import { Part } from "./categorical";

/**
 * The weak derivative of a choice, split so that p⁺ and p⁻ have no category in common:
 *
 *   ∂p/∂logits[e] = pₑ (1 − pₑ) (1[x = e] − p(x | x ≠ e))
 *
 * p⁺ is one point, so all couplings are alike. One word a row, scaled to the integer weights of the other categories.
 *
 * @param entry       e
 * @param width       of a draw: 1 for an index, `categories` for a one-hot row
 * @param theta       as categoricalPrepare writes it
 * @param x           T[rows, width], what both points are where the constant is 0
 * @param plus,minus  T[rows, width], written
 * @param constant    T[rows], written
 */
export function draw<T>(
  low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, categories: i32, width: i32, theta: usize, entry: i32,
  x: usize, plus: usize, minus: usize, constant: usize,
): void {
  drawOf(sizeof<T>(), low, high, site, chunk, rows, batch, categories, width, theta, entry, x, plus, minus, constant);
}

function drawOf(
  size: i32, low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, categories: i32, width: i32, theta: usize, entry: i32,
  x: usize, plus: usize, minus: usize, constant: usize,
): void {
  const all = <usize>rows * <usize>(width * size);
  memory.copy(plus, x, all);
  memory.copy(minus, x, all);
  const stride = strideOf(categories);
  for (let from = 0; from < rows; from += CHUNK, ++chunk) {
    const count = min(rows - from, CHUNK);
    wordsOf(size, low, high, site, chunk, count, FIRST);
    const first = <i32>(<u64>chunk * CHUNK % batch);
    // The rows of one problem after the other, for its constant is a sum.
    for (let start = 0; start < min(batch, count); ++start) {
      const b = (first + start) % batch;
      const probs = theta + <usize>(size * (<i32>Part.Probs * batch * stride + b * stride));
      const rest = restOf(size, probs, categories, entry), c = rest * numberAt(size, probs, entry);
      const cumulative = theta + <usize>(size * (<i32>Part.Cumulative * batch * stride + b * stride));
      for (let r = start; r < count; r += batch) {
        const chosen = c > 0 ? other(size, probs, rest, cumulative, categories, entry, FIRST + <usize>(r * size)) : -1;
        setAt(size, constant, from + r, chosen < 0 ? 0 : c);
        if (chosen < 0) continue;
        put(size, width, entry, plus, from + r);
        put(size, width, chosen, minus, from + r);
      }
    }
  }
}

/** Σ pₖ over the others: 1 − pₑ would lose what pₑ leaves. */
function restOf(size: i32, probs: usize, categories: i32, entry: i32): f64 {
  let rest: f64 = 0;
  for (let k = 0; k < categories; ++k) if (k != entry) rest += numberAt(size, probs, k);
  return rest;
}

/** Below that much integer weight of all others, what rounding does to each is seen in their law. */
const COARSE: u64 = 1 << 20;

/** A category but e, by inversion of the weights without its own; −1 if no other has any. */
function other(size: i32, probs: usize, rest: f64, cumulative: usize, categories: i32, entry: i32, word: usize): i32 {
  const before = entry == 0 ? 0 : weightUpTo(size, cumulative, entry - 1);
  const own = weightUpTo(size, cumulative, entry) - before;
  const total = weightUpTo(size, cumulative, categories - 1) - own;
  if (total < COARSE) return scan(size, probs, rest, categories, entry, word);
  let v: u64 = size == 4 ? scaled32(load<u32>(word), <u32>total) : scaled64(load<u64>(word), total);
  if (v >= before) v += own;
  let base = 0;
  for (let left = categories; left > 1;) {
    const half = left >> 1;
    if (weightUpTo(size, cumulative, base + half - 1) <= v) base += half;
    left -= half;
  }
  return base;
}

/** The same among the probabilities themselves, one after the other. */
function scan(size: i32, probs: usize, rest: f64, categories: i32, entry: i32, word: usize): i32 {
  let left = rest * (size == 4 ? <f64>load<u32>(word) * 2.3283064365386963e-10 : <f64>load<u64>(word) * 5.421010862427522e-20), last = -1;
  for (let k = 0; k < categories; ++k) {
    const p = numberAt(size, probs, k);
    if (k == entry || p == 0) continue;
    last = k;
    left -= p;
    if (left < 0) break;
  }
  return last;
}

function weightUpTo(size: i32, cumulative: usize, k: i32): u64 {
  return size == 4 ? <u64>load<u32>(cumulative + (<usize>k << 2)) : load<u64>(cumulative + (<usize>k << 3));
}

function put(size: i32, width: i32, category: i32, out: usize, row: i32): void {
  if (width == 1) return setAt(size, out, row, <f64>category);
  memory.fill(out + <usize>(row * width * size), 0, <usize>(width * size));
  setAt(size, out, row * width + category, 1);
}
