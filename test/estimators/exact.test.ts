import { describe, expect, it } from "vitest";
import { arm, batched, bernoulli, constant, differentiable, disarm, type Estimator, leaveOneOut, none, normal, pathwise, scoreFunction } from "../../src/index.ts";
import { type Replicates, replicates } from "./replicates.ts";

type Any = Estimator<never, never>;
const logit = (p: number): number => Math.log(p / (1 - p));

/** Within 4 standard errors of the exact mean, and 5 % of the exact variance (plus rounding, where the exact variance is 0). */
function agree(measured: Replicates, name: string, j: number, mean: number, variance: number): void {
  const z = Math.abs(measured.mean[name]![j]! - mean) / Math.max(measured.error[name]![j]!, 1e-15);
  expect(z).toBeLessThan(4);
  if (variance === 0) expect(measured.variance[name]![j]!).toBeLessThan(1e-28);
  else expect(Math.abs(measured.variance[name]![j]! / variance - 1)).toBeLessThan(0.05);
}

describe("E (b − t)² over one coin: mean and variance are the exact ones", () => {
  // Gradient and variances by hand, with D = 1 − 2t, v = θ(1 − θ); leave-one-out by its binomial sum.
  const table: readonly [t: number, p: number, mean: number, none: number, loo2: number, loo4: number, loo10: number, disarm: number, arm: number][] = [
    [0.45, 0.5, 0.025, 0.0159390625, 6.25e-4, 1.0416667e-4, 1.3888889e-5, 0, 2.0833333e-4],
    [0.45, 0.1, 0.009, 0.0077000625, 3.69e-4, 1.575e-4, 5.94e-5, 3.24e-4, 3.2566667e-4],
    [0.49, 0.5, 0.005, 0.0156375025, 2.5e-5, 4.1666667e-6, 5.5555556e-7, 0, 8.3333333e-6],
    [0.49, 0.1, 0.0018, 0.0059954049, 1.476e-5, 6.3e-6, 2.376e-6, 1.296e-5, 1.3026667e-5],
    [0.499, 0.5, 0.0005, 0.015625125, 2.5e-7, 4.1666667e-8, 5.5555556e-9, 0, 8.3333333e-8],
    [0.499, 0.1, 0.00018, 0.005661102744, 1.476e-7, 6.3e-8, 2.376e-8, 1.296e-7, 1.3026667e-7],
  ];
  const estimators: readonly [string, Any, number, 3 | 4 | 5 | 6 | 7 | 8][] = [
    ["scoreFunction without baseline", scoreFunction({ baseline: none() }), 1, 3],
    ["leave-one-out of 2", scoreFunction(), 2, 4],
    ["leave-one-out of 4", scoreFunction({ baseline: leaveOneOut() }), 4, 5],
    ["leave-one-out of 10", scoreFunction(), 10, 6],
    ["disarm", disarm(), 1, 7],
    ["arm", arm(), 1, 8],
  ];
  const cases = table.flatMap((row) => estimators.map(([name, by, samples, column]) => ({ name, by, samples, t: row[0], p: row[1], mean: row[2], variance: row[column] })));
  it.each(cases)("$name at t = $t, p = $p", ({ by, samples, t, p, mean, variance }) => {
    const f = batched((x, value) => x.forEach((b, i) => (value[i] = (b - t) ** 2)));
    agree(replicates(bernoulli(1), f, by, { logits: [logit(p)] }, { samples, count: 200_000 }), "logits", 0, mean, variance);
  });

  it("a constant baseline at its optimum has no variance at all", () => {
    const [t, p] = [0.45, 0.3];
    const best = (1 - p) * (1 - t) ** 2 + p * t ** 2;
    const f = batched((x, value) => x.forEach((b, i) => (value[i] = (b - t) ** 2)));
    agree(replicates(bernoulli(1), f, scoreFunction({ baseline: constant(best) }), { logits: [logit(p)] }, { samples: 1, count: 10_000 }), "logits", 0, 0.1 * p * (1 - p), 0);
  });
});

describe("three coins with one logit (Liu 2019): mean and variance are the exact ones", () => {
  const p0 = [0.6, 0.51, 0.48];
  const f = batched((x, value) => {
    for (let i = 0; i < value.length; i++) value[i] = p0.reduce((sum, t, j) => sum + (x[3 * i + j]! - t) ** 2, 0);
  });
  const shared = (g: Record<string, ArrayLike<number>>, b: number) => ({ eta: [g["logits"]![3 * b]! + g["logits"]![3 * b + 1]! + g["logits"]![3 * b + 2]!] });
  const cases: readonly [eta: number, samples: number, by: Any, mean: number, variance: number][] = [
    [0, 1, scoreFunction({ baseline: none() }), -0.045, 0.4384201875],
    [0, 2, scoreFunction(), -0.045, 0.007275],
    [0, 3, scoreFunction(), -0.045, 0.0032],
    [0, 4, scoreFunction(), -0.045, 0.0019875],
    [0, 8, scoreFunction(), -0.045, 7.5803571e-4],
    [-4, 1, scoreFunction({ baseline: none() }), -0.0031792871184, 0.0335567667],
    [-4, 2, scoreFunction(), -0.0031792871184, 3.810247e-4],
    [-4, 4, scoreFunction(), -0.0031792871184, 1.822763e-4],
    [-4, 8, scoreFunction(), -0.0031792871184, 8.996158e-5],
  ];
  it.each(cases)("η = %d, %d samples", (eta, samples, by, mean, variance) => {
    agree(replicates(bernoulli(3), f, by, { logits: [eta, eta, eta] }, { samples, count: 400_000, combine: shared }), "eta", 0, mean, variance);
  });
});

