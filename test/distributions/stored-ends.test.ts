import { describe, it } from "vitest";
import { logProb as studentLogProb } from "../../reference/distributions/student-t.ts";
import { beta } from "../../src/distributions/beta.ts";
import { dirichlet } from "../../src/distributions/dirichlet.ts";
import { gamma } from "../../src/distributions/gamma.ts";
import { inverseGamma } from "../../src/distributions/inverse-gamma.ts";
import { kumaraswamy } from "../../src/distributions/kumaraswamy.ts";
import { relaxedBernoulli } from "../../src/distributions/relaxed-bernoulli.ts";
import { relaxedOneHotCategorical } from "../../src/distributions/relaxed-one-hot-categorical.ts";
import { studentT } from "../../src/distributions/student-t.ts";
import { weibull } from "../../src/distributions/weibull.ts";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import { column, moments, sumOf, within } from "../laws/numbers.ts";
import { type Family, type Problem, stage, stream } from "../laws/stage.ts";

/** A family whose draws saturate: f of one draw, and the derivative of its mean by each parameter. */
interface Case {
  readonly name: string;
  readonly family: Family;
  readonly problem: Problem;
  readonly f: (draw: ArrayLike<number>) => number;
  /** E[f] */
  readonly mean: (problem: Problem) => number;
}

const TINY = [1e-4, 1e-3, 0.01, 0.1];
const DRAWS = 100_000;
const first = (x: ArrayLike<number>): number => x[0]!;

const cases: readonly Case[] = TINY.flatMap((size): Case[] => [
  {
    name: `gamma of concentration ${size} and rate 1, E[exp(−x)]`,
    family: gamma(1),
    problem: { logConcentration: [Math.log(size)], logRate: [0] },
    f: (x) => Math.exp(-x[0]!),
    mean: ({ logConcentration, logRate }) => (1 + Math.exp(-logRate![0]!)) ** -Math.exp(logConcentration![0]!),
  },
  {
    name: `gamma of concentration ${size} and rate 1e-12, E[exp(−rate x)]`,
    family: gamma(1),
    problem: { logConcentration: [Math.log(size)], logRate: [Math.log(1e-12)] },
    f: (x) => Math.exp(-x[0]! * 1e-12),
    mean: ({ logConcentration, logRate }) => (1 + Math.exp(-logRate![0]!) * 1e-12) ** -Math.exp(logConcentration![0]!),
  },
  {
    name: `inverse gamma of concentration ${size} and scale 3, E[exp(−3 / x)]`,
    family: inverseGamma(1),
    problem: { logConcentration: [Math.log(size)], logScale: [Math.log(3)] },
    f: (x) => Math.exp(-3 / x[0]!),
    mean: ({ logConcentration, logScale }) => (1 + 3 * Math.exp(-logScale![0]!)) ** -Math.exp(logConcentration![0]!),
  },
  ...[size, Math.min(2, 500 * size)].flatMap((other): Case[] =>
    [[other, size], [size, other]].map(([a, b]) => ({
      name: `beta of ${a} and ${b}, E[x]`,
      family: beta(1),
      problem: { logConcentration1: [Math.log(a!)], logConcentration0: [Math.log(b!)] },
      f: first,
      mean: ({ logConcentration1, logConcentration0 }) => 1 / (1 + Math.exp(logConcentration0![0]! - logConcentration1![0]!)),
    })),
  ),
  {
    name: `dirichlet of ${size}, 1 and 2 · ${size}, E[x₀ + 2 x₂]`,
    family: dirichlet(3),
    problem: { logConcentration: [Math.log(size), 0, Math.log(2 * size)] },
    f: (x) => x[0]! + 2 * x[2]!,
    mean: ({ logConcentration }) => {
      const [a, b, c] = logConcentration!.map(Math.exp) as [number, number, number];
      return (a + 2 * c) / (a + b + c);
    },
  },
]);

