import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adam, batched, bernoulli, disarm, enumerate, expectation, expression, given, gradient, key, merge, minimize, network, none, type Pooled, scoreFunction } from "../src/index.ts";

const square = batched((x, value) => value.forEach((_, i) => (value[i] = (x[2 * i]! + 2 * x[2 * i + 1]! - 0.45) ** 2)));
const at = { logits: Float64Array.of(0.5, -1) };
const make = (samples = 20) => gradient(expectation(bernoulli(2), square), scoreFunction(), { samples });
const json = <P>(part: P): P => JSON.parse(JSON.stringify(part)) as P;

/** Splits 0 … rounds − 1 at the given places. */
function shards(places: readonly number[], rounds: number): readonly [first: number, rounds: number][] {
  const cuts = [0, ...new Set(places.map((place) => 1 + (place % (rounds - 1))))].sort((a, b) => a - b);
  return cuts.map((first, i) => [first, (cuts[i + 1] ?? rounds) - first]);
}

describe("merge", () => {
  it("puts the shards of a run together to the bits of the whole, however they are split, in whatever order they come", () => {
    using grad = make();
    const whole = grad.pool(at, key(3), { rounds: 37 });
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 6 }), fc.array(fc.nat(1000), { minLength: 7, maxLength: 7 }), (places, order) => {
        const parts = shards(places, 37).map(([first, rounds]) => json(grad.pool(at, key(3), { first, rounds })));
        parts.sort((a, b) => order[parts.indexOf(a)]! - order[parts.indexOf(b)]!);
        expect(merge(parts)).toEqual(whole);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it("may be done in steps", () => {
    using grad = make();
    const part = (first: number, rounds: number): Pooled => grad.pool(at, key(3), { first, rounds });
    const whole = grad.pool(at, key(3), { rounds: 12 });
    expect(merge([merge([part(8, 4), part(0, 3)]), json(part(3, 5))])).toEqual(whole);
  });

  it("gives what refine gives after as many rounds", async () => {
    using grad = make();
    let last;
    for await (const estimate of grad.refine(at, key(3), { evaluations: 20 * 13 })) last = estimate;
    expect(last!.rounds).toBe(13);
    expect(merge([grad.pool(at, key(3), { first: 5, rounds: 8 }), grad.pool(at, key(3), { rounds: 5 })])).toEqual(last);
  });

  it("gives mean and standard error of all samples together, in f32 too, with the gradients of shared parameters", () => {
    const f = expression((x, { w }) => x.dot(w).square(), { w: [2] });
    const encoder = network(({ u, U }) => ({ logits: u.matmul(U) }), { U: [1, 2] }, { u: 1 });
    using grad = gradient(expectation(given(bernoulli(2), encoder), f), disarm(), { samples: 9, batch: 3, precision: "f32" });
    const params = { U: Float32Array.of(0.5, -1), w: Float32Array.of(1, 2) };
    const context = { u: Float32Array.of(1, -1, 0.5) };
    const all = merge([1, 0, 2].map((first) => json(grad.pool(params, key(4), { first, rounds: 1, context }))));
    const each = [0, 1, 2].map((round) => grad.estimate(params, key(4).fold(round), { context }));
    const terms = [0, 1, 2].flatMap((round) => [...grad.perSample(params, key(4).fold(round), { context }).logits]);
    for (let j = 0; j < 6; j++) {
      const column = terms.filter((_, i) => i % 6 === j);
      const mean = column.reduce((a, b) => a + b) / 27;
      expect(all.standardError.logits[j]).toBeCloseTo(Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 26 / 27), 5);
    }
    for (const name of ["U", "w"] as const) all.gradient[name].forEach((g: number, j: number) => expect(g).toBeCloseTo(each.reduce((sum, one) => sum + one.gradient[name][j]! / 3, 0), 5));
    expect(all.evaluations).toEqual({ value: 3 * 2 * 27, gradient: 0 });
    expect(all.value).toBeInstanceOf(Float32Array);
  });

  it("weighs independent estimates by their samples", () => {
    using few = make(10);
    using many = make(1000);
    const parts = [few.estimate(at, key(1)), many.estimate(at, key(2))];
    const both = merge(parts);
    expect(both.samples).toBe(1010);
    const terms = [...few.perSample(at, key(1)).logits, ...many.perSample(at, key(2)).logits];
    for (let j = 0; j < 2; j++) {
      const column = terms.filter((_, i) => i % 2 === j);
      const mean = column.reduce((a, b) => a + b) / 1010;
      expect(both.gradient.logits[j]).toBeCloseTo(mean, 12);
      expect(both.standardError.logits[j]).toBeCloseTo(Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 1009 / 1010), 12);
    }
  });

  it("merges independent runs by their samples, with each other and with estimates, in steps too", () => {
    using few = make(10);
    using many = make(100);
    const runs = [few.pool(at, key(1), { rounds: 4 }), json(many.pool(at, key(2), { first: 2, rounds: 3 })), many.pool(at, key(3), { rounds: 1 })] as const;
    const one = many.estimate(at, key(4));
    const all = merge([...runs, one], { independent: true });
    expect(all).toMatchObject({ samples: 540, rounds: 9, evaluations: { value: 540, gradient: 0 } });
    const terms = [[few, 1, [0, 1, 2, 3]], [many, 2, [2, 3, 4]], [many, 3, [0]]] as const;
    const rows = [...terms.flatMap(([grad, seed, rounds]) => rounds.flatMap((round) => [...grad.perSample(at, key(seed).fold(round)).logits])), ...many.perSample(at, key(4)).logits];
    for (let j = 0; j < 2; j++) {
      const column = rows.filter((_, i) => i % 2 === j);
      const mean = column.reduce((a, b) => a + b) / 540;
      expect(all.gradient.logits[j]).toBeCloseTo(mean, 12);
      expect(all.standardError.logits[j]).toBeCloseTo(Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 539 / 540), 12);
    }
    const steps = merge([merge(runs, { independent: true }), json(merge([one])), many.estimate(at, key(5))]);
    expect(steps.samples).toBe(640);
    expect(() => merge([merge(runs.slice(0, 2), { independent: true }), runs[0]], { independent: true })).toThrow("got the key of another");
  });

  it("keeps the certainty of exact sums", () => {
    using grad = gradient(expectation(bernoulli(2), square), enumerate(), { samples: 1 });
    const twice = grad.pool(at, key(1), { rounds: 2 });
    expect([...twice.standardError.logits]).toEqual([0, 0]);
    expect([...twice.gradient.logits]).toEqual([...grad.estimate(at, key(1)).gradient.logits]);
  });

  it("finds the spread between rounds of one sample", () => {
    using grad = gradient(expectation(bernoulli(2), square), scoreFunction({ baseline: none() }), { samples: 1 });
    expect(grad.pool(at, key(1), { rounds: 1 }).standardError.logits[0]).toBeNaN();
    expect(grad.pool(at, key(1), { rounds: 8 }).standardError.logits[0]).toBeGreaterThan(0);
  });

  it("serves an optimizer that is fed by workers", async () => {
    using grad = make();
    for await (const { params } of minimize(grad, { params: at, optimizer: adam({ rate: 0.1 }), key: key(1), steps: 2 })) {
      expect(merge([grad.pool(params, key(9), { rounds: 1 }), grad.pool(params, key(9), { first: 1, rounds: 1 })]).rounds).toBe(2);
    }
  });

  const loose = merge as (parts: unknown) => unknown;
  it.each<[string, (grad: ReturnType<typeof make>) => unknown, string | RegExp]>([
    ["nothing", () => loose([]), 'merge: "parts" expected a list of estimates, one at least, got an array of 0'],
    ["what is no estimate", () => loose([3]), 'merge: "parts[0]" expected an estimate, or pooled rounds, got 3'],
    ["an estimate that went through JSON", (grad) => loose([json(grad.estimate(at, key(1)))]), 'merge: "parts[0]" expected an estimate, or pooled rounds, got an object with value, valueStandardError, gradient, standardError, biased, samples and evaluations. To send an estimate as JSON, make it with grad.pool().'],
    ["a round that is there twice", (grad) => merge([grad.pool(at, key(1), { rounds: 4 }), grad.pool(at, key(1), { first: 3, rounds: 2 })]), 'merge: "parts" expected every round once, got round 3 twice. Give each machine rounds of its own.'],
    ["rounds and estimates together", (grad) => merge([grad.pool(at, key(1), { rounds: 1 }), grad.estimate(at, key(2))]), "merge: rounds of a run and single estimates do not mix. If all are independent, say merge(parts, { independent: true })."],
    ["a part of another version", (grad) => loose([{ ...json(grad.pool(at, key(1), { rounds: 1 })), version: 1 }]), 'merge: "parts[0].version" expected 2, got 1. It was made by another version of gradex.'],
    ["rounds at other parameters", (grad) => merge([grad.pool(at, key(1), { rounds: 3 }), json(grad.pool({ logits: Float64Array.of(0.5, -2) }, key(1), { first: 3, rounds: 3 }))]), 'merge: "parts[1]" expected rounds of one run, with the parameters and context of the first, got others. Gradients at different parameters are of different functions.'],
    ["rounds of another key, though none is there twice", (grad) => merge([grad.pool(at, key(1), { rounds: 3 }), grad.pool(at, key(2), { first: 3, rounds: 3 })]), 'merge: "parts[1]" expected rounds of one run, with the key of the first, got another. Independent runs are merged by merge(parts, { independent: true }).'],
    ["rounds of another key with the same numbers", (grad) => merge([grad.pool(at, key(1), { rounds: 3 }), grad.pool(at, key(2), { rounds: 3 })]), "with the key of the first, got another. Independent runs are merged by merge(parts, { independent: true })."],
    ["rounds of another number of samples", (grad) => merge([grad.pool(at, key(1), { rounds: 3 }), make(10).pool(at, key(1), { first: 3, rounds: 3 })]), /with the estimator \(.* of bernoulli, 20 samples, batch 1\) of the first, got .* of bernoulli, 10 samples, batch 1\. Independent runs/],
    ["independent runs of one key", (grad) => merge([grad.pool(at, key(1), { rounds: 3 }), grad.pool(at, key(1), { first: 3, rounds: 3 })], { independent: true }), 'merge: "parts[1]" expected a run with a key of its own, got the key of another. Runs with one key have the same draws: they are not independent.'],
    ["independent runs at other parameters", (grad) => merge([grad.pool(at, key(1), { rounds: 3 }), grad.pool({ logits: Float64Array.of(0.5, -2) }, key(2), { rounds: 3 })], { independent: true }), 'merge: "parts[1]" expected the parameters and context of the others, got others.'],
    ["options it does not know", () => (merge as (...all: unknown[]) => unknown)([3], { weights: 1 }), 'merge: "weights" expected no such option, got 1. Known: independent.'],
    ["no rounds", (grad) => grad.pool(at, key(1), { rounds: 0 }), 'pool: "rounds" expected integer >= 1, got 0'],
  ])("refuses %s", (_, call, message) => {
    using grad = make();
    expect(() => call(grad)).toThrow(message);
  });
});
