/**
 * Samplers and scores of the continuous families.
 *
 * The twin is what one writes without a core: xoshiro128++, `Math.log`, one number at a time.
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
import { unit } from "./random.ts";

const ROWS = 4096;
const DIM = 16;
const elements = ROWS * DIM;

interface Twin {
  readonly family: Distribution & Partial<Scored>;
  /** One coordinate's parameters as the family takes them, and as the twin does: location 0 and the scale (uniform: the upper end). */
  readonly params: readonly number[];
  readonly scale: number;
  readonly sample: (x: Floats, location: Floats, scale: Floats) => void;
  readonly score?: (x: Floats, location: Floats, scale: Floats, weight: Floats, terms: Floats) => void;
}

// Each twin is a loop of its own: one that takes a formula as a function is several times slower once it has seen a few of them; so is one that takes its generator.
const twins: readonly Twin[] = [
  {
    family: uniform(DIM),
    params: [0, 1],
    scale: 1,
    sample: (x, low, high) => {
      for (let i = 0; i < elements; i++) x[i] = low[i % DIM]! + (high[i % DIM]! - low[i % DIM]!) * unit();
    },
  },
  {
    family: normal(DIM),
    params: [0, 0.1],
    scale: Math.exp(0.1),
    sample: (x, mean, scale) => {
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
  {
    family: exponential(DIM),
    params: [0.1],
    scale: Math.exp(-0.1),
    sample: (x, _, mean) => {
      for (let i = 0; i < elements; i++) x[i] = -Math.log(unit()) * mean[i % DIM]!;
    },
    score: (x, _, mean, weight, terms) => {
      for (let i = 0; i < elements; i++) terms[i]! += weight[(i / DIM) | 0]! * (1 - x[i]! / mean[i % DIM]!);
    },
  },
  {
    family: gumbel(DIM),
    params: [0, 0.1],
    scale: Math.exp(0.1),
    sample: (x, location, scale) => {
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
  {
    family: logistic(DIM),
    params: [0, 0.1],
    scale: Math.exp(0.1),
    sample: (x, location, scale) => {
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
];

function casesOf({ family, params, scale: width, sample, score: scored }: Twin, precision: Precision): Case[] {
  const { kernels, theta, prepare, fields } = layout(family, precision, 1, [elements, ROWS, params.length * elements], (i) => params[Math.floor(i / DIM)]!);
  const [x, coefficient, terms] = fields as [Field, Field, Field];
  const [location, scale] = [arrayOf(precision, DIM), arrayOf(precision, DIM).fill(width)];
  const [own, weight, ownTerms] = [arrayOf(precision, elements), arrayOf(precision, ROWS).fill(0.5), arrayOf(precision, params.length * elements)];
  coefficient.view().fill(0.5);
  const sampled: Case = {
    name: `${family.name} sample ${precision}`,
    elements,
    kernel() {
      prepare();
      family.sample(kernels, stream, ROWS, theta, x.at);
    },
    twin: () => sample(own, location, scale),
    outcome: () => ({ alike: "moments", kernel: x.view(), twin: own }),
  };
  if (scored === undefined) return [sampled];
  family.sample(kernels, stream, ROWS, theta, x.at);
  const drawn = x.view().slice();
  const score: Case = {
    name: `${family.name} score ${precision}`,
    elements,
    kernel: () => family.score!(kernels, ROWS, theta, x.at, coefficient.at, terms.at),
    twin: () => scored(drawn, location, scale, weight, ownTerms),
    outcome: () => ({ alike: "values", kernel: terms.view(), twin: ownTerms, within: rounding[precision === "f32" ? 32 : 64] }),
  };
  return [sampled, score];
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => twins.flatMap((twin) => casesOf(twin, precision)));
