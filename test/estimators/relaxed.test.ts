import { describe, expect, it } from "vitest";
import {
  annealed, bernoulli, type Distribution, type Estimator, expectation, expression, gappedStraightThrough, gradient, gumbelSoftmax, key, oneHotCategorical, pathwise,
  normal, scoreFunction, straightThrough,
} from "../../src/index.ts";
import { replicates } from "./replicates.ts";

const toy = expression((x) => x.sub(0.45).square().sum());
const logit = (p: number): number => Math.log(p / (1 - p));
const loose = (by: Estimator<never, never>): Estimator<never, never> => by;

/** E_{b ~ Bernoulli(p)} (b − 0.45)²: exact means and variances of one sample, by quadrature. */
const exact: readonly [string, Estimator<never, never>, number, number, number][] = [
  ["gumbelSoftmax at 0.1, p = ½", loose(gumbelSoftmax({ temperature: 0.1 })), 0.5, 0.024798923, 0.086193628],
  ["gumbelSoftmax at 0.5, p = ½", loose(gumbelSoftmax({ temperature: 0.5 })), 0.5, 0.021460184, 0.014244463],
  ["gumbelSoftmax at 1, p = ½", loose(gumbelSoftmax({ temperature: 1 })), 0.5, 1 / 60, 0.0048174603],
  ["straight-through Gumbel at 0.1, p = ½", loose(gumbelSoftmax({ temperature: 0.1, hard: true })), 0.5, 0.024798923, 0.41887165],
  ["straight-through Gumbel at 0.5, p = ½", loose(gumbelSoftmax({ temperature: 0.5, hard: true })), 0.5, 0.021460184, 0.077933685],
  ["straight-through Gumbel at 1, p = ½", loose(straightThrough({ temperature: 1 })), 0.5, 1 / 60, 0.033388889],
  ["straightThrough, p = ½", loose(straightThrough()), 0.5, 0.025, 0.0625],
  ["gumbelSoftmax at 0.1, p = 0.1", loose(gumbelSoftmax({ temperature: 0.1 })), 0.1, 0.0018782877, Number.NaN],
  ["gumbelSoftmax at 0.5, p = 0.1, of the wrong sign", loose(gumbelSoftmax({ temperature: 0.5 })), 0.1, -0.022010437, Number.NaN],
  ["gumbelSoftmax at 1, p = 0.1, of the wrong sign", loose(gumbelSoftmax({ temperature: 1 })), 0.1, -0.031848714, Number.NaN],
  ["straight-through Gumbel at 0.1, p = 0.1", loose(straightThrough({ temperature: 0.1 })), 0.1, -0.00090207, Number.NaN],
  ["straight-through Gumbel at 0.5, p = 0.1", loose(straightThrough({ temperature: 0.5 })), 0.1, -0.0356718, Number.NaN],
  ["straight-through Gumbel at 1, p = 0.1", loose(straightThrough({ temperature: 1 })), 0.1, -0.056589, Number.NaN],
  ["straightThrough, p = 0.1", loose(straightThrough()), 0.1, -0.063, 0.002916],
];

describe("on one coin, with bias and all", () => {
  it.each(exact)("%s has its exact mean and variance", (_, by, p, mean, variance) => {
    const seen = replicates(bernoulli(1), toy, by, { logits: [logit(p)] }, { samples: 1, count: 400_000, seed: 3 });
    expect(Math.abs(seen.mean["logits"]![0]! - mean) / seen.error["logits"]![0]!).toBeLessThan(4);
    if (!Number.isNaN(variance)) expect(Math.abs(seen.variance["logits"]![0]! / variance - 1)).toBeLessThan(0.05);
  });
});
