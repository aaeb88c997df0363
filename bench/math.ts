/**
 * The elementary functions against plain TypeScript: `node bench/math.ts [name…]` prints nanoseconds an element and the ratio.
 *
 * Rounds of kernel and twin alternate, and are short, so that a busy machine slows both and seldom interrupts one; the figure is the median.
 */
import { readFileSync } from "node:fs";
import { digamma } from "../reference/math/digamma.ts";
import { lgamma } from "../reference/math/lgamma.ts";
import { normalQuantile } from "../reference/math/normal-quantile.ts";
import { sigmoid } from "../reference/math/sigmoid.ts";
import { softplus } from "../reference/math/softplus.ts";
import { logSoftmax, logSumExp, softmax } from "../reference/rows.ts";

export interface Case {
  readonly name: string;
  /** How many elements one call of `kernel` or `twin` computes. */
  readonly elements: number;
  readonly kernel: () => void;
  readonly twin: () => void;
}

type Kernel = (...parameters: number[]) => void;
const exports = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(new URL("../build/kernels.wasm", import.meta.url)))).exports;
const memory = exports["memory"] as WebAssembly.Memory;
const elements = 4096;
let free = ((exports["heapBase"] as () => number)() + 15) & ~15;
memory.grow(64);

/** Arguments over [from, to] in no order, for the kernel in its memory, where its results go, and for the twin. */
function spread(from: number, to: number, bits: 32 | 64): { input: number; output: number; x: Float32Array | Float64Array } {
  const [input, output] = [free, free + elements * 8];
  free = output + elements * 8;
  const at = bits === 32 ? new Float32Array(memory.buffer, input, elements) : new Float64Array(memory.buffer, input, elements);
  at.forEach((_, i) => (at[i] = from + ((to - from) * ((i * 2654435761) % elements)) / elements));
  return { input, output, x: at.slice() };
}

const twins: [twin: (x: number) => number, from: number, to: number][] = [
  [Math.exp, -10, 10], [Math.log, 0.01, 10], [Math.expm1, -5, 5], [Math.log1p, -0.9, 10], [Math.sin, -10, 10], [Math.cos, -10, 10],
  [Math.tanh, -5, 5], [sigmoid, -10, 10], [softplus, -10, 10], [normalQuantile, 0.001, 0.999], [lgamma, 0.01, 20], [digamma, 0.01, 20],
];

const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

function elementwise(twin: (x: number) => number, from: number, to: number, bits: 32 | 64): Case {
  const kernel = exports[`elementwise${capital(twin.name)}${bits}`] as Kernel;
  const { input, output, x } = spread(from, to, bits);
  const y = x.slice();
  return {
    name: `${twin.name} f${bits}`,
    elements,
    kernel: () => kernel(elements, input, output),
    twin: () => {
      for (let i = 0; i < elements; i++) y[i] = twin(x[i]!);
    },
  };
}

function rows(twin: (n: number, width: number, x: ArrayLike<number>, out: Float64Array) => void, width: number, bits: 32 | 64): Case {
  const kernel = exports[`rows${capital(twin.name)}${bits}`] as Kernel;
  const n = Math.floor(elements / width);
  const { input, output, x } = spread(-5, 5, bits);
  const out = new Float64Array(elements);
  return {
    name: `${twin.name} of rows of ${width} f${bits}`,
    elements: n * width,
    kernel: () => kernel(n, width, input, output),
    twin: () => twin(n, width, x, out),
  };
}

export const cases: Case[] = ([32, 64] as const).flatMap((bits) => [
  ...twins.map(([twin, from, to]) => elementwise(twin, from, to, bits)),
  ...[2, 10, 32, 1000].flatMap((width) => [logSumExp, softmax, logSoftmax].map((twin) => rows(twin, width, bits))),
]);

const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1]!;

function nanoseconds(run: () => void, repeats: number): number {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) run();
  return ((performance.now() - start) * 1e6) / repeats;
}

function compare({ name, elements, kernel, twin }: Case): void {
  const ours: number[] = [], theirs: number[] = [];
  nanoseconds(kernel, 600); // until the optimising compiler is done with it
  for (let round = 0; round < 41; round++) {
    ours.push(nanoseconds(kernel, 10) / elements);
    theirs.push(nanoseconds(twin, 2) / elements);
  }
  const [a, b] = [median(ours), median(theirs)];
  console.log(`${name.padEnd(32)} ${a.toFixed(2).padStart(7)} ns  twin ${b.toFixed(2).padStart(7)} ns  ${(b / a).toFixed(1).padStart(6)}×`);
}

if (import.meta.main) {
  const wanted = process.argv.slice(2);
  for (const one of cases) if (wanted.length === 0 || wanted.some((word) => one.name.startsWith(word))) compare(one);
}
