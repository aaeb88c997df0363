import * as choice from "../../reference/distributions/categorical.ts";
import { independent, oneHotCategorical } from "../../src/index.ts";
import { laws } from "../laws.ts";
import type { Problem } from "../laws/stage.ts";

const logits = (...all: number[]): Problem => ({ logits: all });
const copies = [0, 3];

laws("independent(oneHotCategorical(3), 2)", {
  family: independent(oneHotCategorical(3), 2),
  problems: [logits(0.5, -1, 0.25, 2, 0, 0.1), logits(0, 0, 0, 1, 2, 3), logits(-0.5, 0.5, 0.3, 0.2, -0.2, -2)],
  support: (x) => x === 0 || x === 1,
  moments: (problem) => {
    const mean = copies.flatMap((from) => [...choice.probs(problem["logits"]!.slice(from, from + 3))]);
    return { mean, variance: mean.map((p) => p * (1 - p)) };
  },
  logProb: ({ logits: all }, x) => copies.reduce((sum, from) => sum + Math.log(choice.probs(all!.slice(from, from + 3))[[0, 1, 2].findIndex((k) => x[from + k] === 1)]!), 0),
  edges: { f64: [logits(0, 0, Number.NEGATIVE_INFINITY, 40, -40, 700)], f32: [logits(0, 0, Number.NEGATIVE_INFINITY, 40, -40, 80)] },
  priors: [logits(0, 0, 0, 0, 0, 0), logits(1, 0, 0, 0, 1, 0), logits(1, 0, 0, 0, 1, 2)],
});
