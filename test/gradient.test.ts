import { describe, expect, it } from "vitest";
import {
  batched, bernoulli, constant, differentiable, disarm, entropy, enumerate, expectation, expression, gradient, key, kl, leaveOneOut, movingAverage, none, normal, pathwise, remote, scoreFunction,
} from "../src/index.ts";

const square = batched((x, value) => x.forEach((b, i) => (value[i] = (b - 0.45) ** 2)));
const logits = (...own: number[]): { logits: Float64Array } => ({ logits: Float64Array.from(own) });

describe("an estimate", () => {
  it("is the mean of its per-sample gradients, with their standard error", () => {
    using grad = gradient(expectation(bernoulli(3), batched((x, value) => value.forEach((_, i) => (value[i] = x[3 * i]! + 2 * x[3 * i + 1]! * x[3 * i + 2]!)))), scoreFunction(), { samples: 500 });
    const params = logits(0.3, -1, 2);
    const each = grad.perSample(params, key(3)).logits;
    const { gradient: g, standardError, samples, evaluations } = grad.estimate(params, key(3));
    expect([samples, evaluations.value, evaluations.gradient]).toEqual([500, 500, 0]);
    for (let j = 0; j < 3; j++) {
      const column = Array.from({ length: 500 }, (_, i) => each[3 * i + j]!);
      const mean = column.reduce((a, b) => a + b) / 500;
      expect(g.logits[j]).toBeCloseTo(mean, 12);
      expect(standardError.logits[j]).toBeCloseTo(Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 499 / 500), 12);
    }
  });

  it.each([[16, 1, "f64"], [17, 1, "f64"], [31, 3, "f64"], [33, 2, "f32"], [100, 3, "f32"], [67, 1, "f32"]] as const)(
    "takes the moments of %i flips, batch %i, in %s, as its terms have them",
    (dim, batch, precision) => {
      const samples = 201;
      const type = (precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor;
      const f = batched((x, value) => value.forEach((_, i) => (value[i] = x[i * dim]! + 2 * x[i * dim + dim - 1]! + 3)));
      using grad = gradient(expectation(bernoulli(dim), f), scoreFunction({ baseline: constant(2) }), { samples, batch, precision: precision as "f64" });
      const params = { logits: new type(Array.from({ length: batch * dim }, (_, i) => 3 * Math.sin(i))) };
      const each = grad.perSample(params, key(3)).logits;
      const { gradient: g, standardError } = grad.estimate(params, key(3));
      const close = precision === "f64" ? 1e-12 : 1e-5;
      for (let column = 0; column < batch * dim; column++) {
        const own = Array.from({ length: samples }, (_, i) => each[i * batch * dim + column]!);
        const mean = own.reduce((a, b) => a + b) / samples;
        const error = Math.sqrt(own.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (samples - 1) / samples);
        expect(Math.abs(g.logits[column]! - mean)).toBeLessThan(close);
        expect(Math.abs(standardError.logits[column]! - error)).toBeLessThan(close);
      }
    },
  );

  it("gives each problem of a batch its own numbers", () => {
    using both = gradient(expectation(bernoulli(1), square), enumerate(), { samples: 1, batch: 3 });
    const { value, gradient: g } = both.estimate(logits(-1, 0, 1), key(1));
    [-1, 0, 1].forEach((logit, b) => {
      const p = 1 / (1 + Math.exp(-logit));
      expect(g.logits[b]).toBeCloseTo(0.1 * p * (1 - p), 14);
      expect(value[b]).toBeCloseTo(p * 0.55 ** 2 + (1 - p) * 0.45 ** 2, 14);
    });
  });

  it("is the same from the same key, and another from another", () => {
    using grad = gradient(expectation(bernoulli(2), square2()), scoreFunction(), { samples: 64 });
    const at = logits(0.1, 0.2);
    const [first, again, other] = [grad.estimate(at, key(5)), grad.estimate(at, key(5)), grad.estimate(at, key(6))];
    expect(again).toEqual(first);
    expect(other.gradient.logits).not.toEqual(first.gradient.logits);
  });

  it("without its gradient is the same value", () => {
    const f = expression((x, { W }) => x.matmul(W).sum(), { W: [2, 3] });
    using grad = gradient(expectation(bernoulli(2), f, { minus: kl({ logits: Float64Array.of(1, -1) }), plus: entropy() }), disarm(), { samples: 8, batch: 2 });
    const at = { ...logits(0, 1, -1, 2), W: Float64Array.of(1, 2, 3, 4, 5, 6) };
    expect(grad.value(at, key(1))).toEqual(grad.estimate(at, key(1)).value);
  });

  it("writes into `out` and returns it", () => {
    using grad = gradient(expectation(bernoulli(2), square2()), disarm(), { samples: 8 });
    const out = grad.estimate(logits(0, 1), key(1));
    const arrays = out.gradient.logits;
    const again = grad.estimate(logits(2, 1), key(2), { out });
    expect(again).toBe(out);
    expect(again.gradient.logits).toBe(arrays);
    expect(again).toEqual(grad.estimate(logits(2, 1), key(2)));
  });

  it("has no standard error with one sample, and none to speak of without noise", () => {
    using one = gradient(expectation(bernoulli(1), square), disarm(), { samples: 1 });
    expect(one.estimate(logits(1), key(1)).standardError.logits[0]).toBeNaN();
    using exact = gradient(expectation(bernoulli(1), square), enumerate(), { samples: 1 });
    expect(exact.estimate(logits(1), key(1)).standardError.logits[0]).toBe(0);
  });

  it("computes in single precision where asked", () => {
    using grad = gradient(expectation(normal(5), differentiable((x, value, slope) => {
      value.fill(0);
      x.forEach((a, i) => { value[Math.floor(i / 5)]! += a * a; slope[i] = 2 * a; });
    })), pathwise(), { samples: 4000, precision: "f32" });
    const { gradient: g, standardError } = grad.estimate({ mean: new Float32Array(5).fill(1), logScale: new Float32Array(5) }, key(2));
    expect(g.mean).toBeInstanceOf(Float32Array);
    g.mean.forEach((x, j) => expect(Math.abs(x - 2) / standardError.mean[j]!).toBeLessThan(4));
    g.logScale.forEach((x, j) => expect(Math.abs(x - 2) / standardError.logScale[j]!).toBeLessThan(4));
  });

  it("covers the truth at its nominal rate where p is mid-range and n ≥ 64", () => {
    const keys = 4000;
    using grad = gradient(expectation(bernoulli(1), square), scoreFunction(), { samples: 64, batch: keys });
    const p = 0.3;
    const { gradient: g, standardError } = grad.estimate({ logits: new Float64Array(keys).fill(Math.log(p / (1 - p))) }, key(11));
    const truth = 0.1 * p * (1 - p);
    const covered = g.logits.filter((x, b) => Math.abs(x - truth) <= 1.998 * standardError.logits[b]!).length / keys; // Student's t, 63 degrees
    expect(Math.abs(covered - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / keys));
  });
});

