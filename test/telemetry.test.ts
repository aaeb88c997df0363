import { describe, expect, it } from "vitest";
import { arm, batched, bernoulli, disarm, type Estimator, expectation, expression, given, gradient, type Integrand, key, network, scoreFunction, telemetry } from "../src/index.ts";

const square = batched((x, value) => x.forEach((b, i) => (value[i] = (b - 0.45) ** 2)));
const make = (by: Estimator<ReturnType<typeof bernoulli>, Integrand>, samples: number) => gradient(expectation(bernoulli(1), square), by, { samples });
const at = { logits: Float64Array.of(Math.log(1 / 9)) }; // p = 0.1

describe("telemetry", () => {
  // Exact variances of one sample of ∂/∂logit E(b − 0.45)² at p = 0.1.
  it.each([["disarm", disarm(), 3.24e-4], ["arm", arm(), 3.2566667e-4]] as const)("shows the exact variance of %s, as noise and over the estimates", (_, by, exact) => {
    using grad = make(by, 50);
    const seen = telemetry({ decay: 0.999 });
    for (let step = 0; step < 6000; step++) seen.observe(grad.estimate(at, key(1).fold(step)));
    const { mean, variance, noise } = seen.moments["logits"]!;
    expect(mean[0]! / 0.009).toBeCloseTo(1, 1);
    expect(noise[0]! / (exact / 50)).toBeGreaterThan(0.95);
    expect(noise[0]! / (exact / 50)).toBeLessThan(1.05);
    expect(variance[0]! / (exact / 50)).toBeGreaterThan(0.85); // of 2,000 independent estimates' worth: 3 %
    expect(variance[0]! / (exact / 50)).toBeLessThan(1.15);
    expect(seen.history.at(-1)!.logVariance["logits"]).toBeCloseTo(Math.log(noise[0]!), 1);
  });

  it("knows the first estimate as it is, without the pull of zeros", () => {
    using grad = make(disarm(), 8);
    const seen = telemetry();
    const estimate = grad.estimate(at, key(2));
    seen.observe(estimate);
    expect(seen.moments["logits"]!.mean[0]).toBeCloseTo(estimate.gradient.logits[0]!, 14);
    expect(seen.moments["logits"]!.noise[0]).toBeCloseTo(estimate.standardError.logits[0]! ** 2, 14);
    expect(seen.moments["logits"]!.variance[0]).toBeCloseTo(0, 14);
  });

  it("keeps a history of bounded length, evenly spaced", () => {
    using grad = make(disarm(), 8);
    const seen = telemetry({ history: 10 });
    for (let step = 0; step < 1000; step++) seen.observe(grad.estimate(at, key(3).fold(step)));
    expect(seen.steps).toBe(1000);
    const steps = seen.history.map(({ step }) => step);
    expect(steps.length).toBeGreaterThan(4);
    expect(steps.length).toBeLessThanOrEqual(10);
    expect(new Set(steps.slice(1).map((step, i) => step - steps[i]!)).size).toBe(1);
  });

  it("goes on from its JSON as if nothing had been", () => {
    using grad = make(scoreFunction(), 8);
    const whole = telemetry();
    let part = telemetry();
    for (let step = 0; step < 20; step++) {
      const estimate = grad.estimate(at, key(4).fold(step));
      whole.observe(estimate);
      part.observe(estimate);
      if (step === 9) part = telemetry({}, JSON.parse(JSON.stringify(part)));
    }
    expect(JSON.stringify(part)).toBe(JSON.stringify(whole));
  });

  it("follows parameters that have no standard error by their spread", () => {
    const f = expression((x, { w }) => x.dot(w).square(), { w: [2] });
    const encoder = network(({ u, U }) => ({ logits: u.matmul(U) }), { U: [1, 2] }, { u: 1 });
    using grad = gradient(expectation(given(bernoulli(2), encoder), f), disarm(), { samples: 4 });
    const seen = telemetry();
    for (let step = 0; step < 50; step++) seen.observe(grad.estimate({ U: Float64Array.of(0.5, -1), w: Float64Array.of(1, 2) }, key(5).fold(step), { context: { u: Float64Array.of(1) } }));
    expect(Object.keys(seen.moments)).toEqual(["U", "w"]);
    expect(seen.moments["w"]!.noise[0]).toBeNaN();
    expect(Number.isFinite(seen.history.at(-1)!.logVariance["w"])).toBe(true);
  });

  it("draws a chart that is one well-formed document, whatever parameters are called", () => {
    const seen = telemetry();
    const array = (x: number): Float64Array => Float64Array.of(x);
    for (let step = 0; step < 9; step++) {
      seen.observe({ value: array(0), valueStandardError: array(0), gradient: { "a<b & \"c\"": array(step % 3), z: array(1) }, standardError: { z: array(1 / (1 + step)) }, samples: 2, evaluations: { value: 2, gradient: 0 } } as never);
    }
    const svg = seen.chart({ title: "two < three" });
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(svg).toContain("a&lt;b &amp; &quot;c&quot;");
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(svg.replaceAll(/<(\w+)[^<>]*\/>|<(\w+)[^<>]*>[^<>]*<\/\2>/g, "")).toMatch(/^<svg [^<>]*>\s*<\/svg>\s*$/);
    expect(telemetry().chart()).toContain("<svg");
  });

  it("refuses what it does not know, and an estimate of other lengths", () => {
    expect(() => telemetry({ decay: 1 })).toThrow(new RangeError('telemetry: "decay" expected a number in [0, 1), got 1'));
    const seen = telemetry();
    using one = make(disarm(), 4);
    using three = gradient(expectation(bernoulli(3), square2), disarm(), { samples: 4 });
    seen.observe(one.estimate(at, key(1)));
    expect(() => seen.observe(three.estimate({ logits: new Float64Array(3) }, key(1)))).toThrow('observe: "estimate.gradient.logits" expected 1 numbers, as before, got 3');
  });
});

const square2 = batched((x, value) => value.forEach((_, i) => (value[i] = x[3 * i]!)));
