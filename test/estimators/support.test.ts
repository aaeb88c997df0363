import { describe, expect, it } from "vitest";
import {
  batched, bernoulli, categorical, disarm, each, type Estimator, enumerate, expectation, expression, given, gradient, independent, joint, key, leaveOneOut, network, none, normal, oneHotCategorical, sumAndSample, unorderedSet,
} from "../../src/index.ts";
import { agrees, enumerated } from "./problems.ts";
import { replicates } from "./replicates.ts";

type Any = Estimator<never, never>;
type Ranked = ReturnType<typeof unorderedSet>;

const p0 = [0.6, 0.51, 0.48];
const worth = (x: ArrayLike<number>, at = 0): number => p0.reduce((sum, t, j) => sum + (x[at + j]! - t) ** 2, 0);
const f = batched((x, value) => {
  for (let i = 0; i < value.length; i++) value[i] = worth(x, 3 * i);
});
const shared = (g: Record<string, ArrayLike<number>>, b: number) => ({ eta: [g["logits"]![3 * b]! + g["logits"]![3 * b + 1]! + g["logits"]![3 * b + 2]!] });

/** The eight outcomes of three coins with one logit: probability, score in that logit, and f; the most probable first, as the support counts them. */
function outcomes(eta: number): { p: number; s: number; f: number }[] {
  const q = 1 / (1 + Math.exp(-eta));
  const all = Array.from({ length: 8 }, (_, i) => {
    const x = [0, 1, 2].map((j) => (i >> j) & 1);
    const ones = x.reduce((a, b) => a + b, 0);
    return { p: q ** ones * (1 - q) ** (3 - ones), s: ones - 3 * q, f: worth(x), i };
  });
  return all.sort((a, b) => (Math.abs(a.p - b.p) > 1e-9 ? b.p - a.p : a.i - b.i));
}

const GRADIENT = { 0: -0.045, [-4]: -0.0031792871184 } as const;

/** Mean within 4 standard errors, variance within 5 %, of problems of one sample (or of as many as are said). */
function agree(by: Any, eta: 0 | -4, samples: number, count: number, variance: number, seed = 1): void {
  const seen = replicates(bernoulli(3), f, by, { logits: [eta, eta, eta] }, { samples, count, seed, combine: shared });
  expect(Math.abs(seen.mean["eta"]![0]! - GRADIENT[eta])).toBeLessThan(4 * seen.error["eta"]![0]! + 1e-14);
  if (variance < 1e-20) expect(seen.variance["eta"]![0]!).toBeLessThan(1e-20);
  else expect(Math.abs(seen.variance["eta"]![0]! / variance - 1)).toBeLessThan(0.05);
}

