/**
 * The discrete families, their relaxations and the multivariate normal against plain TypeScript: `node bench/distributions-discrete.ts [name…]`.
 *
 * The twin is what one writes without a core: xoshiro128++ in a closure, `Math.exp` and `Math.log`, one number at a time.
 */
import { readFileSync } from "node:fs";
import * as flips from "../reference/distributions/bernoulli.ts";
import * as choices from "../reference/distributions/categorical.ts";
import { relaxed } from "../reference/distributions/concrete.ts";
import * as triangles from "../reference/distributions/multivariate-normal.ts";
import { instance, type Precision } from "../src/core/core.ts";
import type { Kernels } from "../src/core/kernels.ts";
import { type Field, region } from "../src/core/region.ts";
import { bernoulli } from "../src/distributions/bernoulli.ts";
import { categorical } from "../src/distributions/categorical.ts";
import { multivariateNormal } from "../src/distributions/multivariate-normal.ts";
import { oneHotCategorical } from "../src/distributions/one-hot-categorical.ts";
import { key } from "../src/key.ts";
import { arrayOf } from "../src/parameters.ts";
import { reserveTheta } from "../src/sample.ts";
import type { Distribution, Theta } from "../src/vocabulary/distribution.ts";
import type { Case } from "./math.ts";

const core = instance({ module: new WebAssembly.Module(readFileSync(new URL("../build/core.wasm", import.meta.url))) });
const stream = { key: key(1), site: 0, chunk: 0 };

interface Bench {
  readonly kernels: Kernels;
  readonly theta: Theta;
  readonly prepare: () => void;
  readonly params: Float64Array;
  readonly fields: readonly Field[];
}

/** θ of `batch` problems from `sin`, and arrays of the given lengths. */
function bench(p: Distribution, precision: Precision, batch: number, lengths: readonly number[]): Bench {
  const block = region(core, precision);
  const { params, theta } = reserveTheta(block, p, batch);
  const fields = lengths.map((length) => block.reserve(length));
  block.allocate("bench");
  const values = params.view();
  values.forEach((_: number, i: number) => (values[i] = 2 * Math.sin(i * i)));
  const kernels = core.kernels[precision];
  const prepare = (): void => p.prepare(kernels, params.at, theta);
  prepare();
  return { kernels, theta, prepare, params: Float64Array.from(values), fields };
}

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

function coins(precision: Precision): Case[] {
  const [rows, dim] = [1000, 256];
  const p = bernoulli(dim);
  const { kernels, theta, prepare, params, fields } = bench(p, precision, 1, [rows * dim, rows * dim, rows, rows * dim]);
  const [x, mirrored, coefficient, terms] = fields as [Field, Field, Field, Field];
  coefficient.view().fill(1e-3);
  const probs = flips.probs(params);
  const own = [0, 0, 0].map(() => arrayOf(precision, rows * dim));
  const weights = arrayOf(precision, rows).fill(1e-3);
  const elements = rows * dim;
  return [
    { name: `bernoulli sample ${precision}`, elements, kernel: () => p.sample(kernels, stream, rows, theta, x.at), twin: () => flips.sample(unit, probs, own[0]!) },
    { name: `bernoulli prepare ${precision}`, elements: dim, kernel: prepare, twin: () => flips.probs(params) },
    {
      name: `bernoulli antithetic pair ${precision}`,
      elements,
      kernel: () => p.antithetic.sample(kernels, stream, rows, theta, 0, x.at, mirrored.at),
      twin: () => flips.pair(unit, probs, own[0]!, own[1]!),
    },
    {
      name: `bernoulli score ${precision}`,
      elements,
      kernel: () => p.score(kernels, rows, theta, x.at, coefficient.at, terms.at),
      twin: () => flips.score(dim, probs, own[0]!, weights, own[2]!),
    },
    {
      name: `disarm terms ${precision}`,
      elements,
      kernel: () => p.antithetic.disarm(kernels, rows, theta, x.at, mirrored.at, coefficient.at, terms.at),
      twin: () => flips.disarm(dim, probs, own[0]!, own[1]!, weights, own[2]!),
    },
  ];
}

function manyDraws(categories: number, precision: Precision): Case {
  const draws = 100_000;
  const p = categorical(categories);
  const { kernels, theta, params, fields } = bench(p, precision, 1, [draws]);
  const alias = choices.alias(choices.probs(params));
  const own = arrayOf(precision, draws);
  return {
    name: `categorical many draws of ${categories} ${precision}`,
    elements: draws,
    kernel: () => p.sample(kernels, stream, draws, theta, fields[0]!.at),
    twin: () => choices.sample(unit, alias, own),
  };
}