function square2() {
  return batched((x, value) => value.forEach((_, i) => (value[i] = (x[2 * i]! - 0.45) ** 2 + x[2 * i]! * x[2 * i + 1]!)));
}

describe("a callback", () => {
  it("may call gradex itself, with memory growing, and its views stay good", () => {
    using inner = gradient(expectation(bernoulli(1), square), enumerate(), { samples: 1 });
    const f = batched((x, value) => {
      const before = Array.from(x);
      using large = gradient(expectation(normal(100), batched((_, v) => v.fill(1))), scoreFunction(), { samples: 20_000 });
      large.estimate({ mean: new Float64Array(100), logScale: new Float64Array(100) }, key(2));
      inner.estimate(logits(0), key(1));
      expect(Array.from(x)).toEqual(before);
      x.forEach((b, i) => (value[i] = b));
    });
    using grad = gradient(expectation(bernoulli(1), f), scoreFunction(), { samples: 16 });
    expect(Number.isFinite(grad.estimate(logits(0), key(1)).value[0])).toBe(true);
  });

  it("that throws passes its error on, unchanged, and spoils nothing", () => {
    const mine = new Error("mine");
    let fail = false;
    const f = batched((x, value) => {
      if (fail) throw mine;
      x.forEach((b, i) => (value[i] = b));
    });
    using grad = gradient(expectation(bernoulli(1), f), scoreFunction({ baseline: movingAverage() }), { samples: 16 });
    const first = grad.estimate(logits(0), key(1));
    const state = grad.state;
    fail = true;
    expect(() => grad.estimate(logits(0), key(2))).toThrow(mine);
    expect(grad.state).toEqual(state);
    fail = false;
    grad.state = { ...state, arrays: { "movingAverage.average": [0], "movingAverage.weight": [0] } };
    expect(grad.estimate(logits(0), key(1))).toEqual(first);
  });

  it("may not use the gradient that is calling it", () => {
    const grad: { estimate: (at: { logits: Float64Array }, k: ReturnType<typeof key>) => unknown } = gradient(
      expectation(bernoulli(1), batched(() => void grad.estimate(logits(0), key(1)))), scoreFunction(), { samples: 2 },
    );
    expect(() => grad.estimate(logits(0), key(1))).toThrow(new TypeError("estimate: this gradient is at work on another estimate, from within f. Make a second one for f."));
  });
});

