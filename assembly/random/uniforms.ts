import { fill, open, STREAM } from "./stream";
import { unit } from "./unit";

/**
 * f64 uniforms in (0, 1), one at a time, for samplers that search more than they draw: the same in both precisions. A sampler that takes
 * a fixed number a row has rows that depend on (key, site, row) alone.
 */
export function begin(low: u32, high: u32, site: u32, chunk: u32): void {
  open(low, high, site, chunk, STATE);
  NEXT = END;
}

export function next(): f64 {
  if (NEXT == END) refill();
  const u = load<f64>(NEXT);
  NEXT += 8;
  return u;
}

/** Passes over the next `count`, at most 2³¹. */
export function skip(count: i32): void {
  for (let left = <i32>(END - NEXT) >> 3; count > left; left = BLOCK) {
    count -= left;
    refill();
  }
  NEXT += <usize>count << 3;
}

/** The address of the next four, where all are taken by fours. */
export function nextFour(): usize {
  if (NEXT == END) refill();
  const four = NEXT;
  NEXT += 32;
  return four;
}

/** The address of the next `count`, one after the other, at most 128; what lies behind may be read for two more. */
export function nextRow(count: i32): usize {
  const left = END - NEXT;
  if (left < <usize>count << 3) {
    memory.copy(UNIFORMS - left, NEXT, left);
    refill();
    NEXT -= left;
  }
  const row = NEXT;
  NEXT += <usize>count << 3;
  return row;
}

function refill(): void {
  fill(2 * BLOCK, STATE, UNIFORMS);
  for (let at = UNIFORMS; at < END; at += 16) v128.store(at, unit<f64>(v128.load(at)));
  NEXT = UNIFORMS;
}

const BLOCK: i32 = 128;
// What is left of a block moves in front of the next.
const UNIFORMS: usize = memory.data(2 * 128 * 8 + 16, 16) + 128 * 8;
const END: usize = UNIFORMS + 128 * 8;
const STATE = memory.data(STREAM, 16);
let NEXT: usize = 0;
