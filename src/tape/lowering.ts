import type { Shapes } from "../vocabulary/distribution.ts";
import type { Node } from "./node.ts";
import type { NodeMap } from "./node-map.ts";
import type { Opcode } from "./opcodes.ts";
import type { Address, Instruction, Operand } from "./program.ts";
import type { Rows } from "./rows.ts";
import { base, type Schedule } from "./schedule.ts";

/** What the inputs of the trace are, outside. */
export interface Sources {
  readonly params: Shapes;
  /** Parameters that are context arrays of the only problem. */
  readonly shared: ReadonlySet<string>;
  /** Rows after which an array outside starts again; 0 where each lane has its own. */
  readonly period: (external: string) => number;
}

/** A lowering under way: the instructions so far, and where each value lies. */
export interface Lowering {
  readonly before: Instruction[];
  readonly body: Instruction[];
  readonly after: Instruction[];
  readonly frame: Rows;
  readonly places: NodeMap<Address>;
  /** What is one for all lanes as an operand of single numbers: the same object for all that take it. */
  readonly splats: NodeMap<Operand>;
  readonly sources: Sources;
  readonly plan: Schedule;
  readonly offsets: ReadonlyMap<string, number>;
  readonly constants: { at: number; values: readonly number[] }[];
  readonly scalars: Map<number | "-0", Address>;
  pool: number;
  /** The next place of a number on its own; at a multiple of a unit there is none yet. */
  single: number;
}

const POOL_UNIT = 16; // numbers: 64 bytes at least, so that a kernel may run on to the next multiple of that

export function placeOf(lowering: Lowering, node: Node): Address {
  if (node.op !== "gather") return lowering.places.get(node)!;
  const { root, offset } = base(node);
  const place = lowering.places.get(root)!;
  return offset === 0 ? place : { ...place, at: place.at + offset };
}

export function row(lowering: Lowering, x: Node): Operand {
  return { from: placeOf(lowering, x), stride: "row", splat: false };
}

export function reserve(lowering: Lowering, size: number): Address {
  const at = lowering.pool;
  lowering.pool += Math.ceil(size / POOL_UNIT) * POOL_UNIT;
  return { space: "pool", at };
}

/** One number that is only read as such: sixteen of them share what any other value takes. */
export function reserveOne(lowering: Lowering): Address {
  if (lowering.single % POOL_UNIT === 0) lowering.single = reserve(lowering, 1).at;
  return { space: "pool", at: lowering.single++ };
}

export function constant(lowering: Lowering, values: readonly number[]): Address {
  const key = values.length === 1 ? (Object.is(values[0], -0) ? "-0" : values[0]!) : undefined;
  const known = key === undefined ? undefined : lowering.scalars.get(key);
  if (known !== undefined) return known;
  const place = key === undefined ? reserve(lowering, values.length) : reserveOne(lowering);
  if (key !== undefined) lowering.scalars.set(key, place);
  lowering.constants.push({ at: place.at, values });
  return place;
}

export const zero = (lowering: Lowering): Operand => ({ from: constant(lowering, [0]), stride: 0, splat: true });

export function elementwise(into: Instruction[], op: Opcode, count: number, width: number, out: Address, operands: readonly Operand[]): void {
  const [a, b] = operands;
  if ((op === "add" || op === "mul") && a!.splat !== b!.splat) {
    into.push({ op: op === "add" ? "addSplat" : "mulSplat", count, width, out, inputs: a!.splat ? [b!, a!] : operands });
  } else into.push({ op, count, width, out, inputs: operands });
}
