import { describe, expect, it } from "vitest";
import * as sets from "../../reference/estimators/arms.ts";
import * as pairs from "../../reference/estimators/choice-pairs.ts";
import {
  arm, arms, batched, bernoulli, categorical, disarm, type Estimator, expectation, gradient, key, leaveOneOut, none, oneHotCategorical, scoreFunction,
} from "../../src/index.ts";
import { replicates } from "./replicates.ts";

type Any = Estimator<never, never>;
type Coupled = ReturnType<typeof arm>;
const logit = (p: number): number => Math.log(p / (1 - p));
const softmax = (logits: readonly number[]): number[] => {
  const most = Math.max(...logits);
  const e = logits.map((l) => Math.exp(l - most));
  return e.map((own) => own / e.reduce((a, b) => a + b, 0));
};

/** Mean and variance of a choice's gradient, coordinate by coordinate, over all pairs. */
function exactPairs(p: readonly number[], worth: readonly number[]): { mean: number[]; variance: number[] } {
  const s = pairs.sticks(p);
  const [mean, square] = [p.map(() => 0), p.map(() => 0)];
  for (let i = 0; i < p.length; i++) {
    for (let j = 0; j < p.length; j++) {
      const term = new Float64Array(p.length);
      pairs.disarm(p, s, i, j, worth[s.order[i]!]! - worth[s.order[j]!]!, term);
      const weight = pairs.probability(s, i, j);
      term.forEach((t, k) => ((mean[k]! += weight * t), (square[k]! += weight * t * t)));
    }
  }
  return { mean, variance: square.map((own, k) => own - mean[k]! ** 2) };
}

const leaveOneOutOfTwo = (p: readonly number[], worth: readonly number[], mean: readonly number[]): number[] =>
  p.map((_, k) => p.reduce((sum, a, i) => sum + p.reduce((part, b, j) => part + a * b * (((worth[i]! - worth[j]!) / 2) * (Number(i === k) - Number(j === k))) ** 2, 0), 0) - mean[k]! ** 2);

const choices: readonly [string, readonly number[], readonly number[]][] = [
  ["two", [0.4, -0.3], [1, -0.5]],
  ["three alike", [0, 0, 0], [1, -0.5, 2]],
  ["four, one of them likely", [0.1, 2.5, -0.7, 0.3], [0.5, -1, 2, 1.5]],
  ["five, one of them impossible", [0.3, -1, 2, Number.NEGATIVE_INFINITY, 0.5], [3, -2, 0.5, 100, 7]],
  ["nine", [0.5, -0.2, 0.1, 1.3, -2, 0.7, 0, -0.4, 0.9], [1, 2, -1, 0.3, 4, -2, 0.5, 0, 1]],
];

describe("DisARM of a choice", () => {
  it.each(choices)("among %s: mean and variance are the exact ones, below those of leave-one-out with two samples", (_, logits, worth) => {
    const p = softmax(logits);
    const exact = exactPairs(p, worth);
    const value = p.reduce((sum, own, k) => sum + own * worth[k]!, 0);
    exact.mean.forEach((own, k) => expect(own).toBeCloseTo(p[k]! * (worth[k]! - value), 12));
    const total = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0);
    expect(total(exact.variance)).toBeLessThan(total(leaveOneOutOfTwo(p, worth, exact.mean)));
    const byIndex = batched((x, out) => x.forEach((index, i) => (out[i] = worth[index]!)));
    const seen = replicates(categorical(p.length), byIndex, disarm() as Any, { logits }, { samples: 1, count: 60_000 });
    p.forEach((__, k) => {
      expect(Math.abs(seen.mean["logits"]![k]! - exact.mean[k]!)).toBeLessThanOrEqual(4 * seen.error["logits"]![k]! + 1e-14);
      const spread = exact.variance[k]! * (p[k]! > 0.03 || p[k] === 0 ? 0.05 : 0.1); // a rare one needs more draws than this for 5 %
      expect(Math.abs(seen.variance["logits"]![k]! - exact.variance[k]!)).toBeLessThanOrEqual(spread + 1e-14);
    });
    expect(Math.abs(seen.value - value)).toBeLessThan(0.02);
  });

  it.each(choices)("among %s comes in pairs as often as its coins say", (_, logits) => {
    const p = softmax(logits);
    const s = pairs.sticks(p);
    const count = 100_000;
    for (const by of [disarm(), arm()]) {
      using grad = gradient(expectation(categorical(p.length), batched((__, out) => void out.fill(0))), by, { samples: count });
      const { hard } = grad.propose({ logits: Float64Array.from(logits) }, key(4));
      const seen = new Float64Array(p.length ** 2);
      for (let r = 0; r < count; r++) seen[hard[r]! * p.length + hard[count + r]!]! += 1 / count;
      seen.forEach((own, at) => {
        const due = pairs.probability(s, s.place[Math.floor(at / p.length)]!, s.place[at % p.length]!);
        expect(Math.abs(own - due)).toBeLessThanOrEqual(5 * Math.sqrt((due * (1 - due)) / count) + 1e-12);
      });
    }
  });

  it("is that of a coin, where there are two categories", () => {
    const f = (worth: number): ReturnType<typeof batched> => batched((x, out) => x.forEach((b, i) => (out[i] = b === 1 ? worth : 0.5)));
    const one = replicates(bernoulli(1), f(2), disarm() as Any, { logits: [logit(0.1)] }, { samples: 1, count: 100_000 });
    const two = replicates(categorical(2), f(2), disarm() as Any, { logits: [0, logit(0.1)] }, { samples: 1, count: 100_000 });
    expect(Math.abs(two.variance["logits"]![1]! / one.variance["logits"]![0]! - 1)).toBeLessThan(0.03);
  });
});

