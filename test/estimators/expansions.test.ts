import { describe, expect, it } from "vitest";
import {
  antithetic, batched, bernoulli, deltaMethod, type Distribution, enumerate, estimator, expectation, expression, gradient, joint, key, leaveOneOut, movingAverage, multivariateNormal,
  muProp, none, normal, oneHotCategorical, perCoordinate, raoBlackwell, remote, scoreFunction,
} from "../../src/index.ts";
import { bindTaylor } from "../../src/estimators/taylor.ts";
import type { Quadratic } from "../../src/vocabulary/distribution.ts";
import type { TwiceDifferentiable } from "../../src/vocabulary/integrand.ts";
import { agrees, type Any, bent, enumerated, exactOf, flips, pointwise, unit, weights } from "./problems.ts";
import { replicates } from "./replicates.ts";

/** E h of f's second-order expansion, as the objective of an estimator of its own. */
const expansion = estimator<Distribution & Quadratic, TwiceDifferentiable, string>({
  name: "expansion", unbiased: false, modules: deltaMethod().modules, distribution: [], integrand: [],
  plan: () => ({ value: 1, gradient: 0, anchor: "curvature", scratch: {} }),
  bind: (p, site) => {
    const taylor = bindTaylor(p, site);
    const size = Object.values(p.params).flat().length > 2 ? p.dim + p.dim ** 2 : 2 * p.dim;
    const known = site.region.reserve(site.batch * size);
    return {
      propose(work, draw) {
        p.sample(work.kernels, draw(0), work.rows, work.theta, work.hard.x);
        taylor.propose(work);
      },
      combine(work) {
        taylor.mean(work, work.total, known.at);
        work.kernels.arrayFill(work.rows, 0, work.hard.weight);
      },
      terms: (work, _, terms) => work.kernels.arrayAdd(known.length, known.at, terms),
    };
  },
});

