import { expect, it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import { eachPart } from "../../src/vocabulary/distribution.ts";
import type { Subject } from "../laws.ts";
import { expectLaw } from "./finite.ts";
import { column, moments, sumOf, within } from "./numbers.ts";
import { directions, type Family, type Problem, stage, type Stage, stream } from "./stage.ts";

const DRAWS = 15_000;
const SITE = 3;

/** Some function of a draw that is no sum over its coordinates. */
function worth(x: Points, dim: number): Float64Array {
  return Float64Array.from({ length: x.length / dim }, (_, r) => Math.sin(1 + sumOf(x.subarray(r * dim, (r + 1) * dim).map((v: number, j: number) => (j + 1) * v))));
}

/** Σ p(x) f(x) ∇ log p(x) over the support, packed as terms of one row a problem are. */
function exactGradient(at: Stage, family: Family, batch: number): Float64Array {
  const { size, enumerate } = family.support!;
  const points = at.run([size * batch * family.dim], ([x]) => enumerate(at.kernels, 0, size, batch, x!))[0]!;
  const f = worth(points, family.dim);
  const terms = at.score(points, at.logProb(points).map((log: number, i: number) => Math.exp(log) * f[i]!) as Points);
  const sum = new Float64Array(terms.length / size);
  eachPart(family.params, batch, (_, from, length) => {
    for (let i = 0; i < size * length; i++) sum[from + (i % length)]! += terms[size * from + i]!;
  });
  return sum;
}

function means(terms: Points, exact: Float64Array, family: Family, problems: readonly Problem[], rows: number, what: string): void {
  const batch = problems.length;
  for (const { name, j, offset, width } of directions(family, problems, 0)) {
    for (let b = 0; b < batch; b++) {
      const seen = moments(column(terms.subarray(offset * rows, (offset + width) * rows), b * width + j, batch * width));
      within(seen.mean, exact[offset * batch + b * width + j]!, seen.meanError + 1e-6, 4.5, `${what} of ${name}[${j}] of problem ${b}`);
    }
  }
}

/** Pairs for `arm` and `disarm`: both points follow the law, and what they say of the gradient is true on average. */
export function antitheticLaws({ family }: Subject, precision: Precision, problems: readonly Problem[]): void {
  const batch = problems.length;
  const { dim } = family;
  const { uniforms, prepared, prepare, sample, arm, disarm } = family.antithetic!;
  const rows = DRAWS * batch;
  const numbers = prepared(batch) * (precision === "f64" ? 1 : 2);
  const ready = (at: Stage): Points => at.run([numbers], ([own]) => prepare(at.kernels, at.theta, own!))[0]!;
  const pairs = (at: Stage, count: number, kept: number) =>
    at.run([ready(at), count * kept, count * dim, count * dim], ([own, u, x, m]) => sample(at.kernels, stream(5, SITE), count, at.theta, own!, kept > 0 ? u! : 0, x!, m!));

  it("has antithetic pairs of which both are its draws", () => {
    using at = stage(family, precision, problems);
    for (const kept of [0, uniforms]) for (const x of pairs(at, rows, kept).slice(2)) expectLaw(at, family, batch, x);
  });

  it("has terms of pairs, added to, whose mean is the gradient", () => {
    using at = stage(family, precision, problems);
    const exact = exactGradient(at, family, batch);
    const size = exact.length / batch;
    for (const kept of [0, uniforms]) {
      const [own, u, x, mirrored] = pairs(at, rows, kept);
      const difference = worth(x!, dim).map((v, i) => v - worth(mirrored!.subarray(i * dim, (i + 1) * dim), dim)[0]!);
      const coefficient = arrayOf(precision, rows);
      coefficient.set(difference as never);
      const terms = arrayOf(precision, rows * size).fill(1);
      const written = at.run([own!, u!, x!, mirrored!, coefficient, terms], ([r, us, a, b, c, t]) =>
        kept > 0 ? arm(at.kernels, rows, at.theta, r!, us!, c!, t!) : disarm(at.kernels, rows, at.theta, r!, a!, b!, c!, t!))[5]!;
      means(written.map((term: number) => term - 1) as Points, exact, family, problems, rows, kept > 0 ? "ARM's term" : "DisARM's term");
    }
  });

  it("has the same first pairs in a longer run", () => {
    using at = stage(family, precision, problems);
    const [, , long] = pairs(at, 1100 * batch, 0);
    const [, , short] = pairs(at, 37 * batch, 0);
    expect(long!.subarray(0, short!.length)).toEqual(short);
  });
}

/** Sets of flips that avoid one another, for `arms`. */
export function mutualLaws({ family }: Subject, precision: Precision, problems: readonly Problem[]): void {
  const batch = problems.length;
  const { dim } = family;
  const { prepared, prepare, sample, terms: add } = family.mutual!;

  it.each([2, 4])("has sets of %d draws, each of its law, whose terms have the gradient as their mean", (draws) => {
    using at = stage(family, precision, problems);
    const rows = DRAWS * batch;
    const ready = at.run([prepared(at.theta.tile)], ([own]) => prepare(at.kernels, draws, at.theta, own!))[0]!;
    const x = at.run([ready, draws * rows * dim], ([own, to]) => sample(at.kernels, draws, (i) => stream(5, i), rows, at.theta, own!, to!))[1]!;
    for (let i = 0; i < draws; i++) expectLaw(at, family, batch, x.subarray(i * rows * dim, (i + 1) * rows * dim));
    const f = worth(x, dim);
    const coefficient = arrayOf(precision, draws * rows);
    for (let r = 0; r < rows; r++) {
      const sum = Array.from({ length: draws }, (_, i) => f[i * rows + r]!).reduce((a, b) => a + b);
      for (let i = 0; i < draws; i++) coefficient[i * rows + r] = f[i * rows + r]! - (sum - f[i * rows + r]!) / (draws - 1);
    }
    const exact = exactGradient(at, family, batch);
    const terms = at.run([ready, x, coefficient, rows * (exact.length / batch)], ([own, points, c, t]) => add(at.kernels, draws, rows, rows, 1, at.theta, own!, points!, c!, t!))[3]!;
    means(terms, exact, family, problems, rows, "term");
  });
}
