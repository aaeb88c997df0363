import { describe, expect, it } from "vitest";
import {
  adam, batched, bernoulli, constant, differentiable, disarm, enumerate, expectation, gradient, key, kl, normal, optimization, pathwise, sample, scoreFunction, sgd,
} from "../src/index.ts";

/** Calls that TypeScript refuses, as JavaScript makes them. */
const loose = { bernoulli, batched, disarm, enumerate, expectation, gradient, key, pathwise, sample, scoreFunction } as unknown as Record<string, (...given: unknown[]) => never>;
const f = batched((x, value) => x.forEach((b, i) => (value[i] = b)));
const zero = { logits: new Float64Array(1) };
const one = (by = scoreFunction(), g = f) => gradient(expectation(bernoulli(1), g), by, { samples: 4 });

const cases: readonly [string, () => unknown, new (message: string) => Error, string][] = [
  ["a dim of 0", () => bernoulli(0), RangeError, 'bernoulli: "dim" expected integer >= 1, got 0'],
  ["a fractional dim", () => bernoulli(2.5), RangeError, 'bernoulli: "dim" expected integer >= 1, got 2.5'],
  ["a dim of text", () => loose["bernoulli"]!("3"), TypeError, 'bernoulli: "dim" expected integer >= 1, got "3"'],
  ["no samples", () => gradient(expectation(bernoulli(1), f), disarm(), { samples: 0 }), RangeError, 'gradient: "samples" expected integer >= 1, got 0'],
  ["too few samples", () => gradient(expectation(bernoulli(1), f), scoreFunction(), { samples: 1 }), RangeError, 'gradient: "samples" expected at least 2, as scoreFunction needs, got 1'],
  ["a misspelt option", () => loose["gradient"]!(expectation(bernoulli(1), f), disarm(), { sample: 3 }), TypeError, 'gradient: "sample" expected no such option, got 3. Known: samples, batch, precision.'],
  ["an unknown precision", () => loose["gradient"]!(expectation(bernoulli(1), f), disarm(), { samples: 3, precision: "f16" }), RangeError, 'gradient: "precision" expected "f64" or "f32", got f16'],
  ["a family without a path", () => loose["gradient"]!(expectation(bernoulli(1), differentiable(() => {})), pathwise(), { samples: 3 }), TypeError, "pathwise: bernoulli has no path. Use scoreFunction(), disarm() or enumerate()."],
  ["an f without a gradient", () => loose["gradient"]!(expectation(normal(1), f), pathwise(), { samples: 3 }), TypeError, "pathwise: f is not differentiable. Use differentiable(f) or expression(f), or scoreFunction()."],
  ["a normal by disarm", () => loose["gradient"]!(expectation(normal(1), f), disarm(), { samples: 3 }), TypeError, "disarm: normal has no antithetic pairs. Use scoreFunction()."],
  ["a support past the budget", () => gradient(expectation(bernoulli(30), f), enumerate(), { samples: 1 }), RangeError, 'enumerate: "budget" expected at least the 1073741824 points that bernoulli has, got 65536. Raise it, or estimate with disarm() or scoreFunction().'],
  ["a bare function as f", () => loose["expectation"]!(bernoulli(1), () => {}), TypeError, 'expectation: "integrand" expected batched(f), differentiable(f) or expression(f), got a function. Wrap the function.'],
  ["something else as f", () => loose["batched"]!(3), TypeError, 'batched: "f" expected a function, got 3'],
  ["params of another length", () => one().estimate({ logits: new Float64Array(6) }, key(1)), RangeError, 'estimate: "params.logits" expected 1 numbers, got 6'],
  ["params of another precision", () => one().estimate({ logits: new Float32Array(1) as never }, key(1)), TypeError, 'estimate: "params.logits" expected a Float64Array of 1, got a Float32Array of 1. One call has one precision: make its arrays alike, or say { precision: "f32" }.'],
  ["params that are an array", () => one().estimate(new Float64Array(1) as never, key(1)), TypeError, 'estimate: "params" expected an object with logits, got a Float64Array of 1'],
  ["NaN in params", () => one().estimate({ logits: Float64Array.of(Number.NaN) }, key(1)), RangeError, 'estimate: "params.logits[0]" expected a number, ∞ or −∞, got NaN'],
  ["no key", () => one().estimate(zero, undefined as never), TypeError, 'estimate: "key" expected a key, got undefined. Make one with key(seed).'],
  ["f that gives NaN", () => one(scoreFunction(), batched((_, value) => value.fill(1).fill(Number.NaN, 3))).estimate(zero, key(1)), RangeError, "estimate: f returned NaN for point 3 of 4. Write a finite number for every point."],
  ["f that gives ∞", () => one(scoreFunction(), batched((_, value) => void value.fill(Number.POSITIVE_INFINITY))).estimate(zero, key(1)), RangeError, "estimate: f returned Infinity for point 0 of 4. Write a finite number for every point."],
  ["f that returns values", () => one(scoreFunction(), loose["batched"]!(() => [1, 2])).estimate(zero, key(1)), RangeError, "estimate: f returned NaN for point 0 of 4. Write a finite number for every point."],
  ["f that is asynchronous", () => one(scoreFunction(), loose["batched"]!(async () => {})).estimate(zero, key(1)), TypeError, 'estimate: "f" expected to write its values before it returns, got a promise. For an f that waits, use propose() and combine().'],
  ["arrays of two precisions", () => sample(normal(1), { mean: new Float64Array(1), logScale: new Float32Array(1) }, key(1), { samples: 1 }), TypeError, 'sample: "params.logScale" expected a Float64Array, as the arrays before it, got a Float32Array of 1. One call has one precision.'],
  ["plain arrays", () => loose["sample"]!(normal(1), { mean: [0], logScale: [0] }, key(1), { samples: 1 }), TypeError, 'sample: "params.mean" expected a Float64Array or a Float32Array, got an array of 1'],
  ["a start within a chunk", () => sample(bernoulli(1), zero, key(1), { samples: 1, first: 5 }), RangeError, 'sample: "first" expected a multiple of 1024, got 5. Chunks of a stream are whole.'],
  ["a baseline that is a number", () => loose["scoreFunction"]!({ baseline: 3 }), TypeError, 'scoreFunction: "baseline" expected a baseline, got 3. For a number use constant(number).'],
  ["a constant that is NaN", () => constant(Number.NaN), RangeError, 'constant: "value" expected a finite number, got NaN'],
  ["a rate of 0", () => sgd({ rate: 0 }), RangeError, 'sgd: "rate" expected a number > 0, got 0'],
  ["a prior of another length", () => gradient(expectation(bernoulli(1), f, { minus: kl({ logits: new Float64Array(2) }) }), disarm(), { samples: 1 }), RangeError, 'kl: "prior.logits" expected 1 numbers, got 2'],
  ["a gradient that is not finite", () => optimization(adam(), { a: new Float64Array(2) }).step({ a: new Float64Array(2) }, { a: Float64Array.of(0, Number.NaN) }), RangeError, 'step: "gradient (number 1)" expected finite numbers, got NaN'],
];

describe("an error names caller, argument, what was expected, what came, and the cure", () => {
  it.each(cases)("for %s", (_, call, kind, message) => {
    let thrown: unknown;
    try {
      call();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(kind);
    expect((thrown as Error).message).toBe(message);
  });
});
