/**
 * One long computation, told as one hash a line: what every runtime must print alike, to the last bit.
 * It is given the package and imports nothing, so that any runtime or bundler can run it.
 */
import type * as Package from "../../src/index.ts";

type Gradex = typeof Package;
type Case = readonly [name: string, compute: (gradex: Gradex) => unknown];

const keys: readonly Case[] = [
  ["key of numbers, bigints and text", ({ key }) => [0, 1, 2 ** 52 + 1, 1n << 63n, "", "a", "gradex: ∇E[f(x)]"].map((seed) => words(key(seed)))],
  ["key.fold", ({ key }) => [0, 1, 2 ** 40, "1", "step"].map((data) => words(key(7).fold(data).fold(data)))],
  ["key.split", ({ key }) => key(7).split(1000).map(words)],
];

const words = ({ low, high }: { readonly low: number; readonly high: number }): readonly number[] => [low, high];

export function digest(gradex: Gradex): string {
  const lines = [...keys].map(([name, compute]) => {
    const hash = hasher();
    feed(hash, compute(gradex));
    return `${hash.hex()}  ${name}`;
  });
  const all = hasher();
  feed(all, lines);
  return [...lines, `${all.hex()}  all`].join("\n");
}

/** Every number in a result, in the order of its parts. */
function feed(hash: Hash, value: unknown): void {
  if (typeof value === "number") hash.take(new Uint8Array(Float64Array.of(value).buffer));
  else if (typeof value === "string") hash.take(new TextEncoder().encode(value));
  else if (ArrayBuffer.isView(value)) hash.take(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  else if (typeof value === "object" && value !== null) for (const part of Object.values(value)) feed(hash, part);
}

interface Hash {
  take(bytes: Uint8Array): void;
  hex(): string;
}

/** FNV-1a of 32 bits, twice, with different offsets and multipliers. */
function hasher(): Hash {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  return {
    take(bytes) {
      for (let i = 0; i < bytes.length; i++) {
        a = Math.imul(a ^ bytes[i]!, 0x01000193);
        b = Math.imul(b ^ bytes[i]!, 0x5bd1e995);
        b ^= b >>> 15;
      }
    },
    hex: () => [a, b].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join(""),
  };
}
