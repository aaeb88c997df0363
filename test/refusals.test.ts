import { describe, expect, it } from "vitest";
import {
  adam, batched, bernoulli, createCore, differentiable, disarm, enumerate, expectation, expression, given, gradient, key, kl, leaveOneOut, linearBaseline, logProb,
  minimize, movingAverage, multivariateNormal, network, none, normal, pathwise, permutation, remote, sample, score, scoreFunction, uniform,
} from "../src/index.ts";

const logits = (...own: number[]): { logits: Float64Array } => ({ logits: Float64Array.from(own) });
const copy = batched((x, value) => value.set(x as Float64Array));

describe("a network in front of a family keeps the family's rules", () => {
  it("that bind two parameters", () => {
    const ends = network(({ m, s }) => ({ low: m, high: s }), { m: [1], s: [1] });
    using grad = gradient(expectation(given(uniform(1), ends), differentiable((x, value, slope) => { value.set(x as Float64Array); slope.fill(1); })), pathwise(), { samples: 4 });
    expect(() => grad.estimate({ m: Float64Array.of(2), s: Float64Array.of(1) }, key(1))).toThrow(RangeError);
  });

  it("for a triangle with a zero on its diagonal", () => {
    const net = network(({ m, l }) => ({ mean: m, scaleTril: l }), { m: [2], l: [4] });
    using grad = gradient(expectation(given(multivariateNormal(2), net), batched((_, value) => void value.fill(1))), scoreFunction(), { samples: 4 });
    expect(() => grad.estimate({ m: new Float64Array(2), l: Float64Array.of(1, 0, 0, 0) }, key(1))).toThrow(RangeError);
  });
});

it("a name belongs to the distribution or to f, not to both", () => {
  const f = expression((x, { logits: own }) => x.mul(own).sum(), { logits: [2] });
  expect(() => gradient(expectation(bernoulli(2), f), enumerate(), { samples: 1 })).toThrow(
    new TypeError('gradient: "logits" names a parameter of the distribution and one of f. Rename one of them.'),
  );
});

describe("what is not finite is refused before anything learns from it", () => {
  it("in a context array", () => {
    using grad = gradient(expectation(bernoulli(1), copy), scoreFunction({ baseline: linearBaseline({ c: 1 }) }), { samples: 2 });
    const state = grad.state;
    expect(() => grad.estimate(logits(0), key(1), { context: { c: Float64Array.of(Number.NaN) } })).toThrow(new RangeError('estimate: "context.c[0]" expected a finite number, got NaN'));
    expect(grad.state).toEqual(state);
  });

  it("in a divergence that has no bound", () => {
    using grad = gradient(expectation(bernoulli(1), copy, { minus: kl(logits(Number.NEGATIVE_INFINITY)) }), disarm(), { samples: 2 });
    expect(() => grad.estimate(logits(0), key(1))).toThrow(/^estimate: the value\[0\] is not finite\./);
  });

  it("in a gradient of f's own parameters", () => {
    const f = expression((x, { W }) => x.mul(W.sqrt()).sum(), { W: [1] });
    using grad = gradient(expectation(bernoulli(1), f), disarm(), { samples: 8 });
    expect(() => grad.estimate({ ...logits(3), W: new Float64Array(1) }, key(1))).toThrow(/^estimate: the gradient with respect to W\[0\] is not finite\./);
  });

  it("but large values of f are no reason", () => {
    using grad = gradient(expectation(bernoulli(1), batched((_, value) => void value.fill(1e308))), scoreFunction(), { samples: 4 });
    expect(grad.estimate(logits(0), key(1)).value[0]).toBe(1e308);
  });

  it("in a state", () => {
    using grad = gradient(expectation(bernoulli(1), copy), scoreFunction({ baseline: movingAverage() }), { samples: 2, precision: "f32" });
    const { state } = grad;
    expect(() => (grad.state = { ...state, arrays: { "movingAverage.average": [Number.NaN], "movingAverage.weight": [0] } })).toThrow(RangeError);
    expect(() => (grad.state = { ...state, arrays: { ...state.arrays, "linear.weights": [1] } })).toThrow(/It was saved by an estimator with other parts\.$/);
    expect(grad.state).toEqual(state);
  });
});