describe("three coins with one logit: sum and sample of the k most probable outcomes", () => {
  /** Of f less a draw of its own for each point, the first k of the outcomes being summed. */
  function withDraws(eta: number, k: number, all = outcomes(eta)): number {
    const mean = all.reduce((sum, { p, f: own }) => sum + p * own, 0);
    const spread = all.reduce((sum, { p, f: own }) => sum + p * (own - mean) ** 2, 0);
    const summed = all.slice(0, k).reduce((sum, { p, s }) => sum + (p * s) ** 2 * spread, 0);
    const rest = all.slice(k);
    const mass = rest.reduce((sum, { p }) => sum + p, 0);
    const square = mass * rest.reduce((sum, { p, s, f: own }) => sum + p * s * s * ((own - mean) ** 2 + spread), 0);
    return summed + square - rest.reduce((sum, { p, s, f: own }) => sum + p * s * (own - mean), 0) ** 2;
  }

  /** Of two samples that compare themselves with each other's estimate of E f; or of one without baseline. */
  function withOthers(eta: number, k: number): { none: number; leaveOneOut: number } {
    const all = outcomes(eta);
    const [top, rest] = [all.slice(0, k), all.slice(k)];
    const mass = rest.reduce((sum, { p }) => sum + p, 0);
    const sum = (of: readonly { p: number }[], value: (x: { p: number; s: number; f: number }) => number) => of.reduce((total, x) => total + x.p * value(x as never), 0);
    const term = (x: { s: number; f: number }, b: number) => sum(top, (c) => (c.f - b) * c.s) + mass * (x.f - b) * x.s;
    const total = (x: { f: number }) => sum(top, (c) => c.f) + mass * x.f;
    const [truth, square] = [sum(all, (x) => x.f * x.s), sum(rest, (x) => term(x, 0) ** 2) / mass];
    const pairs = rest.reduce((e, x) => e + rest.reduce((part, y) => part + ((x.p * y.p) / mass ** 2) * ((term(x, total(y)) + term(y, total(x))) / 2) ** 2, 0), 0);
    return { none: square - truth ** 2, leaveOneOut: pairs - truth ** 2 };
  }

  /** The outcomes in each order in which a different k of them come first: among equals, anybody may. */
  function* orders(eta: number, k: number): Generator<ReturnType<typeof outcomes>> {
    const all = outcomes(eta);
    for (let mask = 0; mask < 256; mask++) {
      const [first, rest] = [all.filter((_, i) => (mask >> i) & 1), all.filter((_, i) => !((mask >> i) & 1))];
      if (first.length === k && !first.some(({ p }) => rest.some((other) => other.p > p * (1 + 1e-9)))) yield [...first, ...rest];
    }
  }

  it("has the variances published for k = 0 … 8 of 10,000 draws, and at k = 0 those of the score function", () => {
    const published = {
      0: [0.012746, 0.0075617, 0.0063339, 0.005251, 0.0036333, 0.0016138, 0.0011785, 0.00099891, 0.00099303],
      [-4]: [7.7028e-4, 3.2849e-5, 2.0995e-5, 4.8196e-6, 2.6875e-6],
    };
    for (const eta of [0, -4] as const) published[eta].forEach((variance, k) => {
      const nearest = Math.min(...Array.from(orders(eta, k), (all) => Math.abs(withDraws(eta, k, all) / variance - 1)));
      expect(nearest, `${eta}, ${k}`).toBeLessThan(0.07);
    });
    expect(withDraws(0, 0)).toBeCloseTo(0.012525, 12);
    expect(withDraws(-4, 0)).toBeCloseTo(7.519415e-4, 9);
    expect(withOthers(0, 0)).toMatchObject({ none: expect.closeTo(0.4384201875, 10), leaveOneOut: expect.closeTo(0.007275, 12) });
    expect(withOthers(-4, 0)).toMatchObject({ none: expect.closeTo(0.0335567667, 9), leaveOneOut: expect.closeTo(3.810247e-4, 9) });
  });

  const cases = ([0, -4] as const).flatMap((eta) => [0, 1, 2, 3, 4, 5, 6, 7, 8].map((terms) => ({ eta, terms })));
  it.each(cases)("η = $eta, k = $terms: mean and variance are the exact ones, with a draw for each point, with none, and with the other sample", ({ eta, terms }) => {
    const count = eta === 0 ? 20_000 : terms === 0 ? 120_000 : 60_000;
    agree(sumAndSample({ terms, baseline: "draw" }) as Any, eta, 1, count, withDraws(eta, terms));
    const exact = terms >= 7 ? { none: 0, leaveOneOut: 0 } : withOthers(eta, terms);
    if (eta === 0 || terms === 0) agree(sumAndSample({ terms, baseline: none() }) as Any, eta, 1, terms >= 7 ? 10 : count, exact.none);
    agree(sumAndSample({ terms, baseline: leaveOneOut() }) as Any, eta, 2, terms >= 7 ? 10 : count, exact.leaveOneOut);
  });
});

