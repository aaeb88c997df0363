import { philox } from "./philox.ts";
import { CHUNK, stream } from "./stream.ts";

const TIES = 4; // what such a block of Philox is used for: assembly/random/use.ts

/** Element e of [rows, dim], first row of chunk 0: 1[u < p[e mod p.length]], or 1[1 − u < p] if `mirror`; the bits of the kernel. */
export function flips(key: { readonly low: number; readonly high: number }, site: number, rows: number, dim: number, p: ArrayLike<number>, bits: 31 | 52, mirror: boolean): Uint8Array {
  const x = new Uint8Array(rows * dim);
  for (let chunk = 0; chunk * CHUNK < rows; chunk++) {
    const next = stream(key.low, key.high, site, chunk);
    const before = chunk * CHUNK * dim;
    const count = Math.min(rows - chunk * CHUNK, CHUNK) * dim;
    for (let e = 0, word = 0; e < count; e++) {
      if (e % 4 === 0) word = mirror ? ~next() : next();
      const byte = (word >>> (8 * (e % 4))) & 255;
      const scaled = p[(before + e) % p.length]! * 256;
      const first = Math.min(255, Math.floor(scaled));
      x[before + e] = byte === first ? tie(key, [e, chunk, site, TIES], scaled - first, bits, mirror) : Number(byte < first);
    }
  }
  return x;
}

function tie(key: { readonly low: number; readonly high: number }, counter: [number, number, number, number], rest: number, bits: 31 | 52, mirror: boolean): number {
  const [w0, w1] = philox(key.low, key.high, counter);
  const wide = bits === 31 ? w0 >>> 1 : w1 * 2 ** 20 + (w0 >>> 12);
  const u = mirror ? 2 ** bits - 1 - wide : wide;
  return Number(u < roundHalfEven(rest * 2 ** bits));
}

function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  return x - down > 0.5 || (x - down === 0.5 && down % 2 === 1) ? down + 1 : down;
}
