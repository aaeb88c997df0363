import { binary, copy, addSplat, mulSplat, scalar, select, transcendental, unary } from "./elementwise";
import { pick } from "./jumps";
import { matmul, outer } from "./matmul";
import { COUNT, Op, OP } from "./opcodes";
import { accumulate, pack, unpack } from "./pack";
import { dot, firstMax, logSoftmax, logSumExp, max, sum, sumLanes } from "./reductions";
import { sinkhorn, sinkhornPull } from "./sinkhorn";

/** One instruction of those that no draw needs, on the lanes from `first` on. */
@inline
export function step<T>(at: usize, first: i32, lanes: i32, stride: usize, externals: usize): void {
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
    case Op.more: break;
    case Op.scalar: scalar<T>(at); break;
    case Op.pick: pick<T>(at, n, stride); break;
    default:
      if (op < Op.select) binary<T>(op, at, n, stride);
      else if (op < Op.exp) unary<T>(op, at, n, stride);
      else transcendental<T>(op, at, n, stride);
  }
}
