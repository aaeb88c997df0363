import type { Node, Op } from "../../src/tape/node.ts";
import { iterateLogarithmic, planOf } from "../transport/sinkhorn.ts";

/** The arrays of a trace by name: lanes `[rows, width]`, parameters as they are. */
export type Arrays = Readonly<Record<string, ArrayLike<number>>>;

/** A node's numbers: `[rows, width]`, or one `[width]` for all rows. */
export type Values = ReadonlyMap<Node, Float64Array>;

type One = (x: number) => number;
type Two = (a: number, b: number) => number;

export const sigmoid: One = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

const UNARY: Partial<Record<Op, One>> = {
  neg: (x) => -x,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
  abs: Math.abs,
  sign: (x) => (x > 0 ? 1 : x < 0 ? -1 : 0),
  relu: (x) => Math.max(x, 0),
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  expm1: Math.expm1,
  sin: Math.sin,
  cos: Math.cos,
  sigmoid,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  tanh: Math.tanh,
};

const BINARY: Partial<Record<Op, Two>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  lt: (a, b) => (a < b ? 1 : 0),
  le: (a, b) => (a <= b ? 1 : 0),
  eq: (a, b) => (a === b ? 1 : 0),
  tanhPull: (d, t) => d * (1 - t * t),
  sigmoidPull: (d, s) => d * s * (1 - s),
};

export const logSumExp = (x: readonly number[]): number => {
  const most = Math.max(...x);
  return Number.isFinite(most) ? most + Math.log(x.reduce((sum, each) => sum + Math.exp(each - most), 0)) : most;
};

const logSoftmax = (x: readonly number[]): number[] => {
  const most = Math.max(...x);
  const total = logSumExp(x.map((each) => each - most));
  return x.map((each) => each - most - total);
};

/** All that the results need, node by node and lane by lane. */
export function evaluate(results: readonly Node[], rows: number, arrays: Arrays): Values {
  const values = new Map<Node, Float64Array>();
  const needed = new Set<Node>();
  const open = [...results];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (needed.has(node)) continue;
    needed.add(node);
    open.push(...node.inputs);
  }
  for (const node of [...needed].sort((a, b) => a.id - b.id)) values.set(node, valueOf(node, rows, arrays, values));
  return values;
}

/** Numbers of one lane of a node, those of width 1 repeated to `width`. */
export function laneOf(values: Values, node: Node, lane: number, width: number = node.size): number[] {
  const all = values.get(node)!;
  const from = node.uniform ? 0 : lane * node.size;
  return Array.from({ length: width }, (_, j) => all[from + (node.size === 1 ? 0 : j)]!);
}

function valueOf(node: Node, rows: number, arrays: Arrays, values: Values): Float64Array {
  const { op, inputs, detail, uniform, size } = node;
  if (op === "input" || op === "parameter") return Float64Array.from(arrays[detail.name!]!);
  if (op === "constant") return Float64Array.from(detail.values!);
  if (op === "outer" || op === "sumLanes") return overLanes(node, rows, values);
  const out = new Float64Array((uniform ? 1 : rows) * size);
  for (let lane = 0; lane < (uniform ? 1 : rows); lane++) {
    const whole = inputs.map((x) => laneOf(values, x, lane));
    const wide = inputs.map((x) => laneOf(values, x, lane, Math.max(size, x.size)));
    out.set(laneValue(node, whole, wide), lane * size);
  }
  return out;
}

function laneValue({ op, inputs, detail, size, width }: Node, whole: readonly number[][], wide: readonly number[][]): ArrayLike<number> {
  const [a = [], b = [], c = []] = wide;
  const one = UNARY[op];
  const two = BINARY[op];
  if (one !== undefined) return a.map(one);
  if (two !== undefined) return a.map((x, j) => two(x, b[j]!));
  switch (op) {
    case "select": return a.map((x, j) => (x !== 0 ? b[j]! : c[j]!));
    case "sum": return [whole[0]!.reduce((sum, x) => sum + x, 0)];
    case "dot": return [whole[0]!.reduce((sum, x, j) => sum + x * whole[1]![j]!, 0)];
    case "max": return [Math.max(...whole[0]!)];
    case "firstMax": return whole[0]!.map((_, j, all) => (j === all.indexOf(Math.max(...all)) ? 1 : 0));
    case "logSoftmax": return logSoftmax(whole[0]!);
    case "logSumExp": return [logSumExp(whole[0]!)];
    case "expand":
    case "spread": return a.slice(0, size);
    case "gather": return detail.indices![0]!.map((i) => whole[0]![i]!);
    case "scatter": {
      const out = new Float64Array(width);
      for (const [piece, indices] of detail.indices!.entries()) for (const [k, j] of indices.entries()) out[j]! += whole[piece]![k]!;
      return out;
    }
    case "matmul": return Array.from({ length: width }, (_, j) => whole[0]!.reduce((sum, x, i) => sum + x * whole[1]![i * width + j]!, 0));
    case "matmulTransposed": return Array.from({ length: width }, (_, i) => whole[0]!.reduce((sum, x, j) => sum + x * whole[1]![i * inputs[1]!.width + j]!, 0));
    case "sinkhorn": return sinkhornOf(whole[0]!, detail.columns!, detail.iterations!);
    default: throw new Error(`no twin of ${op}`);
  }
}

/** exp(x) scaled to rows of sum 1 and columns of sum rows / columns, by turns. */
export function sinkhornOf(x: readonly number[], columns: number, iterations: number): Float64Array {
  const rows = x.length / columns;
  const [phi, gamma, plan] = [new Float64Array(rows), new Float64Array(columns), new Float64Array(x.length)];
  iterateLogarithmic(rows, columns, iterations, 1, phi.map(() => 1), gamma.map(() => rows / columns), Float64Array.from(x), phi, gamma);
  planOf(rows, columns, 1, Float64Array.from(x), phi, gamma, plan);
  return plan;
}

function overLanes({ op, inputs, size, width }: Node, rows: number, values: Values): Float64Array {
  const out = new Float64Array(size);
  for (let lane = 0; lane < rows; lane++) {
    const a = laneOf(values, inputs[0]!, lane);
    const d = op === "outer" ? laneOf(values, inputs[1]!, lane) : [1];
    for (const [i, x] of a.entries()) for (const [j, y] of d.entries()) out[op === "outer" ? i * width + j : i]! += x * y;
  }
  return out;
}
