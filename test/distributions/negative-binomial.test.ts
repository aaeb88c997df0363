import { describe, expect, it } from "vitest";
import { logProb as poissonLogProb } from "../../reference/distributions/poisson.ts";
import { logProb, score } from "../../reference/distributions/negative-binomial.ts";
import { negativeBinomial } from "../../src/distributions/negative-binomial.ts";
import { laws, type Subject } from "../laws.ts";
import { countLaws } from "../laws/counts.ts";
import { stage } from "../laws/stage.ts";
import { edges, spaced, sumOver } from "./families.ts";

const mean = (logR: number, l: number): number => Math.exp(logR + l);

const subject = (dim: number): Subject => ({
  family: negativeBinomial(dim),
  problems: [[1.5, 1], [0.4, -1], [-1, 1.5]].map(([r, l]) => spaced(dim, { logConcentration: [r!, 0.25], logits: [l!, -0.5] })),
  support: (x) => Number.isInteger(x) && x >= 0,
  moments: ({ logConcentration, logits }) => ({
    mean: logits!.map((l, j) => mean(logConcentration![j]!, l)),
    variance: logits!.map((l, j) => mean(logConcentration![j]!, l) * (1 + Math.exp(l))),
  }),
  logProb: ({ logConcentration, logits }, x) => sumOver(x, (v, j) => logProb(v, logConcentration![j]!, logits![j]!)),
  score: ({ logConcentration, logits }, x, j) => score(x[j]!, logConcentration![j]!, logits![j]!),
  last: ({ logConcentration, logits }) => Math.ceil(20 + mean(logConcentration![0]!, logits![0]!) * 3 + 35 * (1 + Math.exp(logits![0]!))),
  edges: {
    f64: [...edges(dim, "logits", [700, -700, 1e4, -1e4, -Infinity], { logConcentration: 1 }), ...edges(dim, "logConcentration", [690, -690, 1e4, -1e4], { logits: -1 })],
    f32: [...edges(dim, "logits", [80, -80, 1e4, -1e4, -Infinity], { logConcentration: 1 }), ...edges(dim, "logConcentration", [80, -80, 1e4, -1e4], { logits: -1 })],
  },
});

laws("negativeBinomial(1)", subject(1));
laws("negativeBinomial(3)", subject(3));

describe.each([[-2, 2], [-2, -0.5], [0, -1], [0, 2.5], [2, -0.1], [2, 0.1], [5, -1], [8, -7], [8, -4]])("negativeBinomial(1) at logConcentration %s, logits %s", (r, l) => {
  countLaws(subject(1), "f64", { logConcentration: [r], logits: [l] });
});

it("has the KL divergences of Poisson counts from it that others found: .3138474323 at λ = 28.878213, 2.9722753118 at 10", () => {
  // 10 failures, p = ¾: what Distributions.jl calls NegativeBinomial(10, 0.25).
  using at = stage(negativeBinomial(1), "f64", [{ logConcentration: [Math.log(10)], logits: [Math.log(3)] }]);
  const counts = Float64Array.from({ length: 200 }, (_, k) => k);
  const logs = at.logProb(counts);
  for (const [rate, exact] of [[28.878213, 0.3138474323], [10, 2.9722753118]] as const) {
    const divergence = counts.reduce((sum, k) => sum + Math.exp(poissonLogProb(k, rate)) * (poissonLogProb(k, rate) - logs[k]!), 0);
    expect(divergence).toBeCloseTo(exact, 9);
  }
});
