import { describe, expect, test } from "vitest";
import { adam, constant, createCore, derivative, disarm, enumerate, key, leaveOneOut, linearBaseline, maximize, merge, minimize, movingAverage, type Node, none, pathwise, program, programGradient, run, scoreFunction, telemetry } from "../../src/index.ts";
import { agree, sigmoid, slopes } from "./graphs.ts";

const of = (...x: readonly number[]): Float64Array => Float64Array.from(x);

describe("a draw answers for what comes after it", () => {
  const costs = (split: boolean) =>
    program<"p">(({ p }, draw) => {
      const x = draw.bernoulli(p.at(0));
      const y = draw.bernoulli(p.at(1));
      const sum = x.mul(3).add(y.mul(20).sub(5).square());
      return split ? sum : sum.mul(2).mul(0.5);
    });

  test("so that terms before it, or beside it, leave no noise", () => {
    const at = { p: of(0.3, 0.6) };
    const estimate = (split: boolean) => {
      using gradient = programGradient(costs(split), { samples: 8000 });
      return gradient.estimate(at, key(1));
    };
    const [apart, whole] = [estimate(true), estimate(false)];
    for (const { gradient, standardError } of [apart, whole]) agree([...gradient.p], [...standardError.p], [3, 225 - 25]);
    // The square beside 3x has a variance of 200² · 0.24, 3x itself one of 9 · 0.21.
    expect(apart.standardError.p[0]! ** 2).toBeLessThan(whole.standardError.p[0]! ** 2 / 1000);
    expect(apart.standardError.p[1]! / whole.standardError.p[1]!).toBeCloseTo(1, 1);
  });
});

describe("the lecture walk", () => {
  const walk = program<"p">(({ p }, draw) => {
    let n = draw.constant(0);
    for (let i = 1; i <= 100; i++) n = n.add(draw.bernoulli(p.mul(n.add(i).mul(-1 / 200).add(1))));
    return n;
  });

  test("has its exact derivative, as forward, with less noise than the score function of the whole", () => {
    const forward = derivative(walk, { p: 0.5 }, key(1), { samples: 10_000 });
    const scored = derivative(walk, { p: 0.5 }, key(1), { samples: 10_000, method: "score-function" });
    using gradient = programGradient(walk, { samples: 10_000 });
    const { value, valueStandardError, gradient: found, standardError } = gradient.estimate({ p: of(0.5) }, key(1));
    agree([value[0]!, found.p[0]!], [valueStandardError[0]!, standardError.p[0]!], [32.6443332858, 56.6078706263]);
    expect(Math.abs(found.p[0]! - forward.derivative.p)).toBeLessThan(4 * Math.hypot(standardError.p[0]!, forward.standardError.p));
    expect(value[0]).toBeCloseTo(run(walk, { p: 0.5 }, key(1), { lanes: 10_000 }).reduce((a, b) => a + b) / 10_000, 9);
    expect(standardError.p[0]!).toBeLessThan(0.8 * scored.standardError.p);
  });
});