describe("propose and combine", () => {
  it("are the two halves of an estimate", () => {
    using whole = gradient(expectation(bernoulli(1), square), disarm(), { samples: 10 });
    using halves = gradient(expectation(bernoulli(1), remote()), disarm(), { samples: 10 });
    const { hard } = halves.propose(logits(0.4), key(9));
    expect(hard.length).toBe(20);
    expect(halves.combine({ hard: hard.map((b) => (b - 0.45) ** 2) })).toEqual(whole.estimate(logits(0.4), key(9)));
  });

  it("take gradients back where the estimator wants them", () => {
    const f = differentiable((x, value, slope) => x.forEach((a, i) => { value[i] = a ** 3; slope[i] = 3 * a * a; }));
    using whole = gradient(expectation(normal(1), f), pathwise(), { samples: 10 });
    using halves = gradient(expectation(normal(1), remote()), pathwise(), { samples: 10 });
    const at = { mean: new Float64Array([1]), logScale: new Float64Array(1) };
    const { soft } = halves.propose(at, key(9));
    expect(halves.combine({ soft: soft.map((a) => a ** 3), gradient: soft.map((a) => 3 * a * a) })).toEqual(whole.estimate(at, key(9)));
  });

  it("refuse to combine what was not proposed", () => {
    using grad = gradient(expectation(bernoulli(1), square), disarm(), { samples: 1 });
    expect(() => grad.combine({ hard: new Float64Array(2) })).toThrow(new TypeError("combine: there is no open proposal. Call propose() first, and nothing between."));
    grad.propose(logits(0), key(1));
    expect(() => grad.combine({ hard: new Float64Array(3) })).toThrow(new RangeError('combine: "answers.hard" expected 2 numbers, got 3'));
    grad.combine({ hard: new Float64Array(2) });
    expect(() => grad.combine({ hard: new Float64Array(2) })).toThrow(TypeError);
  });
});

