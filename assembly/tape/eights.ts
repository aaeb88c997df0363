import { exp64, log1p64, log64 } from "../math/once";

// Eight lanes of a count at once, because each waits for its own sums and exponentials; to the same bits as one by one (quantiles.ts).

/** Means up to which the sum begins at 0, where the probability is an ordinary number; beyond, at the mode. */
export const NEAR: f64 = 500;

/** Of eight lanes: uniforms, probabilities or rates, trials; what is found. */
export const UNIFORMS = memory.data(64, 16);
export const THETAS = memory.data(64, 16);
export const TRIALS = memory.data(64, 16);
export const COUNTS = memory.data(64, 16);

// P(0) of the sums, what they are compared with, and P(k + 1) = P(k) (a − b k) / (k + 1).
const FIRST = memory.data(64, 16);
const LIMIT = memory.data(64, 16);
const A = memory.data(64, 16);
const B = memory.data(64, 16);

/** f64[8] of a row from lane `lane` on, or of the one number for all. */
export function gather(size: i32, from: usize, splat: bool, lane: i32, to: usize): void {
  const all = f64x2.splat(size == 4 ? <f64>load<f32>(from) : load<f64>(from)), row = from + <usize>(lane * size);
  for (let at: usize = 0; at < 64; at += 16) {
    v128.store(to + at, splat ? all : size == 8 ? v128.load(row + at) : f64x2.promote_low_f32x4(v128.load64_zero(row + (at >> 1))));
  }
}

export function scatter(size: i32, to: usize, lane: i32): void {
  const row = to + <usize>(lane * size);
  for (let at: usize = 0; at < 64; at += 16) {
    const x = v128.load(COUNTS + at);
    if (size == 8) v128.store(row + at, x);
    else v128.store64_lane(row + (at >> 1), f32x4.demote_f64x2_zero(x), 0);
  }
}

/** Whether all are between 0 and 1. */
export function areProbabilities(): bool {
  let all = i64x2.splat(-1);
  for (let at: usize = 0; at < 64; at += 16) {
    const p = v128.load(THETAS + at);
    all = v128.and(all, v128.and(f64x2.gt(p, f64x2.splat(0)), f64x2.lt(p, f64x2.splat(1))));
  }
  return i64x2.all_true(all);
}

/** Whether all are sums from 0 of an ordinary P(0). */
export function areNear(isBinomial: bool): bool {
  let all = i64x2.splat(-1);
  for (let at: usize = 0; at < 64; at += 16) {
    const p = v128.load(THETAS + at), n = v128.load(TRIALS + at), positive = f64x2.gt(p, f64x2.splat(0));
    const mean = isBinomial ? f64x2.mul(n, p) : p, near = v128.and(positive, f64x2.le(mean, f64x2.splat(NEAR)));
    all = v128.and(all, isBinomial ? v128.and(near, v128.and(f64x2.lt(p, f64x2.splat(1)), f64x2.gt(n, f64x2.splat(0)))) : near);
  }
  return i64x2.all_true(all);
}

export function geometrics(): void {
  for (let at: usize = 0; at < 64; at += 16) {
    const x = f64x2.floor(f64x2.div(log64(v128.load(UNIFORMS + at)), log1p64(f64x2.neg(v128.load(THETAS + at)))));
    v128.store(COUNTS + at, f64x2.pmax(f64x2.splat(0), f64x2.pmin(x, f64x2.splat(9007199254740992.0))));
  }
}

/** Of rates. */
export function poissons(): void {
  for (let at: usize = 0; at < 64; at += 16) {
    const rate = v128.load(THETAS + at);
    v128.store(A + at, rate);
    v128.store(FIRST + at, exp64(f64x2.neg(rate)));
    v128.store(LIMIT + at, v128.load(UNIFORMS + at));
  }
  count(false);
}

