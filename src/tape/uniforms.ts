import { constant, elementwise, type Lowering, placeOf, reserve, reserveOne, row, zero } from "./lowering.ts";
import type { Node } from "./node.ts";
import { OPCODES, type Opcode } from "./opcodes.ts";
import type { Address, Instruction, Operand } from "./program.ts";
import { rootOf, runs } from "./schedule.ts";

/** What is computed on single numbers without touching what lies beside them. */
const SCALAR = new Set<Opcode>(["add", "sub", "mul", "div"]);

/** A value that is one for all lanes: its numbers side by side, as if they were lanes of one row. */
export function placeUniform(lowering: Lowering, node: Node): void {
  const { op, size, detail, late } = node;
  if (rootOf(node) !== node) return;
  if (op === "parameter") {
    const shared = lowering.sources.shared.has(detail.name!);
    const place: Address = shared ? { space: "context", at: 0, name: detail.name! } : { space: "params", at: lowering.offsets.get(detail.name!)! };
    lowering.places.set(node, place);
    return;
  }
  const alone = SCALAR.has(op as Opcode) && !late && node.inputs.every((x) => x.size === 1 && x.height === 0);
  const out = op === "constant" ? constant(lowering, detail.values!) : alone ? reserveOne(lowering) : reserve(lowering, size);
  lowering.places.set(node, out);
  if (op === "constant") return;
  const once = late ? lowering.after : lowering.before;
  const flat = (x: Node): Operand => ({ from: placeOf(lowering, x), stride: 0, splat: x.size === 1 && size > 1 });
  const clear = (into: Instruction[]): unknown => into.push({ op: "copy", count: size, width: 1, out, inputs: [{ ...zero(lowering), splat: true }] });
  const add = (from: Address, count: number, to: Address): unknown => once.push({ op: "accumulate", count, width: 1, out: to, inputs: [{ from, stride: 0, splat: false }] });
  if (alone) {
    once.push({ op: "scalar", count: 1, width: 1, out, inputs: node.inputs.map(flat), detail: OPCODES[op as Opcode] });
    return;
  }
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
      elementwise(once, op as Opcode, size, 1, out, node.inputs.map(flat));
  }
}