/** Tails in closed form: the probability of a side. */
const sides: readonly Case[] = TINY.flatMap((size): Case[] => [
  {
    name: `weibull of concentration ${size}, P(x > e⁴⁰)`,
    family: weibull(1),
    problem: { logScale: [0.5], logConcentration: [Math.log(size)] },
    f: (x) => (x[0]! > Math.exp(40) ? 1 : 0),
    mean: ({ logScale, logConcentration }) => Math.exp(-Math.exp((40 - logScale![0]!) * Math.exp(logConcentration![0]!))),
  },
  ...[[size, size], [10 * size, 0.5], [0.5, 10 * size]].map(([a, b]): Case => ({
    name: `kumaraswamy of ${a} and ${b}, P(x > 0.3)`,
    family: kumaraswamy(1),
    problem: { logConcentration1: [Math.log(a!)], logConcentration0: [Math.log(b!)] },
    f: (x) => (x[0]! > 0.3 ? 1 : 0),
    mean: ({ logConcentration1, logConcentration0 }) => (1 - 0.3 ** Math.exp(logConcentration1![0]!)) ** Math.exp(logConcentration0![0]!),
  })),
  {
    name: `studentT of ${size} degrees, P(|x| > 3)`,
    family: studentT(1),
    problem: { logDegrees: [Math.log(size)], location: [0], logScale: [1] },
    f: (x) => (Math.abs(x[0]!) > 3 ? 1 : 0),
    mean: ({ logDegrees, location, logScale }) => {
      const density = (_: number, i: number): number => Math.exp(studentLogProb(-3 + (i + 0.5) * 1e-3, logDegrees![0]!, location![0]!, logScale![0]!)) * 1e-3;
      return 1 - sumOf(Float64Array.from({ length: 6000 }, density));
    },
  },
  {
    name: `relaxedBernoulli at temperature ${size}, P(y > 0.5)`,
    family: relaxedBernoulli(1, { temperature: size }),
    problem: { logits: [0.7] },
    f: (y) => (y[0]! > 0.5 ? 1 : 0),
    mean: ({ logits }) => 1 / (1 + Math.exp(-logits![0]!)),
  },
  {
    name: `relaxedOneHotCategorical at temperature ${size}, P(y₀ is the largest)`,
    family: relaxedOneHotCategorical(5, { temperature: size }),
    problem: { logits: [1, 0, -1, 0.5, 0.25] },
    f: (y) => (y[0] === Math.max(...Array.from(y)) ? 1 : 0),
    mean: ({ logits }) => Math.exp(logits![0]!) / logits!.reduce((sum, l) => sum + Math.exp(l), 0),
  },
]);

function moved(problem: Problem, name: string, j: number, by: number): Problem {
  return { ...problem, [name]: problem[name]!.map((v, i) => (i === j ? v + by : v)) };
}

describe.each(["f64", "f32"] as const satisfies readonly Precision[])("draws that are stored at an end, in %s", (precision) => {
  it.each([...cases, ...sides].map((each) => [each.name, each] as const))("leave the score without bias: %s", (_, { family, problem, f, mean }) => {
    using at = stage(family, precision, [problem]);
    const x = at.sample(DRAWS, stream(11));
    const values = arrayOf(precision, DRAWS).map((__: number, i: number) => f(x.subarray(i * family.dim, (i + 1) * family.dim))) as Points;
    const ones = at.score(x, arrayOf(precision, DRAWS).fill(1));
    const terms = at.score(x, values);
    Object.entries(family.params).reduce((offset, [name, [width]]) => {
      for (let j = 0; j < width!; j++) {
        const pick = (all: Points) => moments(column(all.subarray(offset * DRAWS, (offset + width!) * DRAWS), j, width!));
        const [zero, seen] = [pick(ones), pick(terms)];
        const exact = (mean(moved(problem, name, j, 1e-4)) - mean(moved(problem, name, j, -1e-4))) / 2e-4;
        within(zero.mean, 0, zero.meanError + 1e-9, 4, `E[score of ${name}[${j}]]`);
        within(seen.mean, exact, seen.meanError + 1e-9, 4, `∂/∂${name}[${j}]`);
      }
      return offset + width!;
    }, 0);
  });
});
