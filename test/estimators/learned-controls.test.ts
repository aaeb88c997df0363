import { describe, expect, it } from "vitest";
import {
  batched, bernoulli, differentiable, disarm, type Distribution, enumerate, type Estimator, expectation, expression, given, type Gradient, gradient, type Integrand, key, lax, learnedControl, leaveOneOut, network,
  networkControl, normal, oneHotCategorical, rebar, relax, scoreFunction, type Shapes, type State,
} from "../../src/index.ts";

const logit = (p: number): number => Math.log(p / (1 - p));
const loose = (by: Estimator<never, never>): Estimator<Distribution, Integrand> => by as Estimator<Distribution, Integrand>;
type Plain = Readonly<Record<string, readonly number[]>>;

interface Setting {
  readonly samples: number;
  readonly batch?: number;
  readonly precision?: "f64" | "f32";
}

/** A gradient whose types are forgotten, with plain numbers in and out. */
function bound(p: Distribution, f: Integrand, by: Estimator<never, never>, { samples, batch = 1, precision = "f64" }: Setting) {
  const grad = gradient(expectation(p, f), loose(by), { samples, batch, precision: precision as "f64" }) as Gradient<Shapes, Shapes, Float64Array>;
  const array = (precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor;
  const given = (params: Plain): Record<string, Float64Array> => Object.fromEntries(Object.entries(params).map(([name, own]) => [name, array.from(own)]));
  return { grad, estimate: (params: Plain, seed: number, learn = false) => grad.estimate(given(params), key(seed), { learn }), given };
}

/** The mean over the samples of the squared length of their gradients: what learning descends. */
function meanSquare(p: Distribution, f: Integrand, by: Estimator<never, never>, params: Plain, setting: Setting, seed: number, state: State): number {
  const { grad, given } = bound(p, f, by, setting);
  grad.state = state;
  let sum = 0;
  for (const own of Object.values(grad.perSample(given(params), key(seed)))) for (const x of own) sum += x * x;
  grad.dispose();
  return sum / setting.samples / (setting.batch ?? 1);
}

const withArray = (state: State, name: string, change: (x: number, i: number) => number): State => ({ ...state, arrays: { ...state.arrays, [name]: state.arrays[name]!.map(change) } });

/** What a step has learned, from Adam's mean after the first: a tenth of the gradient; against central differences of the mean square. */
function expectLearns(p: Distribution, f: Integrand, by: Estimator<never, never>, params: Plain, setting: Setting, parameters: string, moments: string, tolerance: number): void {
  const { grad, given } = bound(p, f, by, setting);
  const before = grad.state;
  grad.estimate(given(params), key(4));
  const learned = grad.state.arrays[moments]!.map((mean) => 10 * mean);
  grad.dispose();
  const largest = Math.max(...learned.map(Math.abs));
  expect(largest).toBeGreaterThan(0);
  const step = setting.precision === "f32" ? 1e-2 : 1e-4;
  learned.forEach((slope, i) => {
    const side = (by_: number): number => meanSquare(p, f, by, params, setting, 4, withArray(before, parameters, (x, k) => (k === i ? x + by_ : x)));
    const difference = (side(step) - side(-step)) / (2 * step);
    expect(Math.abs(slope - difference), `${parameters}[${i}]: ${slope} for ${difference}`).toBeLessThan(tolerance * largest);
  });
}

const toy = (t: number) => expression((x) => x.sub(t).square().sum());

describe("rebar on one coin", () => {
  // E (b − t)²: variances of one sample with independent noise, by quadrature; at η = 1 and at the best η.
  const exact = [
    { t: 0.45, p: 0.5, temperature: 0.5, one: 0.022653117, best: 0.02244946, least: 0.01593552 },
    { t: 0.45, p: 0.5, temperature: 1, one: 0.018489087, best: 0.05507041, least: 0.015930372 },
    { t: 0.45, p: 0.1, temperature: 0.5, one: 0.011835555, best: 0.01542318, least: 0.0076990475 },
    { t: 0.499, p: 0.5, temperature: 0.5, one: 0.022290232, best: 9.377e-6, least: 0.015625125 },
  ];

  it.each(exact)("has its exact mean and variance at t = $t, p = $p, temperature $temperature", ({ t, p, temperature, one, best, least }) => {
    for (const [eta, variance] of [[1, one], [best, least]] as const) {
      for (const precision of ["f64", "f32"] as const) {
        const samples = 200_000;
        const { grad, estimate } = bound(bernoulli(1), toy(t), rebar({ temperature, eta, learn: [] }), { samples, precision });
        const { gradient: g, standardError, evaluations } = estimate({ logits: [logit(p)] }, 11);
        const error = standardError["logits"]![0]!;
        expect(Math.abs(g["logits"]![0]! - (1 - 2 * t) * p * (1 - p)) / error).toBeLessThan(4);
        expect(Math.abs((error ** 2 * samples) / variance - 1)).toBeLessThan(0.05);
        expect(evaluations).toEqual({ value: samples, gradient: 2 * samples });
        grad.dispose();
      }
    }
  });

  it("learns η: within a tenth of the best, and λ: to less variance than it began with", () => {
    const by = rebar({ learn: ["eta"] });
    const { grad, given } = bound(bernoulli(1), toy(0.45), by, { samples: 2000 });
    for (let step = 0; step < 1000; step++) grad.estimate(given({ logits: [0] }), key(1).fold(step));
    let mean = 0;
    for (let step = 0; step < 400; step++) {
      grad.estimate(given({ logits: [0] }), key(2).fold(step));
      mean += Math.exp(grad.state.arrays["softened.logs"]![0]!) / 400;
    }
    expect(Math.abs(mean / 0.02244946 - 1)).toBeLessThan(0.1); // it began at 1
    grad.dispose();
    const known = differentiable((x, value, slope) => x.forEach((own, i) => void ((value[i] = (own - 0.45) ** 2), (slope[i] = 2 * (own - 0.45)))));
    for (const [f, points] of [[toy(0.45), 2], [known, 6]] as const) {
      const both = bound(bernoulli(1), f, rebar({ learn: ["temperature"] }), { samples: 2000 });
      expect(both.estimate({ logits: [0] }, 1).evaluations).toEqual({ value: 2000, gradient: points * 2000 });
      for (let step = 0; step < 150; step++) both.grad.estimate(both.given({ logits: [0] }), key(2).fold(step));
      expect(Math.exp(both.grad.state.arrays["softened.logs"]![1]!)).toBeGreaterThan(2); // λ = 0.5 has variance 0.0227, λ = 1 0.0185
      both.grad.dispose();
    }
  });
});

const f3 = expression((x) => x.sub([0.2, 0.55, 0.9]).square().sum().add(x.at(0).mul(x.at(2)).mul(0.7)));
/** The same, known by its values and slopes alone. */
const d3 = differentiable((x, value, slope) => {
  for (let i = 0, at = 0; i < value.length; i++, at += 3) {
    const off = [x[at]! - 0.2, x[at + 1]! - 0.55, x[at + 2]! - 0.9] as const;
    value[i] = off[0] ** 2 + off[1] ** 2 + off[2] ** 2 + 0.7 * x[at]! * x[at + 2]!;
    slope.set([2 * off[0] + 0.7 * x[at + 2]!, 2 * off[1], 2 * off[2] + 0.7 * x[at]!], at);
  }
});
const control = learnedControl(
  expression((z, { W, b, v }) => z.mul(0.7).tanh().matmul(W).add(b).tanh().dot(v), { W: [3, 2], b: [2], v: [2] }),
  { W: [0.3, -0.2, 0.5, 0.1, -0.4, 0.6], b: [0.1, -0.1], v: [0.5, 0.8] },
);

describe("what is learned follows the derivative of the mean square, at the same draws", () => {
  const flips: Plain = { logits: [0.3, -0.5, 0.8, -1, 0.2, 0.1] };
  it.each([
    ["rebar of flips, on the tape", bernoulli(3), f3, rebar({ eta: 0.7 }), flips, "softened", 1e-6],
    ["rebar of a choice, on the tape", oneHotCategorical(3), f3, rebar({ temperature: 0.8, baseline: leaveOneOut() }), flips, "softened", 1e-6],
    ["rebar of a choice, one of three impossible, on the tape", oneHotCategorical(3), f3, rebar({ temperature: 0.8 }), { logits: [0.3, -0.5, 0.8, Number.NEGATIVE_INFINITY, 0.2, 0.1] }, "softened", 1e-6],
    ["rebar of flips, one of three decided, on the tape", bernoulli(3), f3, rebar({ temperature: 0.8 }), { logits: [0.3, -0.5, 0.8, Number.POSITIVE_INFINITY, 0.2, 0.1] }, "softened", 1e-6],
    ["rebar of an f with parameters, on the tape", bernoulli(3), expression((x, { w }) => x.mul(w).sum().square().exp(), { w: [3] }), rebar(), { ...flips, w: [0.5, -0.3, 0.7] }, "softened", 1e-6],
    ["rebar of flips, by differences", bernoulli(3), d3, rebar({ eta: 0.7 }), flips, "softened", 2e-3],
    ["rebar of a choice, by differences", oneHotCategorical(3), d3, rebar({ temperature: 0.8, baseline: leaveOneOut() }), flips, "softened", 2e-3],
    ["relax of flips", bernoulli(3), f3, relax({ controlVariate: control }), flips, "control", 1e-6],
    ["relax of a choice", oneHotCategorical(3), f3, relax({ controlVariate: control }), flips, "control", 1e-6],
    ["relax beside rebar", bernoulli(3), f3, relax({ controlVariate: control, relaxed: {} }), flips, "control", 1e-6],
    ["relax beside rebar, its η and λ", bernoulli(3), f3, relax({ controlVariate: control, relaxed: {} }), flips, "softened", 1e-6],
    ["lax of normals", normal(3), f3, lax({ controlVariate: control }), { mean: flips["logits"]!, logScale: [0, -0.2, 0.1, 0.2, 0, -0.5] }, "control", 1e-6],
  ] as const)("%s", (_, p, f, by, params, part, tolerance) => {
    const setting = { samples: 301, batch: 2 };
    expectLearns(p, f, by, params, setting, part === "control" ? "control.parameters" : "softened.logs", `${part}.mean`, tolerance);
    expectLearns(p, f, by, params, { ...setting, precision: "f32" }, part === "control" ? "control.parameters" : "softened.logs", `${part}.mean`, 2e-2);
  });
});

it("a temperature learns the same from an f that reads context as from one that has the numbers in it", () => {
  const reading = expression((x, { u, w }) => x.mul(u).mul(w).sum().square().add(x.at(0).exp()), { w: [3] }, { u: 3 });
  const having = expression((x, { w }) => x.mul([0.5, -1, 2]).mul(w).sum().square().add(x.at(0).exp()), { w: [3] });
  for (const batch of [1, 2]) {
    const params = { logits: Float64Array.from({ length: 3 * batch }, (_, i) => Math.sin(i)), w: Float64Array.of(0.3, 0.7, -0.4) };
    using a = gradient(expectation(bernoulli(3), reading), rebar(), { samples: 50, batch });
    using b = gradient(expectation(bernoulli(3), having), rebar(), { samples: 50, batch });
    a.estimate(params, key(1), { context: { u: Float64Array.from({ length: 3 * batch }, (_, i) => [0.5, -1, 2][i % 3]!) } });
    b.estimate(params, key(1));
    a.state.arrays["softened.mean"]!.forEach((own, i) => expect(own).toBeCloseTo(b.state.arrays["softened.mean"]![i]!, 12));
    expect(a.state.arrays["softened.mean"]![1]).not.toBe(0);
  }
});

it("a control variate may read context", () => {
  const v = { v: [0.5, 0.8] };
  const reading = expression((z, { u, v }) => z.mul(u).slice(0, 2).tanh().dot(v), { v: [2] }, { u: 3 });
  const having = expression((z, { v }) => z.mul([0.5, -1, 2]).slice(0, 2).tanh().dot(v), { v: [2] });
  for (const batch of [1, 2]) {
    const params = { logits: Float64Array.from({ length: 3 * batch }, (_, i) => Math.sin(i)) };
    using a = gradient(expectation(bernoulli(3), f3), relax({ controlVariate: learnedControl(reading, v) }), { samples: 50, batch });
    using b = gradient(expectation(bernoulli(3), f3), relax({ controlVariate: learnedControl(having, v) }), { samples: 50, batch });
    const context = { u: Float64Array.from({ length: 3 * batch }, (_, i) => [0.5, -1, 2][i % 3]!) };
    for (const step of [0, 1]) {
      const other = b.estimate(params, key(1).fold(step)).gradient.logits;
      a.estimate(params, key(1).fold(step), { context }).gradient.logits.forEach((own, i) => expect(own).toBeCloseTo(other[i]!, 12));
    }
  }
});

it("a control variate that is not finite is refused, and nothing is learned from it", () => {
  const broken = learnedControl(expression((z, { v }) => z.mul(v).log().sum(), { v: [1] }), { v: [1] });
  using grad = gradient(expectation(bernoulli(3), f3), relax({ controlVariate: broken }), { samples: 50 });
  const before = grad.state;
  expect(() => grad.estimate({ logits: new Float64Array(3) }, key(1))).toThrow("relax: the control variate or its slope is not finite at sample 0 of problem 0.");
  expect(grad.state).toEqual(before);
});

describe("without bias", () => {
  const flips = [0.3, -0.5, 0.8, -1, 0.2, 0.1];
  const impossible = [0.3, -0.5, 0.8, Number.NEGATIVE_INFINITY, 0.2, 0.1];
  const cases: readonly (readonly [string, Distribution, Estimator<never, never>, readonly number[]])[] = [
    ["rebar of flips", bernoulli(3), rebar(), flips],
    ["rebar of a choice", oneHotCategorical(3), rebar({ eta: 0.5, baseline: leaveOneOut() }), flips],
    ["rebar of a choice, one of three impossible", oneHotCategorical(3), rebar({ temperature: 2 }), impossible],
    ["relax of flips", bernoulli(3), relax({ controlVariate: control }), flips],
    ["relax of a choice", oneHotCategorical(3), relax({ controlVariate: control, baseline: leaveOneOut() }), flips],
    ["relax of a choice, one of three impossible, by a network", oneHotCategorical(3), relax(), impossible],
    ["relax beside rebar", bernoulli(3), relax({ controlVariate: control, relaxed: { temperature: 1 } }), flips],
  ];

  it.each(cases)("%s agrees with enumeration, in θ and in the parameters of f", (_, p, by, logits) => {
    const f = expression((x, { w }) => x.mul(w).sum().square().add(x.at(0).sub(x.at(1))), { w: [3] });
    const params = { logits, w: [0.5, -1, 2] };
    const exact = bound(p, f, enumerate(), { samples: 1, batch: 2 }).estimate(params, 1);
    for (const precision of ["f64", "f32"] as const) {
      const { grad, given } = bound(p, f, by, { samples: 30_000, batch: 2, precision });
      for (let step = 0; step < 3; step++) grad.estimate(given(params), key(7).fold(step)); // what it has learned is no longer what it began with
      const seen = grad.estimate(given(params), key(8));
      exact.gradient["logits"]!.forEach((truth, j) => {
        const error = Math.max(seen.standardError["logits"]![j]!, 1e-7);
        expect(Math.abs(seen.gradient["logits"]![j]! - truth) / error, `logits[${j}] in ${precision}`).toBeLessThan(4);
      });
      exact.gradient["w"]!.forEach((truth, j) => expect(Math.abs(seen.gradient["w"]![j]! - truth)).toBeLessThan(0.15));
      exact.value.forEach((truth, b) => expect(Math.abs(seen.value[b]! - truth) / seen.valueStandardError[b]!).toBeLessThan(4));
      expect(seen.biased).toEqual([]);
      grad.dispose();
    }
  });

  it("lax of normals has the gradient of a step, which no path can see", () => {
    // P(x > 0.3): density of the normal at 0.3, by mean and log scale.
    const step = batchedStep(0.3);
    const [mean, logScale] = [0.5, -0.2];
    const z = (0.3 - mean) / Math.exp(logScale);
    const density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) / Math.exp(logScale);
    for (const precision of ["f64", "f32"] as const) {
      const { grad, given } = bound(normal(1), step, lax(), { samples: 500, precision });
      for (let i = 0; i < 400; i++) grad.estimate(given({ mean: [mean], logScale: [logScale] }), key(3).fold(i));
      const many = bound(normal(1), step, lax(), { samples: 20_000, precision });
      many.grad.state = grad.state;
      const seen = many.estimate({ mean: [mean], logScale: [logScale] }, 4);
      many.grad.dispose();
      expect(Math.abs(seen.gradient["mean"]![0]! - density) / seen.standardError["mean"]![0]!).toBeLessThan(4);
      expect(Math.abs(seen.gradient["logScale"]![0]! - density * (0.3 - mean)) / seen.standardError["logScale"]![0]!).toBeLessThan(4);
      const score = bound(normal(1), step, scoreFunction(), { samples: 20_000, precision }).estimate({ mean: [mean], logScale: [logScale] }, 4);
      expect(seen.standardError["mean"]![0]! ** 2).toBeLessThan(0.4 * score.standardError["mean"]![0]! ** 2);
      grad.dispose();
    }
  });
});