describe("three coins with one logit: unordered sets", () => {
  const bare = [0.43842, 0.18789437, 0.10438576, 0.06263146, 0.03757887, 0.02087715, 0.00894735, 0];
  const compared = [0.0061125, 0.0022625, 0.0011308333, 0.0006105, 0.0003165, 0.00012916667, 0];
  const skewed = [2.978239e-5, 8.071148e-6, 1.055492e-6, 7.96963e-8, 1.024781e-8, 2.854875e-10];
  it.each(bare.map((variance, i) => [i + 1, variance] as const))("η = 0, %d draws without baseline: variance %d", (draws, variance) => {
    agree(unorderedSet({ draws, baseline: false }) as Any, 0, 1, draws === 8 ? 10 : 20_000, variance);
  });
  it.each(compared.map((variance, i) => [i + 2, variance] as const))("η = 0, %d draws: variance %d", (draws, variance) => {
    agree(unorderedSet({ draws }) as Any, 0, 1, draws === 8 ? 10 : 20_000, variance);
  });
  it.each(skewed.map((variance, i) => [i + 2, variance] as const))("η = −4, %d draws: variance %d", (draws, variance) => {
    // Its sets are of very unequal probability: the spread of a variance over draws is large, and most of it lies in rare sets.
    agree(unorderedSet({ draws }) as Any, -4, 1, 200_000, variance, 2);
  });
});

/** P(S) over all orders, by the book. */
function setProbability(p: readonly number[], set: readonly number[], gone = 0): number {
  if (set.length === 0) return 1;
  return set.reduce((sum, s) => sum + (p[s]! / (1 - gone)) * setProbability(p, set.filter((t) => t !== s), gone + p[s]!), 0);
}

