import { lanes, span } from "../lanes";
import { join } from "../statistics";
import { Part, part } from "./bernoulli";

// Rows of one block: enough to pay for merging its sums, few enough that sums in f32 stay good.
const ROWS: i32 = 128;
// Columns of one panel, whose two sums stay in the first-level cache while rows of x stream by.
const PANEL: i32 = 512;
const LEAST: i32 = 16;

/**
 * The running moments of the terms c[i] · (x[i, j] − pⱼ) without the terms. Since x² = x, two sums a column do:
 *
 *   Σᵢ cᵢ (xᵢⱼ − pⱼ) = A − p C;  Σᵢ cᵢ² (xᵢⱼ − pⱼ)² = (1 − 2p) B + p² Q
 *   with A = Σ c x, B = Σ c² x, C = Σ c, Q = Σ c²
 *
 * @param dim          at least 16
 * @param before       samples that `mean` and `squares` already stand for
 * @param x            T[samples, batch, dim]
 * @param coefficient  T[samples, batch]
 * @param mean         T[batch, dim], updated; see `accumulate` in statistics.ts
 * @param squares      T[batch, dim], updated
 */
export function accumulate<T>(
  samples: i32, batch: i32, dim: i32, before: i32, tile: i32, theta: usize, x: usize, coefficient: usize, mean: usize, squares: usize,
): void {
  const probs = part<T>(theta, Part.Probs, tile);
  const step = span<T>(batch * dim), next = span<T>(batch);
  for (let from = 0; from < samples; from += ROWS) {
    const rows = min(ROWS, samples - from);
    for (let b = 0; b < batch; ++b) {
      const own = coefficient + span<T>(from * batch + b);
      for (let first = 0; first < dim;) {
        const width = dim - first < PANEL + LEAST ? dim - first : PANEL;
        const at = span<T>(b * dim + first);
        sums<T>(rows, width, step, next, x + step * <usize>from + at, own);
        take<T>(rows, width, before + from, next, own, probs + at, mean + at, squares + at);
        first += width;
      }
    }
  }
}

const A = memory.data((512 + 16 + 4) * 8, 16);
const B = memory.data((512 + 16 + 4) * 8, 16);

/** A and B of one panel, four rows at a time. The lanes past its width take in what lies there, and are not read. */
function sums<T>(rows: i32, width: i32, step: usize, next: usize, x: usize, coefficient: usize): void {
  const bytes = span<T>(width);
  memory.fill(A, 0, bytes + 16);
  memory.fill(B, 0, bytes + 16);
  let i = 0;
  for (; i <= rows - 4; i += 4, x += step << 2, coefficient += next << 2) {
    const c0 = v128.load_splat<T>(coefficient), c1 = v128.load_splat<T>(coefficient + next);
    const c2 = v128.load_splat<T>(coefficient + (next << 1)), c3 = v128.load_splat<T>(coefficient + next * 3);
    const d0 = v128.mul<T>(c0, c0), d1 = v128.mul<T>(c1, c1), d2 = v128.mul<T>(c2, c2), d3 = v128.mul<T>(c3, c3);
    const y = x + step, z = y + step, w = z + step;
    for (let at: usize = 0; at < bytes; at += 16) {
      const x0 = v128.load(x + at), x1 = v128.load(y + at), x2 = v128.load(z + at), x3 = v128.load(w + at);
      const a = v128.add<T>(v128.add<T>(v128.mul<T>(c0, x0), v128.mul<T>(c1, x1)), v128.add<T>(v128.mul<T>(c2, x2), v128.mul<T>(c3, x3)));
      const b = v128.add<T>(v128.add<T>(v128.mul<T>(d0, x0), v128.mul<T>(d1, x1)), v128.add<T>(v128.mul<T>(d2, x2), v128.mul<T>(d3, x3)));
      v128.store(A + at, v128.add<T>(v128.load(A + at), a));
      v128.store(B + at, v128.add<T>(v128.load(B + at), b));
    }
  }
  for (; i < rows; ++i, x += step, coefficient += next) {
    const c = v128.load_splat<T>(coefficient);
    for (let at: usize = 0; at < bytes; at += 16) {
      const a = v128.mul<T>(c, v128.load(x + at));
      v128.store(A + at, v128.add<T>(v128.load(A + at), a));
      v128.store(B + at, v128.add<T>(v128.load(B + at), v128.mul<T>(c, a)));
    }
  }
}

/** Means and squared deviations of one panel from its sums, merged into those of the rows before. */
function take<T>(rows: i32, width: i32, before: i32, next: usize, coefficient: usize, probs: usize, mean: usize, squares: usize): void {
  let all: T = 0, allSquares: T = 0;
  for (let i = 0; i < rows; ++i, coefficient += next) {
    const c = load<T>(coefficient);
    all += c;
    allSquares += c * c;
  }
  const whole = width & -(lanes<T>());
  for (let j = 0; j < whole; j += lanes<T>()) vector<T>(rows, before, all, allSquares, span<T>(j), probs, mean + span<T>(j), squares + span<T>(j));
  if (whole == width) return;
  // The columns of the last vector that are there, by way of scratch: the others are somebody else's.
  const at = span<T>(whole), some = span<T>(width - whole);
  memory.copy(MEAN, mean + at, some);
  memory.copy(SQUARES, squares + at, some);
  vector<T>(rows, before, all, allSquares, at, probs, MEAN, SQUARES);
  memory.copy(mean + at, MEAN, some);
  memory.copy(squares + at, SQUARES, some);
}

const MEAN = memory.data(16, 16);
const SQUARES = memory.data(16, 16);

function vector<T>(rows: i32, before: i32, all: T, allSquares: T, at: usize, probs: usize, mean: usize, squares: usize): void {
  const p = v128.load(probs + at);
  const shift = v128.div<T>(v128.sub<T>(v128.load(A + at), v128.mul<T>(p, v128.splat<T>(all))), v128.splat<T>(<T>rows));
  const one = v128.sub<T>(v128.splat<T>(1), v128.add<T>(p, p));
  const raw = v128.add<T>(v128.mul<T>(one, v128.load(B + at)), v128.mul<T>(v128.mul<T>(p, p), v128.splat<T>(allSquares)));
  const own = v128.max<T>(v128.splat<T>(0), v128.sub<T>(raw, v128.mul<T>(v128.splat<T>(<T>rows), v128.mul<T>(shift, shift))));
  join<T>(rows, before, shift, own, mean, squares);
}