it("a family without score and path is told what works with it", () => {
  const objective = expectation(permutation(3), expression((x) => x.sum().square()));
  for (const by of [scoreFunction(), pathwise(), disarm(), enumerate()]) {
    expect(() => gradient(objective, by as never, { samples: 2 })).toThrow("Use relax().");
  }
});

it("a control variate is evaluated where f is remote, too", () => {
  const controlVariate = { control: copy, mean: () => ({ value: Float64Array.of(0.5), gradient: logits(0.25) }) };
  const by = scoreFunction({ controlVariate });
  using whole = gradient(expectation(bernoulli(1), batched((x, value) => x.forEach((b, i) => (value[i] = 3 * b * b + 1)))), by, { samples: 20 });
  using halves = gradient(expectation(bernoulli(1), remote()), by, { samples: 20 });
  const { hard } = halves.propose(logits(0), key(1));
  expect(halves.combine({ hard: hard.map((b) => 3 * b * b + 1) })).toEqual(whole.estimate(logits(0), key(1)));
});

it("answers that are refused may be mended", () => {
  using grad = gradient(expectation(bernoulli(1), remote()), disarm(), { samples: 1 });
  const { hard } = grad.propose(logits(0), key(1));
  expect(() => grad.combine({ hard: Float64Array.of(Number.NaN, 1) })).toThrow(RangeError);
  expect(grad.combine({ hard }).samples).toBe(1);
});

it("a gradient that cannot be made leaves no memory behind", () => {
  const core = createCore({ memory: { maximum: 2 ** 21 } });
  const make = () => core.gradient(expectation(bernoulli(10), copy, { minus: kl({ logits: new Float64Array(10).fill(Number.NaN) }) }), disarm(), { samples: 200 });
  for (let round = 0; round < 300; round++) expect(make).toThrow('kl: "params.logits[0]" expected a number, ∞ or −∞, got NaN');
});

it("a core keeps to its maximum, within callbacks too", () => {
  const core = createCore({ memory: { maximum: 2 ** 21 } });
  const f = batched((_, value) => {
    value.fill(1);
    core.gradient(expectation(bernoulli(10), copy), disarm(), { samples: 12_000 });
  });
  using grad = core.gradient(expectation(bernoulli(1), f), disarm(), { samples: 2 });
  expect(() => grad.estimate(logits(0), key(1))).toThrow(RangeError);
  expect(grad.state.of).toBe("disarm");
});

it("the failure of an asynchronous f is not left unheard", async () => {
  const unheard: unknown[] = [];
  process.on("unhandledRejection", (reason) => unheard.push(reason));
  using grad = gradient(expectation(bernoulli(1), batched(async () => Promise.reject(new Error("lost")))), disarm(), { samples: 1 });
  expect(() => grad.estimate(logits(0), key(1))).toThrow(TypeError);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(unheard).toEqual([]);
});

describe("refine", () => {
  it("refuses rounds that can have no spread", () => {
    using grad = gradient(expectation(bernoulli(1), copy), scoreFunction({ baseline: none() }), { samples: 1 });
    expect(() => grad.refine(logits(0), key(1))).toThrow(new RangeError('refine: "samples" expected at least 2, as a round of one has no spread, got 1'));
  });

  it("estimates at the parameters it was given, whatever becomes of them", async () => {
    using grad = gradient(expectation(bernoulli(1), copy), scoreFunction({ baseline: leaveOneOut() }), { samples: 50 });
    const at = logits(0);
    let last;
    for await (const estimate of grad.refine(at, key(1), { evaluations: 500 })) {
      at.logits[0] = 5;
      last = estimate;
    }
    expect(last!.value[0]).toBeLessThan(0.7);
  });
});