describe("the delta method", () => {
  it("knows E h of log x² at mean 1, scale e: −e², with derivative 2 + 2e² along the mean", () => {
    using grad = gradient(expectation(normal(1), expression((x) => x.square().log().sum())), expansion, { samples: 1 });
    const value = (mean: number): number => grad.value({ mean: Float64Array.of(mean), logScale: Float64Array.of(1) }, key(1))[0]!;
    expect(value(1)).toBeCloseTo(-Math.exp(2), 12);
    expect((value(1 + 1e-4) - value(1 - 1e-4)) / 2e-4).toBeCloseTo(2 + 2 * Math.exp(2), 4);
    const { gradient: g } = grad.estimate({ mean: Float64Array.of(1), logScale: Float64Array.of(1) }, key(1));
    expect(g.mean[0]).toBeCloseTo(2, 12); // the anchor held still: f′
    expect(g.logScale[0]).toBeCloseTo(-2 * Math.exp(2), 11); // f″ s²
  });

  const quadratic = expression((x) => x.slice(0, 1).mul(x.slice(1, 2)).mul(3).add(x.square()).sum().add(x.sum()));
  const full = { mean: [1, -0.5], scaleTril: [0.8, 0, 0.5, -0.6] };
  const diagonal = { mean: [1, -0.5], logScale: [0.2, -0.4] };

  it("leaves nothing of a quadratic f", () => {
    for (const [p, params] of [[normal(2), diagonal], [multivariateNormal(2), full]] as const) {
      using grad = gradient(expectation(p as ReturnType<typeof normal>, quadratic), scoreFunction({ controlVariate: deltaMethod() }), { samples: 40 });
      const { standardError } = grad.estimate(Object.fromEntries(Object.entries(params).map(([name, own]) => [name, Float64Array.from(own)])) as never, key(1));
      for (const own of Object.values(standardError as Record<string, Float64Array>)) own.forEach((error) => expect(error).toBeLessThan(1e-7));
    }
    // 3 x y + x² + y² twice (the row's width) and x + y: the exact derivatives of its mean.
    const { mean } = replicates(multivariateNormal(2), quadratic, scoreFunction({ controlVariate: deltaMethod() }) as Any, full, { samples: 10, count: 3 });
    const numeric = (name: "mean" | "scaleTril", i: number): number => {
      const at = (by: number): number => {
        const moved = { ...full, [name]: full[name].map((v, k) => (k === i ? v + by : v)) };
        const [a, , c, d] = moved.scaleTril as [number, number, number, number];
        const [m, n] = moved.mean as [number, number];
        return 2 * 3 * (m * n + a * c) + (m * m + a * a) + (n * n + c * c + d * d) + m + n;
      };
      return (at(1e-5) - at(-1e-5)) / 2e-5;
    };
    for (const i of [0, 1]) expect(mean["mean"]![i]).toBeCloseTo(numeric("mean", i), 5);
    for (const i of [0, 2, 3]) expect(mean["scaleTril"]![i]).toBeCloseTo(numeric("scaleTril", i), 5);
  });

  it("costs no bias, and takes out most of a smooth f's noise", () => {
    const f = expression((x) => x.mul(0.5).cos().sum());
    const exact = exactOf((x) => Math.cos(x / 2));
    const plain = replicates(normal(1), f, scoreFunction() as Any, unit, { samples: 16, count: 10_000 });
    for (const samples of [3, 16]) agrees(replicates(normal(1), f, scoreFunction({ controlVariate: deltaMethod() }) as Any, unit, { samples, count: 10_000 }), exact);
    const { variance } = replicates(normal(1), f, scoreFunction({ controlVariate: deltaMethod() }) as Any, unit, { samples: 16, count: 10_000 });
    expect(variance["mean"]![0]!).toBeLessThan(plain.variance["mean"]![0]! / 10);
  });

  it("serves problems with context of their own, f's parameters, f32, and counts its evaluations", () => {
    const f = expression((x, { a, w }) => x.square().mul(a!).mul(w!).sum(), { w: [2] }, { a: 2 });
    using grad = gradient(expectation(normal(2), f), scoreFunction({ controlVariate: deltaMethod() }), { samples: 12, batch: 3, precision: "f32" });
    const params = { mean: Float32Array.of(1, 2, 3, 4, 5, 6), logScale: new Float32Array(6), w: Float32Array.of(0.5, 2) };
    const { gradient: g, evaluations } = grad.estimate(params, key(1), { context: { a: Float32Array.of(1, 2, 3, 4, 5, 6) } });
    params.mean.forEach((m, e) => expect(Math.abs(g.mean[e]! / (2 * m * (e + 1) * params.w[e % 2]!) - 1)).toBeLessThan(1e-3));
    expect(evaluations).toEqual({ value: 36, gradient: 9 });
  });

  it("beside a baseline per coordinate leaves less, not more", () => {
    const f = expression((x) => x.mul(0.5).cos().sum());
    const variance = (by: Any): number => replicates(normal(1), f, by, unit, { samples: 128, count: 2000 }).variance["mean"]![0]!;
    const one = variance(scoreFunction({ controlVariate: deltaMethod() }) as Any);
    expect(variance(scoreFunction({ controlVariate: deltaMethod(), baseline: perCoordinate() }) as Any)).toBeLessThan(1.1 * one);
  });

  it("stands beside others, and is refused twice", () => {
    // f is a cubic, so its expansion about 1 leaves (x − 1)³: the other one.
    const rest = { control: pointwise((x) => (x - 1) ** 3), mean: () => ({ value: Float64Array.of(0), gradient: { mean: Float64Array.of(3), logScale: Float64Array.of(0) } }) };
    using grad = gradient(expectation(normal(1), expression((x) => x.square().mul(x).add(x.square()).sum())), scoreFunction({ controlVariate: [deltaMethod(), rest] }), { samples: 40 });
    const { gradient: g, standardError } = grad.estimate({ mean: Float64Array.of(1), logScale: Float64Array.of(0) }, key(1));
    expect(g.mean[0]).toBeCloseTo(3 + 3 + 2, 5);
    expect(standardError.mean[0]).toBeLessThan(1e-5);
    expect(() => scoreFunction({ controlVariate: [deltaMethod(), deltaMethod()] as never })).toThrow('scoreFunction: "controlVariate" expected deltaMethod() once, got twice');
  });
});

