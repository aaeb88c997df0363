import * as choice from "../../reference/distributions/categorical.ts";
import { logProb, score } from "../../reference/distributions/normal.ts";
import { categorical, independent, multivariateNormal, normal, poisson } from "../../src/index.ts";
import { laws } from "../laws.ts";
import type { Problem } from "../laws/stage.ts";
import { sumOver } from "./families.ts";

const mean = (copies: number, dim: number, start: number): Problem => ({
  mean: Array.from({ length: copies * dim }, (_, i) => start + 0.25 * i),
  logScale: Array.from({ length: copies * dim }, (_, i) => -0.125 * i + 0.1 * start),
});

laws("independent(normal(2), 3)", {
  family: independent(normal(2), 3),
  problems: [0.5, -1, 2].map((start) => mean(3, 2, start)),
  support: () => true,
  moments: (problem) => ({ mean: problem["mean"]!, variance: problem["logScale"]!.map((s) => Math.exp(2 * s)) }),
  logProb: (problem, x) => sumOver(x, (v, j) => logProb(v, problem["mean"]![j]!, problem["logScale"]![j]!)),
  score: (problem, x, j) => score(x[j]!, problem["mean"]![j]!, problem["logScale"]![j]!),
  priors: [0.1, 0.2, 0.3].map((start) => mean(3, 2, start)),
  edges: { f64: [{ mean: Array<number>(6).fill(0), logScale: [700, -700, 0, 0, 100, 1] }], f32: [{ mean: Array<number>(6).fill(0), logScale: [80, -80, 0, 0, 10, 1] }] },
});

const logits = (...all: number[]): Problem => ({ logits: all });

const soft = (all: readonly number[]): number[] => [0, 3].flatMap((from) => [...choice.probs(all.slice(from, from + 3))]);

laws("independent(categorical(3), 2)", {
  family: independent(categorical(3), 2),
  problems: [logits(0.5, -1, 0.25, 2, 0, 0.1), logits(0, 0, 0, 1, 2, 3), logits(-0.5, 0.5, 0.3, 0.2, -0.2, -2)],
  support: (x) => Number.isInteger(x) && x >= 0 && x <= 2,
  moments: (problem) => {
    const p = soft(problem["logits"]!);
    const mean = [0, 3].map((from) => p[from + 1]! + 2 * p[from + 2]!);
    return { mean, variance: mean.map((m, copy) => p[3 * copy + 1]! + 4 * p[3 * copy + 2]! - m * m) };
  },
  logProb: ({ logits: all }, x) => [0, 1].reduce((sum, copy) => sum + Math.log(choice.probs(all!.slice(3 * copy, 3 * copy + 3))[x[copy]!]!), 0),
  edges: { f64: [logits(0, 0, Number.NEGATIVE_INFINITY, 40, -40, 700)], f32: [logits(0, 0, Number.NEGATIVE_INFINITY, 40, -40, 80)] },
  priors: [logits(0, 0, 0, 0, 0, 0), logits(1, 0, 0, 0, 1, 0), logits(1, 0, 0, 0, 1, 2)],
});

laws("independent(multivariateNormal(2), 2)", {
  family: independent(multivariateNormal(2), 2),
  problems: [1, 2, -1].map((s) => ({ mean: [s, 0.5, -1, 2], scaleTril: [1, 0, 0.3 * s, 0.5, 0.7, 0, -0.2, 1.5] })),
  support: () => true,
  moments: (problem) => ({ mean: problem["mean"]!, variance: [0, 4].flatMap((at) => [problem["scaleTril"]![at]! ** 2, problem["scaleTril"]![at + 2]! ** 2 + problem["scaleTril"]![at + 3]! ** 2]) }),
  priors: [1, 2, -1].map((s) => ({ mean: [s, 0, 0, 0], scaleTril: [1, 0, 0, 1, 1, 0, 0.5, 1] })),
});

laws("independent(poisson(1), 3)", {
  family: independent(poisson(1), 3),
  problems: [0.5, 1, -0.5].map((s) => ({ logRate: [s, 0.25, 1] })),
  support: (x) => Number.isInteger(x) && x >= 0,
  moments: ({ logRate }) => ({ mean: logRate!.map((l) => Math.exp(l)), variance: logRate!.map((l) => Math.exp(l)) }),
  priors: [0.1, 0.2, 0.3].map((s) => ({ logRate: [s, 0, 0] })),
});