describe("kinds of draws", () => {
  const at = { p: of(0.35) };
  const p = at.p[0]!;
  const exact: readonly (readonly [string, (p: Node, draw: Parameters<Parameters<typeof program<"p">>[0]>[1]) => Node, number])[] = [
    ["poisson", (p, draw) => draw.poisson(p.mul(4)).square(), 4 + 32 * p],
    ["geometric", (p, draw) => draw.geometric(p).mul(2), -2 / p ** 2],
    ["binomial of drawn trials", (p, draw) => draw.binomial(draw.poisson(p.mul(3)), p).square(), 6 * p + 36 * p ** 3],
    ["exponential", (p, draw) => draw.exponential(p).square(), -4 / p ** 3],
    ["exponential by its score", (p, draw) => draw.exponential(p, scoreFunction()).square(), -4 / p ** 3],
    ["uniform", (p, draw) => draw.uniform(p.neg(), p).square(), (2 * p) / 3],
    ["gamma", (p, draw) => draw.gamma(p.mul(5), p.add(1)).square(), slopes(([q]) => (5 * q! * (5 * q! + 1)) / (q! + 1) ** 2, [p])[0]!],
    ["gamma by its score", (p, draw) => draw.gamma(p.mul(5), p.add(1), scoreFunction()).square(), slopes(([q]) => (5 * q! * (5 * q! + 1)) / (q! + 1) ** 2, [p])[0]!],
    ["flips side by side, in pairs", (p, draw) => draw.bernoulli(p.mul([1, 0.5, 2]), disarm()).sum().square(), slopes(([q]) => (3.5 * q!) ** 2 + [q!, q! / 2, 2 * q!].reduce((sum, one) => sum + one * (1 - one), 0), [p])[0]!],
    ["flips side by side, enumerated", (p, draw) => draw.bernoulli(p.mul([1, 0.5, 2]), enumerate()).sum().square(), slopes(([q]) => (3.5 * q!) ** 2 + [q!, q! / 2, 2 * q!].reduce((sum, one) => sum + one * (1 - one), 0), [p])[0]!],
    ["flips of one probability, by scores", (p, draw) => draw.bernoulli(p.mul([1, 1, 1])).sum().square(), slopes(([q]) => 9 * q! ** 2 + 3 * q! * (1 - q!), [p])[0]!],
    ["normals of one scale, by scores", (p, draw) => draw.normal(draw.constant([1, 2, 3]), p, scoreFunction()).square().sum(), 6 * p],
  ];

  test.each(exact)("%s", (_, body, wanted) => {
    for (const precision of ["f64", "f32"] as const) {
      using gradient = programGradient(program<"p">(({ p }, draw) => body(p, draw)), { samples: 9001, precision: precision as "f64" });
      const found = gradient.estimate({ p: precision === "f64" ? at.p : (Float32Array.from(at.p) as never) }, key(5));
      agree([...found.gradient.p], [...found.standardError.p], [wanted], precision);
    }
  });
});

describe("data", () => {
  const model = program(({ w, x, y }, draw) => {
    const z = draw.bernoulli(x.dot(w).sigmoid());
    return z.sub(y).square().neg();
  }, { w: [2] }, { x: 2, y: 1 });
  const context = { x: of(1, 2, -1, 0.5, 0.3, -2), y: of(1, 0, 0.5) };
  const exact = (w: readonly number[]): number[] =>
    [0, 1, 2].map((i) => {
      const p = sigmoid(context.x[2 * i]! * w[0]! + context.x[2 * i + 1]! * w[1]!);
      return -p * (1 - context.y[i]!) ** 2 - (1 - p) * context.y[i]! ** 2;
    });

  test("make problems of their own, whose gradients are summed", () => {
    for (const [samples, baseline] of [[1500, leaveOneOut()], [333, movingAverage()], [1201, linearBaseline({ x: 2 })]] as const) {
      const by = program(({ w, x, y }, draw) => draw.bernoulli(x.dot(w).sigmoid(), scoreFunction({ baseline })).sub(y).square().neg(), { w: [2] }, { x: 2, y: 1 });
      using gradient = programGradient(by, { samples, batch: 3 });
      for (let step = 0; step < 3; step++) {
        const { value, valueStandardError, gradient: found, standardError, evaluations } = gradient.estimate({ w: of(0.4, -0.2) }, key(2).fold(step), { context });
        agree([...value], [...valueStandardError], exact([0.4, -0.2]));
        agree([...found.w], [...standardError.w], slopes((w) => exact(w).reduce((a, b) => a + b), [0.4, -0.2]));
        expect(evaluations).toEqual({ value: samples * 3, gradient: samples * 3 });
      }
    }
  });

  test("are followed by an optimizer, and telemetry sees the noise; a checkpoint goes on to the same bits", async () => {
    const seen = telemetry();
    using gradient = programGradient(model, { samples: 16, batch: 3 });
    const options = { params: { w: of(0, 0) }, optimizer: adam({ rate: 0.05 }), key: key(4), context: () => context };
    let saved: Parameters<typeof maximize>[1]["resume"];
    let last: Float64Array = of(0, 0);
    for await (const { step, estimate, params, checkpoint } of maximize(gradient, { ...options, steps: 200 })) {
      seen.observe(estimate);
      if (step === 100) saved = JSON.parse(JSON.stringify(checkpoint())) as typeof saved;
      last = params.w;
    }
    expect(exact([...last]).reduce((a, b) => a + b)).toBeGreaterThan(exact([0, 0]).reduce((a, b) => a + b) + 0.3);
    expect(seen.moments["w"]!.noise[0]).toBeGreaterThan(0);
    using again = programGradient(model, { samples: 16, batch: 3 });
    let resumed: Float64Array = of();
    for await (const { params } of maximize(again, { ...options, steps: 200, resume: saved! })) resumed = params.w;
    expect([...resumed]).toEqual([...last]);
    expect(() => minimize({} as never, { ...options, steps: 1 })).toThrow("what gradient(…) or programGradient(…) gives");
  });

  test("are asked for by name", () => {
    using gradient = programGradient(model, { samples: 4, batch: 3 });
    expect(() => gradient.estimate({ w: of(1, 1) }, key(1))).toThrow('estimate: "context.x" expected an array of 6, [batch, width], got undefined');
    expect(() => run(model as never, { w: of(1, 1) }, key(1), { lanes: 1 })).toThrow('run: "program" expected a program without context');
  });
});

