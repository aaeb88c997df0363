import { expect, it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import { sizeOf } from "../../src/vocabulary/distribution.ts";
import type { Subject } from "../laws.ts";
import { chiSquare, column, moments, near, sumOf, within } from "./numbers.ts";
import { directions, type Problem, stage, type Stage, stream } from "./stage.ts";

const SIZES = [0, 1, 3, 7, 17, 341, 1023, 1025];
const TOLERANCE = { f64: 1e-12, f32: 2e-5 } as const;

const INTERVALS = 200;
const DRAWS = 1_000_000;

/** How many of the draws are due in each of the intervals of [from, to]: the midpoint rule on 256 steps each. */
function masses(at: Stage, from: number, to: number): Float64Array {
  const steps = INTERVALS * 256;
  const width = (to - from) / steps;
  const densities = at.logProb(Float64Array.from({ length: steps }, (_, i) => from + (i + 0.5) * width)).map(Math.exp);
  return Float64Array.from({ length: INTERVALS }, (_, i) => sumOf(densities.subarray(i * 256, (i + 1) * 256)) * width * DRAWS);
}

export function densityLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const batch = problems.length;
  const { dim } = family;
  const ones = (rows: number): Points => arrayOf(precision, rows).fill(1);

  if (subject.logProb !== undefined) {
    it("has the log p of the reference", () => {
      using at = stage(family, precision, problems);
      for (const rows of SIZES) {
        const x = at.sample(rows * batch);
        at.logProb(x).forEach((seen: number, i: number) => {
          near(seen, subject.logProb!(problems[i % batch]!, x.subarray(i * dim, (i + 1) * dim)), TOLERANCE[precision] * dim, `log p of draw ${i} of ${rows}`);
        });
      }
    });
  }

  if (subject.range !== undefined && dim === 1 && batch === 1) {
    it("integrates to 1", () => {
      using at = stage(family, precision, problems);
      const [from, to] = subject.range!(problems[0]!);
      const count = 40_001;
      const x = arrayOf(precision, count).map((_: number, i: number) => from + ((to - from) * (i + 0.5)) / count) as Points;
      const total = sumOf(at.logProb(x).map(Math.exp) as Points) * ((to - from) / count);
      near(total, 1, precision === "f64" ? 1e-6 : 1e-4, "integral");
    });

    it("falls into intervals as often as the integral of its density says, by χ²", () => {
      using at = stage(family, precision, problems);
      using wide = stage(family, "f64", problems);
      const [from, to] = subject.range!(problems[0]!);
      const expected = masses(wide, from, to);
      const seen = new Float64Array(INTERVALS);
      for (const x of at.sample(DRAWS, stream(8))) seen[Math.min(INTERVALS - 1, Math.max(0, Math.floor(((x - from) / (to - from)) * INTERVALS)))]! += 1;
      const { statistic, degrees } = chiSquare(seen, expected);
      within(statistic, degrees, Math.sqrt(2 * degrees), 5, "χ²");
    });
  }

  if (family.score === undefined) return;

  it("has a score of mean zero, within 4 standard errors", () => {
    using at = stage(family, precision, problems);
    const rows = 50_000 * batch;
    const terms = at.score(at.sample(rows, stream(3)), ones(rows));
    for (const { name, j, offset, width } of directions(family, problems, 0)) {
      for (let b = 0; b < batch; b++) {
        const seen = moments(column(terms.subarray(offset * rows, (offset + width) * rows), b * width + j, batch * width));
        within(seen.mean, 0, seen.meanError, 4, `score of ${name}[${j}] of problem ${b}`);
      }
    }
  });

  for (const problem of batch > 1 ? [] : (subject.saturated ?? [])) {
    it(`has a score of mean zero where draws are stored at the ends of the numbers: ${JSON.stringify(problem)}`, () => {
      using at = stage(family, precision, [problem]);
      const rows = 20_000;
      const x = at.sample(rows, stream(3));
      const terms = at.score(x, ones(rows));
      expect(at.logProb(x).every(Number.isFinite)).toBe(true);
      expect(terms.every(Number.isFinite)).toBe(true);
      for (const { name, j, offset, width } of directions(family, [problem], 0)) {
        const seen = moments(column(terms.subarray(offset * rows, (offset + width) * rows), j, width));
        within(seen.mean, 0, seen.meanError, 4, `score of ${name}[${j}]`);
      }
    });
  }

  it("has the score that finite differences of log p have, times the coefficient, added to the terms", () => {
    using at = stage(family, precision, problems);
    for (const samples of SIZES) {
      const rows = samples * batch;
      const x = at.sample(rows);
      const coefficient = arrayOf(precision, rows).map((_: number, i: number) => (i % 5) - 1.5) as Points;
      const terms = at.score(x, coefficient, 0.25);
      const wide = Float64Array.from(x);
      const step = 1e-5;
      for (const { name, j, offset, width, up, down } of directions(family, problems, step)) {
        using above = stage(family, "f64", up);
        using below = stage(family, "f64", down);
        const high = above.logProb(wide);
        const low = below.logProb(wide);
        for (let i = 0; i < rows; i++) {
          if (subject.bend?.(problems[i % batch]!).some((bend, k) => Math.abs(x[i * dim + k]! - bend) < 2 * step)) continue;
          const slope = (high[i]! - low[i]!) / (2 * step);
          near(terms[offset * rows + i * width + j]!, 0.25 + coefficient[i]! * slope, precision === "f64" ? 2e-7 : 2e-4, `score of ${name}[${j}] at draw ${i} of ${rows}`);
        }
      }
    }
  });

  if (subject.score !== undefined) {
    it("has the score of the reference", () => {
      using at = stage(family, precision, problems);
      for (const samples of SIZES) {
        const rows = samples * batch;
        const x = at.sample(rows);
        const terms = at.score(x, ones(rows));
        for (let e = 0; e < rows * dim; e++) {
          const row = Math.floor(e / dim);
          const exact = subject.score!(problems[row % batch]!, x.subarray(row * dim, (row + 1) * dim), e % dim);
          exact.forEach((slope, parameter) => near(terms[parameter * rows * dim + e]!, slope, TOLERANCE[precision], `score ${parameter} at ${e} of ${rows * dim}`));
        }
      }
    });
  }

  it("has a score for which E[score · x] is the derivative of the mean", () => {
    if (subject.moments === undefined) return;
    using at = stage(family, precision, problems);
    const rows = 60_000 * batch;
    const x = at.sample(rows, stream(4));
    const value = arrayOf(precision, rows).map((_: number, i: number) => sumOf(x.subarray(i * dim, (i + 1) * dim))) as Points;
    const terms = at.score(x, value);
    const total = (problem: Problem): number => subject.moments!(problem).mean.reduce((a, b) => a + b, 0);
    for (const { name, j, offset, width, up, down } of directions(family, problems, 1e-5)) {
      for (let b = 0; b < batch; b++) {
        const seen = moments(column(terms.subarray(offset * rows, (offset + width) * rows), b * width + j, batch * width));
        within(seen.mean, (total(up[b]!) - total(down[b]!)) / 2e-5, seen.meanError + 1e-7, 4.5, `∂E[Σx]/∂${name}[${j}] of problem ${b}`);
      }
    }
  });

  it("has one block of terms per parameter", () => {
    using at = stage(family, precision, problems);
    expect(at.score(at.sample(5 * batch), ones(5 * batch)).length).toBe(5 * batch * sizeOf(family.params));
  });
}