describe("a normal with mean 1 and scale 1 (Mohamed et al. 2020): mean and variance are the exact ones", () => {
  const at = { mean: [1], logScale: [0] };
  const square = (k: number) => differentiable((x, value, slope) => x.forEach((a, i) => { value[i] = (a - k) ** 2; slope[i] = 2 * (a - k); }));
  const bell = (k: number) => differentiable((x, value, slope) => x.forEach((a, i) => { value[i] = Math.exp(-k * a * a); slope[i] = -2 * k * a * value[i]!; }));
  const wave = (k: number) => differentiable((x, value, slope) => x.forEach((a, i) => { value[i] = Math.cos(k * a); slope[i] = -k * Math.sin(k * a); }));
  const bellMean = (k: number): [number, number] => {
    const value = Math.exp(-k / (1 + 2 * k)) / Math.sqrt(1 + 2 * k);
    return [(-2 * k * value) / (1 + 2 * k), value * ((2 * k) ** 2 / 2 / (1 + 2 * k) ** 2 * 2 - (2 * k) / (1 + 2 * k))];
  };
  const waveMean = (k: number): [number, number] => [-k * Math.sin(k) * Math.exp(-k * k / 2), -k * k * Math.cos(k) * Math.exp(-k * k / 2)];
  const score = scoreFunction({ baseline: none() });
  const cases: readonly [string, ReturnType<typeof square>, Any, [number, number], [number | undefined, number | undefined]][] = [
    ["score function, (x + 3)²", square(-3), score, [8, 2], [495, 1546]],
    ["score function, x²", square(0), score, [2, 2], [30, 136]],
    ["score function, (x − 1)²", square(1), score, [0, 2], [15, 74]],
    ["score function, (x − 3)²", square(3), score, [-4, 2], [87, 346]],
    ["constant baseline E f, x²", square(0), scoreFunction({ baseline: constant(2) }), [2, 2], [18, 96]],
    ["the best constant for the mean, x²", square(0), scoreFunction({ baseline: constant(4) }), [2, 2], [14, undefined]],
    ["the best constant for the scale, x²", square(0), scoreFunction({ baseline: constant(6) }), [2, 2], [undefined, 64]],
    ["pathwise, (x + 3)²", square(-3), pathwise(), [8, 2], [4, 72]],
    ["pathwise, x²", square(0), pathwise(), [2, 2], [4, 12]],
    ["pathwise, (x − 3)²", square(3), pathwise(), [-4, 2], [4, 24]],
    ["score function, exp(−0.1 x²)", bell(0.1), score, bellMean(0.1), [0.563532, 0.935384]],
    ["pathwise, exp(−0.1 x²)", bell(0.1), pathwise(), bellMean(0.1), [0.0162902, 0.02777]],
    ["score function, exp(−x²)", bell(1), score, [-0.275793, -0.091931], [0.17575, 0.17669]],
    ["pathwise, exp(−x²)", bell(1), pathwise(), [-0.275793, -0.091931], [0.211723, 0.175731]],
    ["pathwise, exp(−10 x²)", bell(10), pathwise(), bellMean(10), [0.941629, 0.892046]],
    ["score function, cos(x / 2)", wave(0.5), score, waveMean(0.5), [0.455248, 0.798658]],
    ["pathwise, cos(x / 2)", wave(0.5), pathwise(), waveMean(0.5), [0.0392846, 0.0875129]],
    ["score function, cos(x)", wave(1), score, [-0.510378, -0.32771], [0.323993, 0.836287]],
    ["pathwise, cos(x)", wave(1), pathwise(), [-0.510378, -0.32771], [0.267674, 0.308127]],
    ["score function, cos(5 x)", wave(5), score, waveMean(5), [0.5, 1]],
    ["pathwise, cos(5 x)", wave(5), pathwise(), waveMean(5), [12.5, 12.5]],
  ];
  it.each(cases)("%s", (_, f, by, mean, variance) => {
    const measured = replicates(normal(1), f, by, at, { samples: 1, count: 400_000 });
    ["mean", "logScale"].forEach((name, i) => agree(measured, name, 0, mean[i]!, variance[i] ?? measured.variance[name]![0]!));
  });
});
