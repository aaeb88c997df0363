import { describe, expect, it } from "vitest";
import {
  antithetic, batched, bernoulli, categorical, constant, differentiable, enumerate, type Estimator, evolutionStrategies, expectation, expression, finiteDifferences, gradient, gumbel,
  halton, independent, key, measureValued, movingAverage, multivariateNormal, muProp, none, type Noise, normal, pathwise, perCoordinate, raoBlackwell, scoreFunction, sobol, spsa, straightThrough, stratified, uniform,
} from "../../src/index.ts";
import { replicates, type Replicates } from "./replicates.ts";

type Any = Estimator<never, never>;
const noises: readonly (readonly [string, Noise])[] = [["antithetic", antithetic()], ["stratified", stratified({ points: 6 })], ["sobol", sobol({ points: 8 })], ["halton", halton({ points: 10 })]];

/** Σ sin xⱼ + x₀ x₁, and its gradient; E sin x = exp(−s²/2) sin m for a normal. */
const smooth = expression((x) => x.sin().sum().add(x.slice(0, 1).mul(x.slice(1, 2)).sum()));
const at = { mean: [0.4, -1.1], logScale: [0.2, -0.4] };
const exact = {
  mean: [0, 1].map((j) => Math.exp(-Math.exp(2 * at.logScale[j]!) / 2) * Math.cos(at.mean[j]!) + at.mean[1 - j]!),
  logScale: [0, 1].map((j) => -Math.exp(2 * at.logScale[j]!) * Math.exp(-Math.exp(2 * at.logScale[j]!) / 2) * Math.sin(at.mean[j]!)),
};
const agrees = (seen: Replicates, truth: Readonly<Record<string, readonly number[]>>): void => {
  for (const [name, own] of Object.entries(truth)) own.forEach((g, j) => expect(Math.abs(seen.mean[name]![j]! - g), `${name}[${j}]`).toBeLessThan(4 * seen.error[name]![j]! + 1e-10));
};

