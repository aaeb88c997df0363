import { describe, expect, test } from "vitest";
import { derivative, type DerivativeMethod, key, program, run, stochasticTriple } from "../../src/index.ts";

const at = key("walk");
/** The lecture's walk: n + 1 with probability p (1 − (n + i) / 200). */
const walk = program<"p">(({ p }, draw) => {
  let n = draw.constant(0);
  for (let i = 1; i <= 100; i++) n = n.add(draw.bernoulli(p.mul(n.add(i).mul(-1 / 200).add(1))));
  return n;
});
const squared = program<"p">((parameters, draw) => walk.body(parameters, draw).square());

// By dynamic programming over the law of n.
const MEAN = 32.6443332858;
const SLOPE = 56.6078706263;
const MEAN_OF_SQUARE = 1081.8887;
const SLOPE_OF_SQUARE = 3700.00359;

describe.each(["f64", "f32"] as const)("the walk of a hundred steps, in %s", (precision) => {
  const samples = 40_000;

  /** What one run varies by, as published or computed for these methods. */
  test.each<[DerivativeMethod, number]>([
    ["pruned", 19.79],
    ["pruned by wins", 33.1], // weights shrink along the walk, and a survivor stands for all with its own
    ["aggressive", 23.09],
    ["smoothed", 5.33],
    ["mean-derivative", 1.16],
    ["score-function", 80.8],
    ["differences", 45.5],
  ])("has its derivative by the method %s, with a deviation of %d a run", (method, deviation) => {
    const { value, valueStandardError, derivative: slope, standardError } = derivative(walk, { p: 0.5 }, at, { samples, method, precision });
    expect(Math.abs(value - MEAN)).toBeLessThan(4 * valueStandardError);
    expect((valueStandardError ** 2 * samples) / 16.2362072).toBeCloseTo(1, 1);
    expect(Math.abs(slope.p - SLOPE)).toBeLessThan(4 * standardError.p);
    expect(standardError.p * Math.sqrt(samples) / deviation).toBeCloseTo(1, 1.3);
  });

  test("varies by 476.8 a run without a baseline, and by 19.8 as differences of a wider step", () => {
    const bare = derivative(walk, { p: 0.5 }, at, { samples, method: "score-function", baseline: "none", precision });
    expect(Math.abs(bare.derivative.p - SLOPE)).toBeLessThan(4 * bare.standardError.p);
    expect(bare.standardError.p * Math.sqrt(samples) / 476.8).toBeCloseTo(1, 1.3);
    const wide = derivative(walk, { p: 0.5 }, at, { samples, method: "differences", step: 0.05, precision });
    expect(wide.standardError.p * Math.sqrt(samples) / 19.8).toBeCloseTo(1, 1.3);
  });

  test("has the derivative of its square, which varies by 1240.9", () => {
    const found = derivative(squared, { p: 0.5 }, at, { samples, precision });
    expect(Math.abs(found.value - MEAN_OF_SQUARE)).toBeLessThan(4 * found.valueStandardError);
    expect(Math.abs(found.derivative.p - SLOPE_OF_SQUARE)).toBeLessThan(4 * found.standardError.p);
    expect(found.standardError.p * Math.sqrt(samples) / 1240.9).toBeCloseTo(1, 1.3);
  });
});

test("the same runs are seen by every method", () => {
  const mean = (x: Float64Array): number => x.reduce((sum, one) => sum + one) / x.length;
  const wanted = mean(run(walk, { p: 0.5 }, at, { lanes: 3000 }));
  for (const method of ["pruned", "pruned by wins", "aggressive", "smoothed", "mean-derivative", "score-function"] as const) {
    expect(derivative(walk, { p: 0.5 }, at, { samples: 3000, method }).value).toBeCloseTo(wanted, 10);
  }
});

test("a triple is printed as the theory writes it", () => {
  const found = [1, 2, 3, 4, 5].map((seed) => stochasticTriple(walk, { p: 0.5 }, key(seed)));
  for (const triple of found) {
    expect(String(triple)).toMatch(/^\d+ \+ 0ε \+ \(-?\d+ with probability \d+\.\d+ε\)$/);
    expect(triple.derivative).toBe(triple.delta + triple.perturbation * triple.weight);
  }
  expect(found.map(String)).toMatchInlineSnapshot(`
    [
      "34 + 0ε + (1 with probability 63.92ε)",
      "33 + 0ε + (1 with probability 64.97ε)",
      "33 + 0ε + (1 with probability 65.33ε)",
      "34 + 0ε + (1 with probability 63.22ε)",
      "27 + 0ε + (1 with probability 72.32ε)",
    ]
  `);
});

/** StochasticAD's random walk: steps of ±1, up with probability e^(−X / p); the exact numbers by dynamic programming. */
describe("the walk towards 0", () => {
  const towards = (steps: number) => program<"p">(({ p }, draw) => {
    let x = draw.constant(0);
    for (let i = 0; i < steps; i++) x = x.add(draw.bernoulli(x.div(p).neg().exp()).mul(2).sub(1));
    return x;
  });
  const squareOf = (steps: number) => program<"p">((parameters, draw) => towards(steps).body(parameters, draw).square());

  test.each([[50, 100, 0.1134778358, 1130.39883, 7.558188194], [100, 50, 0.4778087269, 1007.798935, 30.29498882]])("of %d steps and p = %d", (steps, p, slope, square, slopeOfSquare) => {
    const samples = 20_000;
    const x = derivative(towards(steps), { p }, at, { samples });
    expect(Math.abs(x.derivative.p - slope)).toBeLessThan(4 * x.standardError.p);
    const squares = derivative(squareOf(steps), { p }, at, { samples });
    expect(Math.abs(squares.value - square)).toBeLessThan(4 * squares.valueStandardError);
    expect(Math.abs(squares.derivative.p - slopeOfSquare)).toBeLessThan(4 * squares.standardError.p);
  });

  /** One draw's deviation; p = 2 n. */
  test.each([
    [10, 0.9845, 3.797, 1.869, 1.4898178], [20, 1.583, 9.704, 4.072, 3.0098952], [30, 2.195, 16.96, 6.247, 4.5266305], [40, 2.801, 25.4, 8.433, 6.0425665], [50, 3.417, 34.74, 10.57, 7.5581882],
    [60, 4.035, 45.07, 12.73, 9.0736543], [70, 4.65, 56.28, 14.91, 10.589032], [80, 5.263, 68.38, 17.07, 12.104355], [90, 5.89, 81.07, 19.21, 13.619641], [100, 6.495, 94.51, 21.39, 15.134901],
  ])("varies by %d steps as much by triples as is known", (steps, triple, score, baseline, slope) => {
    const samples = 40_000;
    const found = (method: DerivativeMethod, subtracted: "leave-one-out" | "none" = "leave-one-out") => {
      const { derivative: d, standardError } = derivative(squareOf(steps), { p: 2 * steps }, at, { samples, method, baseline: subtracted });
      expect(Math.abs(d.p - slope)).toBeLessThan(4 * standardError.p);
      return standardError.p * Math.sqrt(samples);
    };
    expect(found("pruned") / triple).toBeCloseTo(1, 1);
    expect(found("score-function", "none") / score).toBeCloseTo(1, 1);
    expect(found("score-function") / baseline).toBeCloseTo(1, 1);
  });
});
