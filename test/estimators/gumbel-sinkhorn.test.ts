import { describe, expect, it } from "vitest";
import { annealed, expectation, expression, gradient, gumbelSinkhorn, key, normal, permutation, type Precision } from "../../src/index.ts";
import { replicates } from "./replicates.ts";

const toy = expression((x) => x.sub(0.45).square().sum());
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** The density of the sum of two logistic variables, from its distribution function eᵘ (eᵘ − 1 − u) / (eᵘ − 1)². */
function density(u: number): number {
  const s = Math.abs(u);
  const e = Math.exp(-s);
  return s < 0.01 ? 1 / 6 - (s * s) / 60 : (e * (s - 2 + (s + 2) * e)) / (1 - e) ** 3;
}

/**
 * The mean slope of the logit of staying, by quadrature. Of two items y is s = sigmoid(d / 2 temperature) on the diagonal and 1 − s beside it, where d is the
 * difference of the sums of z, and so logistic noise twice; f's slope along s is 8 s − 4, taken at the draw itself if `hard`.
 */
function slope(logits: readonly number[], temperature: number, hard: boolean): number {
  const shift = logits[0]! + logits[3]! - logits[1]! - logits[2]!;
  const step = 0.001;
  let total = 0;
  for (let u = -45 + step / 2; u < 45; u += step) {
    const s = sigmoid((shift + u) / (2 * temperature));
    const at = hard ? Number(shift + u > 0) : s;
    total += (step * density(u) * (8 * at - 4) * s * (1 - s)) / (2 * temperature);
  }
  return total;
}

const logits = [0.3, -0.4, -0.2, 0.6];

describe.each(["f64", "f32"] as const satisfies readonly Precision[])("gumbelSinkhorn in %s", (precision) => {
  it.each([[1, false], [0.3, false], [1, true], [0.3, true]] as const)("of two items at temperature %f, hard %s, tends to the slope of its own objective", (temperature, hard) => {
    const seen = replicates(permutation(2), toy, gumbelSinkhorn({ temperature, hard }), { logits }, { samples: 1, count: 20_000, seed: 5, precision });
    const expected = slope(logits, temperature, hard);
    [1, -1, -1, 1].forEach((sign, k) => expect(Math.abs(seen.mean["logits"]![k]! - sign * expected) / seen.error["logits"]![k]!).toBeLessThan(4));
  });
});

describe("gumbelSinkhorn", () => {
  it("says what is biased, and follows a schedule of temperatures", () => {
    const at = { logits: Float64Array.from(logits) };
    const temperature = annealed({ from: 2, to: 0.5, steps: 1 });
    using soft = gradient(expectation(permutation(2), toy), gumbelSinkhorn({ temperature }), { samples: 8 });
    using cold = gradient(expectation(permutation(2), toy), gumbelSinkhorn({ temperature: 0.5 }), { samples: 8 });
    using hard = gradient(expectation(permutation(2), toy), gumbelSinkhorn({ temperature, hard: true }), { samples: 8 });
    expect(soft.estimate(at, key(1)).biased).toEqual(["value", "logits"]);
    expect(hard.estimate(at, key(1)).biased).toEqual(["logits"]);
    expect(Array.from(soft.estimate(at, key(2)).gradient.logits)).toEqual(Array.from(cold.estimate(at, key(2)).gradient.logits));
  });

  it("refuses what it cannot use", () => {
    const loose = gumbelSinkhorn as unknown as (options: unknown) => never;
    expect(() => gumbelSinkhorn({ temperature: 0 })).toThrow('gumbelSinkhorn: "temperature" expected a number > 0, got 0');
    expect(() => loose({ temperature: 1, hard: 1 })).toThrow('gumbelSinkhorn: "hard" expected true or false, got 1');
    expect(() => loose({ temperature: 1, iterations: 20 })).toThrow('gumbelSinkhorn: "iterations" expected no such option, got 20. Known: temperature, hard.');
    expect(() => gradient(expectation(normal(4) as never, toy), loose({ temperature: 1 }), { samples: 2 })).toThrow("gumbelSinkhorn: normal has no relaxation.");
  });
});
