import { lanes, span, storeSome, sumOf } from "../lanes";
import { exp } from "../math/exp";
import { PAGE } from "../pages";
import { begin, Noise, SOURCE, standard } from "../random/noise";
import { CHUNK } from "../random/stream";
import { balance, bytesOf, g, place, plan, right, sums, weights, z } from "./balance";
import { solve, strideOf, weigh } from "./laplacian";
import { scratch as matchingScratch, solve as matched } from "./matching";

/**
 * Permutations of n as matrices, row by row, and their relaxation: z = logits + Gumbel noise, x the matching of greatest sum, y the doubly stochastic plan
 * of z / temperature (Mena, Belanger, Linderman & Snoek 2018).
 */

/** z = logits + Gumbel noise, T[rows, n, n], written; `logits` is T[batch, n, n]. */
export function draw<T>(low: u32, high: u32, site: u32, chunk: u32, rows: i32, batch: i32, n: i32, logits: usize, z: usize): void {
  const width = n * n;
  let b = <i32>(<u64>chunk * CHUNK % batch);
  for (let left = rows; left > 0; left -= CHUNK, ++chunk) {
    const numbers = min(left, CHUNK) * width;
    begin(low, high, site, chunk, NOISE);
    for (let from = 0; from < numbers; from += PAGE) standard<T>(Noise.Gumbel, min(numbers - from, PAGE), NOISE, z + span<T>(from));
    for (const end = z + span<T>(numbers); z < end; z += span<T>(width)) {
      shift<T>(width, logits + span<T>(b * width), z);
      if (++b == batch) b = 0;
    }
  }
}

/**
 * terms += coefficient[row] · ∂ log p(z)/∂logits = coefficient[row] · (1 − exp(logits − z)); T[rows, n, n].
 *
 * @param logits  T[batch, n, n]
 */
export function score<T>(rows: i32, batch: i32, n: i32, logits: usize, z: usize, coefficient: usize, terms: usize): void {
  const width = n * n, one = v128.splat<T>(1);
  for (let r = 0, b = 0; r < rows; ++r, z += span<T>(width), terms += span<T>(width)) {
    const own = logits + span<T>(b * width), by = v128.splat<T>(load<T>(coefficient + span<T>(r)));
    for (let k = 0; k < width; k += lanes<T>()) {
      const term = v128.mul<T>(by, v128.sub<T>(one, exp<T>(v128.sub<T>(v128.load(own + span<T>(k)), v128.load(z + span<T>(k))))));
      storeSome<T>(terms + span<T>(k), v128.add<T>(v128.load(terms + span<T>(k)), term), width - k);
    }
    if (++b == batch) b = 0;
  }
}

function shift<T>(width: i32, by: usize, z: usize): void {
  let k = 0;
  for (; k <= width - lanes<T>(); k += lanes<T>()) v128.store(z + span<T>(k), v128.add<T>(v128.load(z + span<T>(k)), v128.load(by + span<T>(k))));
  for (; k < width; ++k) store<T>(z + span<T>(k), load<T>(z + span<T>(k)) + load<T>(by + span<T>(k)));
}

/** Bytes of room that all below take. */
export function scratch(n: i32): f64 {
  return max(bytesOf(n), matchingScratch(n, n) + <f64>(4 * n + 16));
}

/** x[r] = the matching of greatest sum of z[r], T[rows, n, n] both: x may be z. */
export function harden<T>(rows: i32, n: i32, z: usize, work: usize, x: usize): void {
  const size = span<T>(n * n), chosen = (work + <usize>matchingScratch(n, n) + 7) & -8;
  for (; rows > 0; --rows, z += size, x += size) {
    matched<T>(n, n, -1, z, work, chosen);
    memory.fill(x, 0, size);
    for (let i = 0; i < n; ++i) store<T>(x + span<T>(i * n + load<i32>(chosen + (<usize>i << 2))), <T>1);
  }
}

/** y[r] = the doubly stochastic plan of z[r] / temperature, T[rows, n, n] both. */
export function soften<T>(rows: i32, n: i32, from: usize, temperature: f64, work: usize, y: usize): void {
  const size = span<T>(n * n);
  place(n, work);
  for (; rows > 0; --rows, from += size, y += size) {
    take<T>(n, -Infinity, from, z);
    balance(n, temperature, sizeof<T>() == 4 ? TOLERANCE32 : TOLERANCE64);
    put<T>(n, y);
  }
}

