import type { Kernels, Pointer } from "../core/kernels.ts";
import { eachPart, type Shapes } from "../vocabulary/distribution.ts";

// Families made of others hand rows on in blocks, through scratch of their own behind the prepared θ.

/** Numbers that a block should not exceed, so that it stays in the first-level cache. */
const NUMBERS = 4096;

/** Rows of a block whose rows take `width` numbers: whole rounds of the problems, so that each block begins with problem 0. */
export function blockOf(batch: number, width: number): number {
  return batch * Math.max(1, Math.floor(NUMBERS / (batch * width)));
}

/** Block after block of some rows. */
export function eachBlock(rows: number, block: number, use: (first: number, rows: number) => void): void {
  for (let first = 0; first < rows; first += block) use(first, Math.min(block, rows - first));
}

/** Numbers of an array in whole cache lines of both precisions, with room for a vector that begins in it. */
export function roomFor(length: number): number {
  return Math.ceil(length / 16) * 16 + 16;
}

/** Adds the terms of a block of rows, packed by parameter, to those of all rows. `copies` rows of the block are one of all. */
export function addTerms(kernels: Kernels, shapes: Shapes, copies: number, block: { readonly first: number; readonly rows: number; readonly terms: Pointer }, rows: number, terms: Pointer): void {
  const bytes = kernels.arrayBytes();
  eachPart(shapes, 1, (_, at, width) => {
    const each = width * copies;
    kernels.arrayAdd(block.rows * each, block.terms + at * copies * block.rows * bytes, terms + (at * copies * rows + block.first * each) * bytes);
  });
}

/** The reverse: terms of a block of rows, packed by parameter, taken from those of all rows. */
export function takeTerms(kernels: Kernels, shapes: Shapes, block: { readonly first: number; readonly rows: number; readonly terms: Pointer }, rows: number, terms: Pointer): void {
  const bytes = kernels.arrayBytes();
  eachPart(shapes, 1, (_, at, width) => {
    kernels.arrayCopy(block.rows * width, terms + (at * rows + block.first * width) * bytes, block.terms + at * block.rows * bytes);
  });
}