describe.each(noises)("%s noise costs no bias", (_, noise) => {
  it("in pathwise, the score function with any baseline, and measure-valued derivatives of normals", () => {
    const estimators = [
      pathwise({ noise }), scoreFunction({ noise }), scoreFunction({ noise, baseline: none() }), scoreFunction({ noise, baseline: constant(0.3) }), measureValued({ noise }),
    ];
    for (const by of estimators) {
      for (const samples of [2, 3]) agrees(replicates(normal(2), smooth, by as Any, at, { samples, count: 6000 }), exact);
    }
  });

  it("in the score function of flips and choices", () => {
    const weights = [2, -1, 3];
    const f = batched((x, value) => value.forEach((_, i) => (value[i] = weights.reduce((sum, w, j) => sum + w * x[3 * i + j]!, x[3 * i]! * x[3 * i + 2]!))));
    const flips = { logits: [0.3, -0.8, 1.2] };
    agrees(replicates(bernoulli(3), f, scoreFunction({ noise }) as Any, flips, { samples: 2, count: 10_000 }), replicates(bernoulli(3), f, enumerate() as Any, flips, { samples: 1, count: 1 }).mean);
    const index = batched((x, value) => x.forEach((k, i) => (value[i] = [3, -2, 0.5, 7][k]!)));
    const choices = { logits: [0.3, -0.8, 1.2, 0] };
    agrees(replicates(categorical(4), index, scoreFunction({ noise }) as Any, choices, { samples: 2, count: 10_000 }), replicates(categorical(4), index, enumerate() as Any, choices, { samples: 1, count: 1 }).mean);
  });

  it("in MuProp, Rao–Blackwell over a flip, and straight-through of what is linear", () => {
    const flips = { logits: [0.3, -0.8, 1.2] };
    const bent = expression((x) => x.square().sum().mul(0.3).add(x.slice(0, 1).mul(x.slice(2, 3)).sum()).add(1));
    const linear = expression((x) => x.mul(x.slice(0, 1).mul(0).add(2)).sum());
    const truth = replicates(bernoulli(3), bent, enumerate() as Any, flips, { samples: 1, count: 1 }).mean;
    for (const by of [muProp({ noise }), muProp({ noise, baseline: none() }), raoBlackwell({ coordinates: [1], noise }), raoBlackwell({ coordinates: [0, 2], noise, baseline: none() }), raoBlackwell({ coordinates: [0, 1, 2], noise })]) {
      agrees(replicates(bernoulli(3), bent, by as Any, flips, { samples: 2, count: 6000 }), truth);
    }
    const straight = replicates(bernoulli(3), linear, straightThrough({ noise }) as Any, flips, { samples: 2, count: 500 });
    agrees(straight, replicates(bernoulli(3), linear, enumerate() as Any, flips, { samples: 1, count: 1 }).mean);
    agrees(replicates(normal(2), smooth, muProp({ noise }) as Any, at, { samples: 2, count: 6000 }), exact);
    agrees(replicates(independent(bernoulli(1), 3), bent, muProp({ noise }) as Any, flips, { samples: 2, count: 6000 }), truth);
  });

  it("in pathwise of other families, whose noise is kept or not", () => {
    const square = differentiable((x, value, slope) => x.forEach((a, i) => { value[i] = a * a; slope[i] = 2 * a; }));
    agrees(replicates(uniform(1), square, pathwise({ noise }) as Any, { low: [-0.5], high: [2] }, { samples: 2, count: 6000 }), { low: [(2 * -0.5 + 2) / 3], high: [(-0.5 + 4) / 3] });
    agrees(replicates(gumbel(1), square, pathwise({ noise }) as Any, { location: [0.5], logScale: [0] }, { samples: 2, count: 6000 }), { location: [2 * (0.5 + 0.5772156649015329)] });
    const product = expression((x) => x.slice(0, 1).mul(x.slice(1, 2)).sum());
    agrees(replicates(multivariateNormal(2), product, pathwise({ noise }) as Any, { mean: [1, 2], scaleTril: [1, 0, 0.5, 0.3] }, { samples: 2, count: 6000 }), { mean: [2, 1], scaleTril: [0.5, 0, 1, 0] });
  });

  it("in what f's own parameters get, and in the value", () => {
    const own = expression((x, { w }) => x.mul(x).mul(w!).sum(), { w: [1] });
    using grad = gradient(expectation(normal(1), own), pathwise({ noise }), { samples: 2000, precision: "f32" });
    const { value, gradient: g, valueStandardError, evaluations } = grad.estimate({ mean: Float32Array.of(1), logScale: Float32Array.of(0), w: Float32Array.of(3) }, key(1));
    expect(evaluations.gradient).toBe(2000 * noise.points);
    expect(Math.abs(value[0]! - 6)).toBeLessThan(4 * valueStandardError[0]! + 1e-4);
    expect(Math.abs(g.w[0]! - 2)).toBeLessThan(4 * valueStandardError[0]! / 3 + 1e-4);
  });

  it("and its standard errors are honest: E[se²] is the variance over independent estimates", () => {
    const [count, samples] = [3000, 8];
    const tiled = { mean: Float64Array.from({ length: 2 * count }, (_, i) => at.mean[i % 2]!), logScale: Float64Array.from({ length: 2 * count }, (_, i) => at.logScale[i % 2]!) };
    for (const by of [pathwise({ noise }), scoreFunction({ noise, baseline: none() })]) {
      using grad = gradient(expectation(normal(2), smooth), by, { samples, batch: count });
      const { gradient: g, standardError } = grad.estimate(tiled, key(4));
      for (const name of ["mean", "logScale"] as const) {
        for (const j of [0, 1]) {
          let [squares, said] = [0, 0];
          for (let b = 0; b < count; b++) {
            squares += (g[name][2 * b + j]! - exact[name][j]!) ** 2 / count;
            said += standardError[name][2 * b + j]! ** 2 / count;
          }
          expect(Math.abs(said / squares - 1), `${name}[${j}]`).toBeLessThan(0.15);
        }
      }
    }
  });

  it("and its first samples are those of a shorter run", () => {
    using short = gradient(expectation(normal(2), smooth), pathwise({ noise }), { samples: 3 });
    using long = gradient(expectation(normal(2), smooth), pathwise({ noise }), { samples: 7 });
    const params = { mean: Float64Array.from(at.mean), logScale: Float64Array.from(at.logScale) };
    expect(short.perSample(params, key(1)).mean).toEqual(long.perSample(params, key(1)).mean.slice(0, 6));
    expect(short.estimate(params, key(1)).gradient).toEqual(short.estimate(params, key(1)).gradient);
  });
});

describe("point sets lower the variance as theory says", () => {
  /** Variance of one set of ∂/∂mean E sin x by path: cos at a normal of standard deviation 1. */
  const variance = (noise: Noise, dim = 1): number => {
    const f = expression((x) => x.sin().sum());
    return replicates(normal(dim), f, pathwise({ noise }) as Any, { mean: Array<number>(dim).fill(0.5), logScale: Array<number>(dim).fill(0) }, { samples: 1, count: 3000 }).variance["mean"]![0]!;
  };

  it.each([["stratified", (points: number) => stratified({ points }), 2.2], ["sobol", (points: number) => sobol({ points }), 2.2], ["halton", (points: number) => halton({ points }), 2.2]] as const)(
    "%s: faster than points⁻²; independent points would have points⁻¹",
    (_, of, rate) => {
      const slope = Math.log(variance(of(8)) / variance(of(128))) / Math.log(16);
      expect(slope).toBeGreaterThan(rate);
    },
  );

  it("sobol: as points⁻³ where f is smooth in the uniforms themselves, without the ends of a normal", () => {
    const cube = expression((x) => x.square().mul(x).sum());
    const own = (points: number): number => replicates(uniform(1), cube, pathwise({ noise: sobol({ points }) }) as Any, { low: [0], high: [1] }, { samples: 1, count: 3000 }).variance["high"]![0]!;
    expect(Math.log(own(8) / own(128)) / Math.log(16)).toBeGreaterThan(2.8);
  });

  it("antithetic: an odd integrand of the noise has none, an even one twice as much as independent pairs", () => {
    const square = expression((x) => x.square().sum());
    const { variance: v } = replicates(normal(1), square, pathwise({ noise: antithetic() }) as Any, { mean: [1], logScale: [0] }, { samples: 1, count: 20_000 });
    expect(v["mean"]![0]!).toBeLessThan(1e-25); // 2 x: odd about the mean
    const centred = replicates(normal(1), square, pathwise({ noise: antithetic() }) as Any, { mean: [0], logScale: [0] }, { samples: 1, count: 20_000 });
    expect(Math.abs(centred.variance["logScale"]![0]! / 8 - 1)).toBeLessThan(0.06); // 2 z²: variance 8, at two evaluations
  });

  it("sobol: in six coordinates still far below independent points at the same cost", () => {
    const f = expression((x) => x.sin().sum().exp());
    const cost = (by: Any, samples: number): number =>
      replicates(normal(6), f, by, { mean: Array<number>(6).fill(0), logScale: Array<number>(6).fill(-1.5) }, { samples, count: 1000 }).variance["mean"]![2]!;
    expect(cost(pathwise({ noise: sobol({ points: 256 }) }) as Any, 1)).toBeLessThan(cost(pathwise() as Any, 256) / 10);
  });
});

