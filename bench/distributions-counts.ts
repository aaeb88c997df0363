/** Counts, rankings and the relaxed families. The twin is what one writes without a core: see bench/twins-counts.ts. */
import * as choices from "../reference/distributions/categorical.ts";
import * as hot from "../reference/distributions/relaxed-one-hot-categorical.ts";
import * as soft from "../reference/distributions/relaxed-bernoulli.ts";
import type { Precision } from "../src/core/core.ts";
import type { Field } from "../src/core/region.ts";
import { binomial } from "../src/distributions/binomial.ts";
import { geometric } from "../src/distributions/geometric.ts";
import { multinomial } from "../src/distributions/multinomial.ts";
import { negativeBinomial } from "../src/distributions/negative-binomial.ts";
import { plackettLuce } from "../src/distributions/plackett-luce.ts";
import { poisson } from "../src/distributions/poisson.ts";
import { relaxedBernoulli } from "../src/distributions/relaxed-bernoulli.ts";
import { relaxedOneHotCategorical } from "../src/distributions/relaxed-one-hot-categorical.ts";
import { arrayOf } from "../src/parameters.ts";
import type { Distribution, Scored } from "../src/vocabulary/distribution.ts";
import { type Case, type Floats, type Outcome, rounding } from "./case.ts";
import { layout, scattered, stream } from "./layout.ts";
import { unit } from "./random.ts";
import * as plain from "./twins-counts.ts";

const ROWS = 4096;
const DIM = 16;

const moments = (kernel: ArrayLike<number>, twin: ArrayLike<number>): Outcome => ({ alike: "moments", kernel, twin });
const values = (kernel: ArrayLike<number>, twin: ArrayLike<number>, precision: Precision): Outcome => ({ alike: "values", kernel, twin, within: 4 * rounding[precision === "f32" ? 32 : 64] });

/** Draws of ROWS rows; the number's column says which of DIM parameters it has. */
function draws(name: string, p: Distribution, precision: Precision, parameter: (i: number) => number, twin: (params: Floats, x: Floats) => void): Case {
  const elements = ROWS * p.dim;
  const { kernels, theta, params, fields, prepare } = layout(p, precision, 1, [elements], parameter);
  const own = arrayOf(precision, elements);
  return {
    name: `${name} sample ${precision}`,
    elements,
    kernel: () => p.sample(kernels, stream, ROWS, theta, fields[0]!.at),
    twin: () => twin(params, own),
    parts: { "prepare alone": prepare },
    outcome: () => moments(fields[0]!.view(), own),
  };
}

/** log p and score at draws of the family. */
function densities(name: string, p: Distribution & Scored, precision: Precision, parameter: (i: number) => number, twins: { logProb: (params: Floats, x: Floats, out: Floats) => void; score: (params: Floats, x: Floats, weight: Floats, terms: Floats) => void }): Case[] {
  const elements = ROWS * p.dim;
  const { kernels, theta, params, fields } = layout(p, precision, 1, [elements, ROWS, ROWS, elements], parameter);
  const [x, log, coefficient, terms] = fields as [Field, Field, Field, Field];
  coefficient.view().fill(0.5);
  p.sample(kernels, stream, ROWS, theta, x.at);
  const drawn = x.view().slice();
  const [ownLog, weight, ownTerms] = [arrayOf(precision, ROWS), arrayOf(precision, ROWS).fill(0.5), arrayOf(precision, elements)];
  return [
    { name: `${name} log p ${precision}`, elements, kernel: () => p.logProb(kernels, ROWS, theta, x.at, log.at), twin: () => twins.logProb(params, drawn, ownLog), outcome: () => values(log.view(), ownLog, precision) },
    { name: `${name} score ${precision}`, elements, kernel: () => p.score(kernels, ROWS, theta, x.at, coefficient.at, terms.at), twin: () => twins.score(params, drawn, weight, ownTerms), outcome: () => values(terms.view(), ownTerms, precision) },
  ];
}

const logit = (p: number): number => Math.log(p / (1 - p));
const probs = (logits: Floats): Floats => logits.map((l: number) => 1 / (1 + Math.exp(-l))) as Floats;
const exps = (logs: Floats): Floats => logs.map(Math.exp) as Floats;

