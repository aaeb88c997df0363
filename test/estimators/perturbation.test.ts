import { describe, expect, it } from "vitest";
import {
  batched, bernoulli, categorical, type Distribution, enumerate, type Estimator, evolutionStrategies, expectation, exponential, expression, finiteDifferences, gradient, key,
  multivariateNormal, normal, pathwise, scoreFunction, type Shapes, spsa, uniform, type Values,
} from "../../src/index.ts";
import { replicates } from "./replicates.ts";

type Any = Estimator<never, never>;
const sigmoid = (l: number): number => 1 / (1 + Math.exp(-l));
const weights = [2, -1, 3];

/** f(x) = Σ w x + x₀ x₂, whose mean under independent flips is the same of their probabilities. */
const f = batched((x, value) => value.forEach((_, i) => (value[i] = weights.reduce((sum, w, j) => sum + w * x[3 * i + j]!, x[3 * i]! * x[3 * i + 2]!))));
const logits = [0.3, -0.8, 1.2];
const objective = (l: readonly number[]): number => weights.reduce((sum, w, j) => sum + w * sigmoid(l[j]!), sigmoid(l[0]!) * sigmoid(l[2]!));
const moved = (by: (j: number) => number): number[] => logits.map((l, j) => l + by(j));
const within = (seen: readonly number[], error: readonly number[], exact: readonly number[]): void =>
  exact.forEach((truth, j) => expect(Math.abs(seen[j]! - truth), `coordinate ${j}`).toBeLessThan(4 * error[j]! + 1e-12));

describe("spsa", () => {
  it("has the mean that the differences of the objective over all signs have", () => {
    const step = 0.3;
    const exact = [0, 0, 0];
    for (let bits = 0; bits < 8; bits++) {
      const sign = (j: number): number => ((bits >> j) & 1 ? 1 : -1);
      const difference = objective(moved((j) => step * sign(j))) - objective(moved((j) => -step * sign(j)));
      exact.forEach((_, j) => (exact[j]! += difference / (2 * step * sign(j)) / 8));
    }
    for (const samples of [1, 3]) {
      const { mean, error } = replicates(bernoulli(3), f, spsa({ step }) as Any, { logits }, { samples, count: 40_000 });
      within(mean["logits"]!, error["logits"]!, exact);
    }
  });

  it("takes two evaluations however many parameters there are, and gives the value and the gradient of f's own", () => {
    const own = expression((x, { w }) => x.mul(w!).sum(), { w: [4] });
    using grad = gradient(expectation(normal(4), own), spsa(), { samples: 4000 });
    const { evaluations, value, gradient: g } = grad.estimate({ mean: Float64Array.of(1, 2, 3, 4), logScale: new Float64Array(4), w: Float64Array.of(1, 1, 1, 1) }, key(1));
    expect(evaluations.value).toBe(8000);
    expect(Math.abs(value[0]! - 10)).toBeLessThan(0.2);
    [1, 2, 3, 4].forEach((m, j) => expect(Math.abs(g.w[j]! - m)).toBeLessThan(0.1));
  });
});

describe("evolution strategies", () => {
  // E x of an exponential is exp(−s); smoothed over s + σ ε it is exp(−s + σ²/2), and its slope minus that.
  const x = batched((at, value) => value.set(at as Float64Array));
  const [scale, s] = [0.4, 0.3];
  const smoothed = Math.exp(-s + scale ** 2 / 2);

  it.each([[true, 1], [true, 3], [false, 2], [false, 5]])("have the gradient of the smoothed objective, pairs %s, %i samples", (antithetic, samples) => {
    const { mean, error, value } = replicates(exponential(1), x, evolutionStrategies({ scale, antithetic }) as Any, { logRate: [s] }, { samples, count: 60_000 });
    within(mean["logRate"]!, error["logRate"]!, [-smoothed]);
    expect(Math.abs(value - smoothed)).toBeLessThan(0.03);
  });

  it("with ranks see only the order of f, and ties share a rank", () => {
    const monotone = batched((at, value) => value.forEach((_, i) => (value[i] = Math.exp(3 * at[i]!) + 7)));
    const params = { mean: Float64Array.of(0.2), logScale: Float64Array.of(-1) };
    for (const antithetic of [true, false]) {
      using plain = gradient(expectation(normal(1), x), evolutionStrategies({ shaping: "ranks", antithetic }), { samples: 50 });
      using bent = gradient(expectation(normal(1), monotone), evolutionStrategies({ shaping: "ranks", antithetic }), { samples: 50 });
      expect(bent.estimate(params, key(1)).gradient).toEqual(plain.estimate(params, key(1)).gradient);
      using flat = gradient(expectation(normal(1), batched((_, value) => value.fill(3))), evolutionStrategies({ shaping: "ranks", antithetic }), { samples: 50 });
      expect(Math.abs(flat.estimate(params, key(1)).gradient.mean[0]!)).toBe(0);
    }
    using up = gradient(expectation(normal(1), x), evolutionStrategies({ shaping: "ranks", scale: 1 }), { samples: 2000 });
    const { gradient: g, standardError } = up.estimate(params, key(2));
    expect(g.mean[0]!).toBeGreaterThan(10 * standardError.mean[0]!);
  });
});

