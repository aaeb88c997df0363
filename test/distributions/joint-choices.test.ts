import { bernoulli, joint, oneHotCategorical } from "../../src/index.ts";
import { laws, type Subject } from "../laws.ts";

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const soft = (logits: readonly number[]): number[] => logits.map((l) => Math.exp(l) / logits.reduce((sum, own) => sum + Math.exp(own), 0));

laws("joint({ a: bernoulli(2), c: oneHotCategorical(3) })", {
  family: joint({ a: bernoulli(2), c: oneHotCategorical(3) }) as Subject["family"],
  problems: [0.5, -1, 2].map((s) => ({ "a.logits": [s, 0.25], "c.logits": [0, s, -0.5] })),
  priors: [1, 0, -1].map((s) => ({ "a.logits": [s, 0], "c.logits": [0, s, 0.5] })),
  support: (x) => x === 0 || x === 1,
  moments: (problem) => {
    const p = [...problem["a.logits"]!.map(sigmoid), ...soft(problem["c.logits"]!)];
    return { mean: p, variance: p.map((own) => own * (1 - own)) };
  },
});
