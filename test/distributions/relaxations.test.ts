import { describe, expect, it } from "vitest";
import * as flips from "../../reference/distributions/bernoulli.ts";
import * as choices from "../../reference/distributions/categorical.ts";
import { gap, soften } from "../../reference/distributions/concrete.ts";
import * as ofFlips from "../../reference/distributions/conditional-binary-concrete.ts";
import * as ofChoices from "../../reference/distributions/conditional-concrete.ts";
import * as means from "../../reference/distributions/means.ts";
import { standard } from "../../reference/random/noise.ts";
import type { Points, Precision } from "../../src/core/core.ts";
import { bernoulli } from "../../src/distributions/bernoulli.ts";
import { oneHotCategorical } from "../../src/distributions/one-hot-categorical.ts";
import { arrayOf } from "../../src/parameters.ts";
import { near } from "../laws/numbers.ts";
import { stage, stream } from "../laws/stage.ts";

const TOLERANCE = { f64: 1e-13, f32: 3e-6 } as const;
const SIZES = [[0, 1, 1], [1, 1, 1], [7, 1, 2], [5, 2, 1], [17, 7, 3], [3, 17, 1], [5, 64, 2], [3, 101, 1], [2, 700, 1]] as const;

const logitsOf = (precision: Precision, length: number): number[] => Array.from({ length }, (_, i) => (precision === "f32" ? Math.fround(3 * Math.sin(i * i)) : 3 * Math.sin(i * i)));
const wave = (precision: Precision, length: number): Points => arrayOf(precision, length).map((_: number, i: number) => Math.cos(3 * i)) as Points;
const rowsOf = (logits: readonly number[], width: number): number[][] => Array.from({ length: logits.length / width }, (_, b) => logits.slice(b * width, (b + 1) * width));
const KEY = { low: stream(5).key.low, high: stream(5).key.high };

function alike(seen: ArrayLike<number>, wanted: ArrayLike<number>, precision: Precision, what: string): void {
  expect(seen.length).toBe(wanted.length);
  Array.from(wanted).forEach((each, i) => {
    if (Number.isFinite(each)) near(seen[i]!, each, TOLERANCE[precision], `${what} ${i}`);
    else expect(seen[i]).toBe(each);
  });
}

/** A run of standard noise by chunks of 1,024 rows, as the reference has it. */
function noise(kind: "logistic" | "gumbel", precision: Precision, rows: number, width: number): number[] {
  const all: number[] = [];
  for (let chunk = 0; chunk * 1024 < rows; chunk++) {
    all.push(...standard(kind, precision === "f32" ? 32 : 64, Math.min(1024, rows - chunk * 1024) * width, { ...KEY, site: 0, chunk }));
  }
  return all;
}

describe.each(["f64", "f32"] as const)("kernels and twins in %s", (precision) => {
  it.each([...SIZES, [1030, 3, 1]] as const)("%i samples of %i flips, batch %i", (samples, dim, batch) => {
    const rows = samples * batch;
    const p = bernoulli(dim);
    const logits = logitsOf(precision, dim * batch);
    using at = stage(p, precision, rowsOf(logits, dim).map((own) => ({ logits: own })));
    const x = at.sample(rows);
    const z = at.run([x, rows * dim], ([xAt, out]) => p.conditional.draw(at.kernels, stream(5), rows, at.theta, xAt!, out!))[1]!;
    const wanted = arrayOf(precision, rows * dim);
    ofFlips.draw(noise("logistic", precision, rows, dim), logits, x, wanted);
    alike(z, wanted, precision, "z");

    const cotangent = wave(precision, rows * dim);
    const probs = flips.probs(logits);
    for (const [pull, twin] of [
      [(c: number, t: number, own: number): void => p.conditional.pull(at.kernels, rows, at.theta, 0, own, c, t), (t: Points): void => ofFlips.pull(probs, z, cotangent, t)],
      [(c: number, t: number): void => p.centre.pull(at.kernels, rows, at.theta, c, t), (t: Points): void => means.pullFlips(probs, cotangent, t)],
    ] as const) {
      const terms = wave(precision, rows * dim);
      const seen = at.run([z, cotangent, terms], ([zAt, c, t]) => pull(c!, t!, zAt!))[2]!;
      twin(terms);
      alike(seen, terms, precision, "term");
    }
    const moved = at.run([x, rows * dim], ([xAt, out]) => p.gapped(at.kernels, rows, at.theta, xAt!, 0.75, out!))[1]!;
    alike(moved, x.map((own: number, i: number) => (own === 1 ? Math.max(logits[i % logits.length]!, 0.75) : Math.min(logits[i % logits.length]!, -0.75))), precision, "gapped z");
  });

  it.each([...SIZES, [1030, 3, 1]] as const)("%i samples of a choice among %i, batch %i", (samples, categories, batch) => {
    const rows = samples * batch;
    const p = oneHotCategorical(categories);
    const logits = logitsOf(precision, categories * batch).map((l, i) => (i % 9 === 4 && categories > 6 ? Number.NEGATIVE_INFINITY : l));
    const problems = rowsOf(logits, categories);
    using at = stage(p, precision, problems.map((own) => ({ logits: own })));
    const x = at.sample(rows);
    const z = at.run([x, rows * categories], ([xAt, out]) => p.conditional.draw(at.kernels, stream(5), rows, at.theta, xAt!, out!))[1]!;
    const logProbs = problems.flatMap((own) => [...choices.logProbs(own)]);
    const wanted = arrayOf(precision, rows * categories);
    ofChoices.draw(noise("gumbel", precision, rows, categories).map((g) => Math.exp(-g)), categories, logProbs, x, wanted);
    alike(z, wanted, precision, "z");

    const cotangent = wave(precision, rows * categories);
    const probs = logProbs.map(Math.exp);
    for (const [pull, twin] of [
      [(c: number, t: number, own: number): void => p.conditional.pull(at.kernels, rows, at.theta, 0, own, c, t), (t: Points): void => ofChoices.pull(categories, probs, z, cotangent, t)],
      [(c: number, t: number): void => p.centre.pull(at.kernels, rows, at.theta, c, t), (t: Points): void => means.pullChoices(categories, probs, cotangent, t)],
    ] as const) {
      const terms = wave(precision, rows * categories);
      const seen = at.run([z, cotangent, terms], ([zAt, c, t]) => pull(c!, t!, zAt!))[2]!;
      twin(terms);
      alike(seen, terms, precision, "term");
    }
    const moved = at.run([x, rows * categories], ([xAt, out]) => p.gapped(at.kernels, rows, at.theta, xAt!, 0.75, out!))[1]!;
    alike(moved, gap(categories, logProbs, x, 0.75), precision, "gapped z");
    for (const temperature of [0.1, 1, 7]) {
      const y = at.run([z, rows * categories], ([zAt, out]) => p.relaxation.soften(at.kernels, rows, zAt!, temperature, out!))[1]!;
      soften(categories, z, temperature).forEach((each, i) => expect(Math.abs(y[i]! - each)).toBeLessThanOrEqual((precision === "f64" ? 1e-14 : 3e-5) * each + 1e-37));
    }
  });
});