const batchedStep = (at: number): Integrand => batched((x, value) => x.forEach((each, i) => (value[i] = each > at ? 1 : 0)));

describe("on Σ (b − c)² of three flips, by values of f alone", () => {
  const logits = [0.5488135, 0.71518937, 0.60276338].map(logit);
  const exact = [0.14857035, -0.02036935, -0.19155175];
  const f = batched((x, value) => value.forEach((_, i) => (value[i] = (x[3 * i]! - 0.2) ** 2 + (x[3 * i + 1]! - 0.55) ** 2 + (x[3 * i + 2]! - 0.9) ** 2)));

  it("relax is unbiased while it learns, by χ² over 60 seeds", () => {
    let chi = 0;
    const { grad, given } = bound(bernoulli(3), f, relax(), { samples: 64 });
    const first = grad.state;
    for (let seed = 0; seed < 60; seed++) {
      grad.state = first;
      const deviation = [0, 0, 0];
      const variance = [0, 0, 0];
      for (let step = 0; step < 30; step++) {
        const { gradient: g, standardError } = grad.estimate(given({ logits }), key(seed).fold(step));
        exact.forEach((truth, j) => {
          deviation[j]! += g["logits"]![j]! - truth;
          variance[j]! += standardError["logits"]![j]! ** 2;
        });
      }
      deviation.forEach((own, j) => (chi += own ** 2 / variance[j]!));
    }
    grad.dispose();
    expect(Math.abs(chi - 180)).toBeLessThan(4 * Math.sqrt(2 * 180));
  });

  it("relax varies less per evaluation of f than leave-one-out with 2 and with 10 samples, and than DisARM, within 2,000 steps of one sample", () => {
    const spread = (by: Estimator<never, never>, samples: number, state?: State): number => {
      const count = 4000;
      const { grad, given } = bound(bernoulli(3), f, by, { samples, batch: count });
      if (state !== undefined) grad.state = state;
      const all = Array.from({ length: count }, () => logits).flat();
      const { gradient: g, evaluations } = grad.estimate(given({ logits: all }), key(9), { learn: false });
      grad.dispose();
      let sum = 0;
      g["logits"]!.forEach((x, i) => (sum += (x - exact[i % 3]!) ** 2));
      return (sum / count) * ((evaluations.value + evaluations.gradient) / count);
    };
    const { grad, given } = bound(bernoulli(3), f, relax(), { samples: 1 });
    for (let step = 0; step < 2000; step++) grad.estimate(given({ logits }), key(5).fold(step));
    const learned = spread(relax(), 1, grad.state);
    expect(learned).toBeLessThan(0.8 * spread(scoreFunction(), 10));
    expect(learned).toBeLessThan(0.5 * spread(scoreFunction(), 2));
    expect(learned).toBeLessThan(0.5 * spread(disarm(), 1));
    grad.dispose();
  });
});