/** A draw of each of many rows, from their logits. */
function rowByRow(categories: number, precision: Precision): Case {
  const batch = 100_000 / categories;
  const p = categorical(categories);
  const { kernels, theta, prepare, params, fields } = bench(p, precision, batch, [batch]);
  const own = arrayOf(precision, batch);
  return {
    name: `categorical rows of ${categories} ${precision}`,
    elements: batch,
    kernel: () => {
      prepare();
      p.sample(kernels, stream, batch, theta, fields[0]!.at);
    },
    twin: () => choices.sampleRows(unit, categories, params, own),
  };
}

function concrete(precision: Precision): Case {
  const [rows, categories, temperature] = [10_000, 32, 0.5];
  const n = rows * categories;
  const { relaxation, ...p } = oneHotCategorical(categories);
  const { kernels, theta, params, fields } = bench(p, precision, 1, [n, n, n, n, n]);
  const [z, y, g, out, terms] = fields as [Field, Field, Field, Field, Field];
  g.view().fill(0.5);
  const logProbs = choices.logProbs(params);
  const own = [0, 0, 0].map(() => arrayOf(precision, n));
  return {
    name: `Gumbel-softmax forward and back 32 ${precision}`,
    elements: n,
    kernel() {
      relaxation.latent.draw(kernels, stream, rows, theta, 0, z.at);
      relaxation.soften(kernels, rows, z.at, temperature, y.at);
      relaxation.pull(kernels, rows, y.at, temperature, g.at, out.at);
      relaxation.latent.pull(kernels, rows, theta, 0, z.at, out.at, terms.at);
    },
    twin: () => relaxed(unit, logProbs, temperature, own[0]!, own[1]!, own[2]!),
  };
}

function gaussians(precision: Precision): Case[] {
  const [rows, dim] = [4096, 16];
  const n = rows * dim;
  const p = multivariateNormal(dim);
  const { kernels, theta, params, fields } = bench(p, precision, 1, [n, n, rows, n * (dim + 1), n]);
  const [noise, x, coefficient, terms, g] = fields as [Field, Field, Field, Field, Field];
  const [mean, scaleTril] = [params.subarray(0, dim), params.subarray(dim)];
  const [z, own] = [arrayOf(precision, n), arrayOf(precision, n)];
  return [
    { name: `multivariateNormal 16 sample ${precision}`, elements: n, kernel: () => p.path.draw(kernels, stream, rows, theta, noise.at, x.at), twin: () => triangles.sample(unit, mean, scaleTril, z, own) },
    {
      name: `multivariateNormal 16 score ${precision}`,
      elements: n,
      kernel: () => p.score(kernels, rows, theta, x.at, coefficient.at, terms.at),
      twin() {
        for (let r = 0; r < n; r += dim) triangles.score(mean, scaleTril, own.subarray(r, r + dim));
      },
    },
    {
      name: `multivariateNormal 16 pull ${precision}`,
      elements: n,
      kernel: () => p.path.pull(kernels, rows, theta, noise.at, x.at, g.at, terms.at),
      twin() {
        for (let r = 0; r < n; r += dim) triangles.outer(own.subarray(r, r + dim), z.subarray(r, r + dim));
      },
    },
  ];
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => [
  ...coins(precision),
  ...[10, 1000].map((categories) => manyDraws(categories, precision)),
  ...[10, 1000].map((categories) => rowByRow(categories, precision)),
  concrete(precision),
  ...gaussians(precision),
]);

const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1]!;

function nanoseconds(run: () => void, repeats: number): number {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) run();
  return ((performance.now() - start) * 1e6) / repeats;
}

if (import.meta.main) {
  const wanted = process.argv.slice(2);
  for (const { name, elements, kernel, twin } of cases.filter((one) => wanted.length === 0 || wanted.some((word) => one.name.startsWith(word)))) {
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < 11; round++) {
      ours.push(nanoseconds(kernel, 4) / elements);
      theirs.push(nanoseconds(twin, 1) / elements);
    }
    const [a, b] = [median(ours), median(theirs)];
    console.log(`${name.padEnd(40)} ${a.toFixed(2).padStart(7)} ns  twin ${b.toFixed(2).padStart(8)} ns  ${(b / a).toFixed(1).padStart(6)}×`);
  }
}
