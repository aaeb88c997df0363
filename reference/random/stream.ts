import { philox } from "./philox.ts";

/** Rows of one chunk of a stream. */
export const CHUNK = 1024;

/** The words of a chunk, one a call: xoshiro128++ on eight lanes in turn, each lane seeded by Philox with (lane, chunk, site, 0). */
export function stream(low: number, high: number, site: number, chunk: number): () => number {
  const lanes = Array.from({ length: 8 }, (_, i) => lane(low, high, site, chunk, i));
  let next = 0;
  return () => lanes[next++ & 7]!();
}

/** One lane of a chunk, as `stream`; lane 8 is the scalar generator of what a sampler rejects. */
export function lane(low: number, high: number, site: number, chunk: number, index: number): () => number {
  const state = Int32Array.from(philox(low, high, [index, chunk, site, 0]));
  return () => xoshiro(state);
}

/** Blackman & Vigna 2021. */
export function xoshiro(s: Int32Array): number {
  const s0 = s[0]!;
  const s1 = s[1]!;
  const word = (rotate((s0 + s[3]!) | 0, 7) + s0) >>> 0;
  const s2 = s[2]! ^ s0;
  const s3 = s[3]! ^ s1;
  s[0] = s0 ^ s3;
  s[1] = s1 ^ s2;
  s[2] = s2 ^ (s1 << 9);
  s[3] = rotate(s3, 11);
  return word;
}

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}
