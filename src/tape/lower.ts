import { type Shapes, volume } from "../vocabulary/distribution.ts";
import type { Node, Op } from "./node.ts";
import { type Address, type Instruction, NOWHERE, type Operand, type Program } from "./program.ts";
import type { Opcode } from "./opcodes.ts";
import { type Rows, rows } from "./rows.ts";
import { base, runs, type Schedule, schedule } from "./schedule.ts";

/** A node whose values leave the tape. */
export interface Result {
  readonly node: Node;
  /** Where to: lanes are written `[rows, width]`; what is one for all lanes is added at `offset` numbers. */
  readonly external: string;
  readonly offset: number;
}

/** What the inputs of the trace are, outside. */
export interface Sources {
  readonly params: Shapes;
  /** Parameters that are context arrays of the only problem. */
  readonly shared: ReadonlySet<string>;
  /** Rows after which an input starts again; absent where each lane has its own. */
  readonly period: (name: string) => number;
}

const POOL_UNIT = 16; // numbers: 64 bytes at least, so that a kernel may run on to the next multiple of that
const IN_PLACE = new Set<Op>([
  "add", "sub", "mul", "div", "maximum", "minimum", "lt", "le", "eq", "tanhPull", "sigmoidPull", "select",
  "neg", "square", "sqrt", "reciprocal", "abs", "sign", "relu",
  "exp", "log", "log1p", "expm1", "sin", "cos", "sigmoid", "softplus", "tanh", "logSoftmax",
]);
interface Lowering {
  readonly before: Instruction[];
  readonly body: Instruction[];
  readonly after: Instruction[];
  readonly frame: Rows;
  readonly places: Map<Node, Address>;
  readonly sources: Sources;
  readonly plan: Schedule;
  readonly offsets: ReadonlyMap<string, number>;
  readonly constants: { at: number; values: readonly number[] }[];
  readonly scalars: Map<string, Address>;
  pool: number;
}

/**
 * The nodes that the results need, as instructions on rows.
 *
 * Rows are given out by a linear scan over the lifetimes, in place where an entry-by-entry operation is the last use of its input
 * (Poletto & Sarkar 1999), so memory follows what is alive at once and not the length of the trace.
 */
export function lower(results: readonly Result[], sources: Sources): Program {
  const plan = schedule(results.map(({ node }) => node));
  const lowering: Lowering = {
    before: [], body: [], after: [], frame: rows(), places: new Map(), sources, plan, offsets: offsetsOf(sources.params), constants: [], scalars: new Map(), pool: 0,
  };
  const leaving = new Map<Node, Result[]>();
  for (const result of results) leaving.set(result.node, [...(leaving.get(result.node) ?? []), result]);
  for (const [position, node] of plan.order.entries()) {
    if (node.uniform) placeUniform(lowering, node);
    else placeLanes(lowering, node, position);
    for (const result of leaving.get(node) ?? []) leave(lowering, result);
    if (!node.uniform) retire(lowering, node, position);
  }
  const { before, body, after, frame, pool, constants } = lowering;
  return { before, body, after, rows: frame.height, pool, constants };
}

function offsetsOf(params: Shapes): ReadonlyMap<string, number> {
  let at = 0;
  return new Map(Object.entries(params).map(([name, shape]) => [name, (at += volume(shape)) - volume(shape)]));
}

/** Rows whose last use this was are free again. */
function retire(lowering: Lowering, node: Node, position: number): void {
  const { last, inputs } = lowering.plan;
  const taken = lowering.places.get(base(node).root)?.at;
  for (const root of new Set([node, ...inputs(node)].map((x) => base(x).root))) {
    const place = lowering.places.get(root);
    if (root.uniform || last.get(root) !== position || place === undefined) continue;
    lowering.places.delete(root);
    if (root === base(node).root || place.at !== taken) lowering.frame.release(place.at, root.width);
  }
}

function placeOf(lowering: Lowering, node: Node): Address {
  const { root, offset } = base(node);
  const place = lowering.places.get(root)!;
  return offset === 0 ? place : { ...place, at: place.at + offset };
}

function placeLanes(lowering: Lowering, node: Node, position: number): void {
  if (base(node).root !== node) return;
  const { last, biased } = lowering.plan;
  const reused = biased.has(node) ? undefined : node.inputs.find((x) => reusable(node, x) && last.get(x) === position);
  const at = reused === undefined ? lowering.frame.take(node.width) : lowering.places.get(reused)!.at;
  lowering.places.set(node, { space: "rows", at });
  emitLanes(lowering, node);
}

