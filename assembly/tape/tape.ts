import { INSTRUCTION } from "./opcodes";
import { step } from "./step";

/**
 * Runs a lowered trace: `before` instructions once, `body` for each chunk of lanes, `after` once.
 *
 * A value is rows of a frame, [width, lanes], one row every `stride` bytes; a row has room for its lanes rounded up to 64 bytes,
 * and what lies beyond the lanes is never part of a result.
 *
 * @param code      instructions, INSTRUCTION bytes each
 * @param rows      lanes in all
 * @param lanes     lanes of a chunk, a multiple of 16
 * @param externals u32: the addresses of the arrays outside, by number
 */
export function run<T>(code: usize, before: i32, body: i32, after: i32, rows: i32, lanes: i32, stride: usize, externals: usize): void {
  const first = code + <usize>before * INSTRUCTION;
  const last = first + <usize>body * INSTRUCTION;
  execute<T>(code, first, 0, 0, stride, externals);
  for (let row = 0; row < rows; row += lanes) execute<T>(first, last, row, min(lanes, rows - row), stride, externals);
  execute<T>(last, last + <usize>after * INSTRUCTION, 0, 0, stride, externals);
}

/** The instructions from `at` up to `end`, on the lanes from `first` on. */
function execute<T>(at: usize, end: usize, first: i32, lanes: i32, stride: usize, externals: usize): void {
  for (; at < end; at += INSTRUCTION) step<T>(at, first, lanes, stride, externals);
}
