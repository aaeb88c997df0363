import { describe, expect, it } from "vitest";
import {
  batched, bernoulli, categorical, cauchy, createCore, differentiable, entropy, entropyOf, expectation, given, gradient, independent, joint, key, kl, klOf, kumaraswamy, logNormal, mean, mixtureSameFamily,
  multivariateNormal, negativeBinomial, network, normal, pathwise, scoreFunction, uniform, variance, vonMises,
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

describe("angles", () => {
  /** log I₀ and I₁ / I₀ by their integrals, scaled; exact to rounding for a periodic integrand. */
  const gapOf = (kappa: number): number => {
    let [zero, gap] = [0, 0];
    const n = 1 << 14;
    for (let i = 0; i < n; i++) {
      const half = Math.sin((Math.PI * i) / n) ** 2; // 1 − cos x = 2 sin² ½x
      zero += Math.exp(-2 * kappa * half);
      gap += 2 * half * Math.exp(-2 * kappa * half);
    }
    return gap / zero;
  };

  it.each([-9, -3, -1, 0, 0.5, 2, 3.4, 3.41, 5, 8, 12])("have the location for a mean, and 1 − I₁ / I₀ for a variance, at log κ = %d", (logKappa) => {
    const params = { location: Float64Array.of(4, -2), logConcentration: Float64Array.of(logKappa, logKappa) };
    expect(mean(vonMises(2), params)[0]).toBeCloseTo(4 - 2 * Math.PI, 14);
    expect(mean(vonMises(2), params)[1]).toBe(-2);
    variance(vonMises(2), params).forEach((v) => expect(Math.abs(v / gapOf(Math.exp(logKappa)) - 1)).toBeLessThan(1e-12));
    variance(vonMises(2), { location: Float32Array.of(4, -2), logConcentration: Float32Array.of(logKappa, logKappa) }).forEach((v) => expect(Math.abs(v / gapOf(Math.exp(Math.fround(logKappa))) - 1)).toBeLessThan(2e-6));
  });

  it("have a variance from 1 to 0 over the whole range of κ, nearly 1 / 2κ for large ones", () => {
    const at = (logKappa: number): number => variance(vonMises(1), { location: Float64Array.of(0), logConcentration: Float64Array.of(logKappa) })[0]!;
    expect(at(-700)).toBe(1);
    for (const logKappa of [20, 100, 340]) expect(at(logKappa) * 2 * Math.exp(logKappa)).toBeCloseTo(1, 8);
    expect(at(700)).toBeGreaterThan(0); // κ counts as 10¹⁵⁰ from there on
  });

  it("are angles in copies and beside other angles, and no numbers to a mixture", () => {
    const params = { location: Float64Array.of(1, 2), logConcentration: Float64Array.of(0, 1) };
    expect(variance(independent(vonMises(1), 2), params)).toEqual(variance(vonMises(2), params));
    expect([...mean(joint({ a: vonMises(1), b: vonMises(1) }), { "a.location": Float64Array.of(1), "a.logConcentration": Float64Array.of(0), "b.location": Float64Array.of(2), "b.logConcentration": Float64Array.of(1) })]).toEqual([1, 2]);
    expect("moments" in mixtureSameFamily(vonMises(1), 2)).toBe(false);
  });
});

describe("divergences that are closed for some priors", () => {
  it("of uniforms: log of the widths where one holds the other, ∞ where it does not", () => {
    const own = { low: Float64Array.of(1, 0), high: Float64Array.of(2, 0.5) };
    const within = { low: Float64Array.of(0, -1), high: Float64Array.of(4, 0.5) };
    expect(klOf(uniform(2), own, within)[0]).toBeCloseTo(Math.log(4) + Math.log(3), 14);
    expect(klOf(uniform(2), own, own)[0]).toBe(0);
    expect(klOf(uniform(2), within, own)[0]).toBe(Infinity);
    using grad = gradient(expectation(uniform(2), differentiable((_, value, slope) => { value.fill(0); slope.fill(0); }), { minus: kl(within) }), pathwise(), { samples: 2 });
    const { gradient: g, value } = grad.estimate(own, key(1));
    expect(value[0]).toBeCloseTo(-Math.log(12), 14);
    expect([...g.low, ...g.high]).toEqual([-1, -2, 1, 2]); // of −KL: the width grows, KL falls
  });

  /** By the sum over counts. */
  const negative = (r: number, l: number, s: number, k: number, terms = 4000): number => {
    let [sum, log] = [0, r * -Math.log1p(Math.exp(l))];
    const [p, q] = [1 / (1 + Math.exp(-l)), 1 / (1 + Math.exp(-k))];
    let other = s * -Math.log1p(Math.exp(k));
    for (let x = 0; x < terms; x++) {
      sum += Math.exp(log) * (log - other);
      log += Math.log((r + x) / (x + 1)) + Math.log(p);
      other += Math.log((s + x) / (x + 1)) + Math.log(q);
    }
    return sum;
  };

  it.each([[2.5, 0.4, -0.3], [0.3, -2, 1], [40, -1, -1.1]])("of negative binomials with r = %d alike: logits %d from %d, and its slope in both", (r, l, k) => {
    const own = { logConcentration: Float64Array.of(Math.log(r)), logits: Float64Array.of(l) };
    const prior = { logConcentration: own.logConcentration, logits: Float64Array.of(k) };
    expect(klOf(negativeBinomial(1), own, prior)[0]).toBeCloseTo(negative(r, l, r, k), 9);
    using grad = gradient(expectation(negativeBinomial(1), batched((_, value) => value.fill(0)), { plus: kl(prior) }), scoreFunction(), { samples: 2 });
    const { gradient: g } = grad.estimate(own, key(1));
    const slope = (h: number, j: number): number => negative(r * Math.exp(j * h), l + (1 - j) * h, r, k);
    expect(g.logits[0]).toBeCloseTo((slope(1e-5, 0) - slope(-1e-5, 0)) / 2e-5, 5);
    expect(g.logConcentration[0]).toBeCloseTo((slope(1e-5, 1) - slope(-1e-5, 1)) / 2e-5, 5);
    expect(klOf(negativeBinomial(1), own, own)[0]).toBe(0);
    expect(klOf(negativeBinomial(1), { logConcentration: Float32Array.from(own.logConcentration), logits: Float32Array.of(l) }, prior)[0]).toBeCloseTo(negative(r, l, r, k), 4);
  });

  it("of negative binomials with another r is refused, by a sentence, in parts of a joint family too", () => {
    const own = { logConcentration: Float64Array.of(1, 1), logits: Float64Array.of(0, 0) };
    const cure = 'expected what negativeBinomial has itself: only then is its KL divergence closed, got another in problem 1. Estimate it from draws';
    expect(() => klOf(negativeBinomial(1), own, { logConcentration: Float64Array.of(1, 1.5), logits: Float64Array.of(0, 1) }, { batch: 2 })).toThrow(`klOf: "prior.logConcentration" ${cure}`);
    const all = (r: number) => ({ "n.logConcentration": Float64Array.of(r), "n.logits": Float64Array.of(0), "w.mean": Float64Array.of(0), "w.logScale": Float64Array.of(0) });
    expect(() => klOf(joint({ n: negativeBinomial(1), w: normal(1) }), all(1), all(2))).toThrow('klOf: "prior.n.logConcentration" expected what joint negativeBinomial normal has itself');
  });
});

describe("what is asked of a family that lacks it", () => {
  const params = { logConcentration1: Float64Array.of(0), logConcentration0: Float64Array.of(0) };

  it("is refused by its name", () => {
    // @ts-expect-error the family has no closed divergence
    expect(() => klOf(kumaraswamy(1), params, params)).toThrow("klOf: kumaraswamy has no KL divergence in closed form. Estimate it from draws: value() of gradient(expectation(p, f), …), f(x) = log p(x) − log prior(x) by logProb().");
    const { moments: _, ...bare } = kumaraswamy(1);
    // @ts-expect-error no moments
    expect(() => mean(bare, params)).toThrow("mean: kumaraswamy has no mean and variance in closed form. Estimate them from draws");
    expect(() => mean(kumaraswamy(1), params, { batch: 0 })).toThrow('mean: "batch" expected integer >= 1, got 0');
    expect(() => variance(kumaraswamy(1), params, { btach: 1 } as unknown as object)).toThrow('variance: "btach" expected no such option');
    expect(() => klOf(normal(1), { mean: Float64Array.of(0), logScale: Float64Array.of(0) }, { mean: Float64Array.of(0) } as never)).toThrow('"prior.logScale"');
    const encoder = network(({ w }) => ({ logits: w }), { w: [1] });
    expect(() => mean(given(bernoulli(1), encoder) as never, {} as never)).toThrow(/given\(.*bernoulli/);
  });
});
