import { normal } from "../../src/distributions/normal.ts";
import { laws, type Subject } from "../laws.ts";
import type { Problem } from "../laws/stage.ts";

const subject = (dim: number): Subject => {
  const problem = (mean: number, logScale: number): Problem => ({
    mean: Array.from({ length: dim }, (_, j) => mean + 0.25 * j),
    logScale: Array.from({ length: dim }, (_, j) => logScale - 0.125 * j),
  });
  return {
    family: normal(dim),
    problems: [problem(0.5, 0.25), problem(-1, -0.5), problem(2, 0)],
    priors: [problem(0, 0), problem(0.5, -0.25), problem(-1, 0.5)],
    support: () => true,
    moments: ({ mean, logScale }) => ({ mean: mean!, variance: logScale!.map((s) => Math.exp(2 * s)) }),
    logProb: ({ mean, logScale }, x) =>
      mean!.reduce((sum, m, j) => sum - 0.5 * ((x[j]! - m) / Math.exp(logScale![j]!)) ** 2 - logScale![j]! - 0.5 * Math.log(2 * Math.PI), 0),
    range: () => [-12, 13],
    edges: {
      f64: [700, -700, 1e4, -1e4].map((s) => ({ mean: Array(dim).fill(-3), logScale: Array(dim).fill(s) })),
      f32: [80, -80, 1e4, -1e4].map((s) => ({ mean: Array(dim).fill(-3), logScale: Array(dim).fill(s) })),
    },
  };
};

for (const dim of [1, 5]) laws(`normal(${dim})`, subject(dim));
