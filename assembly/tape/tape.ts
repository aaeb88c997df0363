import { binary, copy, addSplat, mulSplat, select, transcendental, unary } from "./elementwise";
import { matmul, outer } from "./matmul";
import { COUNT, INSTRUCTION, Op, OP } from "./opcodes";
import { accumulate, pack, unpack } from "./pack";
import { dot, firstMax, logSoftmax, logSumExp, max, sum, sumLanes } from "./reductions";
import { sinkhorn, sinkhornPull } from "./sinkhorn";

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
  for (; at < end; at += INSTRUCTION) {
    const own = load<i32>(at, COUNT);
    const n = own != 0 ? own : lanes;
    const op: Op = load<i32>(at, OP);
    switch (op) {
      case Op.copy: copy<T>(at, n, stride); break;
      case Op.pack: pack<T>(at, first, n, stride, externals); break;
      case Op.unpack: unpack<T>(at, first, n, stride, externals); break;
      case Op.accumulate: accumulate<T>(at, n, externals); break;
      case Op.addSplat: addSplat<T>(at, n, stride); break;
      case Op.mulSplat: mulSplat<T>(at, n, stride); break;
      case Op.select: select<T>(at, n, stride); break;
      case Op.sum: sum<T>(at, n, stride); break;
      case Op.dot: dot<T>(at, n, stride); break;
      case Op.max: max<T>(at, n, stride); break;
      case Op.firstMax: firstMax<T>(at, n, stride); break;
      case Op.logSumExp: logSumExp<T>(at, n, stride); break;
      case Op.logSoftmax: logSoftmax<T>(at, n, stride); break;
      case Op.matmul: matmul<T>(at, n, stride); break;
      case Op.outer: outer<T>(at, n, stride); break;
      case Op.sumLanes: sumLanes<T>(at, n, stride); break;
      case Op.sinkhorn: sinkhorn<T>(at, n, stride); break;
      case Op.sinkhornPull: sinkhornPull<T>(at, n, stride); break;
      default:
        if (op < Op.select) binary<T>(op, at, n, stride);
        else if (op < Op.exp) unary<T>(op, at, n, stride);
        else transcendental<T>(op, at, n, stride);
    }
  }
}
