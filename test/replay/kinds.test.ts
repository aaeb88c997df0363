import { describe, expect, it } from "vitest";
import { sharedCore } from "../../src/core/core.ts";
import { bernoulli, binomial, categorical, geometric, type Kind, poisson } from "../../src/replay/kinds.ts";
import { key } from "../../src/key.ts";
import { unit } from "../../src/replay/noise.ts";
import { numbers } from "../../src/replay/numbers.ts";

const functions = numbers(sharedCore(), "test");
const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));

const laws: readonly (readonly [Kind, readonly number[], (x: number) => number, number])[] = [
  [bernoulli, [0.3], (x) => (x === 1 ? 0.3 : 0.7), 1],
  [geometric, [0.4], (x) => 0.4 * 0.6 ** x, 40],
  [poisson, [2.5], (x) => (Math.exp(-2.5) * 2.5 ** x) / factorial(x), 30],
  [binomial, [6, 0.3], (x) => choose(6, x) * 0.3 ** x * 0.7 ** (6 - x), 6],
  [binomial, [6, 0.8], (x) => choose(6, x) * 0.8 ** x * 0.2 ** (6 - x), 6],
  [categorical, [0.2, 0, 0.5, 0.3], (x) => [0.2, 0, 0.5, 0.3][x]!, 3],
];

/** Equally spaced uniforms: the share of each outcome is its probability, to one of them. */
const GRID = 100_000;

describe.each(laws.map((law) => [law[0].name, ...law] as const))("%s", (_, kind, parameters, mass, most) => {
  it("gives each outcome the share of uniforms that is its probability", () => {
    const counts = new Float64Array(most + 1);
    for (let i = 0; i < GRID; i++) {
      const x = kind.quantile((i + 0.5) / GRID, parameters, functions, () => 0.5);
      if (x <= most) counts[x]!++;
    }
    counts.forEach((count, x) => expect(Math.abs(count / GRID - mass(x))).toBeLessThan(2.1 / GRID));
  });

  it("has flips whose mean is the derivative of the law: Σ p(x) w (1[y] − 1[x]) = ∂p(y)/∂θ", () => {
    const directions = kind === categorical ? [[0.1, 0.2, -0.4, 0.1], [-0.3, 0, 0.1, 0.2]] : kind === binomial ? [[0, 1], [0, -1]] : [[1], [-1]];
    for (const slopes of directions) {
      const change = new Float64Array(most + 2);
      for (let x = 0; x <= most; x++) {
        if (mass(x) === 0) continue;
        for (const { outcome, weight } of kind.flips(x, parameters, slopes)) {
          change[outcome]! += mass(x) * weight;
          change[x]! -= mass(x) * weight;
        }
      }
      const h = 1e-6;
      const moved = (by: number, x: number): number => {
        const at = parameters.map((own, i) => own + by * slopes[i]!);
        if (kind === bernoulli) return x === 1 ? at[0]! : 1 - at[0]!;
        if (kind === geometric) return at[0]! * (1 - at[0]!) ** x;
        if (kind === poisson) return (Math.exp(-at[0]!) * at[0]! ** x) / factorial(x);
        if (kind === binomial) return choose(6, x) * at[1]! ** x * (1 - at[1]!) ** (6 - x);
        return at[x]!;
      };
      for (let x = 0; x < Math.min(most, 12); x++) expect(change[x]).toBeCloseTo((moved(h, x) - moved(-h, x)) / (2 * h), 6);
    }
  });
});

// The rules of Arya, Schauer, Schäfer & Rackauckas 2022 at a draw x.
it.each<[string, Kind, number[], number, number[], [number, number]]>([
  ["bernoulli up", bernoulli, [0.3], 0, [1], [1, 1 / 0.7]],
  ["bernoulli down", bernoulli, [0.3], 1, [-1], [0, 1 / 0.3]],
  ["geometric up", geometric, [0.3], 4, [1], [3, 4 / (0.3 * 0.7)]],
  ["geometric down", geometric, [0.3], 4, [-1], [5, 5 / 0.3]],
  ["binomial up", binomial, [7, 0.3], 2, [0, 1], [3, 5 / 0.7]],
  ["binomial down", binomial, [7, 0.3], 2, [0, -1], [1, 2 / 0.3]],
  ["poisson up", poisson, [2.5], 4, [1], [5, 1]],
  ["poisson down", poisson, [2.5], 4, [-1], [3, 4 / 2.5]],
  ["categorical past a category that cannot be", categorical, [0.2, 0, 0.8], 2, [0.5, 0, -0.5], [0, 0.5 / 0.8]],
])("has the rule of stochastic triples for %s", (_, kind, parameters, x, slopes, [outcome, weight]) => {
  const flips = kind.flips(x, parameters, slopes);
  expect(flips).toHaveLength(1);
  expect(flips[0]!.outcome).toBe(outcome);
  expect(flips[0]!.weight).toBeCloseTo(weight, 12);
});

describe("large counts", () => {
  const more = (index: number): number => unit(key(1).fold(index));
  it("do not underflow, and have their mean and variance", () => {
    for (const [kind, parameters, mean, variance] of [[poisson, [5000], 5000, 5000], [binomial, [100_000, 0.4], 40_000, 24_000], [binomial, [100_000, 0.999], 99_900, 99.9]] as const) {
      const n = 4000;
      const all = Array.from({ length: n }, (_, i) => kind.quantile((i + 0.5) / n, parameters, functions, (index) => more(index + 1000 * i)));
      const seen = all.reduce((sum, x) => sum + x / n, 0);
      const spread = all.reduce((sum, x) => sum + (x - seen) ** 2 / n, 0);
      expect(Math.abs(seen - mean)).toBeLessThan(4 * Math.sqrt(variance / n));
      expect(Math.abs(spread / variance - 1)).toBeLessThan(0.12);
    }
  });

  it("are certain where probabilities are", () => {
    expect(binomial.quantile(0.3, [9, 0], functions, more)).toBe(0);
    expect(binomial.quantile(0.3, [9, 1], functions, more)).toBe(9);
    expect(poisson.quantile(0.999, [0], functions, more)).toBe(0);
    expect(geometric.quantile(0.5, [1], functions, more)).toBe(0);
  });
});