describe("MuProp", () => {
  it.each([["leave-one-out", leaveOneOut()], ["none", none()], ["a moving average", movingAverage()]])("is unbiased with %s, for flips, one-hot rows and normals", (_, baseline) => {
    for (const samples of [2, 5]) {
      agrees(replicates(bernoulli(3), bent, muProp({ baseline }) as Any, flips, { samples, count: 10_000 }), enumerated(bernoulli(3), bent, flips));
      agrees(replicates(oneHotCategorical(3), bent, muProp({ baseline }) as Any, flips, { samples, count: 10_000 }), enumerated(oneHotCategorical(3), bent, flips));
      agrees(replicates(normal(1), expression((x) => x.mul(0.5).cos().sum()), muProp({ baseline }) as Any, unit, { samples, count: 10_000 }), exactOf((x) => Math.cos(x / 2)));
    }
  });

  it("leaves nothing of a linear f, and has its value", () => {
    const linear = expression((x, { w }) => x.mul(w!).sum(), { w: [3] });
    using grad = gradient(expectation(bernoulli(3), linear), muProp(), { samples: 3 });
    const { value, gradient: g, standardError, evaluations } = grad.estimate({ logits: Float64Array.from(flips.logits), w: Float64Array.from(weights) }, key(1));
    const probs = flips.logits.map((l) => 1 / (1 + Math.exp(-l)));
    expect(value[0]).toBeCloseTo(weights.reduce((sum, w, j) => sum + w * probs[j]!, 0), 13);
    weights.forEach((w, j) => expect(g.logits[j]).toBeCloseTo(w * probs[j]! * (1 - probs[j]!), 13));
    standardError.logits.forEach((error) => expect(error).toBeLessThan(1e-14));
    expect(evaluations).toEqual({ value: 3, gradient: 1 });
  });

  it("has less variance than leave-one-out where f is nearly linear", () => {
    const variance = (by: Any): number => replicates(bernoulli(3), bent, by, flips, { samples: 4, count: 4000 }).variance["logits"]![1]!;
    expect(variance(muProp() as Any)).toBeLessThan(variance(scoreFunction() as Any) / 10);
  });

  it("gives f's own parameters their gradient, within its noise", () => {
    const f = expression((x, { w }) => x.mul(w!).sum().exp(), { w: [3] });
    const at = { logits: Float64Array.from(flips.logits), w: Float64Array.of(0.5, -0.2, 0.3) };
    using noisy = gradient(expectation(bernoulli(3), f), muProp(), { samples: 100_000 });
    using exact = gradient(expectation(bernoulli(3), f), enumerate(), { samples: 1 });
    const [a, b] = [noisy.estimate(at, key(1)).gradient, exact.estimate(at, key(1)).gradient];
    a.w.forEach((g, j) => expect(Math.abs(g - b.w[j]!)).toBeLessThan(0.01));
  });

  it("asks a remote f at the mean too", () => {
    using grad = gradient(expectation(bernoulli(3), remote()), muProp(), { samples: 6 });
    using local = gradient(expectation(bernoulli(3), bent), muProp(), { samples: 6 });
    const params = { logits: Float64Array.from(flips.logits) };
    const { hard, anchor } = grad.propose(params, key(5));
    const f = (x: Float64Array, i: number): number => 2 * x[3 * i]! - x[3 * i + 1]! + 3 * x[3 * i + 2]! + x[3 * i]! * x[3 * i + 2]! + 7;
    const answers = { hard: Float64Array.from({ length: 6 }, (_, i) => f(hard, i)), anchor: Float64Array.of(f(anchor!, 0)), anchorGradient: Float64Array.of(2 + anchor![2]!, -1, 3 + anchor![0]!) };
    expect(() => grad.combine({ hard: answers.hard })).toThrow('combine: "answers.anchor" expected a Float64Array of 1, got undefined');
    grad.propose(params, key(5));
    expect(grad.combine(answers).gradient).toEqual(local.estimate(params, key(5)).gradient);
  });

  it("names f at the mean where it is not finite", () => {
    using grad = gradient(expectation(bernoulli(1), expression((x) => x.sub(0.5).abs().log().sum())), muProp(), { samples: 2 });
    expect(() => grad.estimate({ logits: Float64Array.of(0) }, key(1))).toThrow("estimate: f, at the mean, returned -Infinity for point 0 of 1.");
  });
});

