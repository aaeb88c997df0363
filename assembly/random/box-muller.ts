import { constant, cubic } from "../math/polynomial";
import { exponentialOf } from "./exponential";
import { COSINE, SINE } from "./tables";

/**
 * √(2E) cos φ and √(2E) sin φ are independent standard normals, E exponential, φ uniform over the circle (Box & Muller 1958).
 *
 * Of each eight words four become radii, four angles: an eighth of a turn either way, then exchanged and turned by half at
 * random. Radii reach √(2 · 33 ln 2) = 6.76.
 *
 * @param at … end  words, then f32 in their place; whole groups of 8
 */
export function boxMuller(at: usize, end: usize): void {
  radii(at, end);
  for (; at < end; at += 32) {
    const angle = v128.load(at, 16);
    const radius = v128.load(at);
    // Bits 31 and 30 turn and exchange; the rest, as a signed fraction, is t.
    const t = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shl(angle, 2)), constant<f32>(TURN, 0));
    const half = v128.and(angle, constant<f32>(TURN, 1));
    const exchange = i32x4.shr_s(i32x4.shl(angle, 1), 31);
    const z = f32x4.mul(t, t), z2 = f32x4.mul(z, z);
    const length = v128.xor(radius, half);
    const sine = f32x4.mul(length, f32x4.mul(t, cubic<f32>(SINE, 0, z, z2)));
    const cosine = f32x4.mul(length, cubic<f32>(COSINE, 0, z, z2));
    v128.store(at, v128.bitselect(sine, cosine, exchange));
    v128.store(at, v128.bitselect(cosine, sine, exchange), 16);
  }
}

/** The last group may be odd: it is computed twice. */
function radii(at: usize, end: usize): void {
  for (; at < end; at += 64) {
    const other = at + 32 < end ? at + 32 : at;
    const first = radius(v128.load(at));
    const second = radius(v128.load(other));
    v128.store(other, second);
    v128.store(at, first);
  }
}

@inline
function radius(word: v128): v128 {
  const e = exponentialOf<f32>(word);
  return f32x4.sqrt(f32x4.add(e, e));
}

// 2⁻³², the sign bit.
const TURN = memory.data<u32>([0x2f800000, 0x80000000]);
