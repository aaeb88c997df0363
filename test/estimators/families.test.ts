import { describe, expect, it } from "vitest";
import {
  batched, categorical, type Distribution, differentiable, type Differentiable, enumerate, type Estimator, expectation, exponential, gradient, gumbel, type Integrand, key, logistic,
  multivariateNormal, oneHotCategorical, pathwise, scoreFunction, type Shapes, uniform, type Values,
} from "../../src/index.ts";

type Params = Readonly<Record<string, readonly number[]>>;
const score = scoreFunction() as Estimator<never, never>;
const path = pathwise() as Estimator<never, never>;

/** Each coordinate within 4 of its own standard errors of the exact gradient, in both precisions. */
function check(p: Distribution, f: Integrand, by: Estimator<never, never>, params: Params, exact: Params, value: number): void {
  for (const precision of ["f64", "f32"] as const) {
    const type = (precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor;
    const given = Object.fromEntries(Object.entries(params).map(([name, own]) => [name, type.from(own)]));
    using grad = gradient(expectation(p, f), by as Estimator<Distribution, Integrand>, { samples: 100_000, precision: precision as "f64" });
    const estimate = grad.estimate(given as Values<Shapes, Float64Array>, key(21));
    expect(Math.abs(estimate.value[0]! - value) / estimate.valueStandardError[0]!).toBeLessThan(4);
    const g: Readonly<Record<string, Float64Array>> = estimate.gradient;
    const error: Readonly<Record<string, Float64Array>> = estimate.standardError;
    for (const [name, own] of Object.entries(exact)) {
      own.forEach((truth, j) => expect(Math.abs(g[name]![j]! - truth) / Math.max(error[name]![j]!, 1e-12), `${name}[${j}] in ${precision}`).toBeLessThan(4));
    }
  }
}

const square: Differentiable = differentiable((x, value, slope) => x.forEach((a, i) => { value[i] = a * a; slope[i] = 2 * a; }));
const line: Differentiable = differentiable((x, value, slope) => x.forEach((a, i) => { value[i] = a; slope[i] = 1; }));

describe.each([["scoreFunction", score], ["pathwise", path]] as const)("%s is unbiased", (_, by) => {
  it("for x² of an exponential", () => {
    const rate = Math.exp(-0.7);
    check(exponential(1), square, by, { logRate: [-0.7] }, { logRate: [-4 / rate ** 2] }, 2 / rate ** 2);
  });

  it("for x of a Gumbel variable", () => {
    const euler = 0.5772156649015329;
    const scale = Math.exp(0.4);
    check(gumbel(1), line, by, { location: [1.5], logScale: [0.4] }, { location: [1], logScale: [euler * scale] }, 1.5 + euler * scale);
  });

  it("for x² of a logistic variable", () => {
    const variance = (Math.exp(0.6) * Math.PI ** 2) / 3;
    check(logistic(1), square, by, { location: [0.8], logScale: [0.3] }, { location: [1.6], logScale: [2 * variance] }, 0.64 + variance);
  });

  it("for (w · x)² of a normal with full covariance, in its mean and its triangle", () => {
    const d = 3;
    const w = [0.5, -1, 2];
    const mean = [1, 0.3, -0.4];
    const scaleTril = [0.8, 9, 9, -0.5, 1.1, 9, 0.2, 0.7, -0.6]; // above the diagonal: ignored
    const column = (j: number): number => w.reduce((sum, own, i) => sum + (i >= j ? own * scaleTril[i * d + j]! : 0), 0);
    const along = w.reduce((sum, own, i) => sum + own * mean[i]!, 0);
    const f = differentiable((x, value, slope) => {
      for (let r = 0; r < value.length; r++) {
        const dot = w.reduce((sum, own, j) => sum + own * x[r * d + j]!, 0);
        value[r] = dot * dot;
        w.forEach((own, j) => (slope[r * d + j] = 2 * dot * own));
      }
    });
    const exact = {
      mean: w.map((own) => 2 * own * along),
      scaleTril: scaleTril.map((_, at) => (at % d <= Math.floor(at / d) ? 2 * w[Math.floor(at / d)]! * column(at % d) : 0)),
    };
    check(multivariateNormal(d), f, by, { mean, scaleTril }, exact, along ** 2 + [0, 1, 2].reduce((sum, j) => sum + column(j) ** 2, 0));
  });
});

it("pathwise is unbiased for x² of a uniform variable, in both its ends", () => {
  const [low, high] = [-0.5, 2];
  check(uniform(1), square, path, { low: [low], high: [high] }, { low: [(2 * low + high) / 3], high: [(low + 2 * high) / 3] }, (low * low + low * high + high * high) / 3);
});

describe("a choice of five, one of them impossible", () => {
  const logits = [0.3, -1, 2, Number.NEGATIVE_INFINITY, 0.5];
  const weights = logits.map(Math.exp);
  const total = weights.reduce((a, b) => a + b);
  const probs = weights.map((own) => own / total);
  const worth = [3, -2, 0.5, 100, 7];
  const value = worth.reduce((sum, own, i) => sum + own * probs[i]!, 0);
  const exact = { logits: probs.map((p, i) => p * (worth[i]! - value)) };
  const byIndex = batched((x, out) => x.forEach((index, i) => (out[i] = worth[index]!)));
  const byOneHot = batched((x, out) => out.forEach((_, i) => (out[i] = worth.reduce((sum, own, j) => sum + own * x[i * 5 + j]!, 0))));

  it.each([["categorical", categorical(5), byIndex], ["oneHotCategorical", oneHotCategorical(5), byOneHot]] as const)("of %s has its exact gradient by enumeration, and by score function without bias", (_, p, f) => {
    check(p, f, score, { logits }, exact, value);
    using grad = gradient(expectation(p as Distribution, f), enumerate() as Estimator<never, never> as Estimator<Distribution, Integrand>, { samples: 1 });
    const estimate = grad.estimate({ logits: Float64Array.from(logits) } as Values<Shapes, Float64Array>, key(1));
    expect(estimate.value[0]).toBeCloseTo(value, 13);
    exact.logits.forEach((truth, j) => expect((estimate.gradient as Readonly<Record<string, Float64Array>>)["logits"]![j]).toBeCloseTo(truth, 13));
  });
});

it("E x² of an exponential with mean 10: the exact variances of both estimators", () => {
  // With respect to the mean: 8,000 by path. In logRate, −10 times that derivative: 100 times the variance.
  using grad = gradient(expectation(exponential(1), square), pathwise(), { samples: 1_000_000 });
  const { standardError } = grad.estimate({ logRate: Float64Array.of(-Math.log(10)) }, key(2));
  expect(Math.abs((standardError.logRate[0]! ** 2 * 1_000_000) / 800_000 - 1)).toBeLessThan(0.05);
});
