import { describe, expect, it } from "vitest";
import { digammaStep, logBeta, trigamma } from "../../reference/math/gamma-functions.ts";
import { bessel } from "../../reference/math/bessel.ts";
import {
  beta, differentiable, type Differentiable, dirichlet, type Distribution, type Estimator, expectation, gamma, gradient, inverseGamma, key, kl, pathwise, scoreFunction, type Shapes,
  studentT, type Values, vonMises,
} from "../../src/index.ts";

type Params = Readonly<Record<string, readonly number[]>>;

/** E[f] of a family in closed form, and its gradient. */
interface Problem {
  readonly name: string;
  readonly family: Distribution;
  readonly f: Differentiable;
  readonly params: Params;
  readonly value: number;
  readonly gradient: Params;
  /** Where draws of tiny concentrations have room enough that their scores have mean zero: both precisions unless given. */
  readonly scored?: readonly Precision[];
}

type Precision = "f64" | "f32";

const each = (f: (x: number) => readonly [value: number, slope: number]): Differentiable =>
  differentiable((x, value, slope) => x.forEach((own, i) => ([value[i], slope[i]] = f(own) as [number, number])));
const line = each((x) => [x, 1]);
const square = each((x) => [x * x, 2 * x]);
const away = (from: number): Differentiable => each((x) => [1 - Math.cos(x - from), Math.sin(x - from)]);

const problems: readonly Problem[] = [
  ...[0.3, 1, 2.5, 40].map((a): Problem => ({
    name: `x² of a gamma variable of concentration ${a}`,
    family: gamma(1),
    f: square,
    params: { logConcentration: [Math.log(a)], logRate: [0.5] },
    value: (a * (a + 1)) / Math.E,
    gradient: { logConcentration: [(a * (2 * a + 1)) / Math.E], logRate: [(-2 * a * (a + 1)) / Math.E] },
  })),
  {
    name: "x of an inverse gamma variable",
    family: inverseGamma(1),
    f: line,
    params: { logConcentration: [Math.log(6)], logScale: [Math.log(3)] },
    value: 3 / 5,
    gradient: { logConcentration: [(-6 * 3) / 25], logScale: [3 / 5] },
  },
  ...[[0.5, 0.5], [0.5, 4], [1, 1], [4, 1], [4, 4], [0.02, 0.05]].map(([a, b]): Problem => ({
    name: `x of a beta variable of ${a}, ${b}`,
    family: beta(1),
    f: line,
    params: { logConcentration1: [Math.log(a!)], logConcentration0: [Math.log(b!)] },
    value: a! / (a! + b!),
    gradient: { logConcentration1: [(a! * b!) / (a! + b!) ** 2], logConcentration0: [(-a! * b!) / (a! + b!) ** 2] },
    ...(b! < 0.1 && { scored: [] }), // x is not nearer to 1 than 1e-16
  })),
  weighted([3, 0.4, 1.5], [1, -2, 0.5]),
  { ...weighted([0.05, 0.02, 0.1], [1, -2, 0.5]), scored: ["f64"] },
  ...[3.5, 12, 200].map((v): Problem => ({
    name: `1 − cos or x² of a Student variable of ${v} degrees`,
    family: studentT(1),
    f: v > 8 ? square : each((x) => [x, 1]),
    params: { logDegrees: [Math.log(v)], location: [0.5], logScale: [0.25] },
    value: v > 8 ? 0.25 + (Math.exp(0.5) * v) / (v - 2) : 0.5,
    gradient: v > 8
      ? { logDegrees: [(-2 * Math.exp(0.5) * v) / (v - 2) ** 2], location: [1], logScale: [(2 * Math.exp(0.5) * v) / (v - 2)] }
      : { logDegrees: [0], location: [1], logScale: [0] },
  })),
  ...[1e-3, 0.1, 1, 10, 1e3].map((k): Problem => {
    const { gap } = bessel(k);
    const slope = k < 0.01 ? 0.5 : 1 - (1 - gap) / k - (1 - gap) ** 2;
    return {
      name: `1 − cos of a von Mises variable of concentration ${k}`,
      family: vonMises(1),
      f: away(0.75),
      params: { location: [0.25], logConcentration: [Math.log(k)] },
      value: 1 - (1 - gap) * Math.cos(0.5),
      gradient: { location: [(1 - gap) * Math.sin(-0.5)], logConcentration: [-k * slope * Math.cos(0.5)] },
    };
  }),
];

