import { stream } from "../random/stream.ts";

/** The words of set r as its kernels take them: each time whole groups of eight. */
export function wordsOf(low: number, high: number, site: number, set: number): (count: number) => Uint32Array {
  const next = stream(low, high, site, set);
  return (count) => Uint32Array.from({ length: (count + 7) & ~7 }, next);
}

type Words = ReturnType<typeof wordsOf>;

const bitsFor = (n: number): number => Math.ceil(Math.log2(n));

/** A uniform of each point's cell: its own random bits below the cell's, on the grid of `bits` bits. */
function within(words: Words, cells: number, order: ArrayLike<number>, bits: number): Float64Array {
  const rest = bits - bitsFor(cells);
  const own = words(2 * order.length);
  return Float64Array.from(order, (rank, i) => {
    const part = Number(((BigInt(own[2 * i + 1]!) << 32n) | BigInt(own[2 * i]!)) >> BigInt(64 - rest));
    const k = Math.min(2 ** bits - 1, Math.floor((rank * 2 ** rest + part) * (2 ** bits / (2 ** rest * cells))));
    return (k + 0.5) / 2 ** bits;
  });
}

function shuffled(n: number, words: Words): Int32Array {
  const own = words(n);
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const other = Number((BigInt(own[i]!) * BigInt(i + 1)) >> 32n);
    order[i] = order[other]!;
    order[other] = i;
  }
  return order;
}

/** One coordinate of a Latin hypercube: a random cell of `points` for each point. */
export const stratified = (words: Words, points: number, bits: number): Float64Array => within(words, points, shuffled(points, words), bits);

/** One coordinate of base-2 points, their cells flipped by one random bit for each node of the tree of digits (Owen 1995). */
export function scrambled(words: Words, cells: ArrayLike<number>, bits: number): Float64Array {
  const digits = bitsFor(cells.length);
  const flips = words(Math.ceil(cells.length / 32));
  const flipped = Array.from(cells, (cell) => {
    let out = 0;
    for (let d = 0; d < digits; d++) {
      const node = 2 ** d + Math.floor(cell / 2 ** (digits - d));
      out = 2 * out + (((flips[node >> 5]! >>> (node & 31)) ^ (cell >> (digits - 1 - d))) & 1);
    }
    return out;
  });
  return within(words, cells.length, flipped, bits);
}

/** One coordinate of Halton points: digits through a random permutation a place (Owen 2017). */
export function halton(words: Words, points: number, base: number, bits: number): Float64Array {
  const order = new Float64Array(points);
  let cells = 1;
  for (; cells < points; cells *= base) {
    const permuted = shuffled(base, words);
    for (let i = 0; i < points; i++) order[i] = order[i]! * base + permuted[Math.floor(i / cells) % base]!;
  }
  return within(words, cells, order, bits);
}
