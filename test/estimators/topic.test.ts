import { describe, expect, it } from "vitest";
import { arm, bernoulli, constant, disarm, enumerate, type Estimator, expectation, gradient, key, kl, none, scoreFunction } from "../../src/index.ts";
import { replicates } from "./replicates.ts";
import { exact, logits, logLikelihood, prior } from "./topic.ts";

describe("the topic model of three bits", () => {
  it("has its exact value and gradient by enumeration", () => {
    using grad = gradient(expectation(bernoulli(3), logLikelihood()), enumerate(), { samples: 1 });
    const { value, gradient: g, standardError, evaluations } = grad.estimate({ logits: Float64Array.from(logits) }, key(1));
    expect(value[0]).toBeCloseTo(exact.logLikelihood, 9);
    g.logits.forEach((x, j) => expect(x).toBeCloseTo(exact.gradient[j]!, 9));
    expect([...standardError.logits]).toEqual([0, 0, 0]);
    expect(evaluations).toEqual({ value: 8, gradient: 0 });
  });

  it("has its exact ELBO with the KL in closed form", () => {
    const noiseless = { minus: kl({ logits: [prior, prior, prior].reduce((a, x, i) => ((a[i] = x), a), new Float64Array(3)) }) };
    using grad = gradient(expectation(bernoulli(3), logLikelihood(), noiseless), enumerate(), { samples: 1 });
    const { value, gradient: g } = grad.estimate({ logits: Float64Array.from(logits) }, key(1));
    expect(value[0]).toBeCloseTo(exact.elbo, 9);
    g.logits.forEach((x, j) => expect(x).toBeCloseTo(exact.elboGradient[j]!, 8));
  });

  const cases: readonly [keyof typeof exact.variance, number, Estimator<never, never>][] = [
    ["none", 1, scoreFunction({ baseline: none() })],
    ["mean", 1, scoreFunction({ baseline: constant(exact.logLikelihood) })],
    ["loo2", 2, scoreFunction()],
    ["loo4", 4, scoreFunction()],
    ["loo8", 8, scoreFunction()],
    ["disarm", 1, disarm()],
    ["arm", 1, arm()],
  ];
  it.each(cases)("%s (%d samples) has its exact mean and variance", (name, samples, by) => {
    const measured = replicates(bernoulli(3), logLikelihood(), by, { logits }, { samples, count: 200_000 });
    for (let j = 0; j < 3; j++) {
      expect(Math.abs(measured.mean["logits"]![j]! - exact.gradient[j]!) / measured.error["logits"]![j]!).toBeLessThan(4);
      expect(Math.abs(measured.variance["logits"]![j]! / exact.variance[name][j]! - 1)).toBeLessThan(0.05);
    }
  });
});