function weighted(alpha: readonly number[], weights: readonly number[]): Problem {
  const total = alpha.reduce((a, b) => a + b);
  const value = alpha.reduce((sum, a, j) => sum + (a * weights[j]!) / total, 0);
  return {
    name: `a weighted sum of a Dirichlet point of ${alpha.join(", ")}`,
    family: dirichlet(3),
    f: differentiable((x, own, slope) => own.forEach((_, r) => {
      own[r] = weights.reduce((sum, w, j) => sum + w * x[r * 3 + j]!, 0);
      weights.forEach((w, j) => (slope[r * 3 + j] = w));
    })),
    params: { logConcentration: alpha.map(Math.log) },
    value,
    gradient: { logConcentration: alpha.map((a, j) => (a * (weights[j]! - value)) / total) },
  };
}

const estimators = { pathwise: pathwise() as Estimator<never, never>, scoreFunction: scoreFunction() as Estimator<never, never> };

type Arrays = Readonly<Record<string, Float64Array>>;

describe.each(Object.entries(estimators))("%s is unbiased", (named, by) => {
  const told = named === "pathwise" ? problems : problems.filter(({ scored }) => scored?.length !== 0);
  it.each(told.map((problem) => [problem.name, problem] as const))("for %s, alone and in a batch", (_, { family, f, params, value, gradient: exact, scored }) => {
    for (const precision of named === "pathwise" ? (["f64", "f32"] as const) : (scored ?? (["f64", "f32"] as const))) {
      for (const batch of [1, 3]) {
        const type = (precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor;
        const given = Object.fromEntries(Object.entries(params).map(([name, own]) => [name, type.from({ length: batch * own.length }, (_unused, i) => own[i % own.length]!)]));
        using grad = gradient(expectation(family, f), by as Estimator<Distribution, Differentiable>, { samples: 30_000, batch, precision: precision as "f64" });
        const estimate = grad.estimate(given as Values<Shapes, Float64Array>, key(5));
        for (let b = 0; b < batch; b++) {
          expect(Math.abs(estimate.value[b]! - value) / estimate.valueStandardError[b]!).toBeLessThan(4.5);
          for (const [name, own] of Object.entries(exact)) {
            own.forEach((truth, j) => {
              const at = b * own.length + j;
              const error = (estimate.standardError as Arrays)[name]![at]! + 1e-6 * Math.abs(truth);
              expect(Math.abs((estimate.gradient as Arrays)[name]![at]! - truth) / Math.max(error, 1e-12), `${name}[${j}] of ${b} in ${precision}`).toBeLessThan(4.5);
            });
          }
        }
      }
    }
  });
});

it("a path has less variance than a score, for x² of a gamma variable of concentration 2.5", () => {
  const variance = (by: Estimator<never, never>): number => {
    using grad = gradient(expectation(gamma(1), square), by as never, { samples: 100_000 });
    return 1e5 * (grad.estimate({ logConcentration: Float64Array.of(Math.log(2.5)), logRate: Float64Array.of(0) }, key(3)).standardError.logConcentration[0]! ** 2);
  };
  expect(variance(estimators.scoreFunction) / variance(estimators.pathwise)).toBeGreaterThan(5);
});

it("the divergence of beta and gamma variables from others is that of closed forms, and enters an objective", () => {
  const zero = differentiable((_, value, slope) => void [value.fill(0), slope.fill(0)]);
  using grad = gradient(expectation(gamma(1), zero, { minus: kl({ logConcentration: Float64Array.of(Math.log(2)), logRate: Float64Array.of(0) }) }), pathwise(), { samples: 4 });
  const { value, gradient: g } = grad.estimate({ logConcentration: Float64Array.of(Math.log(3)), logRate: Float64Array.of(Math.log(2)) }, key(1));
  // KL(Gamma(3, 2) ‖ Gamma(2, 1)) = ψ(3) − log Γ(3) + log Γ(2) + 2 log 2 − 3 / 2
  const psi = digammaStep(1, 2) - 0.5772156649015329;
  expect(value[0]).toBeCloseTo(-(psi - Math.log(2) + 2 * Math.log(2) - 1.5), 12);
  expect(g.logConcentration[0]).toBeCloseTo(-3 * (trigamma(3) - 0.5), 12);
  expect(logBeta(2, 3)).toBeCloseTo(-Math.log(12), 13);
});