describe("sets of a choice", () => {
  const logits = [0.3, -1, 2, -0.2, 0.5, -3];
  const e = logits.map(Math.exp);
  const p = e.map((own) => own / e.reduce((a, b) => a + b, 0));
  const value = [3, -2, 0.5, 1, 7, -4];
  const g = batched((x, out) => x.forEach((index, i) => (out[i] = value[index]!)));

  it.each([1, 2, 3, 5])("of %d come as often as drawing without replacement says", (draws) => {
    const count = 20_000;
    using grad = gradient(expectation(categorical(6), g), unorderedSet({ draws, baseline: draws > 1 }), { samples: count });
    const { hard } = grad.propose({ logits: Float64Array.from(logits) }, key(4));
    const seen = new Map<string, number>();
    for (let r = 0; r < count; r++) {
      const set = Array.from({ length: draws }, (_, i) => hard[i * count + r]!).sort((a, b) => a - b);
      expect(new Set(set).size).toBe(draws);
      seen.set(set.join(), (seen.get(set.join()) ?? 0) + 1);
    }
    for (const [name, times] of seen) {
      const due = setProbability(p, name.split(",").map(Number));
      expect(Math.abs(times / count - due)).toBeLessThan(5 * Math.sqrt((due * (1 - due)) / count));
    }
  });

  it.each([[2, false], [2, true], [3, true], [4, false], [5, true]] as const)("of %d have the weights of their formula, baseline %s", (draws, baseline) => {
    const samples = 40;
    using grad = gradient(expectation(categorical(6), g), unorderedSet({ draws, baseline }), { samples });
    const params = { logits: Float64Array.from(logits) };
    const { hard } = grad.propose(params, key(5));
    const terms = grad.perSample(params, key(5)).logits;
    for (let r = 0; r < samples; r++) {
      const set = Array.from({ length: draws }, (_, i) => hard[i * samples + r]!);
      const without = (...gone: number[]): number => setProbability(p, set.filter((s) => !gone.includes(s)), gone.reduce((sum, s) => sum + p[s]!, 0));
      const sum = p.map(() => 0);
      for (const s of set) {
        const b = baseline ? set.reduce((total, t) => total + p[t]! * (t === s ? 1 : without(s, t) / without(s)) * value[t]!, 0) : 0;
        const weight = ((p[s]! * without(s)) / without()) * (value[s]! - b);
        p.forEach((q, k) => (sum[k]! += weight * (Number(k === s) - q)));
      }
      sum.forEach((own, k) => expect(terms[6 * r + k]!).toBeCloseTo(own, 11));
    }
  });

  const estimators: readonly [string, Ranked][] = [
    ["unorderedSet of 2", unorderedSet({ draws: 2 })], ["unorderedSet of 4", unorderedSet({ draws: 4, baseline: false })],
    ["sumAndSample of 1", sumAndSample({ terms: 1 })], ["sumAndSample of 3, drawn", sumAndSample({ terms: 3, baseline: "draw" })],
  ];
  it.each(estimators)("%s is unbiased in both precisions, of a batch, one of them with impossible categories", (_, by) => {
    const problems = [logits, [0, 0, 0, 0, 0, 0], [1, Number.NEGATIVE_INFINITY, 0.5, Number.NEGATIVE_INFINITY, 3, Number.NEGATIVE_INFINITY]];
    for (const precision of ["f64", "f32"] as const) {
      const type = (precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor;
      const params = { logits: type.from(problems.flat()) };
      using grad = gradient(expectation(oneHotCategorical(6), batched((x, out) => out.forEach((__, i) => (out[i] = value.reduce((sum, own, k) => sum + own * x[6 * i + k]!, 0))))), by, { samples: 20_000, batch: 3, precision: precision as "f64" });
      const estimate = grad.estimate(params, key(6));
      using exact = gradient(expectation(categorical(6), g), enumerate(), { samples: 1, batch: 3 });
      const truth = exact.estimate({ logits: Float64Array.from(problems.flat()) }, key(1));
      truth.value.forEach((own, b) => expect(Math.abs(estimate.value[b]! - own)).toBeLessThan(4 * estimate.valueStandardError[b]! + 1e-5));
      truth.gradient.logits.forEach((own, i) => expect(Math.abs(estimate.gradient.logits[i]! - own)).toBeLessThan(4 * estimate.standardError.logits[i]! + 1e-5));
    }
  });

  it.each([["unorderedSet", unorderedSet({ draws: 6 })], ["unorderedSet, bare", unorderedSet({ draws: 6, baseline: false })], ["sumAndSample", sumAndSample({ terms: 6 })]] as const)(
    "%s of all points is the exact sum, impossible ones and all", (_, by: Ranked) => {
      const params = { logits: Float64Array.of(1, Number.NEGATIVE_INFINITY, 0.5, Number.NEGATIVE_INFINITY, 3, -40) };
      using grad = gradient(expectation(categorical(6), g), by, { samples: 3 });
      using exact = gradient(expectation(categorical(6), g), enumerate(), { samples: 1 });
      const [a, b] = [grad.estimate(params, key(1)), exact.estimate(params, key(1))];
      expect([a.samples, a.standardError.logits[0]]).toEqual([1, 0]);
      expect(a.value[0]).toBeCloseTo(b.value[0]!, 13);
      a.gradient.logits.forEach((own, k) => expect(own).toBeCloseTo(b.gradient.logits[k]!, 13));
    });

  it("of copies of a choice, and of some points or all, are as unbiased", () => {
    const q = independent(categorical(3), 2);
    const h = batched((x, out) => out.forEach((_, i) => (out[i] = Math.cos(x[2 * i]! + 3 * x[2 * i + 1]!))));
    const params = { logits: Float64Array.of(0.3, -1, 0.5, 1, 0, -0.7) };
    using exact = gradient(expectation(q, h), enumerate(), { samples: 1 });
    const truth = exact.estimate(params, key(1)).gradient.logits;
    for (const by of [sumAndSample({ terms: 3 }), unorderedSet({ draws: 3 }), sumAndSample({ terms: 8 }), unorderedSet({ draws: 9 })]) {
      using grad = gradient(expectation(q, h), by as ReturnType<typeof enumerate>, { samples: 20_000 });
      const { gradient: g, standardError } = grad.estimate(params, key(2));
      truth.forEach((own, k) => expect(Math.abs(g.logits[k]! - own)).toBeLessThan(4 * standardError.logits[k]! + 1e-12));
    }
  });

  it("keeps the digits of what is nearly certain", () => {
    // P(all but the likely one) = 5e-17, less than a unit in the last place of 1.
    const params = { logits: Float64Array.of(0, 37.5, -1, 0.5, 36.5, -2) };
    using grad = gradient(expectation(categorical(6), g), unorderedSet({ draws: 4, baseline: false }), { samples: 2000 });
    const { hard } = grad.propose(params, key(2));
    const rest = hard.subarray(4000).filter((index) => index !== 1 && index !== 4);
    for (const k of [0, 2, 3, 5]) expect(rest.some((index) => index === k)).toBe(true);
    expect(hard.subarray(0, 2000).every((index) => index === 1 || index === 4)).toBe(true);
  });

  it("the first sets of a longer run are those of a shorter one", () => {
    for (const by of [unorderedSet({ draws: 3 }), sumAndSample({ terms: 2 })]) {
      const draws = (samples: number) => {
        using grad = gradient(expectation(categorical(6), g), by, { samples });
        const { hard } = grad.propose({ logits: Float64Array.from(logits) }, key(3));
        return [0, 1, 2].map((i) => hard.slice(i * samples, i * samples + 50));
      };
      expect(draws(1500)).toEqual(draws(50));
    }
  });
});

describe("through a network of one logit for all, and with parameters in f", () => {
  it.each([["unorderedSet", unorderedSet({ draws: 3 }), 1], ["sumAndSample", sumAndSample({ terms: 4 }), 2]] as const)("%s gives both their exact gradient", (_, by: Ranked, samples) => {
    const one = network(({ eta, ones }) => ({ logits: eta.mul(ones) }), { eta: [1], ones: [3] });
    const square = expression((x, { t }) => x.sub(t).square().sum(), { t: [3] });
    const params = { eta: Float64Array.of(-0.7), ones: Float64Array.of(1, 1, 1), t: Float64Array.from(p0) };
    const q = given(bernoulli(3), one);
    using exact = gradient(expectation(q, square), enumerate(), { samples: 1 });
    const truth = exact.estimate(params, key(1)).gradient;
    using grad = gradient(expectation(q, square), by, { samples });
    const all = Array.from({ length: 4000 }, (__, i) => grad.estimate(params, key(9).fold(i)).gradient);
    for (const [name, j] of [["eta", 0], ["t", 0], ["t", 1], ["t", 2]] as const) {
      const mean = all.reduce((sum, own) => sum + own[name][j]!, 0) / all.length;
      const spread = Math.sqrt(all.reduce((sum, own) => sum + (own[name][j]! - mean) ** 2, 0)) / all.length;
      expect(Math.abs(mean - truth[name][j]!)).toBeLessThan(4 * spread + 1e-12);
    }
  });
});

describe("what cannot be done is refused by a sentence", () => {
  const make = (by: Ranked, p = categorical(3) as never) => gradient(expectation(p, f), by, { samples: 2 });
  it.each([
    ["one draw with a baseline", () => unorderedSet({ draws: 1 }), 'unorderedSet: "draws" expected at least 2 with a baseline, which would be biased by 1, got 1. Say { baseline: false }, or draw more.'],
    ["more draws than can be weighed", () => unorderedSet({ draws: 13 }), 'unorderedSet: "draws" expected integer <= 12, got 13'],
    ["more draws than points", () => make(unorderedSet({ draws: 4 })), 'unorderedSet: "draws" expected at most the 3 points that categorical has, got 4'],
    ["more terms than points", () => make(sumAndSample({ terms: 4 })), 'sumAndSample: "terms" expected at most the 3 points that categorical has, got 4'],
    ["a support beyond the budget", () => make(sumAndSample({ terms: 4, budget: 2 })), 'sumAndSample: "budget" expected at least the 3 points that categorical has, got 2. Raise it, or estimate with disarm() or scoreFunction().'],
    ["a support that nobody can list", () => make(unorderedSet({ draws: 2 }), bernoulli(30) as never), 'unorderedSet: "budget" expected at least the 1073741824 points that bernoulli has, got 65536. Raise it, or estimate with disarm() or scoreFunction().'],
    ["a family without support", () => make(unorderedSet({ draws: 2 }), normal(1) as never), "unorderedSet: normal has no finite support. Use scoreFunction()."],
    ["a baseline that is none", () => sumAndSample({ terms: 1, baseline: "drawn" as never }), 'sumAndSample: "baseline" expected a baseline or "draw", got "drawn". For a number use constant(number).'],
  ])("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });
  it("options that are none", () => {
    expect(() => unorderedSet({ draws: 2, k: 1 } as never)).toThrow(TypeError);
    expect(() => sumAndSample({ terms: 2, samples: 1 } as never)).toThrow(TypeError);
    expect(() => unorderedSet({ draws: 2, baseline: 1 as never })).toThrow(TypeError);
    expect(() => make(sumAndSample({ terms: 1 }))).not.toThrow();
    expect(() => gradient(expectation(categorical(3), f), sumAndSample({ terms: 1 }), { samples: 1 })).toThrow(RangeError);
  });
});

describe("sum and sample evaluates the points of its sum once an estimate", () => {
  const p = independent(categorical(3), 2);
  const params = { all: [0.5, -1, 0.25, 2, 0, 0.1, 0, 0, 0, 1, 2, 3, -0.5, 0.5, 0.3, 0.2, -0.2, -2] };

  it.each([["leave-one-out", undefined, 20, 1], ["none", none(), 20, 1], ["a draw each", "draw", 20, 6]] as const)("%s: k a problem, and what each sample draws", (_, baseline, samples, each) => {
    let seen = 0;
    const counted = batched((x, value) => {
      seen += value.length;
      value.forEach((__, i) => (value[i] = Math.sin(1 + x[2 * i]! + 2 * x[2 * i + 1]!)));
    });
    using grad = gradient(expectation(p, counted), sumAndSample({ terms: 4, ...(baseline === undefined ? {} : { baseline }) }), { samples, batch: 3 });
    const { evaluations } = grad.estimate({ logits: Float64Array.from(params.all) }, key(1));
    expect(evaluations).toEqual({ value: 3 * (samples * each + 4), gradient: 0 });
    expect(seen).toBe(evaluations.value);
  });

  it.each([[1], [3]])("gives f's own parameters the weight of every point, with a batch of %i", (batch) => {
    const weighed = expression((x, { w }) => x.mul(w!).square().sum(), { w: [2] });
    const own = { logits: Float64Array.from(params.all.slice(0, 6 * batch)), w: Float64Array.of(1.5, -0.5) };
    using exact = gradient(expectation(p, weighed), enumerate(), { samples: 1, batch });
    using grad = gradient(expectation(p, weighed), sumAndSample({ terms: 5 }), { samples: 20_000, batch });
    const [a, b] = [grad.estimate(own, key(2)), exact.estimate(own, key(2))];
    b.gradient.w.forEach((g, j) => expect(Math.abs(a.gradient.w[j]! / g - 1)).toBeLessThan(0.02));
    b.gradient.logits.forEach((g, j) => expect(Math.abs(a.gradient.logits[j]! - g)).toBeLessThan(4.5 * a.standardError.logits[j]! + 1e-12));
  });

  it("proposes the points of the sum last, and takes the answers there", () => {
    const worthOf = (x: ArrayLike<number>, value: { [i: number]: number }, n: number): void => {
      for (let i = 0; i < n; i++) value[i] = Math.sin(1 + x[2 * i]! + 2 * x[2 * i + 1]!);
    };
    const f2 = batched((x, value) => worthOf(x, value, value.length));
    using grad = gradient(expectation(p, f2), sumAndSample({ terms: 4 }), { samples: 5 });
    const given = { logits: Float64Array.from(params.all.slice(0, 6)) };
    const { hard } = grad.propose(given, key(4));
    expect(hard.length).toBe(2 * (5 + 4));
    const answers = new Float64Array(9);
    worthOf(hard, answers, 9);
    expect(grad.combine({ hard: answers })).toEqual(grad.estimate(given, key(4)));
  });

  it("as a part of a joint family has them for each sample, where the other parts differ", () => {
    const both = joint({ a: categorical(4), b: bernoulli(2) });
    const f3 = batched((x, value) => value.forEach((_, i) => (value[i] = Math.sin(1 + x[3 * i]! + 2 * x[3 * i + 1]! * x[3 * i]! - x[3 * i + 2]!))));
    const own = { "a.logits": [0.3, -0.2, 0.5, 0], "b.logits": [0.4, -0.6] };
    agrees(replicates(both, f3, each({ a: sumAndSample({ terms: 2 }), b: disarm() }) as Any, own, { samples: 2, count: 10_000 }), enumerated(both, f3, own));
  });
});
