import { describe, expect, it } from "vitest";
import { batched, bernoulli, constant, expectation, gradient, key, leaveOneOut, none, normal, scoreFunction, type Values } from "../../src/index.ts";

const count = 20_000;
const logits = [0.3, -0.8, 1.2];
const probs = logits.map((l) => 1 / (1 + Math.exp(-l)));
const weights = [2, -1, 3];
const tiled = { logits: Float64Array.from({ length: 3 * count }, (_, i) => logits[i % 3]!) };

/** f is nearly linear: h = Σ w x explains most of it, and E[h] = Σ w p is known with its gradient w p (1 − p). */
const f = batched((x, value) => value.forEach((_, i) => (value[i] = weights.reduce((sum, w, j) => sum + w * x[3 * i + j]!, 7) + 0.3 * x[3 * i]! * x[3 * i + 2]!)));
const control = batched((x, value) => value.forEach((_, i) => (value[i] = weights.reduce((sum, w, j) => sum + w * x[3 * i + j]!, 0))));
const mean = () => ({
  value: new Float64Array(count).fill(weights.reduce((sum, w, j) => sum + w * probs[j]!, 0)),
  gradient: { logits: tiled.logits.map((_, i) => weights[i % 3]! * probs[i % 3]! * (1 - probs[i % 3]!)) },
});
const exact = probs.map((p, j) => p * (1 - p) * (weights[j]! + (j === 0 ? 0.3 * probs[2]! : j === 2 ? 0.3 * probs[0]! : 0)));
const exactValue = 7 + weights.reduce((sum, w, j) => sum + w * probs[j]!, 0) + 0.3 * probs[0]! * probs[2]!;

function measure(by: ReturnType<typeof scoreFunction>, samples: number): { z: number[]; variance: number[]; valueZ: number } {
  using grad = gradient(expectation(bernoulli(3), f), by, { samples, batch: count });
  const { value, gradient: g } = grad.estimate(tiled, key(1));
  const moments = (of: (b: number) => number, truth: number): { z: number; variance: number } => {
    let [sum, square] = [0, 0];
    for (let b = 0; b < count; b++) {
      const d = of(b) - truth;
      sum += d;
      square += d * d;
    }
    return { z: sum / Math.sqrt(square), variance: square / count };
  };
  const own = exact.map((truth, j) => moments((b) => g.logits[3 * b + j]!, truth));
  return { z: own.map(({ z }) => z), variance: own.map(({ variance }) => variance), valueZ: moments((b) => value[b]!, exactValue).z };
}

describe("a control variate", () => {
  it.each([["leave-one-out", leaveOneOut()], ["no baseline", none()], ["a constant", constant(8)]])("costs no bias with %s, however few the samples", (_, baseline) => {
    for (const samples of [3, 5, 16]) {
      const { z, valueZ } = measure(scoreFunction({ baseline, controlVariate: { control, mean } }), samples);
      [...z, valueZ].forEach((each) => expect(Math.abs(each)).toBeLessThan(4));
    }
  });

  it("takes out the noise that it explains", () => {
    const plain = measure(scoreFunction(), 16).variance;
    const less = measure(scoreFunction({ controlVariate: { control, mean } }), 16).variance;
    less.forEach((variance, j) => expect(variance).toBeLessThan(plain[j]! / 20));
  });

  it("works on every parameter of a family with several", () => {
    const at = { mean: Float64Array.of(0.5), logScale: Float64Array.of(-0.2) };
    const cube = batched((x, value) => x.forEach((a, i) => (value[i] = a * a + 0.1 * a ** 3)));
    const square = batched((x, value) => x.forEach((a, i) => (value[i] = a * a)));
    const known = ({ mean: [m], logScale: [s] }: Values<{ mean: [1]; logScale: [1] }>) => ({
      value: Float64Array.of(m! * m! + Math.exp(2 * s!)),
      gradient: { mean: Float64Array.of(2 * m!), logScale: Float64Array.of(2 * Math.exp(2 * s!)) },
    });
    using grad = gradient(expectation(normal(1), cube), scoreFunction({ controlVariate: { control: square, mean: known as never } }), { samples: 50_000 });
    const { gradient: g, standardError } = grad.estimate(at, key(3));
    const variance = Math.exp(-0.4);
    const exactMean = 2 * 0.5 + 0.3 * (0.25 + variance);
    const exactScale = 2 * variance + 0.1 * 6 * 0.5 * variance;
    expect(Math.abs(g.mean[0]! - exactMean) / standardError.mean[0]!).toBeLessThan(4);
    expect(Math.abs(g.logScale[0]! - exactScale) / standardError.logScale[0]!).toBeLessThan(4);
  });

  it("of the wrong shape is named", () => {
    using grad = gradient(expectation(bernoulli(3), f), scoreFunction({ controlVariate: { control, mean: () => ({ value: new Float64Array(2), gradient: {} }) } }), { samples: 4 });
    expect(() => grad.estimate({ logits: new Float64Array(3) }, key(1))).toThrow(new RangeError('estimate: "controlVariate.mean().value" expected 1 numbers, got 2'));
  });
});
