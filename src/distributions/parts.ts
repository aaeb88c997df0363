import type { Kernels, Pointer } from "../core/kernels.ts";
import {
  type Averaged, type Distribution, type Divergent, type Entropic, type Finite, type Reparameterizable, type Scored, sizeOf, type Smooth, type Theta, tileOf,
} from "../vocabulary/distribution.ts";
import { blockOf, roomFor } from "./blocks.ts";

/** Families by name. */
export type Parts = Readonly<Record<string, Distribution>>;

/** What a part may be able to do. */
export type Able = Distribution & Partial<Scored & Smooth & Reparameterizable & Finite & Averaged & Pick<Divergent, "divergence"> & Entropic>;
export type Kept = Exclude<keyof Able, keyof Distribution | "scoreMoments">;

/** A part and where it lies: its first column, and how many numbers of θ one problem has before it. */
export interface Placed {
  readonly name: string;
  readonly p: Able;
  readonly column: number;
  readonly before: number;
}

export function placements(parts: Parts): readonly Placed[] {
  let [column, before] = [0, 0];
  return Object.entries(parts).map(([name, p]) => {
    const placed = { name, p: p as Able, column, before };
    column += p.dim;
    before += sizeOf(p.params);
    return placed;
  });
}

const tile = (batch: number, { p }: Placed): number => tileOf(batch * p.dim);

/** Prepared θ of the parts, one after the other. */
export function thetaOf(placed: readonly Placed[], part: Placed, kernels: Kernels, { batch, at }: Theta): Theta {
  const bytes = kernels.arrayBytes();
  let before = 0;
  for (const other of placed) {
    if (other === part) break;
    before += roomFor(other.p.prepared(batch, tile(batch, other)));
  }
  return { batch, tile: tile(batch, part), at: at + before * bytes };
}

/** Rows of one chunk of a stream. */
export const CHUNK = 1024;

/** Room in scratch behind the prepared θ of all parts: for a chunk of draws, or a block of rows, of any part. */
export interface Scratch {
  readonly rows: number;
  readonly x: Pointer;
  readonly noise: Pointer;
  readonly more: Pointer;
  readonly numbers: Pointer;
  readonly terms: Pointer;
}

export interface Widths {
  readonly dim: number;
  readonly noise: number;
  readonly terms: number;
}

/** The widest of each kind of array that a part has. */
export const widest = (placed: readonly Placed[]): Widths => ({
  dim: Math.max(...placed.map(({ p }) => p.dim)),
  noise: Math.max(...placed.map(({ p }) => p.path?.noise ?? 0)),
  terms: Math.max(...placed.map(({ p }) => sizeOf(p.params))),
});

const rowsOf = (batch: number, { dim, noise, terms }: Widths): number => blockOf(batch, 2 * dim + noise + terms + 1);

export function scratchOf(kernels: Kernels, placed: readonly Placed[], widths: Widths, { batch, at }: Theta): Scratch {
  const bytes = kernels.arrayBytes();
  const rows = rowsOf(batch, widths);
  const room = Math.max(rows, CHUNK);
  let next = at + placed.reduce((sum, part) => sum + roomFor(part.p.prepared(batch, tile(batch, part))), 0) * bytes;
  const take = (numbers: number): Pointer => (next += roomFor(numbers) * bytes) - roomFor(numbers) * bytes;
  return { rows, x: take(room * widths.dim), noise: take(room * widths.noise), more: take(rows * widths.dim), numbers: take(rows), terms: take(rows * widths.terms) };
}

export function roomOf(placed: readonly Placed[], widths: Widths, batch: number): number {
  const rows = rowsOf(batch, widths);
  const room = Math.max(rows, CHUNK);
  const own = placed.reduce((sum, part) => sum + roomFor(part.p.prepared(batch, tile(batch, part))), 0);
  return own + roomFor(room * widths.dim) + roomFor(room * widths.noise) + roomFor(rows * widths.dim) + roomFor(rows) + roomFor(rows * widths.terms);
}