describe.each([["disarm", disarm()], ["arm", arm()]] as const)("%s of a choice is unbiased", (_, by: Coupled) => {
  it.each(["f64", "f32"] as const)("in %s, as an index and as a one-hot row, of a batch of problems", (precision) => {
    const worth = [3, -2, 0.5, 1, 7];
    const problems = [[0.3, -1, 2, -0.2, 0.5], [0, 0, 0, 0, 0], [-3, 1, Number.NEGATIVE_INFINITY, 0.2, 4]];
    const type = (precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor;
    const logits = type.from(problems.flat());
    const byIndex = batched((x, out) => x.forEach((index, i) => (out[i] = worth[index]!)));
    const byOneHot = batched((x, out) => out.forEach((__, i) => (out[i] = worth.reduce((sum, own, j) => sum + own * x[i * 5 + j]!, 0))));
    const estimates = [[categorical(5), byIndex], [oneHotCategorical(5), byOneHot]] as const;
    const seen = estimates.map(([p, f]) => {
      using grad = gradient(expectation(p, f), by, { samples: 60_000, batch: 3, precision: precision as "f64" });
      return grad.estimate({ logits }, key(11));
    });
    for (const { value, gradient: g, standardError } of seen) {
      problems.forEach((own, b) => {
        const p = softmax(own);
        const mean = p.reduce((sum, q, k) => sum + q * worth[k]!, 0);
        expect(Math.abs(value[b]! - mean)).toBeLessThan(0.05);
        p.forEach((q, k) => expect(Math.abs(g.logits[5 * b + k]! - q * (worth[k]! - mean))).toBeLessThan(4 * standardError.logits[5 * b + k]! + 1e-6));
      });
    }
    expect(seen[0]!.gradient).toEqual(seen[1]!.gradient); // the same draws, written otherwise
  });
});

it("ARM of a choice has more variance than DisARM, and the same mean", () => {
  const [logits, worth] = [[0.1, 2.5, -0.7, 0.3], [0.5, -1, 2, 1.5]];
  const f = batched((x, out) => x.forEach((index, i) => (out[i] = worth[index]!)));
  const [a, d] = [arm(), disarm()].map((by) => replicates(categorical(4), f, by as Any, { logits }, { samples: 1, count: 50_000 }));
  logits.forEach((_, k) => {
    expect(Math.abs(a!.mean["logits"]![k]! - d!.mean["logits"]![k]!)).toBeLessThan(4 * Math.hypot(a!.error["logits"]![k]!, d!.error["logits"]![k]!));
    expect(a!.variance["logits"]![k]!).toBeGreaterThan(d!.variance["logits"]![k]!);
  });
});

it("a choice of one thing has no gradient", () => {
  for (const by of [arm(), disarm()]) {
    using grad = gradient(expectation(categorical(1), batched((_, out) => void out.fill(3))), by, { samples: 5 });
    expect(grad.estimate({ logits: Float64Array.of(7) }, key(1))).toMatchObject({ value: Float64Array.of(3), gradient: { logits: Float64Array.of(0) } });
  }
});

it("the first pairs of a longer run are those of a shorter one", () => {
  const draws = (samples: number, by: Coupled) => {
    using grad = gradient(expectation(categorical(4), batched((_, out) => void out.fill(0))), by, { samples });
    const { hard } = grad.propose({ logits: Float64Array.of(0, 1, 0.5, -1) }, key(3));
    return [hard.slice(0, 100), hard.slice(samples, samples + 100)];
  };
  for (const by of [arm(), disarm()]) expect(draws(3000, by)).toEqual(draws(100, by));
});

describe("ARMS of one coin", () => {
  /** P(count of n show 1), by inclusion and exclusion. */
  function counts(n: number, p: number): number[] {
    const s = Math.min(p, 1 - p);
    const choose = (a: number, b: number): number => (b === 0 ? 1 : (choose(a - 1, b - 1) * a) / b);
    const rare = Array.from({ length: n + 1 }, (_, k) => {
      let sum = 0;
      for (let j = k; j <= n; j++) sum += (-1) ** (j - k) * choose(n, j) * choose(j, k) * sets.together(n, s, j);
      return sum;
    });
    return p > 0.5 ? rare.reverse() : rare;
  }

  const cases = [2, 3, 4, 8].flatMap((n) => [0.5, 0.1, 0.9, 0.02].map((p) => [n, p, n === 3 ? 0.499 : 0.45] as const));
  it.each(cases)("%d draws at p = %d, t = %d: mean and variance are the exact ones, and no more than leave-one-out's", (n, p, t) => {
    const slope = 1 - 2 * t;
    const size = (k: number): number => (slope * k * (n - k)) / (n * (n - 1));
    const law = counts(n, p);
    expect(law.reduce((sum, own, k) => sum + own * k, 0)).toBeCloseTo(n * p, 12);
    const mean = law.reduce((sum, own, k) => sum + own * size(k) * sets.debias(n, p), 0);
    const variance = law.reduce((sum, own, k) => sum + own * (size(k) * sets.debias(n, p) - mean) ** 2, 0);
    expect(mean).toBeCloseTo(slope * p * (1 - p), 12);
    const f = batched((x, value) => x.forEach((b, i) => (value[i] = (b - t) ** 2)));
    const seen = replicates(bernoulli(1), f, arms({ draws: n }) as Any, { logits: [logit(p)] }, { samples: 1, count: p < 0.1 ? 200_000 : 60_000 });
    expect(Math.abs(seen.mean["logits"]![0]! - mean)).toBeLessThan(4 * seen.error["logits"]![0]! + 1e-12);
    if (variance < 1e-20) expect(seen.variance["logits"]![0]!).toBeLessThan(1e-20);
    else expect(Math.abs(seen.variance["logits"]![0]! / variance - 1)).toBeLessThan(0.05);
    let others = 0;
    for (let k = 0, binomial = 1; k <= n; binomial *= (n - k) / (k + 1), k++) others += binomial * p ** k * (1 - p) ** (n - k) * (size(k) - mean) ** 2;
    expect(variance).toBeLessThanOrEqual(others + 1e-15);
  });

  it("two draws are DisARM's pair: ½ (f − f̃)(b − b̃) max(p, 1 − p)", () => {
    const probs = [0.5, 0.2, 0.93];
    const f = (x: ArrayLike<number>, at: number): number => x[at]! * 2 - x[at + 1]! * x[at + 2]! + x[at + 2]!;
    using grad = gradient(expectation(bernoulli(3), batched((x, value) => value.forEach((_, i) => (value[i] = f(x, 3 * i))))), arms({ draws: 2 }), { samples: 200 });
    const params = { logits: Float64Array.from(probs, logit) };
    const { hard } = grad.propose(params, key(1));
    const terms = grad.perSample(params, key(1)).logits;
    for (let r = 0; r < 200; r++) {
      const difference = f(hard, 3 * r) - f(hard, 600 + 3 * r);
      probs.forEach((p, k) => expect(terms[3 * r + k]!).toBeCloseTo(0.5 * difference * (hard[3 * r + k]! - hard[600 + 3 * r + k]!) * Math.max(p, 1 - p), 12));
    }
  });
});

describe("ARMS of several coins", () => {
  const p0 = [0.6, 0.51, 0.48];
  const f = batched((x, value) => value.forEach((_, i) => (value[i] = p0.reduce((sum, t, j) => sum + (x[3 * i + j]! - t) ** 2, 0))));

  it.each(["f64", "f32"] as const)("is unbiased in %s, of a batch", (precision) => {
    const type = (precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor;
    for (const draws of [2, 5]) {
      using grad = gradient(expectation(bernoulli(3), f), arms({ draws }), { samples: 40_000, batch: 2, precision: precision as "f64" });
      const logits = type.of(0, 1, -2, 0.3, -0.3, 4);
      const { gradient: g, standardError: se } = grad.estimate({ logits }, key(8));
      logits.forEach((l, i) => {
        const p = 1 / (1 + Math.exp(-l));
        expect(Math.abs(g.logits[i]! - p * (1 - p) * (1 - 2 * p0[i % 3]!))).toBeLessThan(4 * se.logits[i]! + 1e-7);
      });
    }
  });

  it("has less variance than as many independent draws, and here than as many pairs", () => {
    const at = { logits: [0.2, -0.4, 0.1] };
    const total = (by: Any, samples: number): number => replicates(bernoulli(3), f, by, at, { samples, count: 50_000 }).variance["logits"]!.reduce((a, b) => a + b, 0);
    const [four, pair, alone] = [total(arms({ draws: 4 }) as Any, 1), total(disarm() as Any, 2), total(scoreFunction({ baseline: leaveOneOut() }) as Any, 4)];
    expect(four).toBeLessThan(alone);
    expect(four).toBeLessThan(pair);
    expect(total(scoreFunction({ baseline: none() }) as Any, 4)).toBeGreaterThan(alone);
  });

  it.each([[1, 2], [7, 3], [5, 17], [1025, 3]] as const)("has the terms and the points of its twin, %d rows of %d", (samples, dim) => {
    for (const draws of [2, 3, 6]) {
      const logits = Float64Array.from({ length: dim }, (_, j) => 3 * Math.sin(j * j + 1));
      const probs = logits.map((l) => 1 / (1 + Math.exp(-l)));
      const g = batched((x, value) => value.forEach((_, i) => (value[i] = Math.sin(i) + x[i * dim]!)));
      using grad = gradient(expectation(bernoulli(dim), g), arms({ draws }), { samples });
      const { hard } = grad.propose({ logits }, key(2));
      const value = Float64Array.from({ length: draws * samples }, (_, i) => Math.sin(i) + hard[i * dim]!);
      const out = new Float64Array(samples * dim);
      sets.terms(draws, probs, hard, value, out);
      grad.perSample({ logits }, key(2)).logits.forEach((term, i) => expect(term).toBeCloseTo(out[i]!, 11));
    }
  });

  it("decides coins that are decided, and draws each with its own probability", () => {
    const logits = Float64Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.7, -40);
    using grad = gradient(expectation(bernoulli(4), batched((_, value) => void value.fill(1))), arms({ draws: 3 }), { samples: 20_000 });
    const { hard } = grad.propose({ logits }, key(5));
    const means = [0, 1, 2, 3].map((j) => hard.filter((_, i) => i % 4 === j).reduce((a, b) => a + b, 0) / 60_000);
    expect([means[0], means[1], means[3]]).toEqual([1, 0, 0]);
    const p = 1 / (1 + Math.exp(-0.7));
    expect(Math.abs(means[2]! - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 60_000));
    for (const term of grad.perSample({ logits }, key(5)).logits) expect(Math.abs(term)).toBe(0);
  });

  it("refuses one draw, and what has no such sets", () => {
    expect(() => arms({ draws: 1 })).toThrow(new RangeError('arms: "draws" expected integer >= 2, got 1'));
    expect(() => arms({ pairs: 2 } as never)).toThrow(TypeError);
    expect(() => gradient(expectation(categorical(3), f), arms() as never, { samples: 1 })).toThrow(
      new TypeError("arms: categorical has no sets of antithetic flips. Use scoreFunction(), disarm() or enumerate()."),
    );
  });
});
