/** Mixtures of normals: draws, density, score and the implicit path. The twin is what one writes without a core: one row at a time. */
import type { Precision } from "../src/core/core.ts";
import type { Field } from "../src/core/region.ts";
import { mixtureSameFamily } from "../src/distributions/mixture-same-family.ts";
import { normal } from "../src/distributions/normal.ts";
import { normalUpper } from "../reference/math/normal-upper.ts";
import { arrayOf } from "../src/parameters.ts";
import { type Case, type Floats, rounding } from "./case.ts";
import { layout, stream } from "./layout.ts";
import { unit } from "./random.ts";

const ROWS = 4096;
const COUNT = 4;

const MEANS = [-1, 0, 1, 2.5];
const LOGITS = [0.5, 0, -0.25, 0.25];
const LOG_SCALE = -0.25;
const SCALE = Math.exp(LOG_SCALE);
const TOTAL = LOGITS.reduce((sum, l) => sum + Math.exp(l), 0);
const PROBS = LOGITS.map((l) => Math.exp(l) / TOTAL);
const ROOT = Math.sqrt(2 * Math.PI) * SCALE;

function draws(x: Floats): void {
  for (let i = 0; i < ROWS; i++) {
    let [u, k] = [unit(), 0];
    while (k < COUNT - 1 && (u -= PROBS[k]!) > 0) k++;
    x[i] = MEANS[k]! + SCALE * Math.sqrt(-2 * Math.log(unit())) * Math.cos(2 * Math.PI * unit());
  }
}

const shares = new Float64Array(COUNT);

/** p(x), and each component's share of it. */
function density(x: number): number {
  let sum = 0;
  for (let k = 0; k < COUNT; k++) sum += shares[k] = PROBS[k]! * Math.exp(-0.5 * ((x - MEANS[k]!) / SCALE) ** 2);
  for (let k = 0; k < COUNT; k++) shares[k]! /= sum;
  return sum / ROOT;
}

function logProbs(x: Floats, out: Floats): void {
  for (let i = 0; i < ROWS; i++) out[i] = Math.log(density(x[i]!));
}

function scores(x: Floats, weight: Floats, terms: Floats): void {
  const n = ROWS * COUNT;
  for (let i = 0, at = 0; i < ROWS; i++) {
    density(x[i]!);
    for (let k = 0; k < COUNT; k++, at++) {
      const z = (x[i]! - MEANS[k]!) / SCALE;
      terms[at]! += weight[i]! * (shares[k]! - PROBS[k]!);
      terms[n + at]! += (weight[i]! * shares[k]! * z) / SCALE;
      terms[2 * n + at]! += weight[i]! * shares[k]! * (z * z - 1);
    }
  }
}

const uppers = new Float64Array(COUNT);

function pulls(x: Floats, weight: Floats, terms: Floats): void {
  const n = ROWS * COUNT;
  for (let i = 0, at = 0; i < ROWS; i++) {
    const p = density(x[i]!);
    let upper = 0;
    for (let k = 0; k < COUNT; k++) upper += PROBS[k]! * (uppers[k] = normalUpper((x[i]! - MEANS[k]!) / SCALE));
    for (let k = 0; k < COUNT; k++, at++) {
      terms[at]! += (weight[i]! * PROBS[k]! * (uppers[k]! - upper)) / p;
      terms[n + at]! += weight[i]! * shares[k]!;
      terms[2 * n + at]! += weight[i]! * shares[k]! * (x[i]! - MEANS[k]!);
    }
  }
}

function casesOf(precision: Precision): Case[] {
  const p = mixtureSameFamily(normal(1), COUNT);
  const parameter = (i: number): number => (i < COUNT ? LOGITS[i]! : i < 2 * COUNT ? MEANS[i - COUNT]! : LOG_SCALE);
  const size = 3 * ROWS * COUNT;
  const { kernels, theta, prepare, fields } = layout(p, precision, 1, [ROWS, ROWS, ROWS, size], parameter);
  const [x, logProb, coefficient, terms] = fields as [Field, Field, Field, Field];
  const [own, ownLogProb, weight, ownTerms] = [ROWS, ROWS, ROWS, size].map((length) => arrayOf(precision, length)) as [Floats, Floats, Floats, Floats];
  coefficient.view().fill(0.5);
  weight.fill(0.5);
  p.sample(kernels, stream, ROWS, theta, x.at);
  const drawn = x.view().slice();
  const within = rounding[precision === "f32" ? 32 : 64];
  const title = (what: string): string => `mixture of ${COUNT} normals ${what} ${precision}`;
  const values = (kernel: () => ArrayLike<number>, twin: Floats): Case["outcome"] => () => ({ alike: "values", kernel: kernel(), twin, within });
  return [
    {
      name: title("sample"), elements: ROWS, twin: () => draws(own),
      kernel() {
        prepare();
        p.sample(kernels, stream, ROWS, theta, x.at);
      },
      outcome: () => ({ alike: "moments", kernel: x.view(), twin: own }),
    },
    { name: title("logProb"), elements: ROWS, twin: () => logProbs(drawn, ownLogProb), kernel: () => p.logProb(kernels, ROWS, theta, x.at, logProb.at), outcome: values(() => logProb.view(), ownLogProb) },
    ...([["score", p.score, scores], ["path", (...all: Parameters<typeof p.score>) => pulled(p, ...all), pulls]] as const).map(([what, kernel, twin]): Case => ({
      name: title(what),
      elements: ROWS * COUNT,
      kernel() {
        terms.view().fill(0);
        kernel(kernels, ROWS, theta, x.at, coefficient.at, terms.at);
      },
      twin() {
        ownTerms.fill(0);
        twin(drawn, weight, ownTerms);
      },
      outcome: values(() => terms.view(), ownTerms),
    })),
  ];
}

const pulled = (p: ReturnType<typeof mixtureSameFamily<ReturnType<typeof normal>>>, ...[kernels, rows, theta, x, cotangent, terms]: Parameters<typeof p.score>): void =>
  p.path.pull(kernels, rows, theta, 0, x, cotangent, terms);

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap(casesOf);
