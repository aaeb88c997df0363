import { describe, expect, it } from "vitest";
import {
  annealed, bernoulli, type Distribution, each, enumerate, type Estimator, expectation, expression, gappedStraightThrough, given, type Gradient, gradient, gumbelSoftmax, type Integrand, joint, key, network, normal,
  oneHotCategorical, pathwise, rebar, scoreFunction, type Shapes, straightThrough,
} from "../../src/index.ts";
import { replicates } from "./replicates.ts";

const toy = expression((x) => x.sub(0.45).square().sum());
const logit = (p: number): number => Math.log(p / (1 - p));
const loose = (by: Estimator<never, never>): Estimator<never, never> => by;

/** E_{b ~ Bernoulli(p)} (b − 0.45)²: exact means and variances of one sample, by quadrature. */
const exact: readonly [string, Estimator<never, never>, p: number, mean: number, variance?: number][] = [
  ["gumbelSoftmax at 0.1, p = ½", loose(gumbelSoftmax({ temperature: 0.1 })), 0.5, 0.024798923, 0.086193628],
  ["gumbelSoftmax at 0.5, p = ½", loose(gumbelSoftmax({ temperature: 0.5 })), 0.5, 0.021460184, 0.014244463],
  ["gumbelSoftmax at 1, p = ½", loose(gumbelSoftmax({ temperature: 1 })), 0.5, 1 / 60, 0.0048174603],
  ["straight-through Gumbel at 0.1, p = ½", loose(gumbelSoftmax({ temperature: 0.1, hard: true })), 0.5, 0.024798923, 0.41887165],
  ["straight-through Gumbel at 0.5, p = ½", loose(gumbelSoftmax({ temperature: 0.5, hard: true })), 0.5, 0.021460184, 0.077933685],
  ["straight-through Gumbel at 1, p = ½", loose(straightThrough({ temperature: 1 })), 0.5, 1 / 60, 0.033388889],
  ["straightThrough, p = ½", loose(straightThrough()), 0.5, 0.025, 0.0625],
  ["gumbelSoftmax at 0.1, p = 0.1", loose(gumbelSoftmax({ temperature: 0.1 })), 0.1, 0.0018782877],
  ["gumbelSoftmax at 0.5, p = 0.1, of the wrong sign", loose(gumbelSoftmax({ temperature: 0.5 })), 0.1, -0.022010437],
  ["gumbelSoftmax at 1, p = 0.1, of the wrong sign", loose(gumbelSoftmax({ temperature: 1 })), 0.1, -0.031848714],
  ["straight-through Gumbel at 0.1, p = 0.1", loose(straightThrough({ temperature: 0.1 })), 0.1, -0.00090207],
  ["straight-through Gumbel at 0.5, p = 0.1", loose(straightThrough({ temperature: 0.5 })), 0.1, -0.0356718],
  ["straight-through Gumbel at 1, p = 0.1", loose(straightThrough({ temperature: 1 })), 0.1, -0.056589],
  ["straightThrough, p = 0.1", loose(straightThrough()), 0.1, -0.063, 0.002916],
];

describe("on one coin, with bias and all", () => {
  it.each(exact)("%s has its exact mean and variance", (_, by, p, mean, variance) => {
    const seen = replicates(bernoulli(1), toy, by, { logits: [logit(p)] }, { samples: 1, count: 200_000, seed: 3 });
    expect(Math.abs(seen.mean["logits"]![0]! - mean) / seen.error["logits"]![0]!).toBeLessThan(4);
    if (variance !== undefined) expect(Math.abs(seen.variance["logits"]![0]! / variance - 1)).toBeLessThan(0.05);
  });
});

