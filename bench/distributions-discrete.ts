/**
 * The discrete families, their relaxations and the multivariate normal.
 *
 * The twin is what one writes without a core: xoshiro128++, `Math.exp` and `Math.log`, one number at a time.
 */
import * as flips from "../reference/distributions/bernoulli.ts";
import * as choices from "../reference/distributions/categorical.ts";
import * as triangles from "../reference/distributions/multivariate-normal.ts";
import type { Precision } from "../src/core/core.ts";
import type { Field } from "../src/core/region.ts";
import { bernoulli } from "../src/distributions/bernoulli.ts";
import { categorical } from "../src/distributions/categorical.ts";
import { multivariateNormal } from "../src/distributions/multivariate-normal.ts";
import { normal } from "../src/distributions/normal.ts";
import { oneHotCategorical } from "../src/distributions/one-hot-categorical.ts";
import { arrayOf } from "../src/parameters.ts";
import { relaxations } from "../src/wasm/modules.ts";
import { type Case, type Floats, type Outcome, rounding } from "./case.ts";
import { core, layout, scattered, stream } from "./layout.ts";
import * as plain from "./twins.ts";

const moments = (kernel: ArrayLike<number>, twin: ArrayLike<number>): Outcome => ({ alike: "moments", kernel, twin });
const values = (kernel: ArrayLike<number>, twin: ArrayLike<number>, precision: Precision): Outcome => ({ alike: "values", kernel, twin, within: rounding[precision === "f32" ? 32 : 64] });

function coins(precision: Precision): Case[] {
  const [rows, dim] = [1000, 256];
  const elements = rows * dim;
  const p = bernoulli(dim);
  const { kernels, theta, prepare, params, fields } = layout(p, precision, 1, [elements, elements, rows, elements, elements, elements], scattered);
  const [x, mirrored, coefficient, terms, halves, drawn] = fields as [Field, Field, Field, Field, Field, Field];
  coefficient.view().fill(1e-3);
  const probs = flips.probs(params);
  const own = [0, 0, 0, 0].map(() => arrayOf(precision, elements)) as [Floats, Floats, Floats, Floats];
  const weights = arrayOf(precision, rows).fill(1e-3);
  p.antithetic.sample(kernels, stream, rows, theta, 0, 0, drawn.at, mirrored.at);
  const [b, other] = [drawn.view().slice(), mirrored.view().slice()];
  let prepared: Float64Array;
  return [
    { name: `bernoulli sample ${precision}`, elements, kernel: () => p.sample(kernels, stream, rows, theta, x.at), twin: () => plain.flips(probs, own[0]), outcome: () => moments(x.view(), own[0]) },
    {
      name: `bernoulli prepare ${precision}`,
      elements: dim,
      kernel: prepare,
      twin: () => void (prepared = flips.probs(params)),
      outcome: () => values(core.view(precision, theta.at + theta.tile * terms.view().BYTES_PER_ELEMENT, dim), prepared, precision),
    },
    {
      name: `bernoulli antithetic pair ${precision}`,
      elements,
      kernel: () => p.antithetic.sample(kernels, stream, rows, theta, 0, 0, drawn.at, mirrored.at),
      twin: () => plain.pairs(probs, own[0], own[1]),
      outcome: () => moments(mirrored.view(), own[1]),
    },
    {
      name: `bernoulli score ${precision}`,
      elements,
      kernel: () => p.score(kernels, rows, theta, drawn.at, coefficient.at, terms.at),
      twin: () => flips.score(dim, probs, b, weights, own[2]),
      outcome: () => values(terms.view(), own[2], precision),
    },
    {
      name: `disarm terms ${precision}`,
      elements,
      kernel: () => p.antithetic.disarm(kernels, rows, theta, 0, drawn.at, mirrored.at, coefficient.at, halves.at),
      twin: () => flips.disarm(dim, probs, b, other, weights, own[3]),
      outcome: () => values(halves.view(), own[3], precision),
    },
  ];
}

function manyDraws(categories: number, precision: Precision): Case {
  const draws = 100_000;
  const p = categorical(categories);
  const { kernels, theta, params, fields } = layout(p, precision, 1, [draws], scattered);
  const alias = choices.alias(choices.probs(params));
  const own = arrayOf(precision, draws);
  return {
    name: `categorical many draws of ${categories} ${precision}`,
    elements: draws,
    kernel: () => p.sample(kernels, stream, draws, theta, fields[0]!.at),
    twin: () => plain.choices(alias, own),
    outcome: () => moments(fields[0]!.view(), own),
  };
}

/** A draw of each of many rows, from their logits. */
function rowByRow(categories: number, precision: Precision): Case {
  const batch = 100_000 / categories;
  const p = categorical(categories);
  const { kernels, theta, prepare, params, fields } = layout(p, precision, batch, [batch], scattered);
  const own = arrayOf(precision, batch);
  const draw = (): void => p.sample(kernels, stream, batch, theta, fields[0]!.at);
  return {
    name: `categorical rows of ${categories} ${precision}`,
    elements: batch,
    kernel() {
      prepare();
      draw();
    },
    twin: () => plain.choicesOfRows(categories, params, own),
    parts: { "prepare alone": prepare, "draws alone": draw },
    outcome: () => moments(fields[0]!.view(), own),
  };
}

