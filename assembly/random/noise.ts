import { span } from "../lanes";
import { boxMuller } from "./box-muller";
import { tables } from "./built";
import { bothEnds, exponential } from "./exponential";
import { logistic, odds } from "./logistic";
import { negativeLog } from "./negative-log";
import { philox } from "./philox";
import { fill, open, STREAM } from "./stream";
import { unit } from "./unit";
import { ziggurat } from "./ziggurat";

/** Standard noise: location 0, scale 1. `FineExponential` is fine at both ends, for a logarithm to come, and `Odds` are e to the power of logistic draws; `Words` are the bits of uniforms, for a family whose own pass makes them numbers. */
export const enum Noise { Uniform, Exponential, Normal, Gumbel, Logistic, Words, FineExponential, Odds }

/** Bytes of a source of noise, which its sampler owns: a stream, then a scalar generator for what is rejected. */
export const SOURCE: i32 = STREAM + 16;

/** Opens the source of one chunk. The scalar generator is the stream's ninth lane. */
export function begin(low: u32, high: u32, site: u32, chunk: u32, source: usize, use: u32 = 0): void {
  open(low, high, site, chunk, source, use);
  philox(low, high, 8, chunk, site, use, source + STREAM);
}

/**
 * out[i] = the next draw of standard noise.
 *
 * Draw i of a chunk takes word i (f32) or words 2i and 2i + 1 (f64), in groups of eight words, whatever `count` is; what is rejected
 * takes more from the scalar generator. So `count` splits a chunk's sequence where it is a multiple of 8.
 *
 * @param source  SOURCE bytes, advanced
 * @param out     T[count], written
 */
export function standard<T>(noise: Noise, count: i32, source: usize, out: usize): void {
  if (sizeof<T>() == 8) tables();
  const rest = count & (GROUP / sizeof<T>() - 1);
  const end = out + span<T>(count - rest);
  while (out < end) {
    const bytes = min(BLOCK, <i32>(end - out));
    block<T>(noise, bytes, source, out);
    out += bytes;
  }
  if (rest == 0) return;
  block<T>(noise, GROUP, source, REST);
  memory.copy(out, REST, span<T>(rest));
}

/** A block stays in the first cache from its bits to its draws; a page, because one transcendental a pass is fastest. */
const BLOCK: i32 = 4096;
/** Bytes of eight words. */
const GROUP: i32 = 32;
const REST = memory.data(GROUP, 16);

function block<T>(noise: Noise, bytes: i32, source: usize, out: usize): void {
  fill(bytes >> 2, source, out);
  if (noise == Noise.Words) return;
  const end = out + bytes;
  if (noise == Noise.Uniform) uniform<T>(out, end);
  else if (noise == Noise.Normal) {
    if (sizeof<T>() == 4) boxMuller(out, end);
    else ziggurat(source + STREAM, out, end);
  } else if (noise == Noise.Exponential) exponential<T>(out, end);
  else if (noise == Noise.Logistic) logistic<T>(out, end);
  else if (noise == Noise.Odds) odds<T>(out, end);
  else {
    bothEnds<T>(out, end);
    if (noise == Noise.Gumbel) negativeLog<T>(out, end);
  }
}

function uniform<T>(at: usize, end: usize): void {
  for (; at < end; at += 16) v128.store(at, unit<T>(v128.load(at)));
}
