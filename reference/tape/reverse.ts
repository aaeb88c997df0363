import type { Node, Op } from "../../src/tape/node.ts";
import { type Arrays, evaluate, laneOf, sigmoid, type Values } from "./evaluate.ts";
import { pull as pullSinkhorn } from "../transport/unrolled.ts";

/** ∂op/∂x from x and the value. */
const SLOPES: Partial<Record<Op, (x: number, y: number) => number>> = {
  neg: () => -1,
  square: (x) => 2 * x,
  sqrt: (_, y) => 0.5 / y,
  reciprocal: (_, y) => -y * y,
  abs: (x) => Math.sign(x),
  sign: () => 0,
  relu: (x) => (x > 0 ? 1 : 0),
  exp: (_, y) => y,
  log: (x) => 1 / x,
  log1p: (x) => 1 / (1 + x),
  expm1: (x) => Math.exp(x),
  sin: (x) => Math.cos(x),
  cos: (x) => -Math.sin(x),
  sigmoid: (_, y) => y * (1 - y),
  softplus: (x) => sigmoid(x),
  tanh: (_, y) => 1 - y * y,
};

/** (∂/∂a, ∂/∂b) */
const SLOPES2: Partial<Record<Op, (a: number, b: number) => readonly [number, number]>> = {
  add: () => [1, 1],
  sub: () => [1, -1],
  mul: (a, b) => [b, a],
  div: (a, b) => [1 / b, -a / (b * b)],
  maximum: (a, b) => (a >= b ? [1, 0] : [0, 1]),
  minimum: (a, b) => (a <= b ? [1, 0] : [0, 1]),
  lt: () => [0, 0],
  le: () => [0, 0],
  eq: () => [0, 0],
};

/** The gradient of Σ cotangent · of with respect to each of `wrt`, a node at a time, a lane at a time. */
export function reverse(of: Node, cotangent: ArrayLike<number>, wrt: readonly Node[], rows: number, arrays: Arrays): Float64Array[] {
  const values = evaluate([of, ...wrt], rows, arrays);
  const adjoints = new Map<Node, Float64Array>();
  for (const [node, value] of values) adjoints.set(node, new Float64Array(value.length));
  adjoints.get(of)!.set(cotangent);
  for (const node of [...values.keys()].sort((a, b) => b.id - a.id)) {
    if (node.inputs.length === 0) continue;
    for (let lane = 0; lane < (node.uniform ? 1 : rows); lane++) pull(node, lane, values, adjoints);
  }
  return wrt.map((node) => adjoints.get(node)!);
}

function pull(node: Node, lane: number, values: Values, adjoints: ReadonlyMap<Node, Float64Array>): void {
  const { op, inputs, detail, size, width } = node;
  const d = laneOf(adjoints, node, lane);
  const y = laneOf(values, node, lane);
  const wide = inputs.map((x) => laneOf(values, x, lane, Math.max(size, x.size)));
  const add = (which: number, j: number, amount: number): void => {
    const x = inputs[which]!;
    adjoints.get(x)![(x.uniform ? 0 : lane * x.size) + (x.size === 1 ? 0 : j)]! += amount;
  };
  const [a = [], b = []] = wide;
  const one = SLOPES[op];
  const two = SLOPES2[op];
  if (one !== undefined) return d.forEach((c, j) => add(0, j, c * one(a[j]!, y[j]!)));
  if (two !== undefined) {
    return d.forEach((c, j) => {
      const [left, right] = two(a[j]!, b[j]!);
      add(0, j, c * left);
      add(1, j, c * right);
    });
  }
  const c = d[0]!;
  switch (op) {
    case "select": return d.forEach((each, j) => add(a[j] !== 0 ? 1 : 2, j, each));
    case "sum": return a.forEach((_, j) => add(0, j, c));
    case "dot": return a.forEach((x, j) => (add(0, j, c * b[j]!), add(1, j, c * x)));
    case "max": return add(0, a.indexOf(y[0]!), c);
    case "logSoftmax": {
      const total = d.reduce((sum, each) => sum + each, 0);
      return d.forEach((each, j) => add(0, j, each - Math.exp(y[j]!) * total));
    }
    case "logSumExp": return a.forEach((x, j) => add(0, j, c * Math.exp(x - y[0]!)));
    case "expand":
    case "spread": return d.forEach((each, j) => add(0, j, each));
    case "gather": return d.forEach((each, k) => add(0, detail.indices![0]![k]!, each));
    case "scatter": return detail.indices!.forEach((indices, piece) => indices.forEach((j, k) => add(piece, k, d[j]!)));
    case "matmul": return d.forEach((each, j) => {
      for (let i = 0; i < inputs[0]!.width; i++) {
        add(0, i, each * b[i * width + j]!);
        add(1, i * width + j, each * a[i]!);
      }
    });
    case "sinkhorn": {
      const [rows, columns] = [size / detail.columns!, detail.columns!];
      const masses = [rows, columns].map((length) => new Float64Array(length).fill(rows / length)) as [Float64Array, Float64Array];
      return pullSinkhorn(rows, columns, detail.iterations!, 1, ...masses, Float64Array.from(a), d).exponent.forEach((each, j) => add(0, j, each));
    }
    default: throw new Error(`no twin of ${op}`);
  }
}