describe("finite differences", () => {
  it("have the mean that differences of the objective have, coordinate by coordinate", () => {
    const step = 0.25;
    const exact = logits.map((_, j) => (objective(moved((i) => (i === j ? step : 0))) - objective(moved((i) => (i === j ? -step : 0)))) / (2 * step));
    const { mean, error } = replicates(bernoulli(3), f, finiteDifferences({ step }) as Any, { logits }, { samples: 2, count: 40_000 });
    within(mean["logits"]!, error["logits"]!, exact);
  });

  it("of a flip have the exact variance q D² / (2h)² − (q D / 2h)², q the probability of a jump", () => {
    const [step, jump] = [0.1, 3];
    const q = sigmoid(0.4 + step) - sigmoid(0.4 - step);
    const { variance, error, mean } = replicates(bernoulli(1), batched((x, value) => x.forEach((b, i) => (value[i] = jump * b))), finiteDifferences({ step }) as Any, { logits: [0.4] }, { samples: 1, count: 400_000 });
    const exact = (q * jump ** 2) / (2 * step) ** 2 - ((q * jump) / (2 * step)) ** 2;
    expect(Math.abs(variance["logits"]![0]! / exact - 1)).toBeLessThan(0.05);
    within(mean["logits"]!, error["logits"]!, [(q * jump) / (2 * step)]);
  });

  it("of a smooth f are nearly the pathwise gradient of the same draws", () => {
    const smooth = expression((x) => x.sin().mul(x).sum());
    const params = { mean: Float64Array.of(1, 0.3), scaleTril: Float64Array.of(0.8, 0, 0.3, 0.5) };
    using naive = gradient(expectation(multivariateNormal(2), smooth), finiteDifferences({ step: 1e-4 }), { samples: 500 });
    using path = gradient(expectation(multivariateNormal(2), smooth), pathwise(), { samples: 500 });
    const [a, b] = [naive.estimate(params, key(3)).gradient, path.estimate(params, key(3)).gradient];
    for (const name of ["mean", "scaleTril"] as const) a[name].forEach((seen, i) => expect(Math.abs(seen - b[name][i]!)).toBeLessThan(1e-6));
  });
});

const estimators = [["spsa", spsa()], ["evolutionStrategies", evolutionStrategies()], ["finiteDifferences", finiteDifferences()]] as const;

