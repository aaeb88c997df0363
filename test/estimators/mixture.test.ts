import { describe, expect, it } from "vitest";
import { responsibilities, weights } from "../../reference/distributions/mixture.ts";
import { logProb as normalLogProb } from "../../reference/distributions/normal.ts";
import { differentiable, type Distribution, type Estimator, exponential, expectation, gradient, type Integrand, key, mixtureSameFamily, normal, pathwise, sample, scoreFunction, type Shapes, type Values } from "../../src/index.ts";

const square = differentiable((x, value, slope) => x.forEach((a, i) => { value[i] = a * a; slope[i] = 2 * a; }));
const estimators = [["scoreFunction", scoreFunction()], ["pathwise", pathwise()]] as unknown as readonly (readonly [string, Estimator<never, never>])[];
type Params = Readonly<Record<string, readonly number[]>>;

const problems: readonly Params[] = [
  { logits: [0.5, -0.25], mean: [-1, 1.5], logScale: [0, -0.5] },
  { logits: [-1, 1], mean: [0.5, 0.25], logScale: [0.25, 0] },
  { logits: [-40, 1], mean: [0.5, 1], logScale: [0.25, -0.25] },
];

/** ∂E[x²], E[x²] = Σ πₖ mₖ, of the mixture: mₖ of each component and its slope by each number. */
function exact(logits: readonly number[], second: readonly number[], slopes: Params): Params {
  const all = weights(logits);
  const value = all.reduce((sum, w, k) => sum + w * second[k]!, 0);
  return {
    value: [value],
    logits: all.map((w, k) => w * (second[k]! - value)),
    ...Object.fromEntries(Object.entries(slopes).map(([name, own]) => [name, own.map((slope, k) => all[k]! * slope)])),
  };
}

const ofNormals = ({ logits, mean, logScale }: Params): Params =>
  exact(logits!, mean!.map((m, k) => m * m + Math.exp(2 * logScale![k]!)), { mean: mean!.map((m) => 2 * m), logScale: logScale!.map((s) => 2 * Math.exp(2 * s)) });
const ofWaiting = ({ logits, logRate }: Params): Params =>
  exact(logits!, logRate!.map((r) => 2 * Math.exp(-2 * r)), { logRate: logRate!.map((r) => -4 * Math.exp(-2 * r)) });

/** Each coordinate within 4 of its own standard errors of the exact gradient. */
function check(p: Distribution, by: Estimator<never, never>, precision: "f64" | "f32", given: readonly Params[], truth: (problem: Params) => Params): void {
  const type = (precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor;
  const params = Object.fromEntries(Object.keys(given[0]!).map((name) => [name, type.from(given.flatMap((q) => q[name]!))]));
  using grad = gradient(expectation(p, square as Integrand), by as Estimator<Distribution, Integrand>, { samples: 60_000, batch: given.length, precision: precision as "f64" });
  const { value, valueStandardError, gradient: g, standardError } = grad.estimate(params as Values<Shapes, Float64Array>, key(31));
  given.forEach((problem, b) => {
    const { value: due, ...slopes } = truth(problem);
    expect(Math.abs(value[b]! - due![0]!) / valueStandardError[b]!).toBeLessThan(4);
    for (const [name, own] of Object.entries(slopes)) {
      own.forEach((slope, k) => {
        const at = b * own.length + k;
        const error = (standardError as Record<string, Float64Array>)[name]![at]!;
        const off = Math.abs((g as Record<string, Float64Array>)[name]![at]! - slope);
        expect(off, `${name}[${k}] of problem ${b}`).toBeLessThan(4 * error + (precision === "f64" ? 1e-12 : 1e-5));
      });
    }
  });
}

describe.each(estimators)("%s of a mixture is unbiased", (_, by) => {
  for (const precision of ["f64", "f32"] as const) {
    for (const batch of [1, 3]) {
      it(`for x² of two normals, in logits, means and scales: ${precision}, batch ${batch}`, () => check(mixtureSameFamily(normal(1), 2), by, precision, problems.slice(0, batch), ofNormals));
    }
    it(`for x² of three waiting times: ${precision}`, () => check(mixtureSameFamily(exponential(1), 3), by, precision, [{ logits: [0.5, 0, -1], logRate: [-0.5, 0, 0.75] }], ofWaiting));
  }
});

describe("a mixture of normals in two dimensions", () => {
  it("has a score function and no path, by type and by sentence", () => {
    const p = mixtureSameFamily(normal(2), 2);
    expect(() => gradient(expectation(p, square), pathwise() as never, { samples: 10 })).toThrow(/path/u);
    using grad = gradient(expectation(p, square), scoreFunction(), { samples: 10 });
    const estimate = grad.estimate({ logits: Float64Array.of(0, 1), mean: Float64Array.of(0, 0, 1, 1), logScale: new Float64Array(4) }, key(1));
    expect(estimate.gradient.mean.every(Number.isFinite)).toBe(true);
  });
});

it("draws each component as often as its weight says: shares average to the weights", () => {
  const [{ logits, mean, logScale }] = problems as unknown as readonly [{ logits: number[]; mean: number[]; logScale: number[] }];
  const params = { logits: Float64Array.from(logits), mean: Float64Array.from(mean), logScale: Float64Array.from(logScale) };
  const x = sample(mixtureSameFamily(normal(1), 2), params, key(5), { samples: 40_000 });
  const shares = Array.from(x, (v: number) => responsibilities(logits, mean.map((m, k) => normalLogProb(v, m, logScale[k]!)))[0]!);
  const average = shares.reduce((a, b) => a + b, 0) / shares.length;
  expect(Math.abs(average - weights(logits)[0]!)).toBeLessThan(4 * Math.sqrt(0.25 / shares.length));
});
