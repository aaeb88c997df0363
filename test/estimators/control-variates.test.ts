import { describe, expect, it } from "vitest";
import {
  batched, bernoulli, constant, type Estimator, expectation, expression, gradient, key, leaveOneOut, multivariateNormal, none, normal, perCoordinate, scoreFunction,
} from "../../src/index.ts";
import { agrees, type Any, bent, enumerated, flips, pointwise, unit, weights } from "./problems.ts";
import { replicates } from "./replicates.ts";
import { exact, logits, logLikelihood } from "./topic.ts";

describe("a baseline for each coordinate", () => {
  it.each([2, 3, 9])("costs no bias with %i samples, for flips, normals and full covariances", (samples) => {
    agrees(replicates(bernoulli(3), bent, scoreFunction({ baseline: perCoordinate() }) as Any, flips, { samples, count: 10_000 }), enumerated(bernoulli(3), bent, flips));
    agrees(replicates(normal(1), pointwise((x) => x ** 2), scoreFunction({ baseline: perCoordinate() }) as Any, unit, { samples, count: 10_000 }), { mean: [2], logScale: [2] });
    const product = expression((x) => x.slice(0, 1).mul(x.slice(1, 2)).sum());
    const params = { mean: [1, 2], scaleTril: [1, 0, 0.5, 0.3] };
    agrees(replicates(multivariateNormal(2), product, scoreFunction({ baseline: perCoordinate() }) as Any, params, { samples, count: 10_000 }), { mean: [2, 1], scaleTril: [0.5, 0, 1, 0] });
  });

  // Variance of one sample at N(1, 1) under the best constant of each coordinate: Mohamed et al. 2020 plot them, these are exact.
  it.each<[string, (x: number) => number, number, number]>([
    ["(x + 3)²", (x) => (x + 3) ** 2, 134, 664], ["x²", (x) => x * x, 14, 64], ["(x − 3)²", (x) => (x - 3) ** 2, 38, 184],
    ["exp(−x²)", (x) => Math.exp(-x * x), 0.0722217, 0.112784], ["cos x", Math.cos, 0.323993, 0.78259],
  ])("of %s has nearly the variance of the best constants, known in advance", (_, f, ofMean, ofScale) => {
    const samples = 500;
    const { variance } = replicates(normal(1), pointwise(f), scoreFunction({ baseline: perCoordinate() }) as Any, unit, { samples, count: 4000 });
    expect(Math.abs((variance["mean"]![0]! * samples) / ofMean - 1)).toBeLessThan(0.05);
    // What the estimate of b adds: E[(f − b)² s⁴] / E[s²] / samples, 9 % of 64 for x² and this s = z² − 1.
    expect((variance["logScale"]![0]! * samples) / ofScale).toBeGreaterThan(0.95);
    expect((variance["logScale"]![0]! * samples) / ofScale).toBeLessThan(1.15);
  });

  it("has the variance of the best constants on the topic model of three bits", () => {
    const { mean, error, variance } = replicates(bernoulli(3), logLikelihood(), scoreFunction({ baseline: perCoordinate() }) as Any, { logits }, { samples: 150, count: 8000 });
    [0.719553, 0.385835, 0.568233].forEach((best, j) => {
      expect(Math.abs((variance["logits"]![j]! * 150) / best - 1)).toBeLessThan(0.05);
      expect(Math.abs(mean["logits"]![j]! - exact.gradient[j]!)).toBeLessThan(4 * error["logits"]![j]!);
    });
  });

  it("works in f32, and far from zero", () => {
    using grad = gradient(expectation(normal(1), pointwise((x) => 1000 + x * x)), scoreFunction({ baseline: perCoordinate() }), { samples: 50_000, precision: "f32" });
    const { gradient: g, standardError } = grad.estimate({ mean: Float32Array.of(1), logScale: Float32Array.of(0) }, key(3));
    expect(Math.abs(g.mean[0]! - 2)).toBeLessThan(4 * standardError.mean[0]!);
    expect(standardError.mean[0]! ** 2 * 50_000).toBeLessThan(15);
  });

  it("survives coordinates that have no score at all", () => {
    using grad = gradient(expectation(bernoulli(2), batched((x, value) => value.forEach((_, i) => (value[i] = 3 + x[2 * i + 1]!)))), scoreFunction({ baseline: perCoordinate() }), { samples: 100 });
    expect(grad.estimate({ logits: Float64Array.of(Infinity, 0) }, key(1)).gradient.logits[0]).toBe(0);
  });
});