/** The mean and variance of the gradient for one sample, by the probabilities of x and the gradient at each. */
function momentsOf(probs: readonly number[], gradientAt: (x: number) => readonly number[]): { mean: number[]; variance: number[] } {
  const each = probs.map((_, x) => gradientAt(x));
  const mean = each[0]!.map((_, j) => probs.reduce((sum, p, x) => sum + p * each[x]![j]!, 0));
  return { mean, variance: mean.map((m, j) => probs.reduce((sum, p, x) => sum + p * (each[x]![j]! - m) ** 2, 0)) };
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
function softmax(z: readonly number[]): number[] {
  const most = Math.max(...z);
  const weights = z.map((each) => Math.exp(each - most));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((each) => each / sum);
}
/** (∂ softmax(z)/∂z)ᵀ g */
const pulled = (y: readonly number[], g: readonly number[]): number[] => y.map((own, i) => own * (g[i]! - y.reduce((sum, each, k) => sum + each * g[k]!, 0)));

describe("gappedStraightThrough, whose only noise is x, has its exact mean and variance", () => {
  it.each([[0.5, 0.3, 1], [1, 2.5, 1], [0.7, -0.4, 0.25]])("on a coin, at temperature %f, logit %f, gap %f", (temperature, l, gap) => {
    const p = sigmoid(l);
    const exact = momentsOf([1 - p, p], (x) => {
      const y = sigmoid((x === 1 ? Math.max(l, gap) : Math.min(l, -gap)) / temperature);
      return [(2 * (x - 0.45) * y * (1 - y)) / temperature];
    });
    const seen = replicates(bernoulli(1), toy, loose(gappedStraightThrough({ temperature, gap })), { logits: [l] }, { samples: 1, count: 200_000 });
    expect(Math.abs(seen.mean["logits"]![0]! - exact.mean[0]!) / seen.error["logits"]![0]!).toBeLessThan(4);
    expect(Math.abs(seen.variance["logits"]![0]! / exact.variance[0]! - 1)).toBeLessThan(0.05);
  });

  it("on a choice of four, as does straightThrough", () => {
    const [logits, temperature, gap, worth] = [[0.5, -1, 1.2, 0.1], 0.8, 1, [1, -2, 0.5, 3]] as const;
    const f = expression((x) => x.mul([...worth]).sum().square());
    const probs = softmax(logits);
    const most = Math.max(...logits);
    const slope = (x: number): number[] => worth.map((own) => 2 * worth[x]! * own);
    const gapped = momentsOf(probs, (x) => pulled(softmax(logits.map((l, k) => (k === x ? most : Math.min(l, most - gap)) / temperature)), slope(x)).map((each) => each / temperature));
    const plain = momentsOf(probs, (x) => pulled(probs, slope(x)));
    for (const [by, exact] of [[gappedStraightThrough({ temperature, gap }), gapped], [straightThrough(), plain]] as const) {
      const seen = replicates(oneHotCategorical(4), f, loose(by), { logits: [...logits] }, { samples: 1, count: 200_000 });
      exact.mean.forEach((mean, j) => expect(Math.abs(seen.mean["logits"]![j]! - mean) / seen.error["logits"]![j]!).toBeLessThan(4));
      exact.variance.forEach((variance, j) => expect(Math.abs(seen.variance["logits"]![j]! / variance - 1)).toBeLessThan(0.05));
    }
  });
});

/** A gradient whose types are forgotten. */
function bound(p: Distribution, f: Integrand, by: Estimator<never, never>, samples: number, batch = 1, precision: "f64" | "f32" = "f64"): Gradient<Shapes, Shapes, Float64Array> {
  return gradient(expectation(p, f), by as Estimator<Distribution, Integrand>, { samples, batch, precision: precision as "f64" }) as Gradient<Shapes, Shapes, Float64Array>;
}

describe("the relaxed gradient", () => {
  const f = expression((y, { w }) => y.mul(w).sum().square().add(y.at(0).exp()), { w: [3] });
  const logits = [0.3, -0.5, 0.8, -1, 0.2, 0.1];
  const w = [0.5, -1, 2];

  it.each([["flips", bernoulli(3)], ["a choice", oneHotCategorical(3)]] as const)("of %s is the derivative of its own value at the same draws, in θ and in the parameters of f", (_, p) => {
    for (const samples of [1, 7, 1500]) {
      using grad = bound(p, f, gumbelSoftmax({ temperature: 0.7 }), samples, 2);
      const at = (l: readonly number[], own: readonly number[]) => grad.estimate({ logits: Float64Array.from(l), w: Float64Array.from(own) }, key(3));
      const sum = (l: readonly number[], own: readonly number[]): number => at(l, own).value.reduce((a, b) => a + b);
      const seen = at(logits, w);
      const moved = (of: readonly number[], j: number, by: number): number[] => of.map((x, k) => (k === j ? x + by : x));
      logits.forEach((__, j) => expect(seen.gradient["logits"]![j]).toBeCloseTo((sum(moved(logits, j, 1e-5), w) - sum(moved(logits, j, -1e-5), w)) / 2e-5, 6));
      w.forEach((__, j) => expect(seen.gradient["w"]![j]).toBeCloseTo((sum(logits, moved(w, j, 1e-5)) - sum(logits, moved(w, j, -1e-5))) / 2e-5, 6));
    }
  });

  it("in f32 is that of f64, within 5 of both standard errors", () => {
    for (const by of [gumbelSoftmax({ temperature: 0.7 }), gumbelSoftmax({ temperature: 0.7, hard: true }), straightThrough(), gappedStraightThrough({ temperature: 0.7 })]) {
      for (const p of [bernoulli(3), oneHotCategorical(3)]) {
        using wide = bound(p, f, loose(by), 20_000, 2);
        using narrow = bound(p, f, loose(by), 20_000, 2, "f32");
        const a = wide.estimate({ logits: Float64Array.from(logits), w: Float64Array.from(w) }, key(3));
        const b = narrow.estimate({ logits: Float32Array.from(logits), w: Float32Array.from(w) } as never, key(4));
        a.gradient["logits"]!.forEach((x, j) => expect(Math.abs(x - b.gradient["logits"]![j]!)).toBeLessThan(5 * Math.hypot(a.standardError["logits"]![j]!, b.standardError["logits"]![j]!) + 1e-6));
      }
    }
  });

  it("knows what of it is biased, and what is not is not", () => {
    const params = { logits: Float64Array.from(logits), w: Float64Array.from(w) };
    const truth = (p: Distribution) => bound(p, f, enumerate(), 1, 2).estimate(params, key(1));
    for (const p of [bernoulli(3), oneHotCategorical(3)]) {
      const exact = truth(p);
      expect(exact.biased).toEqual([]);
      using soft = bound(p, f, gumbelSoftmax({ temperature: 1 }), 100, 2);
      expect(soft.estimate(params, key(1)).biased).toEqual(["value", "logits", "w"]);
      for (const by of [gumbelSoftmax({ temperature: 1, hard: true }), straightThrough(), straightThrough({ temperature: 1 }), gappedStraightThrough({ temperature: 1 })]) {
        expect(by.unbiased).toBe(false);
        using hard = bound(p, f, loose(by), 100_000, 2);
        const seen = hard.estimate(params, key(1));
        expect(seen.biased).toEqual(["logits"]);
        exact.value.forEach((value, b) => expect(Math.abs(seen.value[b]! - value) / seen.valueStandardError[b]!).toBeLessThan(4));
        exact.gradient["w"]!.forEach((own, j) => expect(Math.abs(seen.gradient["w"]![j]! - own)).toBeLessThan(0.05));
      }
    }
  });

  it("is the same whether hard is said by gumbelSoftmax or by straightThrough", () => {
    const params = { logits: Float64Array.from(logits), w: Float64Array.from(w) };
    const [a, b] = [gumbelSoftmax({ temperature: 0.3, hard: true }), straightThrough({ temperature: 0.3 })].map((by) => bound(bernoulli(3), f, by, 3000, 2).estimate(params, key(5)));
    expect(a).toEqual(b);
  });
});

describe("a temperature that is a schedule", () => {
  it("annealed goes by equal factors from one end to the other, and stays", () => {
    const temperature = annealed({ from: 2, to: 0.5, steps: 4 });
    [2, Math.SQRT2, 1, Math.SQRT1_2, 0.5, 0.5].forEach((own, step) => expect(temperature(step)).toBeCloseTo(own, 12));
    expect(annealed({ from: 0.1, to: 3, steps: 100_000 })(99_999)).toBeCloseTo(3, 3);
    expect(annealed({ from: 1, to: 1, steps: 3 })(2)).toBe(1);
  });

  const grad = () => bound(bernoulli(2), expression((y) => y.sum().square()), gumbelSoftmax({ temperature: annealed({ from: 2, to: 0.5, steps: 4 }) }), 50);
  const params = { logits: Float64Array.of(0.3, -0.2) };
  const fixed = (temperature: number) => bound(bernoulli(2), expression((y) => y.sum().square()), gumbelSoftmax({ temperature }), 50).estimate(params, key(1));

  it("takes a step with each estimate that learns, and with no other", () => {
    using own = grad();
    const schedule = annealed({ from: 2, to: 0.5, steps: 4 });
    for (let step = 0; step < 6; step++) {
      own.estimate(params, key(1), { learn: false });
      own.value(params, key(1));
      own.perSample(params, key(1));
      expect(own.state.arrays["temperature.step"]).toEqual([step]);
      expect(own.estimate(params, key(1))).toEqual(fixed(schedule(step)));
    }
  });

  it("goes on from a saved step, and keeps to the temperature that a proposal was made with", () => {
    using own = grad();
    own.state = JSON.parse('{"version":1,"of":"gumbel-softmax","arrays":{"temperature.step":[2]}}') as typeof own.state;
    expect(own.estimate(params, key(1))).toEqual(fixed(annealed({ from: 2, to: 0.5, steps: 4 })(2)));
    own.state = { ...own.state, arrays: { "temperature.step": [0] } };
    const { soft } = own.propose(params, key(1));
    own.state = { ...own.state, arrays: { "temperature.step": [4] } };
    const value = new Float64Array(50);
    const slope = new Float64Array(100);
    for (let i = 0; i < 50; i++) {
      const sum = soft[2 * i]! + soft[2 * i + 1]!;
      value[i] = sum * sum;
      slope.fill(2 * sum, 2 * i, 2 * i + 2);
    }
    expect(own.combine({ soft: value, gradient: slope }).gradient["logits"]).toEqual(fixed(2).gradient["logits"]);
    expect(own.state.arrays["temperature.step"]).toEqual([5]);
  });

  it("must be a number > 0 at every step", () => {
    using own = bound(bernoulli(1), toy, gumbelSoftmax({ temperature: (step) => 1 - step }), 2);
    own.estimate({ logits: new Float64Array(1) }, key(1));
    expect(() => own.estimate({ logits: new Float64Array(1) }, key(1))).toThrow('gumbelSoftmax: "temperature(1)" expected a number > 0, got 0');
  });
});

it("a temperature next to nothing gives y = x and no slope, and no NaN", () => {
  for (const precision of ["f64", "f32"] as const) {
    for (const p of [bernoulli(3), oneHotCategorical(3)]) {
      using grad = bound(p, expression((y) => y.sub(0.3).square().sum()), gumbelSoftmax({ temperature: 1e-44 }), 500, 1, precision);
      const logits = (precision === "f64" ? Float64Array : Float32Array).of(0.3, -0.5, 0.8) as Float64Array;
      const { gradient: g, value } = grad.estimate({ logits }, key(1));
      expect([...g["logits"]!]).toEqual([0, 0, 0]);
      expect(value[0]).toBeGreaterThan(0);
    }
  }
});

describe("among the parts of a joint family", () => {
  const p = joint({ z: bernoulli(2), w: normal(1) });
  const f = expression((x) => x.slice(0, 2).sum().mul(x.at(2)).add(x.at(0).sub(0.3).square()));
  const params = { "z.logits": Float64Array.of(0.3, -0.5), "w.mean": Float64Array.of(0.7), "w.logScale": Float64Array.of(-0.2) };

  it("what is biased is named part by part", () => {
    using grad = gradient(expectation(p, f), each({ z: straightThrough(), w: pathwise() }), { samples: 10 });
    expect(grad.estimate(params, key(1)).biased).toEqual(["z.logits"]);
  });

  it("rebar of one part agrees with the score function, and learns", () => {
    using grad = gradient(expectation(p, f), each({ z: rebar(), w: pathwise() }), { samples: 40_000 });
    using score = gradient(expectation(p, f), scoreFunction(), { samples: 200_000 });
    const before = grad.state;
    for (const step of [0, 1]) {
      const [a, b] = [grad.estimate(params, key(2).fold(step)), score.estimate(params, key(3))];
      expect(a.biased).toEqual([]);
      for (const name of ["z.logits", "w.mean", "w.logScale"] as const) {
        a.gradient[name].forEach((own, j) => expect(Math.abs(own - b.gradient[name][j]!) / Math.hypot(a.standardError[name][j]!, b.standardError[name][j]!), `${name}[${j}]`).toBeLessThan(4));
      }
    }
    expect(grad.state).not.toEqual(before);
  });
});

it("is behind a network the gradient of the network's parameters, and biased in them", () => {
  const encoder = network(({ u, U }) => ({ logits: u.matmul(U) }), { U: [2, 3] }, { u: 2 });
  const f = expression((y) => y.sum().square());
  using grad = gradient(expectation(given(bernoulli(3), encoder), f), gumbelSoftmax({ temperature: 0.7 }), { samples: 5, batch: 4 });
  const U = Float64Array.from({ length: 6 }, (_, i) => Math.cos(i));
  const context = { u: Float64Array.from({ length: 8 }, (_, i) => Math.sin(i)) };
  const at = (own: Float64Array) => grad.estimate({ U: own }, key(1), { context });
  const { gradient: g, biased } = at(U);
  expect(biased).toEqual(["value", "U"]);
  U.forEach((_, j) => {
    const side = (by: number): number => at(U.map((x, k) => (k === j ? x + by : x))).value.reduce((a, b) => a + b);
    expect(g.U[j]).toBeCloseTo((side(1e-5) - side(-1e-5)) / 2e-5, 6);
  });
});