describe("MuProp with a baseline for each coordinate", () => {
  it("is unbiased, alone and with a batch, in both precisions", () => {
    for (const samples of [2, 5]) agrees(replicates(bernoulli(3), bent, muProp({ baseline: perCoordinate() }) as Any, flips, { samples, count: 10_000 }), enumerated(bernoulli(3), bent, flips));
    using grad = gradient(expectation(bernoulli(3), bent), muProp({ baseline: perCoordinate() }), { samples: 20_000, batch: 2, precision: "f32" });
    const { gradient: g, standardError } = grad.estimate({ logits: Float32Array.from([0, 0, 0, ...flips.logits]) }, key(5));
    enumerated(bernoulli(3), bent, flips)["logits"]!.forEach((slope, j) => expect(Math.abs(g.logits[3 + j]! - slope)).toBeLessThan(4 * standardError.logits[3 + j]! + 1e-4));
  });

  it("takes 5 off the residual of x² of N(1, 1) in ∂/∂logScale, where leave-one-out takes 1: 24 / 56 of the variance", () => {
    const square = expression((x) => x.square().sum());
    const spread = (by: Any): number => replicates(normal(1), square, by, unit, { samples: 400, count: 600 }).variance["logScale"]![0]!;
    expect(spread(muProp({ baseline: perCoordinate() }) as Any)).toBeLessThan(0.6 * spread(muProp() as Any));
  });
});

describe("Rao–Blackwell", () => {
  it.each([[[0]], [[2, 0]], [[0, 1, 2]]])("over %j is unbiased for any baseline and batch", (coordinates) => {
    for (const baseline of [leaveOneOut(), none()]) {
      for (const samples of [2, 3]) agrees(replicates(bernoulli(3), bent, raoBlackwell({ coordinates, baseline }) as Any, flips, { samples, count: 10_000 }), enumerated(bernoulli(3), bent, flips));
    }
  });

  it("has the variance that exact conditional means have", () => {
    // f = 2 a − b + 3 c + a c + 7, a and c summed over: E[f | b] = μ − b; ∂/∂l_b = E[f | b] (b − p).
    const [pa, pb, pc] = flips.logits.map((l) => 1 / (1 + Math.exp(-l))) as [number, number, number];
    const given = (b: number): number => 2 * pa - b + 3 * pc + pa * pc + 7;
    const terms = [given(0) * (0 - pb), given(1) * (1 - pb)] as const;
    const mean = (1 - pb) * terms[0] + pb * terms[1];
    const exact = (1 - pb) * (terms[0] - mean) ** 2 + pb * (terms[1] - mean) ** 2;
    const { variance } = replicates(bernoulli(3), bent, raoBlackwell({ coordinates: [0, 2], baseline: none() }) as Any, flips, { samples: 1, count: 100_000 });
    expect(Math.abs(variance["logits"]![1]! / exact - 1)).toBeLessThan(0.05);
    expect(variance["logits"]![0]!).toBeLessThan(1e-20); // exact: b adds nothing to a's derivative
  });

  it("over all coordinates is enumeration", () => {
    using all = gradient(expectation(bernoulli(3), bent), raoBlackwell({ coordinates: [2, 1, 0] }), { samples: 2 });
    using exact = gradient(expectation(bernoulli(3), bent), enumerate(), { samples: 1 });
    const params = { logits: Float64Array.of(0.3, -Infinity, 1.2) };
    const [a, b] = [all.estimate(params, key(1)), exact.estimate(params, key(1))];
    expect(a.value[0]).toBeCloseTo(b.value[0]!, 13);
    b.gradient.logits.forEach((g, j) => expect(a.gradient.logits[j]).toBeCloseTo(g, 13));
    expect(a.evaluations.value).toBe(8);
    expect(a.standardError.logits).toEqual(new Float64Array(3));
  });

  it("weighs f's own parameters, and works in f32", () => {
    const f = expression((x, { w }) => x.mul(w!).sum(), { w: [3] });
    using grad = gradient(expectation(bernoulli(3), f), raoBlackwell({ coordinates: [0, 1] }), { samples: 20_000, precision: "f32" });
    const { gradient: g } = grad.estimate({ logits: Float32Array.from(flips.logits), w: Float32Array.from(weights) }, key(1));
    flips.logits.forEach((l, j) => expect(Math.abs(g.w[j]! - 1 / (1 + Math.exp(-l)))).toBeLessThan(j < 2 ? 1e-4 : 0.015));
  });
});

