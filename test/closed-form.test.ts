import { describe, expect, it } from "vitest";
import {
  bernoulli, categorical, cauchy, createCore, entropy, entropyOf, expectation, batched, given, gradient, key, kl, klOf, kumaraswamy, logNormal, mean, multivariateNormal, network, normal, scoreFunction, variance,
} from "../src/index.ts";

describe("mean and variance", () => {
  it("are [batch, dim], in the precision of the parameters", () => {
    const params = { mean: Float64Array.of(1, 2, 3, 4), logScale: Float64Array.of(0, Math.LN2, 0, -Math.LN2) };
    expect(mean(normal(2), params, { batch: 2 })).toEqual(Float64Array.of(1, 2, 3, 4));
    variance(normal(2), params, { batch: 2 }).forEach((v, i) => expect(v).toBeCloseTo([1, 4, 1, 0.25][i]!, 14));
    expect(mean(bernoulli(1), { logits: Float32Array.of(0) })).toEqual(Float32Array.of(0.5));
  });

  it("know the diagonal of a covariance, the index of a category, and what does not exist", () => {
    const params = { mean: Float64Array.of(1, -1), scaleTril: Float64Array.of(2, 99, 1, -3) };
    expect(variance(multivariateNormal(2), params)).toEqual(Float64Array.of(4, 10));
    const logits = Float64Array.of(0, -Infinity, 0);
    expect([mean(categorical(3), { logits })[0], variance(categorical(3), { logits })[0]]).toEqual([1, 1]);
    expect(mean(cauchy(1), { location: Float64Array.of(1), logScale: Float64Array.of(0) })).toEqual(Float64Array.of(NaN));
    expect(variance(logNormal(1), { location: Float64Array.of(0), logScale: Float64Array.of(5) })).toEqual(Float64Array.of(Infinity));
  });
});

describe("entropyOf and klOf", () => {
  const narrow = { mean: Float64Array.of(0), logScale: Float64Array.of(0) };
  const wide = { mean: Float32Array.of(1), logScale: Float32Array.of(Math.LN2) };

  it("know KL(N(0, 1) ‖ N(1, 2)), the prior in any precision", () => {
    expect(klOf(normal(1), narrow, wide)[0]).toBeCloseTo(0.44314718, 7);
    expect(klOf(normal(1), narrow, { mean: Float64Array.of(1), logScale: Float64Array.of(Math.LN2) })[0]).toBeCloseTo(Math.LN2 - 0.25, 14);
  });

  it("are a number a problem, with one prior for all of them or one each", () => {
    const params = { logits: Float64Array.of(0, 1, 2, 3) };
    const shared = klOf(bernoulli(2), params, { logits: Float64Array.of(0, 1) }, { batch: 2 });
    const each = klOf(bernoulli(2), params, { logits: Float64Array.of(0, 1, 0, 1) }, { batch: 2 });
    expect(shared).toEqual(each);
    expect(shared[0]).toBe(0);
    expect(shared[1]).toBeGreaterThan(0);
    expect(entropyOf(bernoulli(2), params, { batch: 2 }).length).toBe(2);
  });

  it("are what the terms of an objective add", () => {
    const q = normal(1);
    using grad = gradient(expectation(q, batched((_, value) => value.fill(0)), { plus: entropy(), minus: kl({ mean: Float64Array.of(1), logScale: Float64Array.of(0.5) }) }), scoreFunction(), { samples: 8 });
    const params = { mean: Float64Array.of(0.25), logScale: Float64Array.of(-0.5) };
    const sum = entropyOf(q, params)[0]! - klOf(q, params, { mean: Float64Array.of(1), logScale: Float64Array.of(0.5) })[0]!;
    expect(grad.estimate(params, key(1)).value[0]).toBeCloseTo(sum, 13);
  });

  it("work on a core of its own", () => {
    const own = createCore();
    const params = { logConcentration1: Float64Array.of(0), logConcentration0: Float64Array.of(0) };
    expect(own.mean(kumaraswamy(1), params)[0]).toBeCloseTo(0.5, 14);
    expect(own.variance(kumaraswamy(1), params)[0]).toBeCloseTo(1 / 12, 14);
    expect(own.entropyOf(kumaraswamy(1), params)[0]).toBeCloseTo(0, 13);
    expect(own.klOf(normal(1), narrow, wide)[0]).toBeCloseTo(0.44314718, 7);
  });
});

describe("what is asked of a family that lacks it", () => {
  const params = { logConcentration1: Float64Array.of(0), logConcentration0: Float64Array.of(0) };

  it("is refused by its name", () => {
    // @ts-expect-error the family has no closed divergence
    expect(() => klOf(kumaraswamy(1), params, params)).toThrow("klOf: kumaraswamy has no divergence.");
    const { moments: _, ...bare } = kumaraswamy(1);
    // @ts-expect-error no moments
    expect(() => mean(bare, params)).toThrow("mean: kumaraswamy has no moments.");
    expect(() => mean(kumaraswamy(1), params, { batch: 0 })).toThrow('mean: "batch" expected integer >= 1, got 0');
    expect(() => variance(kumaraswamy(1), params, { btach: 1 } as unknown as object)).toThrow('variance: "btach" expected no such option');
    expect(() => klOf(normal(1), { mean: Float64Array.of(0), logScale: Float64Array.of(0) }, { mean: Float64Array.of(0) } as never)).toThrow('"prior.logScale"');
    const encoder = network(({ w }) => ({ logits: w }), { w: [1] });
    expect(() => mean(given(bernoulli(1), encoder) as never, {} as never)).toThrow(/given\(.*bernoulli/);
  });
});