describe("what is learned", () => {
  const make = (precision: "f64" | "f32") => bound(bernoulli(3), f3, relax({ relaxed: {}, controlVariate: networkControl({ hidden: [5, 4] }) }), { samples: 8, precision });
  const params = { logits: [0.3, -0.5, 0.8] };

  it("is plain JSON, and goes on from there to the bit", () => {
    for (const precision of ["f64", "f32"] as const) {
      const [first, second] = [make(precision), make(precision)];
      for (let step = 0; step < 5; step++) first.grad.estimate(first.given(params), key(1).fold(step));
      second.grad.state = JSON.parse(JSON.stringify(first.grad.state)) as State;
      for (let step = 5; step < 8; step++) {
        expect(second.grad.estimate(second.given(params), key(1).fold(step))).toEqual(first.grad.estimate(first.given(params), key(1).fold(step)));
      }
      expect(second.grad.state).toEqual(first.grad.state);
    }
  });

  it("stays where the caller says so, and where an estimate fails", () => {
    const { grad, given, estimate } = make("f64");
    const before = grad.state;
    estimate(params, 1);
    grad.value(given(params), key(1));
    grad.perSample(given(params), key(1));
    expect(() => grad.estimate({ logits: Float64Array.of(0, 0, Number.NaN) }, key(1))).toThrow("NaN");
    expect(grad.state).toEqual(before);
    grad.estimate(given(params), key(1));
    expect(grad.state).not.toEqual(before);
  });

  it("is learned behind a network, too", () => {
    const encoder = network(({ u, U }) => ({ logits: u.matmul(U) }), { U: [2, 3] }, { u: 2 });
    const batch = 32;
    const u = Float64Array.from({ length: 2 * batch }, (_, i) => Math.sin(i));
    const U = Float64Array.from({ length: 6 }, (_, i) => Math.cos(i));
    const objective = expectation(given(bernoulli(3), encoder), f3);
    using exact = gradient(objective, enumerate(), { samples: 1, batch });
    const truth = exact.estimate({ U }, key(1), { context: { u } }).gradient.U;
    for (const by of [rebar(), relax()]) {
      using grad = gradient(objective, by, { samples: 200, batch });
      const runs = Array.from({ length: 30 }, (_, step) => grad.estimate({ U }, key(2).fold(step), { context: { u } }).gradient.U);
      truth.forEach((own, j) => {
        const mean = runs.reduce((sum, run) => sum + run[j]! / 30, 0);
        const variance = runs.reduce((sum, run) => sum + (run[j]! - mean) ** 2, 0) / 29;
        expect(Math.abs(mean - own) / Math.sqrt(variance / 30)).toBeLessThan(4);
      });
    }
  });
});
