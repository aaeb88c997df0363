import type { Kernels, Pointer } from "../core/kernels.ts";
import { eachPart, type Measurable, type Theta } from "../vocabulary/distribution.ts";
import { eachBlock } from "./blocks.ts";
import type { Able } from "./signatures.ts";

const CHUNK = 1024; // rows of a stream that share seeds
const NUMBERS = 4096; // of the draws that are held while the others are put back

/**
 * ∂p/∂θₑ concerns one copy alone: the family draws p⁺ and p⁻ for all of them, as it draws all its rows, and what is not of that copy is put back.
 */
export function weakOfCopies(p: Able, weak: Measurable["weak"], copies: number, scratch: (kernels: Kernels, theta: Theta) => Pointer): Measurable["weak"] {
  const { dim } = p;
  const width = dim * copies;
  return {
    draw(kernels, stream, rows, theta, entry, coupling, x, plus, minus, constant) {
      const bytes = kernels.arrayBytes();
      const [constants, held] = [scratch(kernels, theta), scratch(kernels, theta) + CHUNK * bytes];
      const own = entryOf(p, copies, entry);
      const each: Theta = { ...theta, batch: theta.batch * copies };
      eachBlock(rows * copies, CHUNK, (first, some) => {
        const [from, chunk] = [first * dim * bytes, stream.chunk * copies + first / CHUNK];
        weak.draw(kernels, { ...stream, chunk }, some, each, own.entry, coupling, x + from, plus + from, minus + from, constants);
        const skipped = (((own.copy - first) % copies) + copies) % copies; // draws before the next one of this copy
        const found = Math.ceil((some - skipped) / copies);
        const row = (first + skipped - own.copy) / copies;
        kernels.columnsTake(found, copies, 0, 1, constants + skipped * bytes, constant + row * bytes);
      });
      eachBlock(rows, Math.max(1, Math.floor(NUMBERS / dim)), (first, some) => {
        const from = first * width * bytes;
        for (const points of [plus, minus]) {
          kernels.columnsTake(some, width, own.copy * dim, dim, points + from, held);
          kernels.arrayCopy(some * width, x + from, points + from);
          kernels.columnsPut(some, width, own.copy * dim, dim, held, points + from);
        }
      });
    },
  };
}

/** Numbers of scratch that it takes for draws of width `dim`. */
export const roomOfWeak = (dim: number): number => CHUNK + Math.max(NUMBERS, dim);

/** Parameters have the copies in front, name by name. */
function entryOf(p: Able, copies: number, entry: number): { readonly copy: number; readonly entry: number } {
  let found = { copy: 0, entry: 0 };
  eachPart(p.params, 1, (_, at, length) => {
    const within = entry - at * copies;
    if (within >= 0 && within < length * copies) found = { copy: Math.floor(within / length), entry: at + (within % length) };
  });
  return found;
}

