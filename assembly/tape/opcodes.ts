/** The numbers of the operations in the bytecode; the same as in src/tape/opcodes.ts. */
export const enum Op {
  copy = 0, pack = 1, unpack = 2, accumulate = 3,
  addSplat = 4, mulSplat = 5,
  add = 6, sub = 7, mul = 8, div = 9, maximum = 10, minimum = 11, lt = 12, le = 13, eq = 14, tanhPull = 15, sigmoidPull = 16, select = 17,
  neg = 18, square = 19, sqrt = 20, reciprocal = 21, abs = 22, sign = 23, relu = 24,
  exp = 25, log = 26, log1p = 27, expm1 = 28, sin = 29, cos = 30, sigmoid = 31, softplus = 32, tanh = 33,
  sum = 34, dot = 35, max = 36, firstMax = 37, logSumExp = 38,
  matmul = 39, outer = 40, sumLanes = 41, logSoftmax = 42, sinkhorn = 43, sinkhornPull = 44,
}

/** Bytes of one instruction, and where its words lie. */
export const INSTRUCTION: usize = 56;
export const OP: usize = 0;
export const COUNT: usize = 4;
export const WIDTH: usize = 8;
export const OUT: usize = 12;
export const A: usize = 16;
export const STEP_A: usize = 20;
export const B: usize = 24;
export const STEP_B: usize = 28;
export const C: usize = 32;
export const STEP_C: usize = 36;
export const SPLATS: usize = 40;
export const EXTERNAL: usize = 44;
export const DETAIL: usize = 48;
export const DEPTH: usize = 52;
