/** The numbers of the operations in the bytecode; the same as in assembly/tape/opcodes.ts. */
export const OPCODES = {
  copy: 0, pack: 1, unpack: 2, accumulate: 3,
  addSplat: 4, mulSplat: 5,
  add: 6, sub: 7, mul: 8, div: 9, maximum: 10, minimum: 11, lt: 12, le: 13, eq: 14, tanhPull: 15, sigmoidPull: 16, select: 17,
  neg: 18, square: 19, sqrt: 20, reciprocal: 21, abs: 22, sign: 23, relu: 24,
  exp: 25, log: 26, log1p: 27, expm1: 28, sin: 29, cos: 30, sigmoid: 31, softplus: 32, tanh: 33,
  sum: 34, dot: 35, max: 36, firstMax: 37, logSumExp: 38,
  matmul: 39, outer: 40, sumLanes: 41, logSoftmax: 42, sinkhorn: 43, sinkhornPull: 44,
} as const;

export type Opcode = keyof typeof OPCODES;
