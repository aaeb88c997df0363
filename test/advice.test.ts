import { describe, expect, it } from "vitest";
import {
  advise, arm, batched, bernoulli, categorical, certify, differentiable, disarm, enumerate, type Estimator, estimator, expectation, expression, given, key, kl, movingAverage,
  network, none, normal, pathwise, scoreFunction,
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
    expect(String(advice)).toContain("pathwise() is left out. pathwise: bernoulli has no path.");
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