describe("refine", () => {
  it("stops at the standard error asked for, and pools its rounds", async () => {
    using grad = gradient(expectation(bernoulli(1), square), scoreFunction(), { samples: 100 });
    let last;
    for await (const estimate of grad.refine(logits(-1), key(4), { standardError: 1e-3 })) last = estimate;
    expect(last!.standardError.logits[0]).toBeLessThanOrEqual(1e-3);
    const p = 1 / (1 + Math.E);
    expect(Math.abs(last!.gradient.logits[0]! - 0.1 * p * (1 - p))).toBeLessThan(4e-3);
    expect(last!.evaluations.value).toBe(last!.samples);
  });

  it("agrees with all its rounds taken by hand", async () => {
    using grad = gradient(expectation(bernoulli(2), square2()), scoreFunction(), { samples: 50 });
    const at = logits(0.5, -0.5);
    let last;
    for await (const estimate of grad.refine(at, key(4), { evaluations: 500 })) last = estimate;
    expect(last!.samples).toBe(500);
    const each = Array.from({ length: 10 }, (_, round) => [...grad.perSample(at, key(4).fold(round)).logits]).flat();
    for (let j = 0; j < 2; j++) {
      const column = each.filter((_, i) => i % 2 === j);
      const mean = column.reduce((a, b) => a + b) / 500;
      expect(last!.gradient.logits[j]).toBeCloseTo(mean, 12);
      expect(last!.standardError.logits[j]).toBeCloseTo(Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 499 / 500), 12);
    }
  });

  it("does not take a round whose values are all alike for certainty", async () => {
    // P(x = 1) = 0.01: half of the rounds of 64 see no 1 at all and report a standard error of 0.
    const runs = 60;
    let sum = 0;
    for (let run = 0; run < runs; run++) {
      using grad = gradient(expectation(bernoulli(1), batched((x, value) => x.forEach((b, i) => (value[i] = 10 * b)))), scoreFunction(), { samples: 64 });
      let last;
      for await (const estimate of grad.refine(logits(Math.log(0.01 / 0.99)), key(run), { standardError: 0.05 })) last = estimate;
      sum += last!.gradient.logits[0]! / runs;
      expect(last!.standardError.logits[0]).toBeGreaterThan(0);
    }
    expect(sum).toBeGreaterThan(0.08); // exact: 0.099; a plain rule gives 0.048
  });

  it("ends at the signal with the estimate it has", async () => {
    using grad = gradient(expectation(bernoulli(1), square), scoreFunction(), { samples: 10 });
    const controller = new AbortController();
    let rounds = 0;
    for await (const _ of grad.refine(logits(0), key(4), { standardError: 1e-9, signal: controller.signal })) if (++rounds === 5) controller.abort();
    expect(rounds).toBe(5);
  });

  it("leaves other estimates of the same object alone", async () => {
    using grad = gradient(expectation(bernoulli(2), square2()), scoreFunction(), { samples: 50 });
    const at = logits(0.5, -0.5);
    const alone: unknown[] = [];
    const disturbed: unknown[] = [];
    for await (const estimate of grad.refine(at, key(4), { evaluations: 300 })) alone.push(estimate);
    for await (const estimate of grad.refine(at, key(4), { evaluations: 300 })) {
      disturbed.push(estimate);
      grad.estimate(logits(1, 1), key(99));
    }
    expect(disturbed).toEqual(alone);
  });

  it("takes one round of an exact sum", async () => {
    using grad = gradient(expectation(bernoulli(1), square), enumerate(), { samples: 1 });
    let rounds = 0;
    for await (const _ of grad.refine(logits(0), key(4))) rounds++;
    expect(rounds).toBe(1);
  });
});

describe("the state of a baseline", () => {
  it("is plain JSON that brings another object to the same place", () => {
    const make = () => gradient(expectation(bernoulli(1), square), scoreFunction({ baseline: movingAverage({ decay: 0.5 }) }), { samples: 4 });
    using first = make();
    using second = make();
    for (let step = 0; step < 5; step++) first.estimate(logits(0), key(1).fold(step));
    second.state = JSON.parse(JSON.stringify(first.state));
    expect(second.estimate(logits(0), key(2))).toEqual(first.estimate(logits(0), key(2)));
  });

  it("does not change where learning is off", () => {
    using grad = gradient(expectation(bernoulli(1), square), scoreFunction({ baseline: movingAverage() }), { samples: 4 });
    const before = grad.state;
    grad.estimate(logits(0), key(1), { learn: false });
    grad.perSample(logits(0), key(1));
    expect(grad.state).toEqual(before);
    grad.estimate(logits(0), key(1));
    expect(grad.state).not.toEqual(before);
  });

  it("of another estimator is refused", () => {
    using grad = gradient(expectation(bernoulli(1), square), scoreFunction({ baseline: none() }), { samples: 4 });
    expect(() => (grad.state = { version: 1, of: "rebar", arrays: {} })).toThrow(new RangeError('state: "of" expected "score-function", got rebar'));
  });
});

describe("memory", () => {
  it("does not grow over many rounds of making and disposing", () => {
    const make = (): number => {
      using grad = gradient(expectation(bernoulli(7), square), scoreFunction({ baseline: constant(1) }), { samples: 33 });
      return grad.bytes;
    };
    const bytes = make();
    for (let round = 0; round < 2000; round++) expect(make()).toBe(bytes);
  });

  it("that cannot be had is a RangeError with both figures", () => {
    expect(() => gradient(expectation(normal(1000), square), scoreFunction({ baseline: leaveOneOut() }), { samples: 10_000_000 })).toThrow(
      /^gradient: needs .* GiB of memory, at most .* GiB can be had\. Ask for less at a time \("samples", "batch"\), or dispose what is done\.$/,
    );
  });

  it("is gone after disposal, which may be repeated", () => {
    const grad = gradient(expectation(bernoulli(1), square), scoreFunction(), { samples: 4 });
    grad.dispose();
    grad.dispose();
    expect(() => grad.estimate(logits(0), key(1))).toThrow(new ReferenceError("estimate: this gradient was disposed. Make a new one, or dispose later."));
  });
});
