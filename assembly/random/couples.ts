import { expOne, logOne } from "../math/once";
import { begin, Noise, SOURCE, standard } from "./noise";
import { fill } from "./stream";

/** How the two points of a weak derivative share their randomness; numbered as in TypeScript. */
export const enum Coupling { Same, Antithetic, Independent }

/** Standard noise of one chunk, a number a row; three kinds at most side by side. */
export const FIRST = memory.data(1024 * 8 + 16, 16);
export const SECOND = memory.data(1024 * 8 + 16, 16);
export const THIRD = memory.data(1024 * 8 + 16, 16);

/** out[i] = draw i of one kind of noise from a site of its own, so that few rows are the first of many. */
export function noiseOf(size: i32, noise: Noise, low: u32, high: u32, site: u32, chunk: u32, count: i32, out: usize): void {
  begin(low, high, site, chunk, NOISE);
  if (size == 4) standard<f32>(noise, count, NOISE, out);
  else standard<f64>(noise, count, NOISE, out);
}

/** out[i] = word i, 32 bits (f32) or 64. */
export function wordsOf(size: i32, low: u32, high: u32, site: u32, chunk: u32, count: i32, out: usize): void {
  begin(low, high, site, chunk, NOISE);
  fill(count * (size >> 2), NOISE, out);
}

/** −log(1 − u) of E = −log u: the exponential draw of the mirrored uniform. */
export function mirroredExponential(e: f64): f64 {
  return e < 1e-8 ? -logOne(e) : -logOne(1 - expOne(-e));
}

const NOISE = memory.data(SOURCE, 16);