/** For p > ½ by the failures. */
export function binomials(): void {
  const one = f64x2.splat(1);
  for (let at: usize = 0; at < 64; at += 16) {
    const p = v128.load(THETAS + at), n = v128.load(TRIALS + at), u = v128.load(UNIFORMS + at), mirrored = f64x2.gt(p, f64x2.splat(0.5));
    const q = v128.bitselect(f64x2.sub(one, p), p, mirrored), odds = f64x2.div(q, f64x2.sub(one, q));
    v128.store(A + at, f64x2.mul(odds, n));
    v128.store(B + at, odds);
    v128.store(FIRST + at, exp64(f64x2.mul(n, log1p64(f64x2.neg(q)))));
    v128.store(LIMIT + at, v128.bitselect(f64x2.sub(one, u), u, mirrored));
  }
  count(true);
  for (let at: usize = 0; at < 64; at += 16) {
    const n = v128.load(TRIALS + at), x = f64x2.pmin(v128.load(COUNTS + at), n);
    v128.store(COUNTS + at, v128.bitselect(f64x2.sub(n, x), x, f64x2.gt(v128.load(THETAS + at), f64x2.splat(0.5))));
  }
}

/** The first k whose P(0) + … + P(k) exceed the limit. What cannot add up any more ends it: terms that are lost once are lost from then on. */
@inline
function count(isBinomial: bool): void {
  const v0 = v128.load(LIMIT), v1 = v128.load(LIMIT, 16), v2 = v128.load(LIMIT, 32), v3 = v128.load(LIMIT, 48);
  let p0 = v128.load(FIRST), p1 = v128.load(FIRST, 16), p2 = v128.load(FIRST, 32), p3 = v128.load(FIRST, 48);
  let s0 = p0, s1 = p1, s2 = p2, s3 = p3, x0 = i64x2.splat(0), x1 = x0, x2 = x0, x3 = x0;
  let open0 = f64x2.ge(v0, s0), open1 = f64x2.ge(v1, s1), open2 = f64x2.ge(v2, s2), open3 = f64x2.ge(v3, s3), before: f64 = 0;
  while (v128.any_true(v128.or(v128.or(open0, open1), v128.or(open2, open3)))) {
    const k = f64x2.splat(before), inverse = f64x2.splat(1 / (before + 1));
    x0 = i64x2.sub(x0, open0); x1 = i64x2.sub(x1, open1); x2 = i64x2.sub(x2, open2); x3 = i64x2.sub(x3, open3);
    p0 = f64x2.mul(p0, ratio(isBinomial, 0, k, inverse)); p1 = f64x2.mul(p1, ratio(isBinomial, 16, k, inverse));
    p2 = f64x2.mul(p2, ratio(isBinomial, 32, k, inverse)); p3 = f64x2.mul(p3, ratio(isBinomial, 48, k, inverse));
    const t0 = f64x2.add(s0, p0), t1 = f64x2.add(s1, p1), t2 = f64x2.add(s2, p2), t3 = f64x2.add(s3, p3);
    open0 = v128.and(f64x2.gt(t0, s0), f64x2.ge(v0, t0)); open1 = v128.and(f64x2.gt(t1, s1), f64x2.ge(v1, t1));
    open2 = v128.and(f64x2.gt(t2, s2), f64x2.ge(v2, t2)); open3 = v128.and(f64x2.gt(t3, s3), f64x2.ge(v3, t3));
    s0 = t0; s1 = t1; s2 = t2; s3 = t3;
    ++before;
  }
  v128.store(COUNTS, number(x0)); v128.store(COUNTS, number(x1), 16); v128.store(COUNTS, number(x2), 32); v128.store(COUNTS, number(x3), 48);
}

@inline
function ratio(isBinomial: bool, at: usize, k: v128, inverse: v128): v128 {
  const a = v128.load(A + at);
  return f64x2.mul(isBinomial ? f64x2.sub(a, f64x2.mul(v128.load(B + at), k)) : a, inverse);
}

/** Of whole numbers below 2⁵². */
@inline
function number(k: v128): v128 {
  const magic = f64x2.splat(4503599627370496);
  return f64x2.sub(v128.or(k, magic), magic);
}
