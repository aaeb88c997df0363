/**
 * Samplers, scores and implicit paths of the families around gamma.
 *
 * The twin is what one writes without a core: the same algorithm with `Math.log` and its kin, one number at a time.
 */
import * as betas from "../reference/distributions/beta.ts";
import * as simplex from "../reference/distributions/dirichlet.ts";
import * as gammas from "../reference/distributions/gamma.ts";
import * as students from "../reference/distributions/student-t.ts";
import * as angles from "../reference/distributions/von-mises.ts";
import { digamma } from "../reference/math/digamma.ts";
import type { Precision } from "../src/core/core.ts";
import type { Field } from "../src/core/region.ts";
import { beta } from "../src/distributions/beta.ts";
import { dirichlet } from "../src/distributions/dirichlet.ts";
import { gamma } from "../src/distributions/gamma.ts";
import { studentT } from "../src/distributions/student-t.ts";
import { vonMises } from "../src/distributions/von-mises.ts";
import { arrayOf } from "../src/parameters.ts";
import type { Distribution, Reparameterizable, Scored } from "../src/vocabulary/distribution.ts";
import type { Case, Floats } from "./case.ts";
import { layout, stream } from "./layout.ts";
import * as plain from "./twins-gamma.ts";

const DIM = 16;
const ROWS = 4096;
const FEW = 256; // rows of a score or a path

interface Twin {
  readonly name: string;
  readonly family: Distribution & Scored & Reparameterizable;
  /** One coordinate's parameters. */
  readonly params: readonly number[];
  readonly sample: (x: Floats) => void;
  /** Terms of a row of x, each parameter's apart by `apart`, the weight or cotangent ½. */
  readonly score: (x: Floats, at: number, terms: Floats, apart: number) => void;
  readonly pull: (x: Floats, at: number, terms: Floats, apart: number) => void;
}

const many = (value: number): Floats => new Float64Array(DIM).fill(value);

/** A twin's terms, coordinate by coordinate. */
const apiece = (slopes: (x: number) => readonly number[]) => (x: Floats, at: number, terms: Floats, apart: number): void => {
  for (let i = at; i < at + DIM; i++) {
    const own = slopes(x[i]!);
    for (let p = 0; p < own.length; p++) terms[p * apart + i]! += 0.5 * own[p]!;
  }
};

/** What does not depend on x is computed once by the scores; the slopes have it at each x. */
function elementwise(name: string, family: Twin["family"], params: readonly number[], sample: Twin["sample"], score: (x: number) => readonly number[], slope: (x: number, ...params: number[]) => readonly number[]): Twin {
  return { name, family, params, sample, score: apiece(score), pull: apiece((x) => slope(x, ...params)) };
}

const constant = digamma(2.5 * DIM) - digamma(2.5);
const logs = Array<number>(DIM).fill(Math.log(2.5));
const twins: readonly Twin[] = [
  ...[2.5, 0.5].map((shape) => elementwise(`gamma ${shape}`, gamma(DIM), [Math.log(shape), 0], (x) => plain.gammas(many(shape), x), plain.gammaScore(shape), gammas.slope as never)),
  elementwise("beta", beta(DIM), [Math.log(2.5), Math.log(1.5)], (x) => plain.betas(many(2.5), many(1.5), x), plain.betaScore(2.5, 1.5), betas.slope as never),
  elementwise("studentT", studentT(DIM), [Math.log(5), 0, 0], (x) => plain.students(many(5), x), plain.studentScore(5), students.slope as never),
  elementwise("vonMises", vonMises(DIM), [0, Math.log(2)], (x) => plain.angles(many(2), x), plain.angleScore(2), angles.slope as never),
  {
    name: "dirichlet of 16",
    family: dirichlet(DIM),
    params: [Math.log(2.5)],
    sample: (x) => plain.dirichlets(many(2.5), x),
    score: (x, at, terms) => {
      for (let i = at; i < at + DIM; i++) terms[i]! += 0.5 * 2.5 * (Math.log(x[i]!) + constant);
    },
    pull: (x, at, terms) => {
      const matrix = simplex.jacobian(x.subarray(at, at + DIM), logs);
      for (let j = 0; j < DIM; j++) for (let i = 0; i < DIM; i++) terms[at + j]! += slopeOf(i) * matrix[j]![i]!;
    },
  },
];

/** The cotangent: ½, and for points of a simplex, on which that is orthogonal to every path, rising. */
const slopeOf = (i: number): number => 0.5 + 0.1 * (i % DIM);

function casesOf({ name, family, params, sample, score, pull }: Twin, precision: Precision): Case[] {
  const elements = ROWS * DIM, few = FEW * DIM;
  const { kernels, theta, prepare, fields } = layout(family, precision, 1, [elements, FEW, few, params.length * few], (i) => params[Math.floor(i / DIM)]!);
  const [x, coefficient, cotangent, terms] = fields as [Field, Field, Field, Field];
  const [own, ownTerms] = [arrayOf(precision, elements), arrayOf(precision, params.length * few)];
  coefficient.view().fill(0.5);
  cotangent.view().forEach((_: number, i: number) => (cotangent.view()[i] = name.startsWith("dirichlet") ? slopeOf(i) : 0.5));
  family.sample(kernels, stream, ROWS, theta, x.at);
  const drawn = x.view().slice();
  const over = (kind: "score" | "pull", kernel: () => void, row: Twin["score"]): Case => ({
    name: `${name} ${kind} ${precision}`,
    elements: few,
    kernel: () => {
      terms.view().fill(0);
      kernel();
    },
    twin: () => {
      ownTerms.fill(0);
      for (let at = 0; at < few; at += DIM) row(drawn, at, ownTerms, few);
    },
    outcome: () => ({ alike: "values", kernel: terms.view(), twin: ownTerms, within: precision === "f32" ? 1e-4 : 1e-11 }),
  });
  return [
    {
      name: `${name} sample ${precision}`,
      elements,
      kernel() {
        prepare();
        family.sample(kernels, stream, ROWS, theta, x.at);
      },
      twin: () => sample(own),
      outcome: () => ({ alike: "moments", kernel: x.view(), twin: own }),
    },
    over("score", () => family.score(kernels, FEW, theta, x.at, coefficient.at, terms.at), score),
    over("pull", () => family.path.pull(kernels, FEW, theta, 0, x.at, cotangent.at, terms.at), pull),
  ];
}

export const cases: readonly Case[] = (["f32", "f64"] as const).flatMap((precision) => twins.flatMap((twin) => casesOf(twin, precision)));