/** In place only if no other input looks into the same rows. */
function reusable(node: Node, x: Node): boolean {
  return IN_PLACE.has(node.op) && !x.uniform && x.width === node.width && base(x).root === x && node.inputs.every((other) => other === x || base(other).root !== x);
}

function emitLanes(lowering: Lowering, node: Node): void {
  const out = lowering.places.get(node)!;
  const { width, op } = node;
  const emit = (opcode: Opcode, inputs: readonly Operand[], more: Partial<Instruction> = {}): void => {
    lowering.body.push({ op: opcode, count: 0, width, out, inputs, ...more });
  };
  const product = lowering.plan.biased.get(node);
  if (product !== undefined) return emitMatmul(lowering, product, out, node.inputs[0] === product ? node.inputs[1]! : node.inputs[0]!);
  const operands = (): Operand[] => node.inputs.map((x) => operand(lowering, x, width));
  switch (op) {
    case "input":
      return emit("pack", [], { external: node.detail.name!, detail: lowering.sources.period(node.detail.name!) });
    case "spread":
    case "expand":
      return emit("copy", operands());
    case "dot":
      if (node.inputs.some((x) => x.uniform)) return emitMatmul(lowering, node, out);
      return emit(op, node.inputs.map((x) => row(lowering, x)), { width: node.inputs[0]!.width });
    case "sum":
    case "max":
    case "logSumExp":
      return emit(op, node.inputs.map((x) => row(lowering, x)), { width: node.inputs[0]!.width });
    case "firstMax":
    case "logSoftmax":
      return emit(op, node.inputs.map((x) => row(lowering, x)));
    case "matmul":
    case "matmulTransposed":
      return emitMatmul(lowering, node, out);
    case "gather":
      return move(lowering.body, placeOf(lowering, node.inputs[0]!), node.detail.indices![0]!, out, "gather");
    case "scatter":
      return emitScatter(lowering, node, out);
    default:
      return emitElementwise(lowering.body, op as Opcode, 0, width, out, operands());
  }
}

function row(lowering: Lowering, x: Node): Operand {
  return { from: placeOf(lowering, x), stride: "row", splat: false };
}

function operand(lowering: Lowering, x: Node, width: number): Operand {
  if (!x.uniform) return { from: placeOf(lowering, x), stride: x.width === 1 && width > 1 ? 0 : "row", splat: false };
  return { from: placeOf(lowering, x), stride: x.width === 1 ? 0 : 1, splat: true };
}

function emitElementwise(into: Instruction[], op: Opcode, count: number, width: number, out: Address, operands: readonly Operand[]): void {
  const [a, b] = operands;
  if ((op === "add" || op === "mul") && a!.splat !== b!.splat) {
    into.push({ op: op === "add" ? "addSplat" : "mulSplat", count, width, out, inputs: a!.splat ? [b!, a!] : operands });
  } else into.push({ op, count, width, out, inputs: operands });
}

/** out[j] = Σᵢ x[i] W[i, j], or W[j, i]: the strides of W say which. A vector for all lanes is a matrix of one column. */
function emitMatmul(lowering: Lowering, node: Node, out: Address, bias?: Node): void {
  const [x, matrix] = (node.inputs[0]!.uniform ? [...node.inputs].reverse() : node.inputs) as [Node, Node];
  const [i, j] = node.op === "matmul" ? [matrix.width, 1] : [1, matrix.width]; // a dot product: [1, ·]
  const weights: Operand = { from: placeOf(lowering, matrix), stride: i, splat: false };
  const added: Operand[] = bias === undefined ? [] : [{ from: placeOf(lowering, bias), stride: 1, splat: false }];
  lowering.body.push({ op: "matmul", count: 0, width: node.width, out, inputs: [row(lowering, x), weights, ...added], detail: j, depth: x.width });
}

/** Rows one stretch at a time: gathered from `indices` of the source, or scattered to `indices` of the target. */
function move(into: Instruction[], from: Address, indices: readonly number[], out: Address, kind: "gather" | "scatter"): void {
  for (const [start, end] of runs(indices)) {
    const source = { ...from, at: from.at + (kind === "gather" ? indices[start]! : start) };
    const target = { ...out, at: out.at + (kind === "gather" ? start : indices[start]!) };
    into.push({ op: "copy", count: 0, width: end - start, out: target, inputs: [{ from: source, stride: "row", splat: false }] });
  }
}

