import { sumOf } from "../lanes";
import { expOrZero } from "../math/exp";
import { log } from "../math/log";
import { largest } from "../math/rows";
import { scratch } from "./matching";
import { centre } from "./centre";
import { solve, strideOf, weigh } from "./laplacian";

/**
 * The doubly stochastic plan P[i, j] = exp((z[i, j] + f[i] + g[j]) / temperature), whatever the temperature: to the last digits, not so many iterations.
 *
 * Rows are made whole in every pass, so it is about g alone, which makes a convex function least. Sinkhorn's iteration where it converges fast;
 * Newton's method from the middle of the matching's potentials where it would not.
 *
 * z and g are never divided by the temperature, only differences to the greatest of a row are: so none is too low.
 */

// Where the arrays of the room lie: matrices f64[n, width], then vectors f64[width].
export let z: usize, plan: usize, weights: usize, g: usize, sums: usize, right: usize;
let room: usize;

/** Bytes of it all, with the room that `centre` takes. */
export function bytesOf(n: i32): f64 {
  return <f64>strideOf(n) * <f64>(3 * n + 4) + scratch(n, n) + <f64>(4 * n + 16);
}

/** Lays them out. */
export function place(n: i32, work: usize): void {
  const stride = strideOf(n);
  z = work;
  plan = z + <usize>n * stride;
  weights = plan + <usize>n * stride;
  g = weights + <usize>n * stride;
  sums = g + stride;
  right = sums + stride;
  room = right + stride;
}

/**
 * Writes P of z, where `place` said they are.
 *
 * @param tolerance  Σⱼ |sum of column j − 1| that is left
 */
export function balance(n: i32, temperature: f64, tolerance: f64): void {
  const by = min(f64.MAX_VALUE, 1 / temperature);
  memory.fill(g, 0, strideOf(n));
  let error = normalise(n, by);
  for (let count = 0; error > tolerance; ++count) {
    const before = error;
    scale(n, temperature);
    error = normalise(n, by);
    if (count > 0 && tooSlow(n, before, error, tolerance)) break;
  }
  if (!(error > tolerance)) return;
  centre(n, z, weights, room, g);
  error = normalise(n, by);
  for (let count = 0; error > tolerance && count < MOST; ++count) {
    const before = error;
    step(n, temperature);
    error = normalise(n, by);
    if (error < ROUNDING && error >= before) break; // all that is left is rounding
  }
}

/** Whether as many more iterations of that rate would take longer than Newton's method. */
function tooSlow(n: i32, before: f64, error: f64, tolerance: f64): bool {
  const most = 8 + n / 2, rate = error / before;
  if (!(rate < 1)) return true;
  let left = error;
  for (let k = 0; k < most; ++k) {
    left *= rate;
    if (left <= tolerance) return false;
  }
  return true;
}

/** P of g, with rows of sum 1, and the sums of its columns; Σ |sum − 1|. */
function normalise(n: i32, by: f64): f64 {
  const stride = strideOf(n), scale = f64x2.splat(by);
  memory.fill(sums, 0, stride);
  for (let row = z, to = plan, end = plan + <usize>n * stride; to < end; row += stride, to += stride) {
    let most = f64x2.splat(-Infinity), sum = f64x2.splat(0);
    for (let at: usize = 0; at < stride; at += 16) most = f64x2.pmax(most, f64x2.add(v128.load(row + at), v128.load(g + at)));
    const top = f64x2.splat(largest<f64>(most));
    for (let at: usize = 0; at < stride; at += 16) {
      const p = expOrZero<f64>(f64x2.mul(f64x2.sub(f64x2.add(v128.load(row + at), v128.load(g + at)), top), scale));
      sum = f64x2.add(sum, p);
      v128.store(to + at, p);
    }
    const share = f64x2.splat(1 / sumOf<f64>(sum));
    for (let at: usize = 0; at < stride; at += 16) {
      const p = f64x2.mul(v128.load(to + at), share);
      v128.store(to + at, p);
      v128.store(sums + at, f64x2.add(v128.load(sums + at), p));
    }
  }
  let error: f64 = 0;
  for (let j = 0; j < n; ++j) error += abs(load<f64>(sums + (<usize>j << 3)) - 1);
  return error;
}

/** g −= temperature · log of the sums of columns: half of Sinkhorn's iteration. */
function scale(n: i32, temperature: f64): void {
  const by = f64x2.splat(temperature), least = f64x2.splat(1e-300);
  for (let at: usize = 0, end = strideOf(n); at < end; at += 16) {
    v128.store(g + at, f64x2.sub(v128.load(g + at), f64x2.mul(by, log<f64>(f64x2.pmax(least, v128.load(sums + at))))));
  }
}

/**
 * A step of Newton's method, d with (D − PᵀP) d = 1 − sums, shortened to log(1 + r) / r of itself where it changes some ratio of columns by a factor
 * e^r: as long as is sure to come nearer (Bach 2010).
 */
function step(n: i32, temperature: f64): void {
  memory.fill(right, 0, strideOf(n));
  for (let j = 0; j < n; ++j) store<f64>(right + (<usize>j << 3), 1 - load<f64>(sums + (<usize>j << 3)));
  weigh(n, plan, weights);
  solve(n, LEAST, weights, sums, right);
  let least: f64 = 0, most: f64 = 0;
  for (let j = 0; j < n; ++j) {
    const d = load<f64>(right + (<usize>j << 3));
    least = min(least, d);
    most = max(most, d);
  }
  const range = most - least;
  const by = f64x2.splat(temperature * (range > NEAR ? f64x2.extract_lane(log<f64>(f64x2.splat(1 + range)), 0) / range : 1));
  for (let at: usize = 0, end = strideOf(n); at < end; at += 16) v128.store(g + at, f64x2.add(v128.load(g + at), f64x2.mul(by, v128.load(right + at))));
}

/** Steps of Newton's method at most. */
const MOST: i32 = 100;
/** Errors below do not shrink for ever. */
const ROUNDING: f64 = 1e-9;
/** A step that changes no ratio by more than this is taken whole. */
const NEAR: f64 = 0.5;
/** Weights below say nothing about a step: they are less than the rounding of its right side. */
const LEAST: f64 = 1e-14;
