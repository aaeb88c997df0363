/**
 * Writes the raw words of a stream to standard output, for a test of randomness that reads it:
 * `node scripts/raw-stream.mjs --key 7 | RNG_test stdin32`, or `… | dieharder -a -g 200`.
 *
 *   --key n         the 64 bits of the key; 1 unless given
 *   --site n        the (first) site; 0
 *   --chunks n      how many chunks of a site; without end unless given
 *   --words n       words taken of each chunk, a multiple of 8; 1,024, as one f32 a row takes
 *   --interleave n  mixes that many sites, word by word: what two sites have in common shows only so
 *   --keys          mixes neighbouring keys instead of sites
 */
import { readFileSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";

const text = { type: "string" };
const { values } = parseArgs({ options: { key: text, site: text, chunks: text, words: text, interleave: text, keys: { type: "boolean" } } });
const key = BigInt(values.key ?? 1);
const site = Number(values.site ?? 0);
const chunks = Number(values.chunks ?? Infinity);
const words = Number(values.words ?? 1024);
const streams = Number(values.interleave ?? 1);
if (words % 8 !== 0 || words <= 0 || !(streams >= 1)) throw new RangeError("raw-stream: --words expected a multiple of 8, --interleave a number from 1 on");

const module = new WebAssembly.Module(readFileSync(new URL("../build/kernels.wasm", import.meta.url)));
const { memory, heapBase, rawStreamWords } = new WebAssembly.Instance(module).exports;
const at = (heapBase() + 15) & ~15;
const missing = at + words * 4 - memory.buffer.byteLength;
if (missing > 0) memory.grow(Math.ceil(missing / 65536));
const source = new Uint32Array(memory.buffer, at, words);

const CHUNKS_A_WRITE = Math.max(1, Math.floor(65536 / (words * streams)));
const out = new Uint32Array(words * streams * CHUNKS_A_WRITE);

function take(stream, chunk, offset) {
  const which = values.keys ? key + BigInt(stream) : key;
  const low = Number(which & 0xffffffffn);
  const high = Number((which >> 32n) & 0xffffffffn);
  rawStreamWords(low, high, values.keys ? site : site + stream, chunk, words, at);
  for (let i = 0; i < words; i++) out[offset + i * streams + stream] = source[i];
}

/** Whether the reader wants more. */
function written(bytes) {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      if (error.code === "EPIPE") return false;
      if (error.code !== "EAGAIN") throw error;
    }
  }
  return true;
}

for (let chunk = 0; chunk < chunks; ) {
  let count = 0;
  for (; count < CHUNKS_A_WRITE && chunk < chunks; count++, chunk++) {
    for (let stream = 0; stream < streams; stream++) take(stream, chunk >>> 0, count * words * streams);
  }
  if (!written(new Uint8Array(out.buffer, 0, count * words * streams * 4))) break;
}
