import { digamma } from "../math/vectors";
import { discrete, discreteTriple } from "./discrete";
import { bernoulli, bernoulliTriple, noise } from "./draws";
import { gamma } from "./gamma";
import { affine, mask, maskAdd } from "./jumps";
import { A, COUNT, INSTRUCTION, Op, OP, OUT, STEP_A, WIDTH } from "./opcodes";
import { step } from "./step";

/**
 * `tape.run` for the trace of a stochastic program: what draws, what jumps, and what only they need besides. It ships beside the core.
 *
 * @param code      instructions, INSTRUCTION bytes each: `before` of them once, `body` for each chunk of lanes, `after` once
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

function execute<T>(at: usize, end: usize, first: i32, lanes: i32, stride: usize, externals: usize): void {
  for (; at < end; at += INSTRUCTION) {
    const own = load<i32>(at, COUNT);
    const n = own != 0 ? own : lanes;
    const op: Op = load<i32>(at, OP);
    switch (op) {
      case Op.affine: affine<T>(at, n, stride); break;
      case Op.mask: mask<T>(at, n, stride); break;
      case Op.maskAdd: maskAdd<T>(at, n, stride); break;
      case Op.noise: noise<T>(at, first, n, stride, externals); break;
      case Op.bernoulli: bernoulli<T>(at, first, n, stride, externals); break;
      case Op.bernoulliTriple: bernoulliTriple<T>(at, first, n, stride, externals); break;
      case Op.discrete: discrete<T>(at, first, n, stride, externals); break;
      case Op.discreteTriple: discreteTriple<T>(at, first, n, stride, externals); break;
      case Op.gamma: gamma<T>(at, first, n, stride, externals); break;
      case Op.digamma: digammaOf<T>(at, n, stride); break;
      default: step<T>(at, first, lanes, stride, externals);
    }
  }
}

function digammaOf<T>(at: usize, n: i32, stride: usize): void {
  const stepA = <usize>load<u32>(at, STEP_A);
  let out = <usize>load<u32>(at, OUT), a = <usize>load<u32>(at, A);
  for (let j = load<i32>(at, WIDTH); j > 0; --j, out += stride, a += stepA) digamma<T>(n, a, out);
}
