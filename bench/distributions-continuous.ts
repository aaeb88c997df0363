/**
 * Samplers and scores of the continuous families against plain TypeScript: `node bench/distributions-continuous.ts [name…]`.
 *
 * The twin is what one writes without a core: xoshiro128++ in a closure, `Math.log`, one number at a time.
 */
import { readFileSync } from "node:fs";
import type { Case } from "./math.ts";

type Kernel = (...parameters: number[]) => void;
type Floats = Float32Array | Float64Array;
const exports = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(new URL("../build/kernels.wasm", import.meta.url)))).exports;
const memory = exports["memory"] as WebAssembly.Memory;
const ROWS = 4096;
const DIM = 16;
const TILE = 64;
const elements = ROWS * DIM;
const [PARAMS, THETA, X, COEFFICIENT, TERMS] = ((): [number, number, number, number, number] => {
  const base = ((exports["heapBase"] as () => number)() + 63) & ~63;
  memory.grow(64);
  return [base, base + 4096, base + 16384, base + 16384 + elements * 8 + 64, base + 16384 + elements * 16 + 128];
})();

function xoshiro(seed: number): () => number {
  let [a, b, c, d] = [seed, 0x9e3779b9, 0x243f6a88, 0xb7e15162];
  return () => {
    const sum = (a + d) | 0;
    const word = (((sum << 7) | (sum >>> 25)) + a) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return word;
  };
}

const next = xoshiro(1);
const unit = (): number => (next() + 0.5) * 2 ** -32;
const unit53 = (): number => ((next() >>> 5) * 2 ** 27 + (next() >>> 5) * 2 + 0.5) * 2 ** -54;

interface Twin {
  readonly prepare: string;
  readonly params: number;
  readonly sample: (u: () => number, location: number, scale: number) => number;
  readonly score?: (x: number, location: number, scale: number, weight: number, terms: Floats, i: number) => void;
}

/** d log p of location and logScale, from the slope at z. */
const score = (slope: (z: number) => number): NonNullable<Twin["score"]> => (x, location, scale, weight, terms, i) => {
  const z = (x - location) / scale;
  const g = slope(z);
  terms[i]! += (weight * g) / scale;
  terms[elements + i]! += weight * (z * g - 1);
};

const twins: Readonly<Record<string, Twin>> = {
  uniform: { prepare: "uniformPrepare", params: 2, sample: (u, low, high) => low + (high - low) * u() },
  normal: {
    prepare: "locationScalePrepare",
    params: 2,
    sample: (u, mean, scale) => mean + scale * Math.sqrt(-2 * Math.log(u())) * Math.cos(2 * Math.PI * u()),
    score: score((z) => z),
  },
  exponential: {
    prepare: "exponentialPrepare",
    params: 1,
    sample: (u, _, scale) => -Math.log(u()) * scale,
    score: (x, _, scale, weight, terms, i) => {
      terms[i]! += weight * (1 - x / scale);
    },
  },
  gumbel: {
    prepare: "locationScalePrepare",
    params: 2,
    sample: (u, location, scale) => location - scale * Math.log(-Math.log(u())),
    score: score((z) => 1 - Math.exp(-z)),
  },
  logistic: {
    prepare: "locationScalePrepare",
    params: 2,
    sample: (u, location, scale) => {
      const v = u();
      return location + scale * (Math.log(v) - Math.log1p(-v));
    },
    score: score((z) => Math.tanh(z / 2)),
  },
};

function casesOf(name: string, bits: 32 | 64): Case[] {
  const { prepare, params, sample, score: scored } = twins[name]!;
  const type = bits === 32 ? Float32Array : Float64Array;
  const kernel = (verb: string): Kernel => exports[`${name}${verb}${bits}`] as Kernel;
  const start = (): void => {
    new type(memory.buffer, PARAMS, params * DIM).fill(0).subarray((params - 1) * DIM).fill(name === "uniform" ? 1 : 0.1);
    (exports[prepare + bits] as Kernel)(DIM, TILE, PARAMS, THETA);
  };
  const [location, scale, x, weight, terms] = [new type(DIM), new type(DIM).fill(1.1), new type(elements), new type(ROWS).fill(0.5), new type(2 * elements)];
  const uniform = bits === 32 ? unit : unit53;
  const sampled: Case = {
    name: `${name} sample f${bits}`,
    elements,
    kernel: () => {
      start();
      kernel("Sample")(1, 2, 3, 0, ROWS, DIM, TILE, THETA, X);
    },
    twin: () => {
      for (let i = 0; i < elements; i++) x[i] = sample(uniform, location[i % DIM]!, scale[i % DIM]!);
    },
  };
  if (scored === undefined) return [sampled];
  const score: Case = {
    name: `${name} score f${bits}`,
    elements,
    kernel: () => {
      start();
      kernel("Score")(ROWS, DIM, TILE, THETA, X, COEFFICIENT, TERMS);
    },
    twin: () => {
      for (let i = 0; i < elements; i++) scored(x[i]!, location[i % DIM]!, scale[i % DIM]!, weight[(i / DIM) | 0]!, terms, i);
    },
  };
  return [sampled, score];
}

export const cases: Case[] = ([32, 64] as const).flatMap((bits) => Object.keys(twins).flatMap((name) => casesOf(name, bits)));

const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1]!;

function nanoseconds(run: () => void, repeats: number): number {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) run();
  return ((performance.now() - start) * 1e6) / repeats;
}

if (import.meta.main) {
  const wanted = process.argv.slice(2);
  for (const { name, kernel, twin } of cases.filter((one) => wanted.length === 0 || wanted.some((word) => one.name.startsWith(word)))) {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < 41; round++) {
      ours.push(nanoseconds(kernel, 2) / elements);
      theirs.push(nanoseconds(twin, 1) / elements);
    }
    const [a, b] = [median(ours), median(theirs)];
    console.log(`${name.padEnd(26)} ${a.toFixed(2).padStart(7)} ns  twin ${b.toFixed(2).padStart(7)} ns  ${(b / a).toFixed(1).padStart(6)}×`);
  }
}
