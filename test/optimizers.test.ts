import { describe, expect, it } from "vitest";
import { step as adamTwin } from "../reference/optimizers/adam.ts";
import { step as sgdTwin } from "../reference/optimizers/sgd.ts";
import { adam, batched, bernoulli, type Checkpoint, differentiable, disarm, expectation, gradient, key, maximize, minimize, momentum, movingAverage, normal, optimization, pathwise, scoreFunction, sgd } from "../src/index.ts";

const start = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(i));
const slope = (n: number, t: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.cos(i * 3 + t));

describe("an optimizer", () => {
  it.each([1, 2, 3, 7, 17, 1025])("adam moves %i parameters as its twin does", (n) => {
    const params = { a: start(n) };
    const twin = start(n);
    const [mean, square] = [new Float64Array(n), new Float64Array(n)];
    using ascent = optimization(adam({ rate: 0.1 }), params, { maximize: true });
    for (let t = 1; t <= 20; t++) {
      ascent.step(params, { a: slope(n, t) });
      adamTwin(t, 0.1, 0.9, 0.999, 1e-8, slope(n, t), mean, square, twin);
    }
    params.a.forEach((x, i) => expect(x).toBeCloseTo(twin[i]!, 11));
  });

  it.each([1, 3, 17])("momentum moves %i parameters as its twin does", (n) => {
    const params = { a: start(n) };
    const twin = start(n);
    const velocity = new Float64Array(n);
    using descent = optimization(momentum({ rate: 0.1, momentum: 0.8 }), params);
    for (let t = 1; t <= 20; t++) {
      descent.step(params, { a: slope(n, t) });
      sgdTwin(-0.1, 0.8, slope(n, t), velocity, twin);
    }
    params.a.forEach((x, i) => expect(x).toBeCloseTo(twin[i]!, 12));
  });

  it("sgd is a step along the gradient, over all arrays of the record, in both precisions", () => {
    const params = { a: Float32Array.of(1, 2, 3), b: Float32Array.of(4) };
    using descent = optimization(sgd({ rate: 0.5 }), params);
    descent.step(params, { a: Float32Array.of(1, 0, -1), b: Float32Array.of(8) });
    expect([...params.a, ...params.b]).toEqual([0.5, 2, 3.5, 0]);
  });

  it("goes on from its saved state to the same bits", () => {
    const [one, two] = [{ a: start(5) }, { a: start(5) }];
    using first = optimization(adam(), one);
    for (let t = 0; t < 3; t++) first.step(one, { a: slope(5, t) });
    using second = optimization(adam(), two);
    two.a.set(one.a);
    second.state = JSON.parse(JSON.stringify(first.state));
    first.step(one, { a: slope(5, 9) });
    second.step(two, { a: slope(5, 9) });
    expect(two).toEqual(one);
  });

  it("changes nothing where the gradient is not finite", () => {
    const params = { a: start(3) };
    using descent = optimization(adam(), params);
    const state = descent.state;
    expect(() => descent.step(params, { a: Float64Array.of(0, Number.NaN, 0) })).toThrow(RangeError);
    expect(params.a).toEqual(start(3));
    expect(descent.state).toEqual(state);
  });

  it("is gone after disposal", () => {
    const descent = optimization(adam(), { a: start(3) });
    descent.dispose();
    expect(() => descent.step({ a: start(3) }, { a: start(3) })).toThrow(new ReferenceError("step: this optimization was disposed. Make a new one, or dispose later."));
  });
});

describe("minimize and maximize", () => {
  const square = differentiable((x, value, gradientOf) => x.forEach((a, i) => { value[i] = (a - 3) ** 2; gradientOf[i] = 2 * (a - 3); }));
  const make = () => gradient(expectation(normal(1), square), pathwise(), { samples: 16 });
  const params = { mean: new Float64Array(1), logScale: new Float64Array(1) };

  it("follow the gradient to the minimum, and leave the starting point alone", async () => {
    using grad = make();
    let last;
    for await (const progress of minimize(grad, { params, optimizer: adam({ rate: 0.05 }), key: key(1), steps: 400 })) last = progress;
    expect(last!.step).toBe(400);
    expect(last!.params.mean[0]).toBeCloseTo(3, 1);
    expect(last!.params.logScale[0]!).toBeLessThan(-1);
    expect(params.mean[0]).toBe(0);
  });

  it("climb where asked", async () => {
    using grad = gradient(expectation(bernoulli(2), batched((x, value) => value.forEach((_, i) => (value[i] = x[2 * i]! - x[2 * i + 1]!)))), disarm(), { samples: 8 });
    let last;
    for await (const progress of maximize(grad, { params: { logits: new Float64Array(2) }, optimizer: sgd({ rate: 1 }), key: key(2), steps: 100 })) last = progress;
    expect(last!.params.logits[0]!).toBeGreaterThan(2);
    expect(last!.params.logits[1]!).toBeLessThan(-2);
  });

  it("resume from a checkpoint to the same bits, learned baselines and all", async () => {
    const f = batched((x, value) => x.forEach((b, i) => (value[i] = (b - 0.3) ** 2)));
    const fresh = () => gradient(expectation(bernoulli(1), f), scoreFunction({ baseline: movingAverage() }), { samples: 4 });
    const options = { params: { logits: new Float64Array(1) }, optimizer: adam({ rate: 0.1 }), key: key(5), steps: 30 };
    using whole = fresh();
    using half = fresh();
    using rest = fresh();
    let [end, again] = [Number.NaN, Number.NaN];
    for await (const { params: at } of minimize(whole, options)) end = at.logits[0]!;
    let saved: string | undefined;
    for await (const progress of minimize(half, { ...options, steps: 30 })) {
      saved = JSON.stringify(progress.checkpoint());
      if (progress.step === 17) break;
    }
    let steps = 0;
    for await (const { params: at } of minimize(rest, { ...options, resume: JSON.parse(saved!) as Checkpoint })) {
      again = at.logits[0]!;
      steps++;
    }
    expect(steps).toBe(13);
    expect(again).toBe(end);
  });

  it("end at the signal", async () => {
    using grad = make();
    const controller = new AbortController();
    let steps = 0;
    for await (const _ of minimize(grad, { params, optimizer: adam(), key: key(1), steps: 1000, signal: controller.signal })) if (++steps === 3) controller.abort();
    expect(steps).toBe(3);
  });

  it("refuse wrong options at once", () => {
    using grad = make();
    expect(() => minimize(grad, { params, optimizer: adam(), key: key(1), steps: -1 })).toThrow(new RangeError('minimize: "steps" expected integer >= 1, got -1'));
    expect(() => minimize(grad, { params, optimizer: adam(), key: key(1), step: 3 } as never)).toThrow(TypeError);
  });
});
