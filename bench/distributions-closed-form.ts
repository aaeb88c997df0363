/**
 * Samplers, log densities, scores and pulls of the closed-form continuous families.
 *
 * The twin is what one writes without a core: xoshiro128++, `Math.log`, one number at a time.
 */
import { normalQuantile } from "../reference/math/normal-quantile.ts";
import { normalUpper } from "../reference/math/normal-upper.ts";
import type { Precision } from "../src/core/core.ts";
import type { Field } from "../src/core/region.ts";
import { cauchy, halfNormal, kumaraswamy, laplace, logNormal, truncatedNormal, weibull } from "../src/distributions/index.ts";
import { arrayOf } from "../src/parameters.ts";
import type { Distribution, Reparameterizable, Scored } from "../src/vocabulary/distribution.ts";
import { type Case, type Floats, rounding } from "./case.ts";
import { layout, stream } from "./layout.ts";
import { unit } from "./random.ts";

const ROWS = 4096;
const DIM = 16;
const elements = ROWS * DIM;

/** One coordinate's parameters a and b (θ as the family takes it), and the loops over [ROWS, DIM]. */
interface Twin {
  readonly family: Distribution & Scored & Reparameterizable;
  readonly params: readonly number[];
  readonly sample: (x: Floats, a: Floats, b: Floats) => void;
  readonly logProb: (x: Floats, a: Floats, b: Floats, out: Floats) => void;
  readonly score: (x: Floats, a: Floats, b: Floats, terms: Floats) => void;
  readonly pull: (x: Floats, a: Floats, b: Floats, cotangent: Floats, terms: Floats, noise: Floats) => void;
  /** Whose draws have no variance to compare: these are, of both, made angles of. */
  readonly heavy?: boolean;
}

const HALF_LOG_TWO_PI = 0.9189385332046728;

/** Φ(b) − Φ(a) and Φ(a) of the interval [−1, 2], and what a score of it takes. */
function interval(location: number, logScale: number): { below: number; mass: number; mean: number; square: number } {
  const [a, b] = [(-1 - location) / Math.exp(logScale), (2 - location) / Math.exp(logScale)];
  const [fa, fb] = [Math.exp((-a * a) / 2 - HALF_LOG_TWO_PI), Math.exp((-b * b) / 2 - HALF_LOG_TWO_PI)];
  const below = normalUpper(-a);
  const mass = 1 - below - normalUpper(b);
  return { below, mass, mean: (fa - fb) / mass, square: 1 + (a * fa - b * fb) / mass };
}

