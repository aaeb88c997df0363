import type { Key } from "./key.ts";

type Arrays = Readonly<Record<string, unknown>>;

/** 64 bits of named arrays, bit by bit: whether two calls had the same numbers, as 16 hexadecimal digits. The same on every runtime. */
export function fingerprint(records: readonly (Arrays | undefined)[]): string {
  const state = new Uint32Array([0x9e3779b9, 0x85ebca6b]);
  for (const record of records) {
    for (const name of Object.keys(record ?? {}).sort()) {
      absorb(state, Array.from(name, (letter) => letter.codePointAt(0)!));
      absorb(state, wordsOf(record![name]));
    }
    absorb(state, []); // where one record ends
  }
  return [...state].map((word) => hex(settled(word))).join("");
}

/** A key's own 64 bits. */
export const nameOf = ({ low, high }: Key): string => hex(high) + hex(low);

const hex = (word: number): string => word.toString(16).padStart(8, "0");

function wordsOf(array: unknown): ArrayLike<number> {
  if (!ArrayBuffer.isView(array)) return [];
  return new Uint32Array(array.buffer, array.byteOffset, array.byteLength >>> 2);
}

/** Two lanes that see every word differently, so that what is lost of it in one is kept by the other. */
function absorb(state: Uint32Array, words: ArrayLike<number>): void {
  let [a, b] = [state[0]! ^ words.length, state[1]! + words.length];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    a = Math.imul(a ^ word, 0x9e3779b1);
    a ^= a >>> 15;
    b = Math.imul((b << 13) | (b >>> 19), 5) + Math.imul(word ^ (word >>> 16), 0xcc9e2d51);
    b ^= b >>> 13;
  }
  state[0] = Math.imul(a ^ (b >>> 16), 0x85ebca6b);
  state[1] = Math.imul(b ^ (a >>> 13), 0xc2b2ae35);
}

/** Every bit of a word into all of them: the end of MurmurHash3 (Appleby 2011). */
function settled(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
