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
  it.each<[string, (grad: ReturnType<typeof make>) => unknown, string]>([
    ["nothing", () => loose([]), 'merge: "parts" expected a list of estimates, one at least, got an array of 0'],
    ["what is no estimate", () => loose([3]), 'merge: "parts[0]" expected an estimate, or pooled rounds, got 3'],
    ["an estimate that went through JSON", (grad) => loose([json(grad.estimate(at, key(1)))]), 'merge: "parts[0]" expected an estimate, or pooled rounds, got an object with value, valueStandardError, gradient, standardError, samples and evaluations. To send an estimate as JSON, make it with grad.pool().'],
    ["a round that is there twice", (grad) => merge([grad.pool(at, key(1), { rounds: 4 }), grad.pool(at, key(1), { first: 3, rounds: 2 })]), 'merge: "parts" expected every round once, got round 3 twice. Give each machine rounds of its own.'],
    ["rounds and estimates together", (grad) => merge([grad.pool(at, key(1), { rounds: 1 }), grad.estimate(at, key(2))]), "merge: rounds of a run and single estimates do not mix. Merge the rounds first, then the estimates."],
    ["a part of another version", (grad) => loose([{ ...json(grad.pool(at, key(1), { rounds: 1 })), version: 2 }]), 'merge: "parts[0].version" expected 1, got 2. It was made by another version of gradex.'],
    ["no rounds", (grad) => grad.pool(at, key(1), { rounds: 0 }), 'pool: "rounds" expected integer >= 1, got 0'],
  ])("refuses %s", (_, call, message) => {
    using grad = make();
    expect(() => call(grad)).toThrow(message);
  });
});
