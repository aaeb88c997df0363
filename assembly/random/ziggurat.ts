import { exp64, log64 } from "../math/once";
import { ZIGGURAT } from "./built";

/**
 * Standard normals by 256 layers of one area (Marsaglia & Tsang 2000): x = u · edge[i] lies under the density for sure where |x| < edge[i + 1].
 *
 * Of a word 53 bits are the signed u, 8 others the layer (Doornik 2005: never the same bits). 98.8 % end here.
 *
 * @param retry     xoshiro128++ of four words: more bits for the rest, one draw after the other
 * @param at … end  u64, then f64 in their place
 */
export function ziggurat(retry: usize, at: usize, end: usize): void {
  for (; at < end; at += 8) {
    const word = load<u64>(at);
    const edge = ZIGGURAT + ((<usize>word & 255) << 3);
    const x = signed(word) * load<f64>(edge);
    store<f64>(at, abs(x) < load<f64>(edge, 8) ? x : rest(word, retry));
  }
}

/** The draw that begins with `word`, which may lie outside the density. */
function rest(word: u64, retry: usize): f64 {
  for (;;) {
    const layer = <usize>word & 255;
    const edge = ZIGGURAT + (layer << 3);
    const x = signed(word) * load<f64>(edge);
    if (abs(x) < load<f64>(edge, 8)) return x;
    if (layer == 0) return tail(x, retry);
    const heights = density(v128.load(edge));
    const outer = f64x2.extract_lane(heights, 0), inner = f64x2.extract_lane(heights, 1);
    const height = outer + positive(next(retry)) * (inner - outer);
    if (height < f64x2.extract_lane(density(f64x2.splat(x)), 0)) return x;
    word = next(retry);
  }
  return 0;
}

/** Beyond the last edge r, with the sign of x: r + e / r, e exponential, accepted where (e / r)² < 2 e′ (Marsaglia 1964). */
function tail(x: f64, retry: usize): f64 {
  const r = load<f64>(ZIGGURAT, 8);
  for (;;) {
    const uniforms = f64x2.replace_lane(f64x2.splat(positive(next(retry))), 1, positive(next(retry)));
    const logs = log64(uniforms);
    const beyond = -f64x2.extract_lane(logs, 0) / r;
    if (beyond * beyond < -2 * f64x2.extract_lane(logs, 1)) return copysign<f64>(r + beyond, x);
  }
  return 0;
}

/** exp(−x² / 2) */
function density(x: v128): v128 {
  return exp64(f64x2.mul(f64x2.mul(x, x), f64x2.splat(-0.5)));
}

/** In [−1, 1), 53 bits. */
@inline
function signed(word: u64): f64 {
  return <f64>(<i64>word >> 11) * 2.220446049250313e-16;
}

/** In (0, 1], 63 bits. */
@inline
export function positive(word: u64): f64 {
  return <f64>(<i64>(word >> 1 | 1)) * 1.0842021724855044e-19;
}

/** Two steps of xoshiro128++ (Blackman & Vigna 2021). */
export function next(state: usize): u64 {
  const low = step(state);
  return <u64>step(state) << 32 | low;
}

@inline
function step(state: usize): u32 {
  const s0 = load<u32>(state), s1 = load<u32>(state, 4);
  const s2 = load<u32>(state, 8) ^ s0, s3 = load<u32>(state, 12);
  const word = rotl<u32>(s0 + s3, 7) + s0;
  const t3 = s3 ^ s1;
  store<u32>(state, s0 ^ t3);
  store<u32>(state, s1 ^ s2, 4);
  store<u32>(state, s2 ^ (s1 << 9), 8);
  store<u32>(state, rotl<u32>(t3, 11), 12);
  return word;
}