function emitScatter(lowering: Lowering, node: Node, out: Address): void {
  const indices = node.detail.indices!;
  const flat = indices.flat();
  const disjoint = flat.length === node.width && new Set(flat).size === node.width;
  if (!disjoint) lowering.body.push({ op: "copy", count: 0, width: node.width, out, inputs: [zero(lowering)] });
  for (const [i, piece] of node.inputs.entries()) {
    const from = placeOf(lowering, piece);
    if (disjoint) move(lowering.body, from, indices[i]!, out, "scatter");
    else {
      for (const [start, end] of runs(indices[i]!)) {
        const target: Address = { space: "rows", at: out.at + indices[i]![start]! };
        const inputs: Operand[] = [target, { ...from, at: from.at + start }].map((address) => ({ from: address, stride: "row", splat: false }));
        lowering.body.push({ op: "add", count: 0, width: end - start, out: target, inputs });
      }
    }
  }
}

function reserve(lowering: Lowering, size: number): Address {
  const at = lowering.pool;
  lowering.pool += Math.ceil(size / POOL_UNIT) * POOL_UNIT;
  return { space: "pool", at };
}

function constant(lowering: Lowering, values: readonly number[]): Address {
  const key = values.length === 1 ? (Object.is(values[0], -0) ? "-0" : String(values[0])) : undefined;
  const known = key === undefined ? undefined : lowering.scalars.get(key);
  if (known !== undefined) return known;
  const place = reserve(lowering, values.length);
  if (key !== undefined) lowering.scalars.set(key, place);
  lowering.constants.push({ at: place.at, values });
  return place;
}

const zero = (lowering: Lowering): Operand => ({ from: constant(lowering, [0]), stride: 0, splat: true });

/** A value that is one for all lanes: its numbers side by side, as if they were lanes of one row. */
function placeUniform(lowering: Lowering, node: Node): void {
  const { op, size, detail, late } = node;
  if (base(node).root !== node) return;
  if (op === "parameter") {
    const shared = lowering.sources.shared.has(detail.name!);
    const place: Address = shared ? { space: "context", at: 0, name: detail.name! } : { space: "params", at: lowering.offsets.get(detail.name!)! };
    lowering.places.set(node, place);
    return;
  }
  const out = op === "constant" ? constant(lowering, detail.values!) : reserve(lowering, size);
  lowering.places.set(node, out);
  if (op === "constant") return;
  const once = late ? lowering.after : lowering.before;
  const flat = (x: Node): Operand => ({ from: placeOf(lowering, x), stride: 0, splat: x.size === 1 && size > 1 });
  const clear = (into: Instruction[]): unknown => into.push({ op: "copy", count: size, width: 1, out, inputs: [{ ...zero(lowering), splat: true }] });
  const add = (from: Address, count: number, to: Address): unknown => once.push({ op: "accumulate", count, width: 1, out: to, inputs: [{ from, stride: 0, splat: false }] });
  switch (op) {
    case "outer":
      clear(lowering.before);
      lowering.body.push({ op, count: 0, width: node.height, out, inputs: node.inputs.map((x) => row(lowering, x)), detail: node.width });
      return;
    case "sumLanes":
      clear(lowering.before);
      lowering.body.push({ op, count: 0, width: node.width, out, inputs: [row(lowering, node.inputs[0]!)] });
      return;
    case "sum":
      clear(once);
      once.push({ op: "sumLanes", count: node.inputs[0]!.size, width: 1, out, inputs: [flat(node.inputs[0]!)] });
      return;
    case "expand":
      once.push({ op: "copy", count: size, width: 1, out, inputs: node.inputs.map(flat) });
      return;
    case "gather":
    case "scatter":
      clear(once);
      for (const [i, x] of node.inputs.entries()) {
        const from = placeOf(lowering, x);
        const indices = detail.indices![i]!;
        for (const [start, end] of runs(indices)) {
          const [source, target] = op === "gather" ? [indices[start]!, start] : [start, indices[start]!];
          add({ ...from, at: from.at + source }, end - start, { ...out, at: out.at + target });
        }
      }
      return;
    default:
      emitElementwise(once, op as Opcode, size, 1, out, node.inputs.map(flat));
  }
}

function leave(lowering: Lowering, { node, external, offset }: Result): void {
  const from = placeOf(lowering, node);
  if (!node.uniform) lowering.body.push({ op: "unpack", count: 0, width: node.width, out: NOWHERE, inputs: [{ from, stride: "row", splat: false }], external });
  else lowering.after.push({ op: "accumulate", count: node.size, width: 1, out: NOWHERE, inputs: [{ from, stride: 0, splat: false }], external, detail: offset });
}
