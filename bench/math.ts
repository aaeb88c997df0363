/** The elementary functions, and those of rows. */
import { readFileSync } from "node:fs";
import { digamma } from "../reference/math/digamma.ts";
import { lgamma } from "../reference/math/lgamma.ts";
import { normalQuantile } from "../reference/math/normal-quantile.ts";
import { sigmoid } from "../reference/math/sigmoid.ts";
import { softplus } from "../reference/math/softplus.ts";
import { logSoftmax, logSumExp, softmax } from "../reference/rows.ts";
import { type Bits, type Case, type Floats, rounding } from "./case.ts";

type Kernel = (...parameters: number[]) => void;
const exports = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(new URL("../build/kernels.wasm", import.meta.url)))).exports;
const memory = exports["memory"] as WebAssembly.Memory;
const elements = 4096;
let free = ((exports["heapBase"] as () => number)() + 15) & ~15;
memory.grow(64);

const numbers = (at: number, length: number, bits: Bits): Floats => (bits === 32 ? new Float32Array(memory.buffer, at, length) : new Float64Array(memory.buffer, at, length));

/** Arguments over [from, to] in no order, for the kernel in its memory, where its results go, and for the twin. */
function spread(from: number, to: number, bits: Bits): { input: number; output: number; x: Floats } {
  const [input, output] = [free, free + elements * 8];
  free = output + elements * 8;
  const at = numbers(input, elements, bits);
  at.forEach((_, i) => (at[i] = from + ((to - from) * ((i * 2654435761) % elements)) / elements));
  return { input, output, x: at.slice() };
}

// A loop of its own each: V8 calls a function that is passed, and boxes what it returns.
const twins: readonly (readonly [name: string, from: number, to: number, twin: (x: Floats, y: Floats) => void])[] = [
  ["exp", -10, 10, (x, y) => { for (let i = 0; i < elements; i++) y[i] = Math.exp(x[i]!); }],
  ["log", 0.01, 10, (x, y) => { for (let i = 0; i < elements; i++) y[i] = Math.log(x[i]!); }],
  ["expm1", -5, 5, (x, y) => { for (let i = 0; i < elements; i++) y[i] = Math.expm1(x[i]!); }],
  ["log1p", -0.9, 10, (x, y) => { for (let i = 0; i < elements; i++) y[i] = Math.log1p(x[i]!); }],
  ["sin", -10, 10, (x, y) => { for (let i = 0; i < elements; i++) y[i] = Math.sin(x[i]!); }],
  ["cos", -10, 10, (x, y) => { for (let i = 0; i < elements; i++) y[i] = Math.cos(x[i]!); }],
  ["tanh", -5, 5, (x, y) => { for (let i = 0; i < elements; i++) y[i] = Math.tanh(x[i]!); }],
  ["sigmoid", -10, 10, (x, y) => { for (let i = 0; i < elements; i++) y[i] = sigmoid(x[i]!); }],
  ["softplus", -10, 10, (x, y) => { for (let i = 0; i < elements; i++) y[i] = softplus(x[i]!); }],
  ["normalQuantile", 0.001, 0.999, (x, y) => { for (let i = 0; i < elements; i++) y[i] = normalQuantile(x[i]!); }],
  ["lgamma", 0.01, 20, (x, y) => { for (let i = 0; i < elements; i++) y[i] = lgamma(x[i]!); }],
  ["digamma", 0.01, 20, (x, y) => { for (let i = 0; i < elements; i++) y[i] = digamma(x[i]!); }],
];

const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

function elementwise([name, from, to, twin]: (typeof twins)[number], bits: Bits): Case {
  const kernel = exports[`elementwise${capital(name)}${bits}`] as Kernel;
  const { input, output, x } = spread(from, to, bits);
  const y = x.slice();
  return {
    name: `${name} f${bits}`,
    elements,
    kernel: () => kernel(elements, input, output),
    twin: () => twin(x, y),
    outcome: () => ({ alike: "values", kernel: numbers(output, elements, bits), twin: y, within: rounding[bits] }),
  };
}

function rows(twin: (n: number, width: number, x: ArrayLike<number>, out: Float64Array) => void, width: number, bits: Bits): Case {
  const kernel = exports[`rows${capital(twin.name)}${bits}`] as Kernel;
  const n = Math.floor(elements / width);
  const { input, output, x } = spread(-5, 5, bits);
  const out = new Float64Array(elements);
  const results = twin === logSumExp ? n : n * width;
  return {
    name: `${twin.name} of rows of ${width} f${bits}`,
    elements: n * width,
    kernel: () => kernel(n, width, input, output),
    twin: () => twin(n, width, x, out),
    outcome: () => ({ alike: "values", kernel: numbers(output, results, bits), twin: out.subarray(0, results), within: rounding[bits] }),
  };
}

export const cases: readonly Case[] = ([32, 64] as const).flatMap((bits) => [
  ...twins.map((twin) => elementwise(twin, bits)),
  ...[2, 10, 32, 1000].flatMap((width) => [logSumExp, softmax, logSoftmax].map((twin) => rows(twin, width, bits))),
]);
