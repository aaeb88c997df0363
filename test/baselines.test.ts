import { describe, expect, it } from "vitest";
import {
  type Baseline, batched, bernoulli, constant, expectation, expression, gradient, key, leaveOneOut, linearBaseline, movingAverage, networkBaseline, none, scoreFunction,
} from "../src/index.ts";

/** Problems whose objective differs by a large known function of their context: what an input-dependent baseline is for. */
const batch = 32;
const context = { u: Float64Array.from({ length: 2 * batch }, (_, i) => Math.sin(1 + i * 1.7)) };
const offset = (u: ArrayLike<number>, b: number): number => 5 * u[2 * b]! - 3 * u[2 * b + 1]! + 2;
const f = batched((x, value, { context: { u } }) => {
  for (let i = 0; i < value.length; i++) value[i] = (x[i]! - 0.45) ** 2 + offset(u!, i % batch);
});
const params = { logits: new Float64Array(batch).fill(-0.5) };
const p = 1 / (1 + Math.exp(0.5));
const truth = 0.1 * p * (1 - p);

/** Mean and variance of the gradient, all problems together, over steps after `skip` steps of learning. */
function run(baseline: Baseline, { steps = 400, skip = 1000, samples = 2 } = {}): { z: number; variance: number; sums: Float64Array } {
  using grad = gradient(expectation(bernoulli(1), f), scoreFunction({ baseline }), { samples, batch });
  for (let step = 0; step < skip; step++) grad.estimate(params, key("learn").fold(step), { context });
  let sum = 0;
  let square = 0;
  const sums = new Float64Array(batch);
  for (let step = 0; step < steps; step++) {
    const { gradient: g } = grad.estimate(params, key("use").fold(step), { context });
    g.logits.forEach((x, b) => {
      sum += x - truth;
      square += (x - truth) ** 2;
      sums[b]! += x - truth;
    });
  }
  const n = steps * batch;
  return { z: sum / Math.sqrt(square), variance: square / n, sums };
}

describe("a baseline", () => {
  const families: readonly [string, () => Baseline][] = [
    ["none", none],
    ["constant", () => constant(2)],
    ["movingAverage", movingAverage],
    ["movingAverage, pooled", () => movingAverage({ pooled: true })],
    ["leaveOneOut", leaveOneOut],
    ["linearBaseline", () => linearBaseline({ u: 2 })],
    ["networkBaseline", () => networkBaseline({ u: 2 }, { hidden: [16] })],
  ];

  it.each(families)("%s costs no bias, from the first step on", (_, make) => {
    expect(Math.abs(run(make(), { skip: 0, steps: 1500 }).z)).toBeLessThan(4);
  });

  it("that is learned takes out what the context explains", () => {
    const without = run(none()).variance;
    const linear = run(linearBaseline({ u: 2 })).variance;
    const network = run(networkBaseline({ u: 2 }, { hidden: [16] }), { skip: 3000 }).variance;
    expect(linear).toBeLessThan(without / 300);
    expect(network).toBeLessThan(without / 100);
  });

  it("that averages per problem beats one that pools, where problems differ", () => {
    expect(run(movingAverage()).variance).toBeLessThan(run(movingAverage({ pooled: true })).variance / 100);
  });

  it.each(families)("%s says the same after a save and a restore", (_, make) => {
    const fresh = () => gradient(expectation(bernoulli(1), f), scoreFunction({ baseline: make() }), { samples: 2, batch });
    using first = fresh();
    using second = fresh();
    for (let step = 0; step < 20; step++) first.estimate(params, key(1).fold(step), { context });
    second.state = JSON.parse(JSON.stringify(first.state));
    for (let step = 20; step < 25; step++) {
      expect(second.estimate(params, key(1).fold(step), { context })).toEqual(first.estimate(params, key(1).fold(step), { context }));
    }
  });

  it("says which context is missing", () => {
    using grad = gradient(expectation(bernoulli(1), f), scoreFunction({ baseline: linearBaseline({ u: 2 }) }), { samples: 2, batch });
    expect(() => grad.estimate(params, key(1))).toThrow(new TypeError('estimate: "context.u" expected an array of 64, [batch, width], got undefined. Pass it as { context }.'));
  });

  it("and an f that ask for one context array share it, if they agree on its width", () => {
    const g = expression((x, { u }) => x.mul(u.sum()), {}, { u: 3 });
    expect(() => gradient(expectation(bernoulli(1), g), scoreFunction({ baseline: linearBaseline({ u: 2 }) }), { samples: 2, batch })).toThrow(
      new RangeError('gradient: "context.u" expected one width, 3 as first asked for, got 2'),
    );
  });
});
