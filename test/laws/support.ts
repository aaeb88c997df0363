import { expect, it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import { logProbOn, scoreOn } from "../../src/sample.ts";
import type { Dense, Distribution, Scored } from "../../src/vocabulary/distribution.ts";
import type { Subject } from "../laws.ts";
import { packed, type Problem, stage, testCore } from "./stage.ts";

/** What the public functions say of points that are no draws: −∞ out of the support and at ±∞, NaN for NaN; their score is NaN. */
export function supportLaws(subject: Subject, precision: Precision, problem: Problem): void {
  const { family } = subject;
  const params = packed(family, precision, [problem]);
  const logProb = (x: Points): Points => logProbOn(testCore(), family as Distribution & Dense, params, x);
  const scores = (x: Points): Points[] => Object.values(scoreOn(testCore(), family as Distribution & Scored, params, x));

  /** Three draws, of which the middle one has another number in its last place. */
  function spoilt(value: number): Points {
    using at = stage(family, precision, [problem]);
    const x = arrayOf(precision, 3 * family.dim);
    x.set(at.sample(3) as Float64Array);
    x[2 * family.dim - 1] = value;
    return x;
  }

  function holds(value: number, log: number): void {
    const x = spoilt(value);
    const seen = logProb(x);
    expect(seen[1], `log p of ${value}`).toBe(log);
    expect([seen[0]! > -Infinity, seen[2]! > -Infinity]).toEqual([true, true]);
    if (family.score === undefined) return;
    for (const score of scores(x)) {
      const width = score.length / 3;
      score.forEach((slope: number, i: number) => expect(Number.isNaN(slope), `score of ${value}, number ${i}`).toBe(Math.floor(i / width) === 1));
    }
  }

  it("has log p −∞ at ±∞ and NaN at NaN, and a score of NaN there", () => {
    holds(Infinity, -Infinity);
    holds(-Infinity, -Infinity);
    holds(Number.NaN, Number.NaN);
  });

  it("has log p −∞ and a score of NaN out of its support", () => {
    for (const value of family.dim === 1 ? [-1, -0.5, 0.5, 2.5] : [-1]) {
      const draw = spoilt(value).subarray(family.dim, 2 * family.dim);
      if (!subject.support(value, draw, problem)) holds(value, -Infinity);
    }
  });
}
