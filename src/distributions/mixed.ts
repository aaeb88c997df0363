import type { Kernels, Pointer } from "../core/kernels.ts";
import {
  type Averaged, type Cumulative, type Distribution, type Finite, type Reparameterizable, type Scored, type Shapes, sizeOf, type Smooth, type Theta, tileOf,
} from "../vocabulary/distribution.ts";
import { blockOf, roomFor } from "./blocks.ts";
import type { Categorical } from "./categorical.ts";

/** What a component may be able to do. */
export type Able = Distribution & Partial<Scored & Smooth & Reparameterizable & Cumulative & Averaged & Pick<Finite, "support">>;

/** A family, how many of it are mixed, which one it is, and the parameters of all. */
export interface Mixed {
  readonly p: Able;
  readonly count: number;
  readonly choice: Categorical;
  readonly params: Shapes;
}

/** Rows of one chunk of a stream. */
export const CHUNK = 1024;

const tile = ({ p, count }: Mixed, batch: number): number => tileOf(batch * count * p.dim);
const ownOf = (mixed: Mixed, batch: number): number => roomFor(mixed.p.prepared(batch * mixed.count, tile(mixed, batch)));
const chosenOf = ({ choice }: Mixed, batch: number): number => roomFor(choice.prepared(batch, 0));
const rowsOf = ({ p, count, params }: Mixed, batch: number): number => blockOf(batch, count * (2 * p.dim + 3) + sizeOf(params) + 2);

/** θ as the family has it, a problem of `count` components as many problems; and behind it that of the choice. */
export function componentsOf(mixed: Mixed, kernels: Kernels, { batch, at }: Theta): { readonly own: Theta; readonly choose: Theta } {
  return {
    own: { batch: batch * mixed.count, tile: tile(mixed, batch), at },
    choose: { batch, tile: 0, at: at + ownOf(mixed, batch) * kernels.arrayBytes() },
  };
}

/** Room behind both, for a block of rows and all its components, or a chunk of draws. */
export interface Scratch {
  readonly rows: number;
  /** `[rows, count, dim]`: x of each row for every component, or what they drew. */
  readonly x: Pointer;
  readonly more: Pointer;
  /** `[rows, count]` */
  readonly shares: Pointer;
  readonly below: Pointer;
  readonly above: Pointer;
  /** `[rows]` */
  readonly numbers: Pointer;
  readonly work: Pointer;
  /** Packed by parameter: those of logits, then those of the components. */
  readonly terms: Pointer;
}

function lengths(mixed: Mixed, batch: number): readonly number[] {
  const rows = rowsOf(mixed, batch);
  const each = rows * mixed.count;
  const room = Math.max(rows, CHUNK);
  return [room * mixed.count * mixed.p.dim, each * mixed.p.dim, each, each, each, room, rows, rows * sizeOf(mixed.params)];
}

export function scratchOf(mixed: Mixed, kernels: Kernels, { batch, at }: Theta): Scratch {
  let next = at + (ownOf(mixed, batch) + chosenOf(mixed, batch)) * kernels.arrayBytes();
  const [x, more, shares, below, above, numbers, work, terms] = lengths(mixed, batch).map((length) => {
    const own = next;
    next += roomFor(length) * kernels.arrayBytes();
    return own;
  }) as [Pointer, Pointer, Pointer, Pointer, Pointer, Pointer, Pointer, Pointer];
  return { rows: rowsOf(mixed, batch), x, more, shares, below, above, numbers, work, terms };
}

export function roomOf(mixed: Mixed, batch: number): number {
  return ownOf(mixed, batch) + chosenOf(mixed, batch) + lengths(mixed, batch).reduce((sum, length) => sum + roomFor(length), 0);
}