function concrete(precision: Precision): Case {
  const [rows, categories, temperature] = [10_000, 32, 0.5];
  const n = rows * categories;
  const { relaxation, ...p } = oneHotCategorical(categories);
  const { kernels, theta, params, fields } = layout({ ...p, modules: [relaxations] }, precision, 1, [n, n, n, n], scattered);
  const [z, y, g, terms] = fields as [Field, Field, Field, Field];
  g.view().fill(0.5);
  const logProbs = choices.logProbs(params);
  const own = [0, 0, 0].map(() => arrayOf(precision, n)) as [Floats, Floats, Floats];
  // By blocks of rows, as the estimator goes about it: chunks of a stream there, terms that stay in the first cache back.
  const row = categories * y.view().BYTES_PER_ELEMENT;
  const each = (block: number, use: (from: number, some: number, chunk: number) => void): void => {
    for (let first = 0; first < rows; first += block) use(first * row, Math.min(block, rows - first), first / block);
  };
  const draw = (from: number, some: number, chunk: number): void => relaxation.latent.draw(kernels, { ...stream, chunk }, some, theta, 0, z.at + from);
  const soften = (from: number, some: number): void => relaxation.soften(kernels, some, z.at + from, temperature, y.at + from);
  const pull = (from: number, some: number): void => relaxation.pullThrough!(kernels, some, y.at + from, temperature, g.at + from, terms.at + from);
  return {
    name: `Gumbel-softmax forward and back 32 ${precision}`,
    elements: n,
    kernel() {
      each(1024, (from, some, chunk) => {
        draw(from, some, chunk);
        soften(from, some);
      });
      each(128, pull);
    },
    twin: () => plain.relaxations(logProbs, temperature, own[0], own[1], own[2]),
    parts: { "draws alone": () => each(1024, draw), "softmax alone": () => each(1024, soften), "pull alone": () => each(128, pull) },
    outcome: () => moments(y.view(), own[1]),
  };
}

function gaussians(precision: Precision): Case[] {
  const [rows, dim] = [4096, 16];
  const n = rows * dim;
  const p = multivariateNormal(dim);
  const triangle = (i: number): number => (i < dim || (i - dim) % (dim + 1) === 0 ? 1 : Math.floor((i - dim) / dim) > (i - dim) % dim ? 0.1 : 0);
  const { kernels, theta, params, fields } = layout(p, precision, 1, [n, n, rows, n * (dim + 1), n * (dim + 1), n], triangle);
  const [noise, x, coefficient, scores, terms, g] = fields as [Field, Field, Field, Field, Field, Field];
  const [mean, scaleTril] = [params.subarray(0, dim), params.subarray(dim)];
  const [z, own] = [arrayOf(precision, n), arrayOf(precision, n)];
  const [ownScores, ownTerms] = [arrayOf(precision, n * (dim + 1)), arrayOf(precision, n * (dim + 1))];
  coefficient.view().fill(1);
  g.view().fill(0.5);
  const draw = (): void => p.path.draw(kernels, stream, rows, theta, noise.at, x.at);
  draw();
  const independent = normal(dim);
  const normals = layout(independent, precision, 1, [n], () => 0);
  const [drawn, drawnNoise, cotangent] = [x.view().slice(), noise.view().slice(), g.view().slice()];
  const last = (of: Floats): Floats => of.filter((_, i) => i % dim === dim - 1);
  const add = (row: number, vector: ArrayLike<number>, lower: ArrayLike<number>, into: Floats): void => {
    for (let i = 0; i < dim; i++) into[row * dim + i]! += vector[i]!;
    for (let i = 0; i < dim * dim; i++) into[n + row * dim * dim + i]! += lower[i]!;
  };
  return [
    {
      name: `multivariateNormal 16 sample ${precision}`,
      elements: n,
      kernel: draw,
      twin() {
        plain.normals(z);
        triangles.transform(mean, scaleTril, z, own);
      },
      parts: { "independent normals instead": () => independent.sample(normals.kernels, stream, rows, normals.theta, normals.fields[0]!.at) },
      outcome: () => moments(last(x.view()), last(own)),
    },
    {
      name: `multivariateNormal 16 score ${precision}`,
      elements: n,
      kernel: () => p.score(kernels, rows, theta, x.at, coefficient.at, scores.at),
      twin() {
        for (let r = 0; r < rows; r++) add(r, ...triangles.score(mean, scaleTril, drawn.subarray(r * dim, (r + 1) * dim)), ownScores);
      },
      outcome: () => values(scores.view(), ownScores, precision),
    },
    {
      name: `multivariateNormal 16 pull ${precision}`,
      elements: n,
      kernel: () => p.path.pull(kernels, rows, theta, noise.at, x.at, g.at, terms.at),
      twin() {
        for (let r = 0; r < rows; r++) {
          const own = cotangent.subarray(r * dim, (r + 1) * dim);
          add(r, own, triangles.outer(own, drawnNoise.subarray(r * dim, (r + 1) * dim)), ownTerms);
        }
      },
      outcome: () => values(terms.view(), ownTerms, precision),
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