describe("several control variates", () => {
  const probs = flips.logits.map((l) => 1 / (1 + Math.exp(-l)));
  /** h = xⱼ, whose mean is pⱼ. */
  const coordinate = (j: number, count: number) => ({
    control: batched((x, value) => value.forEach((_, i) => (value[i] = x[3 * i + j]!))),
    mean: () => ({ value: new Float64Array(count).fill(probs[j]!), gradient: { logits: Float64Array.from({ length: 3 * count }, (_, i) => (i % 3 === j ? probs[j]! * (1 - probs[j]!) : 0)) } }),
  });
  const all = (count: number) => [0, 1, 2].map((j) => coordinate(j, count));

  it.each([["leave-one-out", leaveOneOut()], ["none", none()], ["a constant", constant(8)], ["per coordinate", perCoordinate()]])("cost no bias beside %s, however few the samples", (_, baseline) => {
    for (const samples of [5, 8]) {
      agrees(replicates(bernoulli(3), bent, scoreFunction({ baseline, controlVariate: all(10_000) }) as Any, flips, { samples, count: 10_000 }), enumerated(bernoulli(3), bent, flips));
    }
  });

  it("take out together what one alone cannot", () => {
    const variance = (by: Estimator<never, never>): number[] => replicates(bernoulli(3), bent, by, flips, { samples: 32, count: 4000 }).variance["logits"]!;
    const plain = variance(scoreFunction() as Any);
    const one = variance(scoreFunction({ controlVariate: coordinate(2, 4000) }) as Any);
    const three = variance(scoreFunction({ controlVariate: all(4000) }) as Any);
    three.forEach((v, j) => {
      expect(v).toBeLessThan(plain[j]! / 8);
      expect(v).toBeLessThan(one[j]! / 2);
    });
  });

  it("fit exactly where f is a combination of them, alike ones among them", () => {
    const linear = batched((x, value) => value.forEach((_, i) => (value[i] = weights.reduce((sum, w, j) => sum + w * x[3 * i + j]!, 4))));
    using grad = gradient(expectation(bernoulli(3), linear), scoreFunction({ controlVariate: [...all(1), coordinate(1, 1)] }), { samples: 64 });
    const { value, valueStandardError, standardError, gradient: g } = grad.estimate({ logits: Float64Array.from(flips.logits) }, key(1));
    expect(value[0]).toBeCloseTo(4 + weights.reduce((sum, w, j) => sum + w * probs[j]!, 0), 6);
    expect(valueStandardError[0]).toBeLessThan(1e-6);
    weights.forEach((w, j) => expect(g.logits[j]).toBeCloseTo(w * probs[j]! * (1 - probs[j]!), 5));
    standardError.logits.forEach((error) => expect(error).toBeLessThan(1e-5));
  });

  it("are named one by one where they are wrong", () => {
    expect(() => scoreFunction({ controlVariate: [coordinate(0, 1), { control: 3 } as never] })).toThrow('scoreFunction: "controlVariate[1].control" expected batched(h), got 3');
    using grad = gradient(expectation(bernoulli(3), bent), scoreFunction({ controlVariate: [coordinate(0, 1), coordinate(0, 2)] }), { samples: 4 });
    expect(() => grad.estimate({ logits: Float64Array.from(flips.logits) }, key(1))).toThrow('estimate: "controlVariate[1].mean().value" expected 1 numbers, got 2');
  });
});
