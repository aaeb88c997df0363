import { describe, expect, test } from "vitest";
import { enumerate, key, merge, none, program, programGradient, scoreFunction } from "../../src/index.ts";

const of = (...x: readonly number[]): Float64Array => Float64Array.from(x);

/** E = Σ over two problems of a flip whose logit is u · W, and a parameter that moves it along. */
const model = program(
  ({ W, c, u }, draw) => draw.bernoulli(u.matmul(W).add(c).sigmoid(), scoreFunction({ baseline: none() })).sum().square().mul(c.sum()),
  { W: [2, 2], c: [2] },
  { u: 2 },
);
const params = { W: of(0.3, -0.7, 0.2, 0.5), c: of(0.4, 0.6) };
const context = { u: of(1, -1, 0.5, 2) };
const rounds = 16;

describe("rounds of a program's gradient", () => {
  test("put together are the run, to the bit, from however many machines and through JSON", () => {
    using gradient = programGradient(model, { samples: 20, batch: 2 });
    const whole = gradient.pool(params, key(3), { rounds, context });
    const part = (first: number, count: number): typeof whole => JSON.parse(JSON.stringify(gradient.pool(params, key(3), { first, rounds: count, context })));
    expect(merge([part(9, 7), part(0, 5), part(5, 4)])).toEqual(whole);
    expect(whole).toMatchObject({ samples: 320, rounds, evaluations: { value: 0, gradient: 640 } });
  });

  test("have the mean of their estimates, and the errors of all samples together", () => {
    using gradient = programGradient(model, { samples: 20, batch: 2, precision: "f32" });
    const own = { W: Float32Array.from(params.W), c: Float32Array.from(params.c) };
    const data = { u: Float32Array.from(context.u) };
    const all = gradient.pool(own, key(3), { rounds, context: data });
    const each = Array.from({ length: rounds }, (_, i) => gradient.estimate(own, key(3).fold(i), { context: data }));
    for (const name of ["W", "c"] as const) {
      for (let j = 0; j < own[name].length; j++) {
        const gradients = each.map((one) => one.gradient[name][j]!);
        const mean = gradients.reduce((a, b) => a + b) / rounds;
        expect(all.gradient[name][j]).toBeCloseTo(mean, 4);
        // Of a matrix a round is one number, so its error is the spread of the rounds; of a vector it is that of the samples, which tends to the same.
        const between = Math.sqrt(gradients.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (rounds - 1) / rounds);
        if (name === "W") expect(all.standardError.W[j]).toBeCloseTo(between, 5);
        else expect(all.standardError.c[j]! / between).toBeGreaterThan(0.5);
      }
    }
    expect([...each[0]!.standardError.W]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });

  test("give a matrix an error that covers the exact gradient", () => {
    const exact = program(({ W, c, u }, draw) => draw.bernoulli(u.matmul(W).add(c).sigmoid(), enumerate()).sum().square().mul(c.sum()), { W: [2, 2], c: [2] }, { u: 2 });
    using sampled = programGradient(model, { samples: 100, batch: 2 });
    using counted = programGradient(exact, { samples: 1, batch: 2 });
    const truth = counted.estimate(params, key(0), { context }).gradient.W;
    let squares = 0;
    for (let seed = 0; seed < 50; seed++) {
      const { gradient, standardError } = sampled.pool(params, key(seed), { rounds, context });
      for (let j = 0; j < 4; j++) squares += ((gradient.W[j]! - truth[j]!) / standardError.W[j]!) ** 2;
    }
    // The square of Student's t with 15 degrees of freedom has mean 15 / 13.
    expect(squares / 200).toBeGreaterThan(0.8);
    expect(squares / 200).toBeLessThan(1.6);
  });

  test("come one by one until the error is small enough, a matrix's too, or the evaluations are spent", async () => {
    using gradient = programGradient(model, { samples: 50, batch: 2 });
    let last = gradient.pool(params, key(5), { rounds: 1, context });
    for await (const estimate of gradient.refine(params, key(5), { standardError: 0.05, context })) last = estimate;
    expect(Math.max(...last.standardError.W, ...last.standardError.c)).toBeLessThanOrEqual(0.05);
    expect(last).toEqual(gradient.pool(params, key(5), { rounds: last.rounds, context }));
    for await (const estimate of gradient.refine(params, key(5), { evaluations: 1000, context })) last = estimate;
    expect(last.evaluations.gradient).toBe(1000);
    expect(() => gradient.refine(params, key(5), { context, standardError: -1 })).toThrow(/refine: "standardError" expected a number > 0, got -1/);
    expect(() => gradient.pool(params, key(5), { rounds: 0, context })).toThrow(/pool: "rounds" expected/);
  });
});
