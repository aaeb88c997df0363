/**
 * Samplers and scores of the continuous families.
 *
 * The twin is what one writes without a core: xoshiro128++ in a closure, `Math.log`, one number at a time.
 */
import type { Precision } from "../src/core/core.ts";
import type { Field } from "../src/core/region.ts";
import { exponential } from "../src/distributions/exponential.ts";
import { gumbel } from "../src/distributions/gumbel.ts";
import { logistic } from "../src/distributions/logistic.ts";
import { normal } from "../src/distributions/normal.ts";
import { uniform } from "../src/distributions/uniform.ts";
import { arrayOf } from "../src/parameters.ts";
import type { Distribution, Scored } from "../src/vocabulary/distribution.ts";
import { type Case, type Floats, rounding } from "./case.ts";
import { layout, stream } from "./layout.ts";
import { unit, unit52 } from "./random.ts";

const ROWS = 4096;
const DIM = 16;
const elements = ROWS * DIM;

interface Twin {
  readonly family: Distribution & Partial<Scored>;
  /** One coordinate's parameters as the family takes them, and as the twin does: location and scale. */
  readonly params: readonly number[];
  readonly scale: number;
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

const standard = { params: [0, 0.1], scale: Math.exp(0.1) } as const;

const twins: readonly Twin[] = [
  { family: uniform(DIM), params: [0, 1], scale: 1, sample: (u, low, width) => low + width * u() },
  {
    family: normal(DIM),
    ...standard,
    sample: (u, mean, scale) => mean + scale * Math.sqrt(-2 * Math.log(u())) * Math.cos(2 * Math.PI * u()),
    score: score((z) => z),
  },
  {
    family: exponential(DIM),
    params: [0.1],
    scale: Math.exp(-0.1),
    sample: (u, _, scale) => -Math.log(u()) * scale,
    score: (x, _, scale, weight, terms, i) => {
      terms[i]! += weight * (1 - x / scale);
    },
  },
  {
    family: gumbel(DIM),
    ...standard,
    sample: (u, location, scale) => location - scale * Math.log(-Math.log(u())),
    score: score((z) => 1 - Math.exp(-z)),
  },
  {
    family: logistic(DIM),
    ...standard,
    sample: (u, location, scale) => {
      const v = u();
      return location + scale * (Math.log(v) - Math.log1p(-v));
    },
    score: score((z) => Math.tanh(z / 2)),
  },
];

function casesOf({ family, params, scale: width, sample, score: scored }: Twin, precision: Precision): Case[] {
  const { kernels, theta, prepare, fields } = layout(family, precision, 1, [elements, ROWS, params.length * elements], (i) => params[Math.floor(i / DIM)]!);
  const [x, coefficient, terms] = fields as [Field, Field, Field];
  const [location, scale] = [arrayOf(precision, DIM), arrayOf(precision, DIM).fill(width)];
  const [own, weight, ownTerms] = [arrayOf(precision, elements), arrayOf(precision, ROWS).fill(0.5), arrayOf(precision, params.length * elements)];
  const draw = precision === "f32" ? unit : unit52;
  coefficient.view().fill(0.5);
  const sampled: Case = {
    name: `${family.name} sample ${precision}`,
    elements,
    kernel() {
      prepare();
      family.sample(kernels, stream, ROWS, theta, x.at);
    },
    twin() {
      for (let i = 0; i < elements; i++) own[i] = sample(draw, location[i % DIM]!, scale[i % DIM]!);
    },
    outcome: () => ({ alike: "moments", kernel: x.view(), twin: own }),
  };
  if (scored === undefined) return [sampled];
  family.sample(kernels, stream, ROWS, theta, x.at);
  const drawn = x.view().slice();
  const score: Case = {
    name: `${family.name} score ${precision}`,
    elements,
    kernel: () => family.score!(kernels, ROWS, theta, x.at, coefficient.at, terms.at),
    twin() {
      for (let i = 0; i < elements; i++) scored(drawn[i]!, location[i % DIM]!, scale[i % DIM]!, weight[(i / DIM) | 0]!, ownTerms, i);
    },
    outcome: () => ({ alike: "values", kernel: terms.view(), twin: ownTerms, within: rounding[precision === "f32" ? 32 : 64] }),
  };
  return [sampled, score];
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => twins.flatMap((twin) => casesOf(twin, precision)));
