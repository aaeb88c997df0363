/**
 * Samplers and scores of the continuous families against plain TypeScript: `node bench/distributions-continuous.ts [name…]`.
 *
 * The twin is what one writes without a core: xoshiro128++, `Math.log`, one number at a time.
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

const state = Int32Array.of(1, 0x1e3779b9, 0x243f6a88, 0x37e15162);

function next(): number {
  const [a, b, c, d] = [state[0]!, state[1]!, state[2]! ^ state[0]!, state[3]! ^ state[1]!];
  const sum = (a + state[3]!) | 0;
  state[0] = a ^ d;
  state[1] = b ^ c;
  state[2] = c ^ (b << 9);
  state[3] = (d << 11) | (d >>> 21);
  return (((sum << 7) | (sum >>> 25)) + a) >>> 0;
}

const unit32 = (): number => (next() + 0.5) * 2 ** -32;
const unit64 = (): number => ((next() >>> 5) * 2 ** 26 + (next() >>> 6) + 0.5) * 2 ** -53;

interface Twin {
  readonly prepare: string;
  readonly params: number;
  readonly sample: (x: Floats, unit: () => number, location: Floats, scale: Floats) => void;
  readonly score?: (x: Floats, location: Floats, scale: Floats, weight: Floats, terms: Floats) => void;
}

// Each twin is a loop of its own: one that takes a formula as a function is several times slower once it has seen a few of them.
const twins: Readonly<Record<string, Twin>> = {
  uniform: {
    prepare: "uniformPrepare",
    params: 2,
    sample: (x, unit, low, high) => {
      for (let i = 0; i < elements; i++) x[i] = low[i % DIM]! + (high[i % DIM]! - low[i % DIM]!) * unit();
    },
  },
  normal: {
    prepare: "locationScalePrepare",
    params: 2,
    sample: (x, unit, mean, scale) => {
      for (let i = 0; i < elements; i += 2) {
        const radius = Math.sqrt(-2 * Math.log(unit()));
        const angle = 2 * Math.PI * unit();
        x[i] = mean[i % DIM]! + scale[i % DIM]! * radius * Math.cos(angle);
        x[i + 1] = mean[(i + 1) % DIM]! + scale[(i + 1) % DIM]! * radius * Math.sin(angle);
      }
    },
    score: (x, mean, scale, weight, terms) => {
      for (let i = 0; i < elements; i++) {
        const z = (x[i]! - mean[i % DIM]!) / scale[i % DIM]!;
        terms[i]! += (weight[(i / DIM) | 0]! * z) / scale[i % DIM]!;
        terms[elements + i]! += weight[(i / DIM) | 0]! * (z * z - 1);
      }
    },
  },
  exponential: {
    prepare: "exponentialPrepare",
    params: 1,
    sample: (x, unit, _, mean) => {
      for (let i = 0; i < elements; i++) x[i] = -Math.log(unit()) * mean[i % DIM]!;
    },
    score: (x, _, mean, weight, terms) => {
      for (let i = 0; i < elements; i++) terms[i]! += weight[(i / DIM) | 0]! * (1 - x[i]! / mean[i % DIM]!);
    },
  },
  gumbel: {
    prepare: "locationScalePrepare",
    params: 2,
    sample: (x, unit, location, scale) => {
      for (let i = 0; i < elements; i++) x[i] = location[i % DIM]! - scale[i % DIM]! * Math.log(-Math.log(unit()));
    },
    score: (x, location, scale, weight, terms) => {
      for (let i = 0; i < elements; i++) {
        const z = (x[i]! - location[i % DIM]!) / scale[i % DIM]!;
        const slope = 1 - Math.exp(-z);
        terms[i]! += (weight[(i / DIM) | 0]! * slope) / scale[i % DIM]!;
        terms[elements + i]! += weight[(i / DIM) | 0]! * (z * slope - 1);
      }
    },
  },
  logistic: {
    prepare: "locationScalePrepare",
    params: 2,
    sample: (x, unit, location, scale) => {
      for (let i = 0; i < elements; i++) {
        const u = unit();
        x[i] = location[i % DIM]! + scale[i % DIM]! * (Math.log(u) - Math.log1p(-u));
      }
    },
    score: (x, location, scale, weight, terms) => {
      for (let i = 0; i < elements; i++) {
        const z = (x[i]! - location[i % DIM]!) / scale[i % DIM]!;
        const slope = Math.tanh(z / 2);
        terms[i]! += (weight[(i / DIM) | 0]! * slope) / scale[i % DIM]!;
        terms[elements + i]! += weight[(i / DIM) | 0]! * (z * slope - 1);
      }
    },
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
  const sampled: Case = {
    name: `${name} sample f${bits}`,
    elements,
    kernel: () => {
      start();
      kernel("Sample")(1, 2, 3, 0, ROWS, DIM, TILE, THETA, X);
    },
    twin: () => sample(x, bits === 32 ? unit32 : unit64, location, scale),
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
      terms.fill(0);
      scored(x, location, scale, weight, terms);
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
    nanoseconds(kernel, 20); // both compiled
    nanoseconds(twin, 20);
    for (let round = 0; round < 41; round++) {
      ours.push(nanoseconds(kernel, 2) / elements);
      theirs.push(nanoseconds(twin, 1) / elements);
    }
    const [a, b] = [median(ours), median(theirs)];
    console.log(`${name.padEnd(26)} ${a.toFixed(2).padStart(7)} ns  twin ${b.toFixed(2).padStart(7)} ns  ${(b / a).toFixed(1).padStart(6)}×`);
  }
}