it("a moving average learns a set's mean, and predicts before it learns", () => {
  using grad = gradient(expectation(normal(1), batched((_, value) => value.fill(5))), scoreFunction({ noise: sobol({ points: 4 }), baseline: movingAverage({ decay: 0.5 }) }), { samples: 2 });
  grad.estimate({ mean: Float64Array.of(0), logScale: Float64Array.of(0) }, key(1));
  expect(grad.state.arrays["movingAverage.average"]).toEqual([2.5]);
  expect(Math.abs(grad.estimate({ mean: Float64Array.of(0), logScale: Float64Array.of(0) }, key(2)).gradient.mean[0]!)).toBeLessThan(1e-12);
});

it("perturbations take it too: the same point sets at every θ", () => {
  const f = batched((x, value) => x.forEach((a, i) => (value[i] = Math.sin(a))));
  const params = { mean: Float64Array.of(0.4), logScale: Float64Array.of(0.2) };
  const truth = Math.exp(-Math.exp(0.4) / 2) * Math.cos(0.4);
  const noise = sobol({ points: 32 });
  for (const by of [finiteDifferences({ step: 1e-3, noise }), spsa({ step: 1e-3, noise }), evolutionStrategies({ scale: 1e-2, noise }), evolutionStrategies({ scale: 1e-2, noise, antithetic: false })]) {
    using grad = gradient(expectation(normal(1), f), by, { samples: 3000 });
    const { gradient: g, standardError } = grad.estimate(params, key(1));
    expect(Math.abs(g.mean[0]! - truth)).toBeLessThan(4 * standardError.mean[0]! + 1e-3);
  }
});

it.each<[string, () => unknown, string]>([
  ["noise that is none", () => pathwise({ noise: "sobol" as never }), 'pathwise: "noise" expected sobol(…), halton(…), stratified(…) or antithetic(), got "sobol"'],
  [
    "noise beside a control variate",
    () => scoreFunction({ noise: antithetic(), controlVariate: { control: batched(() => {}), mean: () => ({ value: new Float64Array(1), gradient: {} }) } }),
    'scoreFunction: "noise" expected none beside a control variate',
  ],
  [
    "a family without a quantile",
    () => gradient(expectation({ ...normal(1), quantile: undefined } as never, smooth), pathwise({ noise: antithetic() }), { samples: 1 }),
    'pathwise: normal has no quantile. Leave out "noise".',
  ],
])("%s is refused", (_, run, message) => expect(run).toThrow(message));

it("points of a set take out what a sum of flips has in common: MuProp's noise, Rao–Blackwell's, and straight-through's", () => {
  const flips = { logits: [0.3, -0.8, 1.2] };
  const f = expression((x) => x.sum().exp());
  for (const [sets, alone] of [[muProp({ noise: sobol({ points: 16 }) }), muProp()], [raoBlackwell({ coordinates: [0], noise: sobol({ points: 16 }) }), raoBlackwell({ coordinates: [0] })], [straightThrough({ noise: sobol({ points: 16 }) }), straightThrough()]] as const) {
    const [a, b] = [replicates(bernoulli(3), f, sets as Any, flips, { samples: 2, count: 2000 }), replicates(bernoulli(3), f, alone as Any, flips, { samples: 32, count: 2000 })];
    const total = (seen: Replicates): number => seen.variance["logits"]!.reduce((sum, v) => sum + v, 0);
    expect(total(a)).toBeLessThan(0.8 * total(b));
  }
});

it("noise is refused where the points must be independent", () => {
  expect(() => muProp({ baseline: perCoordinate(), noise: sobol({ points: 4 }) })).toThrow('muProp: "noise" expected none beside perCoordinate()');
  expect(() => straightThrough({ temperature: 1, noise: sobol({ points: 4 }) } as never)).toThrow('straightThrough: "noise" expected none beside a temperature');
  expect(() => raoBlackwell({ coordinates: [0], noise: 3 as never })).toThrow('raoBlackwell: "noise" expected sobol(…)');
});
