/** The tape against the same formulas by hand in TypeScript. */
import "../src/index.ts";
import { type Field, region } from "../src/core/region.ts";
import { instance, type Precision } from "../src/core/core.ts";
import { derive } from "../src/tape/derive.ts";
import { expression } from "../src/tape/index.ts";
import { link } from "../src/tape/link.ts";
import { lower } from "../src/tape/lower.ts";
import { traced } from "../src/tape/expression.ts";
import { pullback } from "../reference/tape/decoder.ts";
import { differentiate } from "../reference/tape/network.ts";
import { type Case, rounding } from "./case.ts";

const core = instance({});

const within = (precision: Precision): number => rounding[precision === "f32" ? 32 : 64];

const fill = (field: Field, seed: number, scale: number): void => {
  const view = field.view();
  for (let i = 0; i < view.length; i++) view[i] = Math.sin(i * 12.9898 + seed) * scale;
};

/** x[N, 16] → · W₁[16, 32] → tanh → · W₂[32, 1] → sum: value, ∂x, ∂W₁, ∂W₂ in one pass; an element is a lane. */
function network(precision: Precision, lanes = 8192): Case {
  const shapes = { W: [16, 32], V: [32, 1] } as const;
  const { graph, x, value, parameters } = traced((point, { W, V }) => point.matmul(W).tanh().matmul(V), shapes, {}, 16, true);
  const slopes = derive([{ of: value, cotangent: graph.constant([1]) }], [x, ...parameters]).map((node) => node!);
  const [slope, ...into] = slopes;
  const program = lower(
    [
      { node: value, external: "value", offset: 0 },
      { node: slope!, external: "gradient", offset: 0 },
      ...into.map((node, i) => ({ node, external: "into", offset: 512 * i })),
    ],
    { params: shapes, shared: new Set(), period: () => 0 },
  );
  const block = region(core, precision);
  const params = block.reserve(544);
  const [linked] = link([program], { region: block, params, context: {} }, lanes);
  const [points, values, gradient, sums] = [16 * lanes, lanes, 16 * lanes, 544].map((length) => block.reserve(length)) as [Field, Field, Field, Field];
  block.allocate("bench");
  fill(points, 1, 0.3);
  fill(params, 2, 0.3);
  const externals = { x: points.at, value: values.at, gradient: gradient.at, into: sums.at };
  const layer = (all: Field): { hidden: Float64Array; output: Float64Array } => ({ hidden: Float64Array.from(all.view().subarray(0, 512)), output: Float64Array.from(all.view().subarray(512)) });
  const [copy, weights, own] = [Float64Array.from(points.view()), layer(params), layer(sums)];
  const [ownValue, ownGradient] = [new Float64Array(lanes), new Float64Array(16 * lanes)];
  return {
    name: `network 16 → 32 → 1, forward and reverse, ${precision}`,
    elements: lanes,
    kernel: () => linked!.run(lanes, externals),
    twin: () => differentiate(lanes, 16, 32, copy, weights, ownValue, ownGradient, own),
    outcome: () => ({ alike: "values", kernel: [...values.view(), ...gradient.view()], twin: [...ownValue, ...ownGradient], within: within(precision) }),
  };
}

/** z[rows, 16] · W[16, 1500] + c → logSoftmax → · counts → sum: value, and ∂W and ∂c; an element is a word of a row. */
function decoder(precision: Precision, rows = 128, batch = 64): Case {
  const [topics, words] = [16, 1500];
  const block = region(core, precision);
  const counts = block.reserve(batch * words);
  const formula = expression((z, names) => z.matmul(names.W).add(names.c).logSoftmax().mul(names.counts).sum(), { W: [topics, words], c: [words] }, { counts: words });
  const bound = formula.bind({ region: block, dim: topics, batch, rows, context: () => counts });
  const [z, value, weight, into] = [rows * topics, rows, rows, bound.params.length].map((length) => block.reserve(length)) as [Field, Field, Field, Field];
  block.allocate("bench");
  [z, bound.params, counts, weight].forEach((field, i) => fill(field, i, 0.3));
  const lanes = { batch, context: {} };
  const of = (field: Field): Float64Array => Float64Array.from(field.view());
  const split = (field: Field): { W: Float64Array; c: Float64Array } => ({ W: of(field).subarray(0, topics * words), c: of(field).subarray(topics * words) });
  const [ownZ, weights, ownCounts, ownWeight, ownValue, ownInto] = [of(z), split(bound.params), of(counts), of(weight), of(value), split(into)];
  const evaluate = (): void => bound.evaluate(rows, z.at, value.at, lanes);
  const pull = (): void => bound.pullback(rows, z.at, weight.at, into.at, lanes);
  return {
    name: `topic decoder 16 → 1500, ${rows} rows, value and pull-back, ${precision}`,
    elements: rows * words,
    kernel() {
      evaluate();
      pull();
    },
    twin: () => pullback(rows, topics, words, ownZ, weights, ownCounts, ownWeight, ownValue, ownInto),
    parts: { "value alone": evaluate, "pull-back alone": pull },
    outcome: () => ({ alike: "values", kernel: [...value.view(), ...into.view()], twin: [...ownValue, ...ownInto.W, ...ownInto.c], within: within(precision) }),
  };
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => [network(precision), decoder(precision)]);