describe("an estimate", () => {
  const model = program(({ W, c }, draw) => draw.normal(c, 1).matmul(W).sum().add(W.square().sum()), { W: [2, 3], c: [2] });
  const params = { W: of(1, 2, 3, 4, 5, 6), c: of(0.5, -0.5) };

  test("of a matrix has its gradient, and no error", () => {
    using gradient = programGradient(model, { samples: 4000 });
    const { gradient: found, standardError } = gradient.estimate(params, key(1));
    agree([...found.c], [...standardError.c], [6, 15]);
    const error = 4 / Math.sqrt(4000);
    found.W.forEach((x, i) => expect(Math.abs(x - (params.c[Math.floor(i / 3)]! + 2 * params.W[i]!))).toBeLessThan(error));
    expect([...standardError.W].every(Number.isNaN)).toBe(true);
  });

  test("is finite where flips are sure", () => {
    for (const by of [scoreFunction(), disarm(), enumerate()]) {
      using gradient = programGradient(program<"p">(({ p }, draw) => draw.bernoulli(p, by).mul(3)), { samples: 10 });
      for (const p of [0, 1]) expect(Number.isFinite(gradient.estimate({ p: of(p) }, key(1)).gradient.p[0])).toBe(true);
    }
  });

  test("counts a term as often as it is added", () => {
    using gradient = programGradient(program<"p">(({ p }, draw) => {
      const x = draw.bernoulli(p, scoreFunction({ baseline: none() }));
      return x.add(x).sub(x.neg());
    }), { samples: 4000 });
    const { value, gradient: found, standardError } = gradient.estimate({ p: of(0.4) }, key(1));
    agree([...found.p], [...standardError.p], [3]);
    expect(value[0]).toBeCloseTo(1.2, 1);
  });

  test("has zeros for what the program does not use", () => {
    using gradient = programGradient(program(({ p }, draw) => draw.normal(p, 1), { W: [2, 2], p: [1], q: [3] }), { samples: 4 });
    const { gradient: found, standardError } = gradient.estimate({ W: new Float64Array(4), p: of(1), q: of(1, 2, 3) }, key(1));
    expect([[...found.W], [...found.q], [...found.p], [...standardError.q]]).toEqual([[0, 0, 0, 0], [0, 0, 0], [1], [0, 0, 0]]);
  });

  test("of a vector that a matrix is multiplied by is the sum of all lanes", () => {
    for (const by of [scoreFunction(), disarm()]) {
      const tied = program(({ W, s, t }, draw) => draw.bernoulli(s, by).add(draw.normal(s, t, scoreFunction()).square()).add(W.mul(s).square().sum()), { W: [1, 2], s: [1], t: [1] });
      using gradient = programGradient(tied, { samples: 40_000 });
      const { gradient: found, standardError } = gradient.estimate({ W: of(1, 2), s: of(0.4), t: of(0.5) }, key(1));
      expect(Math.abs(found.s[0]! - (1 + 2 * 0.4 + 2 * 0.4 * 5))).toBeLessThan(0.1);
      found.W.forEach((x, i) => expect(x).toBeCloseTo(2 * [1, 2][i]! * 0.4 ** 2, 9));
      agree([...found.t], [...standardError.t], [1]);
      expect(standardError.s[0]).toBeNaN();
    }
  });

  test("is merged with others to that of all their samples", () => {
    using gradient = programGradient(model, { samples: 500 });
    const estimates = [1, 2, 3].map((seed) => gradient.estimate(params, key(seed)));
    const all = merge(estimates);
    expect(all.samples).toBe(1500);
    for (const name of ["W", "c"] as const) all.gradient[name].forEach((x, i) => expect(x).toBeCloseTo(estimates.reduce((sum, own) => sum + own.gradient[name][i]! / 3, 0), 10));
    agree([...all.gradient.c], [...all.standardError.c], [6, 15]);
    expect(all.valueStandardError[0]).toBeLessThan(estimates[0]!.valueStandardError[0]!);
  });

  test("has no error where all is enumerated, and NaN for one sample", () => {
    using exact = programGradient(program<"p">(({ p }, draw) => draw.bernoulli(p, enumerate())), { samples: 1 });
    const found = exact.estimate({ p: of(0.3) }, key(1));
    expect([found.value[0], found.gradient.p[0], found.standardError.p[0], found.valueStandardError[0]]).toEqual([0.3, 1, 0, 0]);
    expect(found.evaluations).toEqual({ value: 0, gradient: 2 });
    using one = programGradient(program<"p">(({ p }, draw) => draw.normal(p, 1)), { samples: 1 });
    expect(one.estimate({ p: of(0.3) }, key(1)).standardError.p[0]).toBeNaN();
  });

  test("of more samples begins with the same draws, whatever the chunk", () => {
    const values = [1000, 1024, 1025, 2500].map((samples) => {
      using gradient = programGradient(program<"p">(({ p }, draw) => draw.bernoulli(p, scoreFunction({ baseline: constant(0.5) })).add(draw.normal(p, 1))), { samples });
      return gradient.value({ p: of(0.3) }, key(1))[0]! * samples;
    });
    const lanes = run(program<"p">(({ p }, draw) => draw.bernoulli(p).add(draw.normal(p, 1))), { p: 0.3 }, key(1), { lanes: 2500 });
    values.forEach((sum, i) => expect(sum).toBeCloseTo(lanes.subarray(0, [1000, 1024, 1025, 2500][i]).reduce((a, b) => a + b), 8));
  });

  test("branches only what comes after the draw that asks for it", () => {
    using gradient = programGradient(program<"p">(({ p }, draw) => draw.bernoulli(p, disarm()).add(draw.bernoulli(p, disarm())).add(draw.normal(p, 1))), { samples: 100 });
    expect(gradient.estimate({ p: of(0.5) }, key(1)).evaluations).toEqual({ value: 0, gradient: 200 });
  });

  test("has the same bits from the same key, always", () => {
    const mixed = program(({ p }, draw) => draw.categorical(p.softmax(), enumerate()).mul(draw.bernoulli(p.at(0).sigmoid())).add(draw.normal(p.at(1), 1)).mul(draw.bernoulli(p.at(2).sigmoid(), disarm())), { p: [3] });
    const found = (["f64", "f32"] as const).map((precision) => {
      using gradient = programGradient(mixed, { samples: 10, precision: precision as "f64" });
      const { value, gradient: { p } } = gradient.estimate({ p: precision === "f64" ? of(0.1, 0.2, 0.3) : (Float32Array.of(0.1, 0.2, 0.3) as never) }, key(9));
      return [...value, ...p].map(String).join(" ");
    });
    expect(found).toMatchInlineSnapshot(`
      [
        "0.000487050896506136 0.0853456613584945 0.4966832751778434 0.05168904509273606",
        "0.44934386014938354 0.09472000598907471 0.5444720983505249 0.3261447846889496",
      ]
    `);
  });

  test("leaves nothing behind, and is refused after disposal", () => {
    const gradient = programGradient(model, { samples: 10 });
    gradient.estimate(params, key(1));
    expect(gradient.bytes).toBeGreaterThan(0);
    gradient.dispose();
    expect(gradient.bytes).toBe(0);
    expect(() => gradient.estimate(params, key(1))).toThrow(ReferenceError);
  });

  test("takes memory of its core and gives it back", () => {
    const core = createCore({ memory: { maximum: 2 ** 22 } });
    const body = program(({ p, x }, draw) => draw.bernoulli(x.mul(p).sigmoid(), scoreFunction({ baseline: linearBaseline({ x: 1 }) })), { p: [1] }, { x: 1 });
    const [p, context] = [of(0.5), { x: of(1, 2) }];
    for (let round = 0; round < 300; round++) {
      using gradient = core.programGradient(body, { samples: 1000, batch: 2 });
      gradient.estimate({ p }, key(round), { context });
      if (round % 50 === 0) gradient.hessianVectorProduct({ p }, { p: of(1) }, key(round), { context });
    }
    expect(() => core.programGradient(body, { samples: 1e6 })).toThrow(/^programGradient: needs [\d.]+ MiB of memory/);
  });

  test("of a program without parameters is its value", () => {
    using gradient = programGradient(program((_, draw) => draw.normal(2, 1), {}), { samples: 1000 });
    const { value, valueStandardError, gradient: none } = gradient.estimate({}, key(1));
    agree([...value], [...valueStandardError], [2]);
    expect(none).toEqual({});
  });

  test("learns only where it may", () => {
    using gradient = programGradient(program<"p">(({ p }, draw) => draw.bernoulli(p, scoreFunction({ baseline: movingAverage() })).mul(9)), { samples: 10 });
    gradient.estimate({ p: of(0.5) }, key(1), { learn: false });
    const before = gradient.state;
    gradient.value({ p: of(0.5) }, key(1));
    expect(gradient.state).toEqual(before);
    gradient.estimate({ p: of(0.5) }, key(1));
    expect(gradient.state).not.toEqual(before);
    const noise = gradient.estimate({ p: of(0.5) }, key(2)).standardError.p[0]!;
    gradient.state = before;
    expect(gradient.estimate({ p: of(0.5) }, key(2)).standardError.p[0]!).toBeGreaterThan(noise);
  });
});

