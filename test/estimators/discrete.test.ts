import { describe, expect, it } from "vitest";
import {
  batched, binomial, constant, type Distribution, enumerate, type Estimator, expectation, geometric, gradient, type Integrand, key, kl, multinomial, negativeBinomial, pathwise, plackettLuce, poisson,
  differentiable, relaxedBernoulli, relaxedOneHotCategorical, scoreFunction, type Shapes, type Values,
} from "../../src/index.ts";

type Params = Readonly<Record<string, readonly number[]>>;
const score = scoreFunction() as Estimator<never, never>;
const sigmoid = (l: number): number => 1 / (1 + Math.exp(-l));
const PRECISIONS = ["f64", "f32"] as const;

/** Value, gradient, and their standard errors for two problems side by side: the second has the parameters of the first, moved. */
function estimated(p: Distribution, f: Integrand, by: Estimator<never, never>, problems: readonly Params[], precision: "f64" | "f32", samples: number): { readonly value: ArrayLike<number>; readonly valueError: ArrayLike<number>; readonly gradient: Readonly<Record<string, ArrayLike<number>>>; readonly error: Readonly<Record<string, ArrayLike<number>>> } {
  const type = (precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor;
  const given = Object.fromEntries(Object.keys(p.params).map((name) => [name, type.from(problems.flatMap((own) => [...own[name]!]))]));
  using grad = gradient(expectation(p, f), by as Estimator<Distribution, Integrand>, { samples, batch: problems.length, precision: precision as "f64" });
  const estimate = grad.estimate(given as Values<Shapes, Float64Array>, key(21));
  return { value: estimate.value, valueError: estimate.valueStandardError, gradient: estimate.gradient, error: estimate.standardError };
}

/** Each coordinate within 4 of its own standard errors of the exact gradient, in both precisions. */
function check(p: Distribution, f: Integrand, by: Estimator<never, never>, problems: readonly Params[], exact: (own: Params) => { readonly value: number; readonly gradient: Params }): void {
  for (const precision of PRECISIONS) {
    const { value, valueError, gradient: g, error } = estimated(p, f, by, problems, precision, 60_000);
    problems.forEach((own, b) => {
      const truth = exact(own);
      expect(Math.abs(value[b]! - truth.value) / valueError[b]!, `value of problem ${b} in ${precision}`).toBeLessThan(4);
      for (const [name, slopes] of Object.entries(truth.gradient)) {
        slopes.forEach((slope, j) => {
          const e = b * slopes.length + j;
          expect(Math.abs(g[name]![e]! - slope) / Math.max(error[name]![e]!, 1e-12), `${name}[${j}] of problem ${b} in ${precision}`).toBeLessThan(4);
        });
      }
    });
  }
}

/** Σ x² over the coordinates. */
const squares = (dim: number): Integrand => batched((x, value) => value.forEach((_, i) => (value[i] = Array.from(x.subarray(i * dim, (i + 1) * dim)).reduce((sum, v) => sum + v * v, 0))));

describe("the score function is unbiased for Σ x² of independent counts", () => {
  it("that are Poisson: ∂/∂logRate = λ (1 + 2 λ)", () => {
    check(poisson(2), squares(2), score, [{ logRate: [0.4, 2.9] }, { logRate: [-1, 1.5] }], ({ logRate }) => ({
      value: logRate!.reduce((sum, s) => sum + Math.exp(s) * (1 + Math.exp(s)), 0),
      gradient: { logRate: logRate!.map((s) => Math.exp(s) * (1 + 2 * Math.exp(s))) },
    }));
  });

  it("that are binomial: ∂/∂logit = n p q (1 − 2p + 2 n p)", () => {
    check(binomial(2, 30), squares(2), score, [{ logits: [0.4, -2] }, { logits: [1, 0] }], ({ logits }) => ({
      value: logits!.reduce((sum, l) => sum + 30 * sigmoid(l) * sigmoid(-l) + (30 * sigmoid(l)) ** 2, 0),
      gradient: { logits: logits!.map((l) => 30 * sigmoid(l) * sigmoid(-l) * (1 - 2 * sigmoid(l) + 60 * sigmoid(l))) },
    }));
  });

  it("that are geometric: with the mean m = exp(−logit), ∂/∂logit = −m (1 + 4 m)", () => {
    check(geometric(2), squares(2), score, [{ logits: [0.4, -1] }, { logits: [1, 0] }], ({ logits }) => ({
      value: logits!.reduce((sum, l) => sum + Math.exp(-l) * (1 + 2 * Math.exp(-l)), 0),
      gradient: { logits: logits!.map((l) => -Math.exp(-l) * (1 + 4 * Math.exp(-l))) },
    }));
  });

  it("that are negative binomial: with m = r eˡ, E x² = m (1 + eˡ) + m²", () => {
    check(negativeBinomial(2), squares(2), score, [{ logConcentration: [0.5, 2], logits: [0.4, -1] }, { logConcentration: [1, -0.5], logits: [-0.5, 0.3] }], ({ logConcentration, logits }) => {
      const means = logits!.map((l, j) => Math.exp(logConcentration![j]! + l));
      return {
        value: means.reduce((sum, m, j) => sum + m * (1 + Math.exp(logits![j]!)) + m * m, 0),
        gradient: { logConcentration: means.map((m, j) => m * (1 + Math.exp(logits![j]!)) + 2 * m * m), logits: means.map((m, j) => m * (1 + 2 * Math.exp(logits![j]!)) + 2 * m * m) },
      };
    });
  });
});

describe.each([
  ["binomial", binomial(2, 3), { logits: [0.4, -2] }],
  ["multinomial", multinomial(3, 4), { logits: [0.4, -0.7, 1] }],
  ["plackettLuce", plackettLuce(4), { logits: [0.4, -0.7, 1, 0] }],
] as const)("%s, whose support is finite,", (_, p, own) => {
  const family = p as Distribution;
  const f = batched((x, value) => value.forEach((__, i) => (value[i] = Array.from(x.subarray(i * p.dim, (i + 1) * p.dim)).reduce((sum, v, j) => sum + Math.sin(v * (j + 1)), 0))));
  const problems: Params[] = [own, { logits: own.logits.map((l) => 0.5 - l) }];

  it("has a gradient by enumeration that is the derivative of its value, and the score function has it in the mean", () => {
    const exact = estimated(family, f, enumerate() as Estimator<never, never>, problems, "f64", 1);
    const moved = (k: number, by: number): ArrayLike<number> =>
      estimated(family, f, enumerate() as Estimator<never, never>, problems.map(({ logits }) => ({ logits: logits!.map((l, j) => (j === k ? l + by : l)) })), "f64", 1).value;
    const width = own.logits.length;
    for (let k = 0; k < width; k++) {
      const [high, low] = [moved(k, 1e-5), moved(k, -1e-5)];
      for (let b = 0; b < 2; b++) expect(exact.gradient["logits"]![b * width + k]).toBeCloseTo((high[b]! - low[b]!) / 2e-5, 8);
    }
    const { value, gradient: g } = exact;
    check(family, f, score, problems, (problem) => {
      const b = problems.indexOf(problem);
      return { value: value[b]!, gradient: { logits: Array.from(g["logits"]!).slice(b * width, (b + 1) * width) } };
    });
  });
});

describe("a relaxed family has one gradient, by its path and by its score", () => {
  it.each([
    ["relaxedBernoulli", relaxedBernoulli(2, { temperature: 0.8 }), { logits: [0.4, -0.7] }],
    ["relaxedOneHotCategorical", relaxedOneHotCategorical(3, { temperature: 0.8 }), { logits: [0.4, -0.7, 1] }],
  ] as const)("%s", (_, p, own) => {
    const { dim } = p;
    const f = differentiable((x, value, slope) => {
      value.fill(0);
      x.forEach((v, i) => {
        value[Math.floor(i / dim)]! += (v - 0.3 * (i % dim)) ** 2;
        slope[i] = 2 * (v - 0.3 * (i % dim));
      });
    });
    for (const precision of PRECISIONS) {
      const [a, b] = [score, pathwise() as Estimator<never, never>].map((by) => estimated(p as Distribution, f, by, [own, { logits: own.logits.map((l) => -l) }], precision, 60_000));
      for (let e = 0; e < 2 * own.logits.length; e++) {
        const error = Math.hypot(a!.error["logits"]![e]!, b!.error["logits"]![e]!);
        expect(Math.abs(a!.gradient["logits"]![e]! - b!.gradient["logits"]![e]!) / error, `logits[${e}] in ${precision}`).toBeLessThan(4);
        expect(b!.error["logits"]![e]!).toBeLessThan(a!.error["logits"]![e]!);
      }
    }
  });
});

it("the score function without a baseline has its exact variance for a Poisson count, Var x (x − λ)", () => {
  const rate = 2;
  const { error } = estimated(poisson(1), batched((x, value) => value.set(x as Float64Array)), scoreFunction({ baseline: constant(0) }) as Estimator<never, never>, [{ logRate: [Math.log(rate)] }], "f64", 400_000);
  let second = 0;
  for (let k = 0, p = Math.exp(-rate); k < 60; p *= rate / ++k) second += p * (k * (k - rate)) ** 2;
  expect(Math.abs((error["logRate"]![0]! ** 2 * 400_000) / (second - rate ** 2) - 1)).toBeLessThan(0.05);
});

it("closed divergences are those of the families: KL(Bern(.4) ‖ Bern(.8)) = .381908501, of one trial, of five, and of the trials until a success", () => {
  const logit = (p: number): number => Math.log(p / (1 - p));
  const nothing = batched((_, value) => value.fill(0));
  const divergence = (p: Distribution): number => {
    using grad = gradient(expectation(p as ReturnType<typeof binomial>, nothing, { minus: kl({ logits: Float64Array.of(logit(0.8)) }) }), scoreFunction({ baseline: constant(0) }), { samples: 2 });
    return -grad.estimate({ logits: Float64Array.of(logit(0.4)) }, key(1)).value[0]!;
  };
  const exact = 0.4 * Math.log(0.5) + 0.6 * Math.log(3);
  expect(divergence(binomial(1, 1))).toBeCloseTo(exact, 14);
  expect(divergence(binomial(1, 5))).toBeCloseTo(5 * exact, 14);
  expect(divergence(geometric(1))).toBeCloseTo(exact / 0.4, 14);
});
