import { describe, expect, it } from "vitest";
import {
  advise, arm, batched, bernoulli, categorical, certify, differentiable, disarm, enumerate, type Estimator, estimator, expectation, expression, given, importanceBound, joint, key, kl, movingAverage,
  network, none, normal, pathwise, type Points, scoreFunction, straightThrough,
} from "../src/index.ts";

const toy = batched((x, value) => x.forEach((b, i) => (value[i] = (b - 0.45) ** 2)));
const logits = (...all: number[]) => ({ logits: Float64Array.from(all) });
const wave = (k: number) => expectation(normal(1), expression((x) => x.mul(k).cos()));
const at = { mean: Float64Array.of(1), logScale: Float64Array.of(0) };

describe("advise", () => {
  it("measures the exact variances: of a coin with p = 0.1, by leave-one-out of ten, DisARM and ARM", () => {
    const { ranking } = advise(expectation(bernoulli(1), toy), {
      params: logits(Math.log(1 / 9)), key: key(1), budget: 10, evaluations: 120_000, by: "evaluations",
      estimators: { "leave-one-out": scoreFunction(), none: scoreFunction({ baseline: none() }), disarm: disarm(), arm: arm() },
    });
    const exact: Readonly<Record<string, number>> = { "leave-one-out": 5.94e-5, none: 0.0077000625 / 10, disarm: 3.24e-4 / 5, arm: 3.2566667e-4 / 5 };
    for (const { estimator, variance, uncertainty, evaluations } of ranking) {
      expect(evaluations).toBe(10);
      expect(Math.abs(variance / exact[estimator]! - 1)).toBeLessThan(4 * uncertainty);
      expect(uncertainty).toBeLessThan(0.05);
    }
    expect(ranking[0]!.estimator).toBe("leave-one-out");
    expect(ranking.at(-1)!.estimator).toBe("none");
  });

  it("knows where rules of thumb fail: for a steep f the score function beats the pathwise estimator, 12.5 to 0.5", () => {
    const estimators = { pathwise: pathwise(), score: scoreFunction({ baseline: none() }) };
    const steep = advise(wave(5), { params: at, key: key(2), estimators, by: "evaluations", evaluations: 64_000 });
    expect(steep.best).toBe("score");
    expect(Math.abs(steep.ranking[1]!.variance * 64 - 25)).toBeLessThan(4 * 25 * steep.ranking[1]!.uncertainty); // 12.5 for the mean, 12.5 for logScale
    expect(advise(wave(0.5), { params: at, key: key(2), estimators, by: "evaluations" }).best).toBe("pathwise");
  });

  it("does not tell apart what is alike", () => {
    const { ranking } = advise(wave(5), { params: at, key: key(3), by: "evaluations", estimators: { one: scoreFunction({ baseline: none() }), other: scoreFunction({ baseline: none() }) } });
    expect(ranking.map(({ tied }) => tied)).toEqual([true, true]);
  });

  it("takes the exact sum where it is cheap, and says so", () => {
    const advice = advise(expectation(bernoulli(3), batched((x, value) => value.forEach((_, i) => (value[i] = x[3 * i]! * x[3 * i + 1]!)))), { params: logits(0, 1, 2), key: key(4) });
    expect(advice.best).toBe("enumerate()");
    expect(String(advice)).toMatch(/^Take enumerate\(\): it has no noise here\./);
    expect(advice.leftOut.map(({ estimator }) => estimator)).toContain("pathwise()");
    expect(String(advice)).toMatch(/\nLeft out:\n {2}bernoulli has no path: pathwise\(\)/);
  });

  it("ranks by evaluations with the key alone: the same key, the same advice", () => {
    const run = () => advise(wave(1), { params: at, key: key(5), by: "evaluations" }).ranking.map((one) => ({ ...one, milliseconds: 0 }));
    expect(run()).toEqual(run());
  });

  it("counts the bias of what is biased", () => {
    const { ranking } = advise(expectation(bernoulli(1), toy), { params: logits(-1), key: key(6), by: "evaluations", estimators: { half: halved, disarm: disarm() } });
    const { variance, unbiased } = ranking.find(({ estimator }) => estimator === "half")!;
    const p = 1 / (1 + Math.E);
    expect(unbiased).toBe(false);
    expect(variance).toBeGreaterThan((0.05 * p * (1 - p)) ** 2 * 0.9);
    expect(ranking[0]!.estimator).toBe("disarm");
  });

  it("works on amortised objectives with parameters of f and noiseless terms, over a batch", () => {
    const decoder = expression((z, { w }) => z.dot(w).square(), { w: [2] });
    const encoder = network(({ u, U }) => ({ logits: u.matmul(U) }), { U: [1, 2] }, { u: 1 });
    const objective = expectation(given(bernoulli(2), encoder), decoder, { minus: kl(logits(0, 0)) });
    const params = { U: Float64Array.of(0.5, -1), w: Float64Array.of(1, 2) };
    const advice = advise(objective, { params, key: key(7), batch: 3, context: { u: Float64Array.of(1, -1, 0.5) }, by: "evaluations", estimators: { disarm: disarm(), score: scoreFunction() } });
    expect(advice.ranking).toHaveLength(2);
  });

  const square = (x: number) => (x - 0.3) ** 2;
  const words = (advice: { ranking: readonly { estimator: string }[] }) => advice.ranking.map(({ estimator }) => estimator);
  const curved = (dim: number) => expression((x) => x.sub(0.3).square().sum().exp().mul(1 / dim));

  it("tries all that the types allow: on a normal with a formula, its weak derivative, expansions, point sets, learned baselines", () => {
    const tried = words(advise(expectation(normal(2), expression((x) => x.sin().sum())), { params: { mean: Float64Array.of(0, 1), logScale: Float64Array.of(0, 0) }, key: key(8), by: "evaluations", evaluations: 2048, context: { u: Float64Array.of(1, 2) } }));
    for (const word of ["pathwise()", "pathwise({ noise: antithetic() })", "pathwise({ noise: stratified({ points: 16 }) })", "pathwise({ noise: sobol({ points: 16 }) })", "pathwise({ noise: halton({ points: 16 }) })",
      "scoreFunction()", "scoreFunction({ baseline: movingAverage() })", "scoreFunction({ baseline: none() })", "scoreFunction({ baseline: perCoordinate() })", "scoreFunction({ baseline: linearBaseline({ u: 2 }) })",
      "scoreFunction({ baseline: networkBaseline({ u: 2 }) })", "scoreFunction({ controlVariate: deltaMethod() })", "scoreFunction({ noise: sobol({ points: 16 }) })", "measureValued()", 'measureValued({ coupling: "antithetic" })',
      'measureValued({ coupling: "independent" })', 'measureValued({ coupling: "pilot" })', "measureValued({ noise: antithetic() })", "muProp()", "lax()"]) expect(tried).toContain(word);
  });

  it("and on coins those that couple, relax and sum; all of them agree with enumerate()", () => {
    const advice = advise(expectation(bernoulli(3), curved(3)), { params: logits(0.2, -0.4, 0), key: key(9), by: "evaluations", evaluations: 4096, budget: 32 });
    for (const word of ["disarm()", "arm()", "arms()", "rebar()", "relax()", "relax({ relaxed: {} })", "muProp()", "raoBlackwell({ coordinates: [0, 1] })", "sumAndSample({ terms: 4 })", "unorderedSet({ draws: 4 })", "measureValued()", "enumerate()"]) expect(words(advice)).toContain(word);
    expect(advice.best).toBe("enumerate()");
    expect(advice.ranking.every(({ disagrees }) => disagrees === undefined)).toBe(true);
  });

  it("gives each part of a joint family its own estimator", () => {
    const parts = { a: normal(1), b: bernoulli(2) };
    const params = { "a.mean": Float64Array.of(0.3), "a.logScale": Float64Array.of(1.5), "b.logits": Float64Array.of(0, 1) };
    const advice = advise(expectation(joint(parts), expression((x) => x.sin().mul(0.1).add(x).sum())), { params, key: key(1), by: "evaluations" });
    for (const a of ["pathwise()", "scoreFunction()"]) for (const b of ["disarm()", "scoreFunction()"]) expect(words(advice)).toContain(`each({ a: ${a}, b: ${b} })`);
    // f is nearly linear, so that muProp() may do as well by fewer evaluations.
    expect(words(advice).find((word) => word.startsWith("each("))).toMatch(/^each\(\{ a: pathwise\(\)/);
    expect(advice.ranking.every(({ disagrees }) => disagrees === undefined)).toBe(true);
  });

  it("lets the biased take part where they are asked for, after all others, with their bias", () => {
    const ask = (biased: boolean) => advise(expectation(bernoulli(3), curved(3)), { params: logits(0.2, -0.4, 0), key: key(9), by: "evaluations", evaluations: 4096, biased });
    expect(ask(false).ranking.every(({ unbiased }) => unbiased)).toBe(true);
    const advice = ask(true);
    const from = advice.ranking.findIndex(({ unbiased }) => !unbiased);
    expect(from).toBeGreaterThan(10);
    expect(advice.ranking.slice(from).every(({ unbiased }) => !unbiased)).toBe(true);
    expect(words(advice).slice(from)).toEqual(expect.arrayContaining(["straightThrough()", "gumbelSoftmax({ temperature: 0.5 })", "gappedStraightThrough({ temperature: 0.5 })", "finiteDifferences()", "spsa()", "evolutionStrategies()"]));
    const { bias } = advice.ranking.find(({ estimator }) => estimator === "straightThrough()")!;
    expect(bias).toBeGreaterThan(0.05);
    expect(String(advice)).toMatch(/straightThrough\(\) .* biased by 0\.\d+: its square is in the variance/);
  });

  it("says what a biased one would save, and does not call it the best", () => {
    const soft = expectation(bernoulli(20), expression((x) => x.add(x.square().mul(0.1)).sum()));
    const advice = advise(soft, { params: { logits: new Float64Array(20).fill(0.5) }, key: key(3), by: "evaluations", biased: true, budget: 8, estimators: { score: scoreFunction(), through: straightThrough() } });
    expect(advice.best).toBe("score");
    expect(advice.ranking[1]!.ratio).toBeLessThan(1);
    expect(String(advice)).toContain("through would take 0.");
    expect(String(advice)).toContain("but no more samples take away its bias of");
  });

  it("does not recommend the pathwise estimator of an f that jumps, whose variance is 0", () => {
    const step = differentiable((x, value, slope) => x.forEach((a, i) => { value[i] = a > 0.3 ? 1 : 0; slope[i] = 0; }));
    const advice = advise(expectation(normal(1), step), { params: at, key: key(3), by: "evaluations", estimators: { pathwise: pathwise(), score: scoreFunction(), rough: scoreFunction({ baseline: none() }) } });
    expect(advice.best).toBe("score");
    expect(words(advice).at(-1)).toBe("pathwise");
    const { disagrees, variance } = advice.ranking.at(-1)!;
    expect(disagrees).toBeGreaterThan(6);
    expect(Math.abs(Math.sqrt(variance) - Math.hypot(0.3123, 0.2186))).toBeLessThan(0.03); // its bias: the whole gradient
    expect(String(advice)).toContain("wrong here:");
  });

  it("tries control variates of one's own, alone, together and beside the expansion", () => {
    const power = (n: number) => ({
      control: batched((x, value) => x.forEach((own, i) => (value[i] = own ** n))),
      mean: ({ mean, logScale }: { readonly mean: Points; readonly logScale: Points }) => {
        const [m, v] = [mean[0]!, Math.exp(2 * logScale[0]!)];
        return n === 1 ? { value: Float64Array.of(m), gradient: { mean: Float64Array.of(1), logScale: Float64Array.of(0) } } : { value: Float64Array.of(m * m + v), gradient: { mean: Float64Array.of(2 * m), logScale: Float64Array.of(2 * v) } };
      },
    });
    const advice = advise(expectation(normal(1), expression((x) => x.mul(0.5).sin().sum())), { params: at, key: key(2), by: "evaluations", controlVariates: { linear: power(1), square: power(2) } });
    for (const word of ["linear", "square", "[linear, square]", "[deltaMethod(), linear, square]"]) expect(words(advice)).toContain(`scoreFunction({ controlVariate: ${word} })`);
    const of = (word: string) => advice.ranking.find(({ estimator }) => estimator === word)!.variance;
    expect(of("scoreFunction({ controlVariate: [linear, square] })")).toBeLessThan(0.5 * of("scoreFunction()"));
  });

  it("stops those early that are clearly worse, and not those that learn", () => {
    const advice = advise(expectation(bernoulli(8), batched((x, value) => value.forEach((_, i) => (value[i] = 10 + square(x[8 * i]!))))), {
      params: { logits: new Float64Array(8) }, key: key(4), by: "evaluations", estimators: { disarm: disarm(), none: scoreFunction({ baseline: none() }), learns: scoreFunction({ baseline: movingAverage() }) },
    });
    const of = (word: string) => advice.ranking.find(({ estimator }) => estimator === word)!;
    expect(of("none").early).toBe(true);
    expect(of("none").rounds).toBe(24); // an eighth of three quarters of 16,384, 64 an estimate
    expect(of("learns").early).toBe(false);
    expect(of("learns").rounds).toBe(192);
    expect(of("disarm").rounds).toBe(192);
    expect(String(advice)).toMatch(/none .* stopped early/);
  });

  it("keeps within the milliseconds it is given, and says what it had no time for", () => {
    const advice = advise(wave(1), { params: at, key: key(5), milliseconds: 1e-6 });
    expect(advice.ranking).toHaveLength(1);
    expect(String(advice)).toMatch(/there was no time left after 0\.000001 milliseconds: .*scoreFunction\(\), /);
  });

  it("says which estimator costs more than the evaluations allow", () => {
    const { leftOut } = advise(expectation(bernoulli(40), batched((x, value) => value.fill(x[0]!))), { params: { logits: new Float64Array(40) }, key: key(1), by: "evaluations", evaluations: 512, budget: 16 });
    expect(leftOut.find(({ estimator }) => estimator === "measureValued()")!.why).toBe('measure-valued: one estimate takes 81 evaluations of f: raise "evaluations" to 972');
  });

  it("ranks the estimators of an importance bound", () => {
    const model = expression((z, { w }) => z.mul(w).sub(1).square().sum().mul(-0.5).sub(z.square().sum().mul(0.5)), { w: [1] });
    const params = { mean: Float64Array.of(0.3), logScale: Float64Array.of(-0.4), w: Float64Array.of(1.2) };
    const of = (particles: number) => advise(importanceBound(normal(1), model, { particles }), { params, key: key(1), by: "evaluations" });
    expect(words(of(8))).toEqual(expect.arrayContaining(["vimco()", 'vimco({ mean: "arithmetic" })', "dreg()", "pathwise()", "scoreFunction()", "scoreFunction({ baseline: none() })"]));
    expect(of(8).leftOut.map(({ estimator }) => estimator)).toEqual(["stickingTheLanding()"]);
    expect(of(8).ranking.every(({ evaluations, disagrees }) => evaluations === 64 && disagrees === undefined)).toBe(true);
    expect(words(of(1))).toContain("stickingTheLanding()");
    const coins = advise(importanceBound(bernoulli(2), batched((x, value) => value.forEach((_, i) => (value[i] = x[2 * i]! - x[2 * i + 1]!))), { particles: 4 }), { params: logits(0, 1), key: key(1), by: "evaluations" });
    expect(coins.best).toMatch(/^vimco/);
  });

  it("leaves out an estimator that asks f where it is not finite, and goes on with the others", () => {
    const pole = expression((x) => x.sub(0.5).square().log().sum()); // at 0.5, the mean of a coin, there is nothing
    const { leftOut, ranking } = advise(expectation(bernoulli(1), pole), { params: logits(0), key: key(1), by: "evaluations" });
    expect(leftOut.find(({ estimator }) => estimator === "muProp()")!.why).toMatch(/^estimate: f, at the mean, returned -Infinity/);
    expect(words({ ranking })).toContain("disarm()");
  });

  it("does not take a mistake in f, or in the parameters, for something that an estimator lacks", () => {
    const broken = batched(() => (undefined as unknown as () => void)());
    expect(() => advise(expectation(bernoulli(1), broken), { params: logits(0), key: key(1) })).toThrow(/is not a function/);
    expect(() => advise(expectation(bernoulli(1), toy), { params: logits(0, 1), key: key(1) })).toThrow(/^estimate: "params\.logits" expected/);
    expect(() => advise(expectation(bernoulli(1), batched((_, value) => value.fill(Number.NaN))), { params: logits(0), key: key(1) })).toThrow(/no estimator can work on this objective\. .*f returned NaN/);
  });

  it("lets out what f throws, and frees what it took", () => {
    const lost = batched(() => {
      throw new Error("lost");
    });
    expect(() => advise(expectation(bernoulli(1), lost), { params: logits(0), key: key(1) })).toThrow("lost");
  });

  it("refuses a budget that measures nothing, and an objective that nothing can work on", () => {
    const objective = expectation(bernoulli(1), toy);
    expect(() => advise(objective, { params: logits(0), key: key(1), evaluations: 100 })).toThrow(new RangeError('advise: "evaluations" expected integer >= 2048, got 100'));
    expect(() => advise(objective, { params: logits(0), key: key(1), estimators: { pathwise: pathwise() } })).toThrow("advise: no estimator can work on this objective. pathwise: bernoulli has no path.");
  });
});

/** The score function with a mistake in it. */
const halved = scaled(0.5);

function scaled(factor: number): Estimator<ReturnType<typeof bernoulli>, ReturnType<typeof batched>> {
  return estimator<ReturnType<typeof bernoulli>, ReturnType<typeof batched>, "coefficient">({
    ...(scoreFunction({ baseline: none() }) as unknown as Parameters<typeof estimator>[0]),
    name: "scaled",
    unbiased: false,
    plan: () => ({ value: 1, gradient: 0, scratch: { coefficient: 1 } }),
    bind: (p) => ({
      propose: ({ kernels, rows, theta, hard }, draw) => p.sample(kernels, draw(0), rows, theta, hard.x),
      combine: ({ kernels, rows, hard, at, total }) => {
        kernels.arrayCopy(rows, hard.value, total);
        kernels.arrayCopy(rows, hard.value, at.coefficient);
        kernels.arrayScale(rows, factor, at.coefficient);
        kernels.arrayFill(rows, 1, hard.weight);
      },
      terms: ({ kernels, theta, hard, at, dim, bytes }, { first, rows }, terms) => p.score(kernels, rows, theta, hard.x + first * dim * bytes, at.coefficient + first * bytes, terms),
    }),
  });
}

describe("certify", () => {
  const pair = batched((x, value) => value.forEach((_, i) => (value[i] = (x[2 * i]! - 0.3) * (1 + x[2 * i + 1]!))));

  it("finds no bias in an unbiased estimator, against the sum over the support and against differences", () => {
    for (const against of ["enumeration", "differences"] as const) {
      const certificate = certify(expectation(bernoulli(2), pair), disarm(), { params: logits(0.5, -1), key: key(1), against, step: 0.1 });
      expect(certificate.against).toBe(against);
      expect(certificate.unbiased).toBe(true);
      expect(certificate.coordinates.map(({ name }) => name)).toEqual(["logits[0]", "logits[1]"]);
    }
  });

  it("finds a factor that is 10 % wrong", () => {
    const certificate = certify(expectation(bernoulli(2), pair), scaled(1.1), { params: logits(0.5, -1), key: key(2), samples: 256 });
    expect(certificate.unbiased).toBe(false);
    expect(certificate.worst).toBeGreaterThan(5);
    expect(String(certificate)).toMatch(/^scaled against enumeration, \d+ evaluations of f: biased: the largest \|z\| of 2 is \d/);
  });

  it("finds the pathwise estimator out where f jumps", () => {
    const step = differentiable((x, value, slope) => x.forEach((a, i) => { value[i] = a > 0.3 ? 1 : 0; slope[i] = 0; }));
    const options = { params: at, key: key(3) };
    expect(certify(expectation(normal(1), step), pathwise(), options).unbiased).toBe(false);
    expect(certify(expectation(normal(1), step), scoreFunction(), options).unbiased).toBe(true);
  });

  it("takes in a network's parameters, f's own, noiseless terms and what learns", () => {
    const decoder = expression((z, { w }) => z.dot(w).square(), { w: [2] });
    const encoder = network(({ u, U }) => ({ logits: u.matmul(U) }), { U: [1, 2] }, { u: 1 });
    const objective = expectation(given(bernoulli(2), encoder), decoder, { minus: kl(logits(0, 0)) });
    const certificate = certify(objective, scoreFunction({ baseline: movingAverage() }), {
      params: { U: Float64Array.of(0.5, -1), w: Float64Array.of(1, 2) }, key: key(4), batch: 3, samples: 16, context: { u: Float64Array.of(1, -1, 0.5) },
    });
    expect(certificate.coordinates.map(({ name }) => name)).toEqual(["U[0]", "U[1]", "w[0]", "w[1]"]);
    expect(certificate.unbiased).toBe(true);
  });

  it("is not fooled by an estimator without noise", () => {
    expect(certify(expectation(bernoulli(1), toy), disarm(), { params: logits(0), key: key(5) }).unbiased).toBe(true); // at p = ½ DisARM of one coin is exact
    expect(certify(expectation(categorical(4), toy), enumerate(), { params: logits(0, 1, 2, 3), key: key(5) }).worst).toBeLessThan(1e-3);
  });

  it("has z-scores that are standard normal: over 50 keys, mean 0 and variance 1", () => {
    const objective = expectation(bernoulli(2), pair);
    const z = Array.from({ length: 50 }, (_, i) => certify(objective, scoreFunction(), { params: logits(0.5, -1), key: key(i), rounds: 64, samples: 8 }).coordinates.map((one) => one.z)).flat();
    const mean = z.reduce((sum, own) => sum + own / 100, 0);
    const variance = z.reduce((sum, own) => sum + (own - mean) ** 2 / 99, 0);
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(100));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 99));
  });

  it("refuses what it cannot read", () => {
    const objective = expectation(bernoulli(1), toy);
    expect(() => certify(objective, disarm(), { params: logits(0), key: key(1), rounds: 2 })).toThrow(new RangeError('certify: "rounds" expected integer >= 8, got 2'));
    expect(() => certify(objective, disarm(), { params: logits(0), key: key(1), against: "hope" as never })).toThrow('certify: "against" expected "enumeration", "quadrature" or "differences", got hope');
    expect(() => (certify as (...all: unknown[]) => unknown)(expectation(normal(1), toy), disarm(), { params: at, key: key(1) })).toThrow("disarm: normal has no antithetic pairs");
  });
});