describe("what is refused, in a sentence", () => {
  const wrong = (body: Parameters<typeof program<"p">>[0], options: object = {}): (() => unknown) => () => programGradient(program<"p">(body), { samples: 4, ...options }).estimate({ p: of(0.5) }, key(1));

  test("estimators that a kind of draw cannot have", () => {
    expect(wrong(({ p }, draw) => draw.normal(p, 1, disarm() as never))).toThrow("draw.normal cannot be differentiated by disarm(). Use pathwise() or scoreFunction().");
    expect(wrong(({ p }, draw) => draw.bernoulli(p, pathwise() as never))).toThrow("draw.bernoulli cannot be differentiated by pathwise(). Use scoreFunction(), disarm() or enumerate().");
    expect(wrong(({ p }, draw) => draw.poisson(p, enumerate() as never))).toThrow("draw.poisson cannot be differentiated by enumerate(). Use scoreFunction().");
    expect(wrong(({ p }, draw) => draw.uniform(0, p, scoreFunction() as never))).toThrow("draw.uniform cannot be differentiated by scoreFunction(). Use pathwise().");
    expect(wrong(({ p }, draw) => draw.bernoulli(p, "disarm" as never))).toThrow('"draw.bernoulli" expected an estimator for a single draw, scoreFunction(), disarm() or enumerate(), got "disarm"');
  });

  test("steps of what moves", () => {
    expect(wrong(({ p }, draw) => draw.normal(p, 1).lt(0))).toThrow("lt of a value that moves with the parameters has no derivative where it flips.");
    expect(wrong(({ p }, draw) => draw.normal(p, 1, scoreFunction()).lt(0))).not.toThrow();
    expect(wrong(({ p }, draw) => draw.bernoulli(p, disarm()).lt(0.5))).not.toThrow();
  });

  test("too many branches, too few samples, wide results, moving trials", () => {
    expect(wrong(({ p }, draw) => Array.from({ length: 11 }, () => draw.bernoulli(p, enumerate())).reduce((a, b) => a.mul(b)))).toThrow("make 2048 branches, more than 1024.");
    expect(wrong(({ p }, draw) => Array.from({ length: 4 }, () => draw.bernoulli(p, enumerate({ budget: 8 }))).reduce((a, b) => a.mul(b)))).toThrow("make 16 branches, more than 8.");
    expect(wrong(({ p }, draw) => Array.from({ length: 30 }, () => draw.bernoulli(p, enumerate())).reduce((a, b) => a.add(b)))).not.toThrow();
    expect(wrong(({ p }, draw) => draw.bernoulli(p), { samples: 1 })).toThrow('"samples" expected at least 2');
    expect(wrong(({ p }, draw) => draw.bernoulli(p, scoreFunction({ baseline: none() })), { samples: 1 })).not.toThrow();
    expect(wrong(({ p }, draw) => draw.bernoulli(p.mul([1, 0.5])))).toThrow("expected a result of width 1, got width 2");
    expect(wrong(({ p }, draw) => draw.binomial(p.mul(4), 0.5))).toThrow("the trials of a binomial draw cannot move");
    expect(wrong(({ p }) => p.mul(1e308).mul(1e308))).toThrow("estimate: the value is not finite.");
    expect(wrong(({ p }) => p, { sample: 3 })).toThrow('"sample" expected no such option');
    expect(() => programGradient({} as never, { samples: 2 })).toThrow("Make one with program");
  });
});