describe("a checkpoint", () => {
  const options = { params: logits(0), optimizer: adam(), key: key(1), steps: 3 };
  const run = async (resume: unknown): Promise<void> => {
    using grad = gradient(expectation(bernoulli(1), copy), disarm(), { samples: 2 });
    for await (const progress of minimize(grad, { ...options, resume: resume as never })) if (progress.step === 3) return;
  };
  it("is read with suspicion", async () => {
    using grad = gradient(expectation(bernoulli(1), copy), disarm(), { samples: 2 });
    let saved: object = {};
    for await (const progress of minimize(grad, options)) saved = progress.checkpoint();
    await expect(run({ ...saved, params: { logits: [null] } })).rejects.toThrow('minimize: "resume.params.logits" expected 1 finite numbers, got an array of 1');
    await expect(run({ ...saved, step: 1.5 })).rejects.toThrow(RangeError);
    await expect(run({ ...saved, by: "maximize" })).rejects.toThrow(RangeError);
    await expect(run(null)).rejects.toThrow(TypeError);
  });
});

describe("keys and streams", () => {
  it("tell texts of lone surrogates apart", () => {
    const seeds = ["\ud800", "\ud801", "\ufffd"].map((text) => key(text).toJSON().key);
    expect(new Set(seeds).size).toBe(3);
  });

  it("end where they would begin again", () => {
    expect(() => sample(bernoulli(1), logits(0), key(1), { samples: 2048, first: 1024 * (2 ** 32 - 1) })).toThrow(RangeError);
  });

  it("are not forged", () => {
    expect(() => sample(bernoulli(1), logits(0), { low: Number.NaN, high: 1e99 } as never, { samples: 1 })).toThrow(TypeError);
  });
});

describe("JavaScript users are told", () => {
  const loose = { expectation, gradient, logProb, sample, score, scoreFunction, createCore } as unknown as Record<string, (...given: unknown[]) => unknown>;
  it.each([
    ["a misspelt option of logProb", () => loose["logProb"]!(bernoulli(1), logits(0), new Float64Array(1), { bacth: 2 }), 'logProb: "bacth" expected no such option, got 2. Known: batch.'],
    ["no x", () => loose["logProb"]!(bernoulli(1), logits(0), null), 'logProb: "x" expected a Float64Array or a Float32Array, got null'],
    ["no distribution", () => loose["sample"]!(null, logits(0), key(1), { samples: 1 }), 'sample: "p" expected a distribution, got null. Make one, such as normal(3).'],
    ["a constructor for a distribution", () => loose["sample"]!(bernoulli, logits(0), key(1), { samples: 1 }), 'sample: "p" expected a distribution, got a function. Make one, such as normal(3).'],
    ["a family without a score", () => loose["score"]!(uniform(1), { low: Float64Array.of(0), high: Float64Array.of(1) }, new Float64Array(1)), "score: uniform has no score."],
    ["a noiseless term that is none", () => loose["expectation"]!(bernoulli(1), copy, { minus: 5 }), 'expectation: "minus" expected kl(…) or entropy(), got 5'],
    ["a control variate that is none", () => loose["scoreFunction"]!({ controlVariate: {} }), 'scoreFunction: "controlVariate.control" expected batched(h), got undefined'],
    ["antithetic pairs of no coin", () => loose["gradient"]!(expectation(normal(3), copy), disarm(), { samples: 2 }), "disarm: normal has no antithetic pairs. Use scoreFunction()."],
    ["a null for options", () => loose["createCore"]!({ memory: null }), 'createCore: "options" expected an object, got null'],
    ["normal params by name", () => normal("3" as never), 'normal: "dim" expected integer >= 1, got "3"'],
  ])("of %s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});