describe.each(estimators)("%s", (name, by) => {
  it("serves any family, in f32 too, and agrees with an unbiased gradient up to its small bias", () => {
    const tests: readonly (readonly [Distribution, Record<string, number[]>])[] = [
      [categorical(4), { logits: [0.2, -0.5, 1, 0] }],
      [uniform(1), { low: [-1], high: [2] }],
      [bernoulli(1), { logits: [0.5] }],
    ];
    const square = batched((x, value) => value.forEach((_, i) => (value[i] = x[i]! ** 2)));
    for (const [p, params] of tests) {
      const f32 = Object.fromEntries(Object.entries(params).map(([parameter, own]) => [parameter, Float32Array.from(own)]));
      using grad = gradient(expectation(p, square), by, { samples: 60_000, precision: "f32" });
      const estimate = grad.estimate(f32 as Values<Shapes, Float32Array>, key(6));
      const [g, e]: Readonly<Record<string, Float32Array>>[] = [estimate.gradient, estimate.standardError];
      const [low, high] = [-1, 2];
      const exact: Record<string, ArrayLike<number>> = p.name === "uniform" ? { low: [(2 * low + high) / 3], high: [(low + 2 * high) / 3] }
        : replicates(p, square, enumerate() as Any, params, { samples: 1, count: 1 }).mean;
      for (const [parameter, own] of Object.entries(exact)) {
        Array.from(own).forEach((truth, j) => expect(Math.abs(g![parameter]![j]! - truth), `${p.name} ${parameter}[${j}]`).toBeLessThan(4 * e![parameter]![j]! + 0.01));
      }
    }
  });

  it("leaves logits at infinity alone", () => {
    using grad = gradient(expectation(bernoulli(2), batched((x, value) => value.forEach((_, i) => (value[i] = x[2 * i]! + x[2 * i + 1]!)))), by, { samples: 400 });
    const { gradient: g } = grad.estimate({ logits: Float64Array.of(Infinity, -Infinity) }, key(1));
    g.logits.forEach((slope) => expect(Math.abs(slope)).toBe(0));
  });

  it("refuses a step out of the domain", () => {
    const by = name === "evolutionStrategies" ? evolutionStrategies({ scale: 5 }) : name === "spsa" ? spsa({ step: 5 }) : finiteDifferences({ step: 5 });
    using grad = gradient(expectation(uniform(1), batched((x, value) => value.set(x as Float64Array))), by, { samples: 40 });
    expect(() => grad.estimate({ low: Float64Array.of(0), high: Float64Array.of(1) }, key(1))).toThrow(new RegExp(`^${name}: "params\\.high\\[\\d+\\]" expected a number > low`));
  });

  it("has the first samples of a longer run in a shorter one", () => {
    const own = { logits: Float64Array.from(logits) };
    using short = gradient(expectation(bernoulli(3), f), by, { samples: 5 });
    using long = gradient(expectation(bernoulli(3), f), by, { samples: 9 });
    expect(short.perSample(own, key(2)).logits).toEqual(long.perSample(own, key(2)).logits.slice(0, 15));
  });
});

it("finite differences cost one evaluation per side and number, and two by the score function beat their variance on flips", () => {
  const params = { logits: Float64Array.from(logits) };
  using naive = gradient(expectation(bernoulli(3), f), finiteDifferences(), { samples: 1000 });
  using score = gradient(expectation(bernoulli(3), f), scoreFunction(), { samples: 6000 });
  const [a, b] = [naive.estimate(params, key(1)), score.estimate(params, key(1))];
  expect(a.evaluations).toEqual(b.evaluations);
  a.standardError.logits.forEach((error, j) => expect(error).toBeGreaterThan(b.standardError.logits[j]!));
});

it.each<[string, () => unknown, string]>([
  ["a step of 0", () => spsa({ step: 0 }), 'spsa: "step" expected a number > 0, got 0'],
  ["a negative step", () => finiteDifferences({ step: -1 }), 'finiteDifferences: "step" expected a number > 0, got -1'],
  ["a scale that is none", () => evolutionStrategies({ scale: Number.NaN }), 'evolutionStrategies: "scale" expected a number > 0, got NaN'],
  ["another shaping", () => evolutionStrategies({ shaping: "sorted" as never }), 'evolutionStrategies: "shaping" expected "none" or "ranks", got sorted'],
  ["a misspelt option", () => spsa({ steps: 1 } as never), 'spsa: "steps" expected no such option, got 1. Known: step, noise.'],
])("%s is refused", (_, run, message) => expect(run).toThrow(message));

it("a step lost beside a parameter is named", () => {
  using grad = gradient(expectation(normal(1), batched((x, value) => value.set(x as Float64Array))), finiteDifferences({ step: 1e-3 }), { samples: 2 });
  expect(() => grad.estimate({ mean: Float64Array.of(1e16), logScale: Float64Array.of(0) }, key(1))).toThrow('finiteDifferences: "step" expected a number that is not lost beside mean[0] = 10000000000000000, got 0.001. Take a larger one.');
});