describe("options are refused", () => {
  it.each<[string, () => unknown, string]>([
    ["coordinates that are none", () => raoBlackwell({ coordinates: 3 as never }), 'raoBlackwell: "coordinates" expected an array of indices, one at least, got 3'],
    ["a coordinate twice", () => raoBlackwell({ coordinates: [1, 1] }), 'raoBlackwell: "coordinates" expected each index once, got [1, 1]'],
    ["too many coordinates", () => gradient(expectation(bernoulli(20), bent), raoBlackwell({ coordinates: Array.from({ length: 17 }, (_, i) => i) }), { samples: 2 }), 'raoBlackwell: "coordinates" expected at most 65536 combinations of their values, got 131072. Choose fewer: f is evaluated at each.'],
    ["a coordinate without end", () => gradient(expectation(joint({ z: bernoulli(1), w: normal(1) }), bent), raoBlackwell({ coordinates: [1] }), { samples: 2 }), 'raoBlackwell: "coordinates" expected coordinates whose values joint bernoulli normal can count through, got 1. Leave it out: it is drawn.'],
    ["a part that is not there", () => gradient(expectation(joint({ z: bernoulli(1), w: normal(1) }), bent), raoBlackwell({ coordinates: ["y"] }), { samples: 2 }), 'raoBlackwell: "coordinates" expected parts of the joint family, z and w, got "y"'],
    ["a part of no joint family", () => gradient(expectation(bernoulli(3), bent), raoBlackwell({ coordinates: ["z"] }), { samples: 2 }), 'raoBlackwell: "coordinates" expected indices, as there are no parts to be named, got "z"'],
    ["a coordinate that is not there", () => gradient(expectation(bernoulli(3), bent), raoBlackwell({ coordinates: [3] }), { samples: 2 }), 'raoBlackwell: "coordinates" expected indices in 0 … 2, got 3'],
    ["Rao–Blackwell of a normal", () => gradient(expectation(normal(1) as never, bent), raoBlackwell({ coordinates: [0] }), { samples: 2 }), "raoBlackwell: normal has no coordinates that can be counted through."],
    ["a delta method of flips", () => gradient(expectation(bernoulli(3) as never, quadraticOf()), scoreFunction({ controlVariate: deltaMethod() }), { samples: 4 }), "scoreFunction: bernoulli has no known mean of quadratic functions. Leave out deltaMethod()."],
    ["a delta method of JavaScript", () => gradient(expectation(normal(3), bent as never), scoreFunction({ controlVariate: deltaMethod() }), { samples: 4 }), "scoreFunction: f is not twice differentiable. Use expression(f), or leave out deltaMethod()."],
    ["MuProp of values", () => gradient(expectation(bernoulli(3), batched(() => {}) as never), muProp(), { samples: 4 }), "muProp: f is not differentiable."],
    ["perCoordinate beside noise", () => scoreFunction({ baseline: perCoordinate(), noise: antithetic() }), 'scoreFunction: "noise" expected none beside perCoordinate()'],
    ["MuProp with a baseline that is none", () => muProp({ baseline: 3 as never }), 'muProp: "baseline" expected a baseline'],
    ["too few samples for three control variates", () => gradient(expectation(normal(1), quadraticOf()), scoreFunction({ controlVariate: deltaMethod() }), { samples: 2 }), 'gradient: "samples" expected at least 3, as scoreFunction needs, got 2'],
  ])("%s", (_, run, message) => expect(run).toThrow(message));
});

function quadraticOf() {
  return expression((x) => x.square().sum());
}
