import type { Pointer } from "../core/kernels.ts";
import type { Field, Region } from "../core/region.ts";
import type { Address, Instruction, Program } from "./program.ts";
import { contextOf } from "./trace.ts";
import { OPCODES, type Opcode } from "./opcodes.ts";

/** 32-bit words of one instruction: op, count, width, out, 3 × (address, stride), splats, external, detail, depth. */
export const WORDS = 14;
const LINE = 64;
const POOL_UNIT = 16;
/** Bytes of frame that stay in the second-level cache beside the parameters. */
const FRAME = 128 * 1024;
const MOST_LANES = 1024;
const LEAST_LANES = 32;
/** Lanes come in groups of this many: a whole number of cache lines in both precisions. */
const GROUP = 16;
/** Operands of one record. */
const OPERANDS = 3;

const IN_BYTES = new Set<Opcode>(["matmul", "accumulate"]);

/** Where a program's arrays outside the tape are, with each call. */
export type Externals = Readonly<Record<string, Pointer>>;

export interface Linked {
  /** Runs the program on this many lanes. */
  run(lanes: number, externals: Externals): void;
}

/** The places that programs of one tape share: only one runs at a time. */
export interface Shared {
  readonly region: Region;
  readonly params: Field;
  readonly context: Readonly<Record<string, Field>>;
}

/**
 * Lanes of a chunk: as many as keep the frame in cache, the same on every machine.
 *
 * Row strides are an odd number of cache lines: with powers of two the rows of a matrix product fall into the same few sets (2–3× slower).
 */
export function chunkOf(rows: number, bytes: number, most: number): { lanes: number; stride: number } {
  const fitting = Math.floor(FRAME / (Math.max(1, rows) * bytes) / GROUP) * GROUP;
  const lanes = Math.min(Math.max(LEAST_LANES, fitting), MOST_LANES, Math.ceil(Math.max(1, most) / GROUP) * GROUP);
  const lines = (lanes * bytes) / LINE;
  return { lanes, stride: (lines % 2 === 0 ? lines + 1 : lines) * LINE };
}

/** Reserves what the programs need; their bytecode is written when each first runs, since addresses are not known before. */
export function link(programs: readonly Program[], { region, params, context }: Shared, rows: number, chunk: typeof chunkOf = chunkOf): readonly Linked[] {
  const { bytes } = region;
  const chunks = programs.map((program) => chunk(program.rows, bytes, rows));
  const frame = region.reserve(Math.max(...programs.map((program, i) => (program.rows * chunks[i]!.stride) / bytes)));
  const externals = [...new Set(programs.flatMap(externalsOf))];
  const numberOf = new Map(externals.map((name, i) => [name, i]));
  const arrays = new Map(Object.entries(context).map(([name, field]) => [contextOf(name), field]));
  const table = region.reserve(externals.length, "f32");
  return programs.map((program, i) => {
    const { before, body, after, constants } = program;
    const { lanes, stride } = chunks[i]!;
    const pool = region.reserve(program.pool + POOL_UNIT);
    const records = [before, body, after].map((part) => part.reduce((sum, instruction) => sum + recordsOf(instruction), 0)) as [number, number, number];
    const code = region.reserve((records[0] + records[1] + records[2]) * WORDS, "f32");
    let written = false;

    const write = (): void => {
      const [rows, numbers, own] = [frame.at, pool.at, params.at];
      const addressed = ({ space, at, name }: Address): Pointer => {
        if (space === "none") return 0;
        if (space === "rows") return rows + at * stride;
        return (space === "pool" ? numbers : space === "params" ? own : context[name!]!.at) + at * bytes;
      };
      const view = pool.view();
      for (const { at, values } of constants) {
        if (values.length === 1) view[at] = values[0]!;
        else view.set(values, at);
      }
      const words = new Int32Array(region.core.heap.buffer(), code.at, code.length);
      let at = 0;
      for (const part of [before, body, after]) {
        for (const instruction of part) at = encode(words, at, instruction, addressed, numberOf, stride, bytes);
      }
      written = true;
    };
    return {
      run(count, pointers) {
        if (!written) write();
        new Uint32Array(region.core.heap.buffer(), table.at, table.length).set(externals.map((name) => pointers[name] ?? arrays.get(name)?.at ?? 0));
        const kernels = region.core.kernels[region.precision];
        kernels.tapeRun(code.at, ...records, count, lanes, stride, table.at);
      },
    };
  });
}

function externalsOf({ before, body, after }: Program): string[] {
  const found = new Set<string>();
  for (const part of [before, body, after]) for (const { external } of part) if (external !== undefined) found.add(external);
  return [...found];
}

function recordsOf({ inputs }: Instruction): number {
  return Math.max(1, Math.ceil(inputs.length / OPERANDS));
}

/** Writes the records of an instruction from word `at` on; returns where the next one goes. */
function encode(words: Int32Array, at: number, instruction: Instruction, addressed: (address: Address) => Pointer, numberOf: ReadonlyMap<string, number>, stride: number, bytes: number): number {
  const { op, count, width, out, inputs, external, detail = 0, depth = 0 } = instruction;
  words[at] = OPCODES[op];
  words[at + 1] = count;
  words[at + 2] = width;
  words[at + 3] = addressed(out);
  words[at + 11] = external === undefined ? -1 : numberOf.get(external)!;
  words[at + 12] = IN_BYTES.has(op) ? detail * bytes : detail;
  words[at + 13] = depth;
  for (let i = 0, place = 0; i < inputs.length; i++, place++) {
    if (place === OPERANDS) {
      place = 0;
      at += WORDS;
      words[at] = OPCODES.more;
    }
    const { from, stride: along, splat } = inputs[i]!;
    words[at + 4 + 2 * place] = addressed(from);
    words[at + 5 + 2 * place] = along === "row" ? stride : along * bytes;
    if (splat) words[at + 10] = words[at + 10]! | (1 << place);
  }
  return at + WORDS;
}
