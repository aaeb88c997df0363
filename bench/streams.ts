/** The raw words of a stream, 64 chunks of 1,024, against the generator of a program without a core, and against `Math.random`. */
import { readFileSync } from "node:fs";
import type { Case } from "./case.ts";
import { next } from "./random.ts";

const CHUNKS = 64;
const WORDS = 1024;
const elements = CHUNKS * WORDS;
const exports = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(new URL("../build/kernels.wasm", import.meta.url)))).exports;
const memory = exports["memory"] as WebAssembly.Memory;
const words = exports["rawStreamWords"] as (low: number, high: number, site: number, chunk: number, words: number, out: number) => void;
const at = ((exports["heapBase"] as () => number)() + 15) & ~15;
memory.grow(Math.ceil((elements * 4) / 65536));

function against(name: string, word: () => number): Case {
  const own = new Uint32Array(elements);
  return {
    name,
    elements,
    kernel() {
      for (let chunk = 0; chunk < CHUNKS; chunk++) words(1, 2, 0, chunk, WORDS, at + chunk * WORDS * 4);
    },
    twin() {
      for (let i = 0; i < elements; i++) own[i] = word();
    },
    outcome: () => ({ alike: "moments", kernel: new Uint32Array(memory.buffer, at, elements), twin: own }),
  };
}

export const cases: readonly Case[] = [against("words of a stream", next), against("words of a stream, the twin Math.random", () => Math.random() * 2 ** 32)];