// Each twin is a loop of its own: one that takes a formula as a function is several times slower once it has seen a few of them.
const twins: readonly Twin[] = [
  {
    family: laplace(DIM),
    params: [0.25, 0.1],
    sample: (x, location, logScale) => {
      const scale = logScale.map(Math.exp);
      for (let i = 0; i < elements; i++) {
        const u = unit();
        x[i] = location[i % DIM]! + scale[i % DIM]! * (u < 0.5 ? Math.log(2 * u) : -Math.log(2 * (1 - u)));
      }
    },
    logProb: (x, location, logScale, out) => {
      const scale = logScale.map(Math.exp);
      for (let i = 0; i < elements; i++) out[(i / DIM) | 0]! -= Math.abs(x[i]! - location[i % DIM]!) / scale[i % DIM]! + Math.LN2 + logScale[i % DIM]!;
    },
    score: (x, location, logScale, terms) => {
      const scale = logScale.map(Math.exp);
      for (let i = 0; i < elements; i++) {
        const z = (x[i]! - location[i % DIM]!) / scale[i % DIM]!;
        terms[i]! += Math.sign(z) / scale[i % DIM]!;
        terms[elements + i]! += Math.abs(z) - 1;
      }
    },
    pull: (x, location, _, cotangent, terms) => {
      for (let i = 0; i < elements; i++) {
        terms[i]! += cotangent[i]!;
        terms[elements + i]! += cotangent[i]! * (x[i]! - location[i % DIM]!);
      }
    },
  },
  {
    family: cauchy(DIM),
    params: [0.25, 0.1],
    heavy: true,
    sample: (x, location, logScale) => {
      const scale = logScale.map(Math.exp);
      for (let i = 0; i < elements; i++) x[i] = location[i % DIM]! + scale[i % DIM]! * Math.tan(Math.PI * (unit() - 0.5));
    },
    logProb: (x, location, logScale, out) => {
      const scale = logScale.map(Math.exp);
      for (let i = 0; i < elements; i++) {
        const z = (x[i]! - location[i % DIM]!) / scale[i % DIM]!;
        out[(i / DIM) | 0]! -= Math.log1p(z * z) + Math.log(Math.PI) + logScale[i % DIM]!;
      }
    },
    score: (x, location, logScale, terms) => {
      const scale = logScale.map(Math.exp);
      for (let i = 0; i < elements; i++) {
        const z = (x[i]! - location[i % DIM]!) / scale[i % DIM]!;
        const slope = (2 * z) / (1 + z * z);
        terms[i]! += slope / scale[i % DIM]!;
        terms[elements + i]! += z * slope - 1;
      }
    },
    pull: (x, location, _, cotangent, terms) => {
      for (let i = 0; i < elements; i++) {
        terms[i]! += cotangent[i]!;
        terms[elements + i]! += cotangent[i]! * (x[i]! - location[i % DIM]!);
      }
    },
  },
  {
    family: logNormal(DIM),
    params: [0.25, -0.5],
    sample: (x, location, logScale) => {
      const scale = logScale.map(Math.exp);
      for (let i = 0; i < elements; i += 2) {
        const radius = Math.sqrt(-2 * Math.log(unit()));
        const angle = 2 * Math.PI * unit();
        x[i] = Math.exp(location[i % DIM]! + scale[i % DIM]! * radius * Math.cos(angle));
        x[i + 1] = Math.exp(location[(i + 1) % DIM]! + scale[(i + 1) % DIM]! * radius * Math.sin(angle));
      }
    },
    logProb: (x, location, logScale, out) => {
      const scale = logScale.map(Math.exp);
      for (let i = 0; i < elements; i++) {
        const log = Math.log(x[i]!);
        const z = (log - location[i % DIM]!) / scale[i % DIM]!;
        out[(i / DIM) | 0]! -= 0.5 * z * z + log + logScale[i % DIM]! + HALF_LOG_TWO_PI;
      }
    },
    score: (x, location, logScale, terms) => {
      const scale = logScale.map(Math.exp);
      for (let i = 0; i < elements; i++) {
        const z = (Math.log(x[i]!) - location[i % DIM]!) / scale[i % DIM]!;
        terms[i]! += z / scale[i % DIM]!;
        terms[elements + i]! += z * z - 1;
      }
    },
    pull: (x, location, _, cotangent, terms) => {
      for (let i = 0; i < elements; i++) {
        terms[i]! += cotangent[i]! * x[i]!;
        terms[elements + i]! += cotangent[i]! * x[i]! * (Math.log(x[i]!) - location[i % DIM]!);
      }
    },
  },
  {
    family: halfNormal(DIM),
    params: [0.1],
    sample: (x, logScale) => {
      const scale = logScale.map(Math.exp);
      for (let i = 0; i < elements; i += 2) {
        const radius = Math.sqrt(-2 * Math.log(unit()));
        const angle = 2 * Math.PI * unit();
        x[i] = scale[i % DIM]! * Math.abs(radius * Math.cos(angle));
        x[i + 1] = scale[(i + 1) % DIM]! * Math.abs(radius * Math.sin(angle));
      }
    },
    logProb: (x, logScale, _, out) => {
      const scale = logScale.map(Math.exp);
      for (let i = 0; i < elements; i++) {
        const z = x[i]! / scale[i % DIM]!;
        out[(i / DIM) | 0]! += x[i]! < 0 ? -Infinity : 0.5 * (Math.log(2 / Math.PI) - z * z) - logScale[i % DIM]!;
      }
    },
    score: (x, logScale, _, terms) => {
      const scale = logScale.map(Math.exp);
      for (let i = 0; i < elements; i++) terms[i]! += (x[i]! / scale[i % DIM]!) ** 2 - 1;
    },
    pull: (x, _, __, cotangent, terms) => {
      for (let i = 0; i < elements; i++) terms[i]! += cotangent[i]! * x[i]!;
    },
  },
  {
    family: weibull(DIM),
    params: [0.1, 0.5],
    sample: (x, logScale, logConcentration) => {
      const scale = logScale.map(Math.exp);
      const power = logConcentration.map((c) => Math.exp(-c));
      for (let i = 0; i < elements; i++) x[i] = scale[i % DIM]! * (-Math.log(unit())) ** power[i % DIM]!;
    },
    logProb: (x, logScale, logConcentration, out) => {
      const concentration = logConcentration.map(Math.exp);
      for (let i = 0; i < elements; i++) {
        const log = Math.log(x[i]!);
        const w = concentration[i % DIM]! * (log - logScale[i % DIM]!);
        out[(i / DIM) | 0]! += w - Math.exp(w) + logConcentration[i % DIM]! - log;
      }
    },
    score: (x, logScale, logConcentration, terms) => {
      const concentration = logConcentration.map(Math.exp);
      for (let i = 0; i < elements; i++) {
        const w = concentration[i % DIM]! * (Math.log(x[i]!) - logScale[i % DIM]!);
        const more = Math.expm1(w);
        terms[i]! += concentration[i % DIM]! * more;
        terms[elements + i]! += 1 - w * more;
      }
    },
    pull: (x, logScale, _, cotangent, terms) => {
      for (let i = 0; i < elements; i++) {
        terms[i]! += cotangent[i]! * x[i]!;
        terms[elements + i]! -= cotangent[i]! * x[i]! * (Math.log(x[i]!) - logScale[i % DIM]!);
      }
    },
  },
  {
    family: kumaraswamy(DIM),
    params: [0.5, 0.75],
    sample: (x, logA, logB) => {
      const [a, b] = [logA.map((c) => Math.exp(-c)), logB.map((c) => Math.exp(-c))];
      for (let i = 0; i < elements; i++) x[i] = (1 - unit() ** b[i % DIM]!) ** a[i % DIM]!;
    },
    logProb: (x, logA, logB, out) => {
      const [a, b] = [logA.map(Math.exp), logB.map(Math.exp)];
      for (let i = 0; i < elements; i++) {
        const log = Math.log(x[i]!);
        out[(i / DIM) | 0]! += logA[i % DIM]! + logB[i % DIM]! + (a[i % DIM]! - 1) * log + (b[i % DIM]! - 1) * Math.log(-Math.expm1(a[i % DIM]! * log));
      }
    },
    score: (x, logA, logB, terms) => {
      const [a, b] = [logA.map(Math.exp), logB.map(Math.exp)];
      for (let i = 0; i < elements; i++) {
        const s = -a[i % DIM]! * Math.log(x[i]!);
        terms[i]! += 1 - s + ((b[i % DIM]! - 1) * s) / Math.expm1(s);
        terms[elements + i]! += 1 + b[i % DIM]! * Math.log(-Math.expm1(-s));
      }
    },
    pull: (x, logA, _, cotangent, terms) => {
      const a = logA.map(Math.exp);
      for (let i = 0; i < elements; i++) {
        const log = Math.log(x[i]!);
        const s = -a[i % DIM]! * log;
        terms[i]! -= cotangent[i]! * x[i]! * log;
        terms[elements + i]! += ((cotangent[i]! * x[i]!) / a[i % DIM]!) * Math.log(-Math.expm1(-s)) * Math.expm1(s);
      }
    },
  },
  {
    family: truncatedNormal(DIM, { low: -1, high: 2 }),
    params: [0.25, 0.1],
    sample: (x, location, logScale) => {
      const own = Array.from(location, (m, j) => ({ ...interval(m, logScale[j]!), m, scale: Math.exp(logScale[j]!) }));
      for (let i = 0; i < elements; i++) {
        const { below, mass, m, scale } = own[i % DIM]!;
        x[i] = m + scale * normalQuantile(below + mass * unit());
      }
    },
    logProb: (x, location, logScale, out) => {
      const own = Array.from(location, (m, j) => ({ m, scale: Math.exp(logScale[j]!), level: HALF_LOG_TWO_PI + logScale[j]! + Math.log(interval(m, logScale[j]!).mass) }));
      for (let i = 0; i < elements; i++) {
        const { m, scale, level } = own[i % DIM]!;
        const z = (x[i]! - m) / scale;
        out[(i / DIM) | 0]! -= x[i]! < -1 || x[i]! > 2 ? Infinity : 0.5 * z * z + level;
      }
    },
    score: (x, location, logScale, terms) => {
      const own = Array.from(location, (m, j) => ({ ...interval(m, logScale[j]!), m, scale: Math.exp(logScale[j]!) }));
      for (let i = 0; i < elements; i++) {
        const { mean, square, m, scale } = own[i % DIM]!;
        const z = (x[i]! - m) / scale;
        terms[i]! += (z - mean) / scale;
        terms[elements + i]! += z * z - square;
      }
    },
    pull: (x, location, logScale, cotangent, terms, noise) => {
      const own = Array.from(location, (m, j) => {
        const scale = Math.exp(logScale[j]!);
        return { m, scale, a: (-1 - m) / scale, b: (2 - m) / scale };
      });
      for (let i = 0; i < elements; i++) {
        const { m, scale, a, b } = own[i % DIM]!;
        const z = (x[i]! - m) / scale;
        const u = noise[i]! < 0 ? 1 + noise[i]! : noise[i]!;
        const [first, second] = [(1 - u) * Math.exp((z * z - a * a) / 2), u * Math.exp((z * z - b * b) / 2)];
        terms[i]! += cotangent[i]! * (1 - first - second);
        terms[elements + i]! += cotangent[i]! * scale * (z - first * a - second * b);
      }
    },
  },
];

