import type { Opcode } from "./opcodes.ts";

/** Which array an address lies in. Its unit: a row of the frame, or a number. */
export type Space = "none" | "rows" | "pool" | "params" | "context";

export interface Address {
  readonly space: Space;
  readonly at: number;
  /** of `context`: which */
  readonly name?: string;
}

export const NOWHERE: Address = { space: "none", at: 0 };

/** Between the entries of an operand: a row of the frame, or so many numbers. */
export type Stride = "row" | number;

export interface Operand {
  readonly from: Address;
  readonly stride: Stride;
  /** One number, repeated over the lanes. */
  readonly splat: boolean;
}

export interface Instruction {
  readonly op: Opcode;
  /** Numbers of a row; 0 for the lanes of the chunk. */
  readonly count: number;
  readonly width: number;
  readonly out: Address;
  /** Three fit into one record of the bytecode; the others follow in records that do nothing by themselves. */
  readonly inputs: readonly Operand[];
  /** The external array of pack, unpack and accumulate; of a draw: the key. */
  readonly external?: string;
  /**
   * Of pack: the rows after which the array starts again. Of accumulate: the first number. Of matmul: from column to column of W. Of outer: columns.
   * Of scalar: the operation. Of mask: the last birth that leaves a jump as it is. Of a draw: its site.
   */
  readonly detail?: number;
  /** Of matmul and pick: the width that is summed over or picked from. Of mask: from entry to entry. Of a draw: what it is told besides. */
  readonly depth?: number;
}

/** A lowered trace: what runs once before the lanes, for each chunk of lanes, once after. */
export interface Program {
  readonly before: readonly Instruction[];
  readonly body: readonly Instruction[];
  readonly after: readonly Instruction[];
  /** Rows of the frame. */
  readonly rows: number;
  /** Numbers of the pool: values that are one for all lanes, each from a multiple of 16 on. */
  readonly pool: number;
  readonly constants: readonly { readonly at: number; readonly values: readonly number[] }[];
}
