import { integer, shown, wrongKind, wrongValue } from "./errors.ts";

/**
 * A key names a stream of random numbers: the same key gives the same bits on every runtime. It is an immutable value
 * without state; two uses of one key see the same draws, so make a fresh key for each use with `fold` or `split`.
 */
export interface Key {
  /** The 64 bits of the key, as two unsigned words. */
  readonly low: number;
  readonly high: number;
  /** The key of the `data`-th descendant: `key(1).fold(step)`. Takes an integer, a bigint or a string, as `key` does. */
  fold(data: number | bigint | string): Key;
  /** `count` independent keys. `split(2)` is the start of `split(3)`. */
  split(count: number): readonly Key[];
  /** Plain JSON; `key(json)` gives the same key back. */
  toJSON(): KeyJSON;
}

export interface KeyJSON {
  /** 16 hexadecimal digits */
  readonly key: string;
}

/** `key` if it is one, whoever made it. */
export function keyed(caller: string, key: unknown): Key {
  const { low, high, fold } = (key ?? {}) as Partial<Key>;
  if (!isWord(low) || !isWord(high) || typeof fold !== "function") throw wrongKind(caller, "key", "a key", key, "Make one with key(seed).");
  return key as Key;
}

const isWord = (word: unknown): boolean => typeof word === "number" && word >>> 0 === word;

// The last word of Philox's counter says what a block is used for, so that no two uses ever see one block.
// 0 is the stream itself: assembly/random/stream.ts; 4 decides what eight bits of it leave open: assembly/random/use.ts.
const FOLD = 1;
const SPLIT = 2;
const TEXT = 3;

/**
 * The key of a seed.
 *
 * @param seed  an integer in [0, 2⁵³), a bigint in [0, 2⁶⁴), any string, or the JSON of a key
 * @throws {RangeError} if a number is negative, fractional or too large: a seed is never truncated
 */
export function key(seed: number | bigint | string | KeyJSON): Key {
  if (typeof seed === "object" && seed !== null) return fromJSON(seed);
  return keyOf(...words("key", "seed", seed));
}

function keyOf(low: number, high: number): Key {
  return Object.freeze({
    low,
    high,
    fold: (data: number | bigint | string) => {
      const [a, b] = words("fold", "data", data);
      // Text and numbers are told apart by a counter word: fold("1") is not fold(1).
      return derived(low, high, a, b, typeof data === "string" ? 1 : 0, FOLD);
    },
    split: (count: number) => {
      integer("split", "count", count, 1, 2 ** 24);
      return Array.from({ length: count }, (_, i) => derived(low, high, i, 0, 0, SPLIT));
    },
    toJSON: () => ({ key: hex(high) + hex(low) }),
  });
}

const hex = (word: number): string => word.toString(16).padStart(8, "0");

function derived(low: number, high: number, c0: number, c1: number, c2: number, use: number): Key {
  const [a, b] = philox(low, high, [c0, c1, c2, use]);
  return keyOf(a, b);
}

function fromJSON(json: KeyJSON): Key {
  if (typeof json.key !== "string" || !/^[0-9a-f]{16}$/.test(json.key)) {
    throw wrongKind("key", "seed.key", "16 hexadecimal digits, as toJSON() gives them", json.key);
  }
  return keyOf(Number.parseInt(json.key.slice(8), 16), Number.parseInt(json.key.slice(0, 8), 16));
}

function words(caller: string, argument: string, seed: unknown): [number, number] {
  const expected = "an integer in 0 … 2⁵³ − 1, a bigint in 0 … 2⁶⁴ − 1, or a string";
  if (typeof seed === "string") return textWords(seed);
  if (typeof seed === "bigint") {
    if (seed < 0n || seed >= 1n << 64n) throw wrongValue(caller, argument, expected, shown(seed));
    return [Number(seed & 0xffffffffn), Number(seed >> 32n)];
  }
  if (typeof seed !== "number") throw wrongKind(caller, argument, expected, seed);
  if (!Number.isSafeInteger(seed) || seed < 0) throw wrongValue(caller, argument, expected, seed, "Use a string for anything else.");
  return [seed >>> 0, Math.floor(seed / 2 ** 32)];
}

/** 64 bits of a text: its UTF-16 units, four at a time, chained through Philox; its length comes last. */
function textWords(text: string): [number, number] {
  const word = (i: number): number => ((text.charCodeAt(i) || 0) | ((text.charCodeAt(i + 1) || 0) << 16)) >>> 0;
  let state: [number, number] = [0, 0];
  for (let i = 0; i < text.length; i += 4) state = philox(...state, [word(i), word(i + 2), 0, TEXT]);
  return philox(...state, [text.length >>> 0, 0, 1, TEXT]);
}

/** The first two words of Philox4x32-10 (assembly/random/philox.ts): a key must be a value without a core. */
function philox(low: number, high: number, [c0, c1, c2, c3]: readonly [number, number, number, number]): [number, number] {
  for (let round = 0; round < 10; round++) {
    const even = c0;
    const odd = c2;
    c0 = (highProduct(0xcd9e8d57, odd) ^ c1 ^ low) >>> 0;
    c1 = Math.imul(0xcd9e8d57, odd) >>> 0;
    c2 = (highProduct(0xd2511f53, even) ^ c3 ^ high) >>> 0;
    c3 = Math.imul(0xd2511f53, even) >>> 0;
    low = (low + 0x9e3779b9) >>> 0;
    high = (high + 0xbb67ae85) >>> 0;
  }
  return [c0, c1];
}

/** The upper 32 bits of the 64-bit product of two words, by halves that stay below 2⁵³. */
function highProduct(a: number, b: number): number {
  const low = (b & 0xffff) * a; // < 2⁴⁸
  const high = (b >>> 16) * a;
  return Math.floor((high + Math.floor(low / 0x10000)) / 0x10000) >>> 0;
}
