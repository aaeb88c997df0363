import { bernoulli, independent } from "../../src/index.ts";
import { laws } from "../laws.ts";
import type { Problem } from "../laws/stage.ts";

const logits = (...all: number[]): Problem => ({ logits: all });
const oneHot = (p: readonly number[]) => ({ mean: p, variance: p.map((q) => q * (1 - q)) });

laws("independent(bernoulli(2), 2)", {
  family: independent(bernoulli(2), 2),
  problems: [logits(0.5, -1, 0.25, 2), logits(0, 0, 0, 1), logits(-0.5, 0.5, 0.3, 0.2)],
  support: (x) => x === 0 || x === 1,
  moments: ({ logits: all }) => oneHot(all!.map((l) => 1 / (1 + Math.exp(-l)))),
  priors: [logits(0, 0, 0, 0), logits(1, 0, 0, 0), logits(1, 0, 0, 1)],
});

laws("independent(independent(bernoulli(1), 2), 2)", {
  family: independent(independent(bernoulli(1), 2), 2),
  problems: [logits(0.5, 0.25, -0.5, 1)],
  support: (x) => x === 0 || x === 1,
  moments: ({ logits: all }) => oneHot(all!.map((l) => 1 / (1 + Math.exp(-l)))),
});