function sums(of: (x: number, parameter: number) => number): (params: Floats, x: Floats, out: Floats) => void {
  return (params, x, out) => {
    for (let r = 0, i = 0; r < out.length; r++) {
      out[r] = 0;
      for (let j = 0; j < DIM; j++, i++) out[r]! += of(x[i]!, params[j]!);
    }
  };
}

function slopes(of: (x: number, parameter: number) => number): (params: Floats, x: Floats, weight: Floats, terms: Floats) => void {
  return (params, x, weight, terms) => {
    for (let i = 0; i < x.length; i++) terms[i]! += weight[(i / DIM) | 0]! * of(x[i]!, params[i % DIM]!);
  };
}

const rate = (i: number): number => Math.log(0.5 + 0.5 * i);
const larger = (i: number): number => Math.log(20 * 1.36 ** i);
const rare = (i: number): number => logit(0.04 + 0.024 * i);

const ofPrecision = (precision: Precision): Case[] => [
  draws("poisson of 0.5 to 8", poisson(DIM), precision, rate, (logs, x) => plain.smallPoissons(exps(logs), x)),
  draws("poisson of 20 to 2000", poisson(DIM), precision, larger, (logs, x) => plain.poissons(exps(logs), x)),
  draws("binomial of 20 trials", binomial(DIM, 20), precision, rare, (l, x) => plain.smallBinomials(20, probs(l), x)),
  draws("binomial of 1000 trials", binomial(DIM, 1000), precision, rare, (l, x) => plain.binomials(1000, probs(l), x)),
  draws("geometric", geometric(DIM), precision, rare, (l, x) => plain.geometrics(probs(l), x)),
  draws("negativeBinomial of mean 20", negativeBinomial(DIM), precision, (i) => (i < DIM ? Math.log(1.5 + 0.25 * i) : Math.log(20 / (1.5 + 0.25 * (i - DIM)))), (both, x) => plain.negativeBinomials(exps(both.subarray(0, DIM)), exps(both.subarray(DIM)), x)),
  draws("multinomial 10 of 100 trials", multinomial(10, 100), precision, scattered, (l, x) => plain.multinomials(100, choices.probs(l), x)),
  draws("plackettLuce 10", plackettLuce(10), precision, scattered, plain.rankings),
  draws("plackettLuce 100", plackettLuce(100), precision, scattered, plain.rankings),
  draws("relaxedBernoulli", relaxedBernoulli(DIM, { temperature: 0.7 }), precision, scattered, (l, x) => {
    for (let i = 0; i < x.length; i++) {
      const u = unit();
      x[i] = soft.sample(Math.log(u / (1 - u)), l[i % DIM]!, 0.7);
    }
  }),
  ...densities("poisson of 20 to 2000", poisson(DIM), precision, larger, {
    logProb: sums((x, s) => x * s - Math.exp(s) - plain.logFactorial(x)),
    score: slopes((x, s) => x - Math.exp(s)),
  }),
  ...densities("binomial of 1000 trials", binomial(DIM, 1000), precision, rare, {
    logProb: sums((x, l) => plain.logFactorial(1000) - plain.logFactorial(x) - plain.logFactorial(1000 - x) + x * l - 1000 * Math.log1p(Math.exp(l))),
    score: slopes((x, l) => x - 1000 / (1 + Math.exp(-l))),
  }),
  ...densities("relaxedBernoulli", relaxedBernoulli(DIM, { temperature: 0.7 }), precision, scattered, {
    logProb: sums((y, l) => soft.logProb(y, l, 0.7)),
    score: slopes((y, l) => soft.score(y, l, 0.7)),
  }),
  ...densities("relaxedOneHotCategorical 10", relaxedOneHotCategorical(10, { temperature: 0.7 }), precision, scattered, {
    logProb: (l, y, out) => plain.relaxedChoices(choices.logProbs(l), 0.7, y, out),
    score: (l, y, weight, terms) => {
      const logs = choices.logProbs(l);
      for (let r = 0; r < ROWS; r++) hot.addScore(y, logs, 0.7, weight[r]!, terms, 10 * r);
    },
  }),
  densities("plackettLuce 10", plackettLuce(10), precision, scattered, { logProb: () => {}, score: (l, x, weight, terms) => plain.scoreRankings(exps(l), x, weight, terms) })[1]!,
];

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap(ofPrecision);