function casesOf({ family, params, heavy = false, ...twin }: Twin, precision: Precision): Case[] {
  const lengths = [elements, ROWS, ROWS, params.length * elements, elements, elements];
  const { kernels, theta, prepare, fields } = layout(family, precision, 1, lengths, (i) => params[Math.floor(i / DIM)]!);
  const [x, one, log, terms, cotangent, noise] = fields as [Field, Field, Field, Field, Field, Field];
  const [a, b] = [arrayOf(precision, DIM).fill(params[0]!), arrayOf(precision, DIM).fill(params[1] ?? 0)];
  const [own, ownLog, ownTerms] = [arrayOf(precision, elements), arrayOf(precision, ROWS), arrayOf(precision, params.length * elements)];
  one.view().fill(1);
  cotangent.view().fill(0.5);
  family.path.draw(kernels, stream, ROWS, theta, noise.at, x.at);
  const drawn = x.view().slice();
  const [ownCotangent, ownNoise] = [cotangent.view().slice(), noise.view().slice()];
  const within = 20 * rounding[precision === "f32" ? 32 : 64];
  const compared = (values: Floats): ArrayLike<number> => (heavy ? values.map(Math.atan) : values);
  const alike = (field: Field, values: Floats) => () => ({ alike: "values", kernel: field.view(), twin: values, within }) as const;
  return [
    {
      name: `${family.name} sample ${precision}`,
      elements,
      kernel() {
        prepare();
        family.sample(kernels, stream, ROWS, theta, x.at);
      },
      twin: () => twin.sample(own, a, b),
      outcome: () => ({ alike: "moments", kernel: compared(x.view()), twin: compared(own) }),
    },
    {
      name: `${family.name} log p ${precision}`,
      elements,
      kernel: () => family.logProb(kernels, ROWS, theta, x.at, log.at),
      twin: () => twin.logProb(drawn, a, b, ownLog.fill(0)),
      outcome: alike(log, ownLog),
    },
    {
      name: `${family.name} score ${precision}`,
      elements,
      kernel: () => family.score(kernels, ROWS, theta, x.at, one.at, fresh(terms).at),
      twin: () => twin.score(drawn, a, b, ownTerms.fill(0)),
      outcome: alike(terms, ownTerms),
    },
    {
      name: `${family.name} pull ${precision}`,
      elements,
      kernel: () => family.path.pull(kernels, ROWS, theta, noise.at, x.at, cotangent.at, fresh(terms).at),
      twin: () => twin.pull(drawn, a, b, ownCotangent, ownTerms.fill(0), ownNoise),
      outcome: alike(terms, ownTerms),
    },
  ];
}

/** Zeros in place of what another case left. */
function fresh(field: Field): Field {
  field.view().fill(0);
  return field;
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => twins.flatMap((twin) => casesOf(twin, precision)));
