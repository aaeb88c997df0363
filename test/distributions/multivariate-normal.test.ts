import { describe, expect, test } from "vitest";
import * as reference from "../../reference/distributions/multivariate-normal.ts";
import type { Points } from "../../src/core/core.ts";
import { multivariateNormal } from "../../src/distributions/multivariate-normal.ts";
import { arrayOf } from "../../src/parameters.ts";
import { laws } from "../laws.ts";
import { type Problem, stage } from "../laws/stage.ts";

/** A triangle whose diagonal may have either sign; above it stands what must not matter. */
function problemOf(dim: number, seed: number): Problem {
  const entry = (i: number, j: number): number => (i < j ? 9 + i : i > j ? 0.6 * Math.sin(seed + 3 * i + j) : (j % 3 === 1 ? -1 : 1) * (0.5 + 0.25 * ((seed + j) % 4)));
  return { mean: Array.from({ length: dim }, (_, j) => Math.cos(seed + j)), scaleTril: Array.from({ length: dim * dim }, (_, e) => entry(Math.floor(e / dim), e % dim)) };
}

const variance = ({ mean, scaleTril }: Problem): number[] =>
  mean!.map((_, i) => scaleTril!.slice(i * mean!.length, i * mean!.length + i + 1).reduce((sum, l) => sum + l * l, 0));

for (const dim of [1, 3]) {
  const wide = (diagonal: number, below: number): Problem => ({
    mean: Array.from({ length: dim }, () => -2),
    scaleTril: Array.from({ length: dim * dim }, (_, e) => (Math.floor(e / dim) === e % dim ? diagonal : below)),
  });
  laws(`multivariateNormal(${dim})`, {
    family: multivariateNormal(dim),
    problems: [1, 2, 3].map((seed) => problemOf(dim, seed)),
    priors: [7, 8, 9].map((seed) => problemOf(dim, seed)),
    support: () => true,
    moments: (problem) => ({ mean: problem.mean!, variance: variance(problem) }),
    logProb: ({ mean, scaleTril }, x) => reference.logProb(mean!, scaleTril!, x),
    edges: {
      f64: [wide(1e308, 0), wide(1e308, -1e308), wide(1e-300, 0), wide(-1e-310, 0), wide(1, 1e200)],
      f32: [wide(1e38, 0), wide(3e38, -3e38), wide(1e-37, 0), wide(-1e-40, 0), wide(1, 1e30)],
    },
  });
}

describe.each(["f32", "f64"] as const)("triangles in %s", (precision) => {
  const tolerance = precision === "f64" ? 1e-12 : 2e-4;
  const rounded = (numbers: readonly number[]): ArrayLike<number> => (precision === "f32" ? Float32Array.from(numbers) : numbers);

  test.each([1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 100])("d = %i: draws, log p and score agree with the plain ones, problem by problem", (dim) => {
    // Diagonally dominant, so that f32 has digits left at d = 100.
    const tamed = ({ mean, scaleTril }: Problem): Problem => ({ mean: mean!, scaleTril: scaleTril!.map((l, e) => (e % (dim + 1) === 0 ? 2 * l : l / dim)) });
    const problems = [tamed(problemOf(dim, 1)), tamed(problemOf(dim, 4))];
    using at = stage(multivariateNormal(dim), precision, problems);
    const rows = 14;
    const { x, noise } = at.draw(rows);
    const logs = at.logProb(x);
    const coefficient = arrayOf(precision, rows).map((_: number, r: number) => Math.sin(r + 1)) as Points;
    const terms = at.score(x, coefficient, 0.5);
    for (let r = 0; r < rows; r++) {
      const mean = rounded(problems[r % 2]!.mean!);
      const scaleTril = rounded(problems[r % 2]!.scaleTril!);
      const own = x.subarray(r * dim, (r + 1) * dim);
      const expected = new Float64Array(dim);
      reference.transform(mean, scaleTril, noise.subarray(r * dim, (r + 1) * dim), expected);
      const [byMean, byScale] = reference.score(mean, scaleTril, own);
      const close = (seen: number, wanted: number, what: string): void => {
        if (!(Math.abs(seen - wanted) <= tolerance * (1 + Math.abs(wanted)))) expect.fail(`${what} of row ${r}: ${seen} for ${wanted}`);
      };
      expected.forEach((wanted, j) => close(own[j]!, wanted, `x[${j}]`));
      close(logs[r]!, reference.logProb(mean, scaleTril, own), "log p");
      byMean.forEach((wanted, j) => close(terms[r * dim + j]!, 0.5 + coefficient[r]! * wanted, `score of mean[${j}]`));
      byScale.forEach((wanted, e) => close(terms[rows * dim + r * dim * dim + e]!, 0.5 + coefficient[r]! * wanted, `score of scaleTril[${e}]`));
    }
  });
});

test("a 0 on the diagonal is refused by its place, and so is a dim that is no positive integer", () => {
  expect(() => multivariateNormal(0)).toThrow('multivariateNormal: "dim" expected integer >= 1, got 0');
  const good = problemOf(2, 1);
  expect(() => stage(multivariateNormal(2), "f64", [good, { mean: [0, 0], scaleTril: [1, 0, 3, 0] }])).toThrow(
    'test: "params.scaleTril" expected no 0 on the diagonal, got 0 at [1, 1] of problem 1',
  );
});
