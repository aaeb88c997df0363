import { elementwise, type Lowering, placeOf, reserve, row, zero } from "./lowering.ts";
import type { Node, Op } from "./node.ts";
import type { Opcode } from "./opcodes.ts";
import type { Address, Instruction, Operand } from "./program.ts";
import { rootOf, runs } from "./schedule.ts";
import { roomOf } from "./transport.ts";

/** The array outside that draws are keyed by: u32[3], the words of the key and the first chunk. */
export const KEY = "key";

/** What a coin flip is told: nobody asks any more which birth the perturbation of a lane is. The same as in assembly/tape/draws.ts. */
const UNASKED = 8;

const IN_PLACE = new Set<Op>([
  "add", "sub", "mul", "div", "maximum", "minimum", "lt", "le", "eq", "tanhPull", "sigmoidPull", "select",
  "neg", "square", "sqrt", "reciprocal", "abs", "sign", "relu",
  "exp", "log", "log1p", "expm1", "sin", "cos", "sigmoid", "softplus", "tanh", "digamma", "logSoftmax",
  "affine", "mask", "maskAdd",
]);

/** A value of each lane: rows of its own, or those of an input that is not needed any more. */
export function placeLanes(lowering: Lowering, node: Node, position: number): void {
  if (rootOf(node) !== node) return;
  const { last, biased } = lowering.plan;
  const reused = biased.has(node) ? undefined : node.inputs.find((x) => reusable(node, x) && last.get(x) === position);
  const at = reused === undefined ? lowering.frame.take(node.width) : lowering.places.get(reused)!.at;
  lowering.places.set(node, { space: "rows", at });
  emit(lowering, node, position);
}

/** In place only if no other input looks into the same rows. */
function reusable(node: Node, x: Node): boolean {
  return IN_PLACE.has(node.op) && !x.uniform && x.width === node.width && rootOf(x) === x && node.inputs.every((other) => other === x || rootOf(other) !== x);
}

function emit(lowering: Lowering, node: Node, position: number): void {
  const out = lowering.places.get(node)!;
  const { width, op } = node;
  const push = (opcode: Opcode, inputs: readonly Operand[], more: Partial<Instruction> = {}): void => {
    lowering.body.push({ op: opcode, count: 0, width, out, inputs, ...more });
  };
  const product = lowering.plan.biased.get(node);
  if (product !== undefined) return emitMatmul(lowering, product, out, node.inputs[0] === product ? node.inputs[1]! : node.inputs[0]!);
  const operands = (): Operand[] => node.inputs.map((x) => operand(lowering, x, width));
  switch (op) {
    case "input":
      return push("pack", [], { external: node.detail.external!, detail: lowering.sources.period(node.detail.external!) });
    case "spread":
    case "expand":
      return push("copy", operands());
    case "dot":
      if (node.inputs.some((x) => x.uniform)) return emitMatmul(lowering, node, out);
      return push(op, node.inputs.map((x) => row(lowering, x)), { width: node.inputs[0]!.width });
    case "sum":
    case "max":
    case "logSumExp":
      return push(op, node.inputs.map((x) => row(lowering, x)), { width: node.inputs[0]!.width });
    case "firstMax":
    case "logSoftmax":
      return push(op, node.inputs.map((x) => row(lowering, x)));
    case "sinkhorn":
    case "sinkhornPull":
      return emitSinkhorn(lowering, node, out);
    case "matmul":
    case "matmulTransposed":
      return emitMatmul(lowering, node, out);
    case "gather":
      return move(lowering.body, placeOf(lowering, node.inputs[0]!), node.detail.indices![0]!, out, "gather");
    case "scatter":
      return emitScatter(lowering, node, out);
    case "affine":
    case "maskAdd":
      return push(op, operands(), { detail: node.detail.flags ?? 0 });
    case "mask":
      return push(op, operands(), { detail: node.detail.flags!, depth: node.detail.spacing! });
    case "pick":
      return push(op, [operand(lowering, node.inputs[0]!, Infinity), row(lowering, node.inputs[1]!)], { depth: node.inputs[0]!.width });
    case "cell":
      return push("copy", [zero(lowering)]);
    case "draw":
      return push(node.detail.draw as Opcode, operands(), { external: KEY, detail: node.detail.site!, depth: node.detail.flags! | (node.detail.draw === "bernoulliTriple" && position > lowering.plan.asked ? UNASKED : 0) });
    default:
      return elementwise(lowering.body, op as Opcode, 0, width, out, operands());
  }
}

function operand(lowering: Lowering, x: Node, width: number): Operand {
  if (!x.uniform) return { from: placeOf(lowering, x), stride: x.width === 1 && width > 1 ? 0 : "row", splat: false };
  let splat = lowering.splats.get(x);
  if (splat === undefined) lowering.splats.set(x, (splat = { from: placeOf(lowering, x), stride: x.width === 1 ? 0 : 1, splat: true }));
  return splat;
}

/** out[j] = Σᵢ x[i] W[i, j], or W[j, i]: the strides of W say which. A vector for all lanes is a matrix of one column. */
function emitMatmul(lowering: Lowering, node: Node, out: Address, bias?: Node): void {
  const [x, matrix] = (node.inputs[0]!.uniform ? [...node.inputs].reverse() : node.inputs) as [Node, Node];
  const [i, j] = node.op === "matmul" ? [matrix.width, 1] : [1, matrix.width]; // a dot product: [1, ·]
  const weights: Operand = { from: placeOf(lowering, matrix), stride: i, splat: false };
  const added: Operand[] = bias === undefined ? [] : [{ from: placeOf(lowering, bias), stride: 1, splat: false }];
  lowering.body.push({ op: "matmul", count: 0, width: node.width, out, inputs: [row(lowering, x), weights, ...added], detail: j, depth: x.width });
}

/** With room of its own in the pool: of the logits, or of the cotangent and then of the logits. */
function emitSinkhorn(lowering: Lowering, node: Node, out: Address): void {
  const { op, width, inputs, detail } = node;
  const { columns, iterations } = detail as { columns: number; iterations: number };
  const room: Operand = { from: reserve(lowering, roomOf(width / columns, columns, op === "sinkhorn" ? 0 : iterations)), stride: 0, splat: false };
  const [first, last] = [inputs[0]!, inputs[inputs.length - 1]!].map((x) => row(lowering, x)) as [Operand, Operand];
  lowering.body.push({ op: op as Opcode, count: 0, width, out, inputs: [first, last, room], detail: columns, depth: iterations });
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
