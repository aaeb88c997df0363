import { lanes, span } from "../lanes";

/**
 * terms += sign · weight · (f − b) · score, with the best b of each coordinate, E[f s²] / E[s²], from the other samples of the problem:
 *
 *   b[i, j] = Σ_{k ≠ i} f[k] s[k, j]² / Σ_{k ≠ i} s[k, j]²; the mean of the others' f where none of them has a score
 *
 * One parameter of `width` numbers. f is taken about its first value, which changes nothing but rounding.
 *
 * @param value    T[samples, batch]: f
 * @param weight   T[samples, batch]
 * @param scratch  T[2, batch · width] and room
 * @param scores   T[samples, batch, width]
 * @param terms    T[samples, batch, width], added to
 */
export function center<T>(samples: i32, batch: i32, width: i32, value: usize, sign: f64, weight: usize, scratch: usize, scores: usize, terms: usize): void {
  const row = span<T>(batch * width), weighted = scratch, squares = scratch + row;
  memory.fill(scratch, 0, 2 * row);
  for (let s = 0; s < samples; ++s) {
    for (let b = 0; b < batch; ++b) {
      const f: T = load<T>(value + span<T>(s * batch + b)) - load<T>(value + span<T>(b));
      addSquares<T>(width, f, scores + <usize>s * row + span<T>(b * width), weighted + span<T>(b * width), squares + span<T>(b * width));
    }
  }
  for (let b = 0; b < batch; ++b) {
    const first = load<T>(value + span<T>(b));
    let sum: T = 0;
    for (let s = 1; s < samples; ++s) sum += load<T>(value + span<T>(s * batch + b)) - first;
    for (let s = 0; s < samples; ++s) {
      const i = span<T>(s * batch + b), f: T = load<T>(value + i) - first;
      const others: T = (sum - f) / <T>(samples - 1);
      const at = span<T>(b * width), from = <usize>s * row + at;
      weigh<T>(width, f, others, <T>sign * load<T>(weight + i), weighted + at, squares + at, scores + from, terms + from);
    }
  }
}

/**
 * squares += (1 − 1 / samples) (Σ t s² / Σ s²)²: what the spread of the terms t leaves out of the variance of their sum. Each b is made of
 * other samples' f, so any two terms have the covariance (E[(f − b) s³] / E[s²] / samples)², which their spread takes for none.
 *
 * @param scratch  T[2, batch · width] and room
 * @param scores   T[samples, batch, width]
 * @param terms    T[samples, batch, width]
 * @param squares  T[batch, width], added to
 */
export function spread<T>(samples: i32, batch: i32, width: i32, scratch: usize, scores: usize, terms: usize, squares: usize): void {
  const row = span<T>(batch * width), weighted = scratch, all = scratch + row;
  memory.fill(scratch, 0, 2 * row);
  for (let s = 0; s < samples; ++s) {
    for (let j: usize = 0; j < row; j += sizeof<T>()) {
      const at = <usize>s * row + j, score = load<T>(scores + at), square: T = score * score;
      store<T>(weighted + j, load<T>(weighted + j) + load<T>(terms + at) * square);
      store<T>(all + j, load<T>(all + j) + square);
    }
  }
  const share: T = <T>1 - <T>1 / <T>samples;
  for (let j: usize = 0; j < row; j += sizeof<T>()) {
    const square = load<T>(all + j);
    if (square == 0) continue;
    const mean: T = load<T>(weighted + j) / square;
    store<T>(squares + j, load<T>(squares + j) + share * (mean * mean));
  }
}

/** weighted += f s², squares += s² */
@inline
function addSquares<T>(width: i32, f: T, scores: usize, weighted: usize, squares: usize): void {
  const each = v128.splat<T>(f);
  let j = 0;
  for (; j <= width - lanes<T>(); j += lanes<T>()) {
    const at = span<T>(j), s = v128.load(scores + at), square = v128.mul<T>(s, s);
    v128.store(weighted + at, v128.add<T>(v128.load(weighted + at), v128.mul<T>(each, square)));
    v128.store(squares + at, v128.add<T>(v128.load(squares + at), square));
  }
  for (; j < width; ++j) {
    const at = span<T>(j), s = load<T>(scores + at), square: T = s * s;
    store<T>(weighted + at, load<T>(weighted + at) + f * square);
    store<T>(squares + at, load<T>(squares + at) + square);
  }
}

/** Below that share of all, what is left of the squares is rounding. */
@inline
function least<T>(): T {
  return sizeof<T>() == 4 ? <T>1e-5 : <T>1e-13;
}

/** terms += weight (f − b) s, f and b about the first value. */
@inline
function weigh<T>(width: i32, f: T, others: T, weight: T, weighted: usize, squares: usize, scores: usize, terms: usize): void {
  const own = v128.splat<T>(f), mean = v128.splat<T>(others), factor = v128.splat<T>(weight), share = v128.splat<T>(least<T>());
  let j = 0;
  for (; j <= width - lanes<T>(); j += lanes<T>()) {
    const at = span<T>(j), s = v128.load(scores + at), square = v128.mul<T>(s, s);
    const all = v128.load(squares + at), left = v128.sub<T>(all, square);
    const best = v128.div<T>(v128.sub<T>(v128.load(weighted + at), v128.mul<T>(own, square)), left);
    const b = v128.bitselect(best, mean, v128.gt<T>(left, v128.mul<T>(share, all)));
    v128.store(terms + at, v128.add<T>(v128.load(terms + at), v128.mul<T>(factor, v128.mul<T>(v128.sub<T>(own, b), s))));
  }
  for (; j < width; ++j) {
    const at = span<T>(j), s = load<T>(scores + at), square: T = s * s;
    const all = load<T>(squares + at), left: T = all - square;
    const b: T = left > least<T>() * all ? (load<T>(weighted + at) - f * square) / left : others;
    store<T>(terms + at, load<T>(terms + at) + weight * ((f - b) * s));
  }
}