/**
 * The cotangent of z. With P = y and its cotangent W, means over the rows of P and t solving (D − PᵀP) t = Pᵀ (W − mean W),
 *
 *   out = P ∘ (W − t − mean (W − t)) / temperature
 *
 * (Luise, Rudi, Pontil & Ciliberto 2018; Eisenberger, Toker, Leal-Taixé, Bernard & Cremers 2022).
 *
 * @param cotangent  T[rows, n, n]
 * @param out        T[rows, n, n], written
 */
export function pull<T>(rows: i32, n: i32, y: usize, temperature: f64, cotangent: usize, work: usize, out: usize): void {
  const size = span<T>(n * n), stride = strideOf(n);
  place(n, work);
  for (; rows > 0; --rows, y += size, cotangent += size, out += size) {
    take<T>(n, 0, y, plan);
    take<T>(n, 0, cotangent, z);
    memory.fill(g, 0, stride);
    memory.fill(right, 0, stride);
    for (let i = 0; i < n; ++i) {
      const row = <usize>i * stride;
      unit(stride, plan + row); // rows as they are before rounding
      centred(stride, 1, z + row, plan + row, weights);
      for (let at: usize = 0; at < stride; at += 16) v128.store(right + at, f64x2.add(v128.load(right + at), v128.load(weights + at)));
    }
    weigh(n, plan, weights);
    solve(n, LEAST, weights, sums, right);
    memory.copy(g, right, <usize>n << 3);
    for (let i = 0; i < n; ++i) {
      const row = <usize>i * stride;
      centred(stride, min(f64.MAX_VALUE, 1 / temperature), z + row, plan + row, plan + row);
    }
    put<T>(n, out);
  }
}

/** out = by · p ∘ (w − t − p · (w − t)) of one row, t in the place of g. */
function centred(stride: usize, by: f64, w: usize, p: usize, out: usize): void {
  let sum = f64x2.splat(0);
  for (let at: usize = 0; at < stride; at += 16) sum = f64x2.add(sum, f64x2.mul(v128.load(p + at), f64x2.sub(v128.load(w + at), v128.load(g + at))));
  const mean = f64x2.splat(sumOf<f64>(sum)), factor = f64x2.splat(by);
  for (let at: usize = 0; at < stride; at += 16) {
    const each = f64x2.sub(f64x2.sub(v128.load(w + at), v128.load(g + at)), mean);
    v128.store(out + at, f64x2.mul(f64x2.mul(v128.load(p + at), each), factor));
  }
}

function unit(stride: usize, p: usize): void {
  let sum = f64x2.splat(0);
  for (let at: usize = 0; at < stride; at += 16) sum = f64x2.add(sum, v128.load(p + at));
  const share = f64x2.splat(1 / sumOf<f64>(sum));
  for (let at: usize = 0; at < stride; at += 16) v128.store(p + at, f64x2.mul(v128.load(p + at), share));
}

/** A matrix into rows of whole vectors, filled up with `rest`. */
function take<T>(n: i32, rest: f64, from: usize, to: usize): void {
  for (let i = 0; i < n; ++i) {
    for (let j = 0; j < n; ++j, from += sizeof<T>(), to += 8) store<f64>(to, min(LIMIT, max(-LIMIT, <f64>load<T>(from))));
    if (n & 1) {
      store<f64>(to, rest);
      to += 8;
    }
  }
}

/** The plan as a matrix of T. */
function put<T>(n: i32, out: usize): void {
  for (let i = 0, from = plan; i < n; ++i, from += strideOf(n)) {
    for (let j = 0; j < n; ++j, out += sizeof<T>()) store<T>(out, <T>load<f64>(from + (<usize>j << 3)));
  }
}

const NOISE = memory.data(SOURCE, 16);
/** Beyond all that sums of two stay finite of. */
const LIMIT: f64 = 1e300;
const TOLERANCE32: f64 = 1e-8;
const TOLERANCE64: f64 = 1e-13;
/** A column that so little of the plan connects with others is on its own: what its equation says of it is rounding. */
const LEAST: f64 = 1e-18;
