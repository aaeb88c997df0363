import { describe, expect, it } from "vitest";
import { trigamma } from "../../reference/math/gamma-functions.ts";
import type { Points, Precision } from "../../src/core/core.ts";
import { gamma } from "../../src/distributions/gamma.ts";
import { inverseGamma } from "../../src/distributions/inverse-gamma.ts";
import type { Coupling } from "../../src/vocabulary/distribution.ts";
import { column, moments, within } from "../laws/numbers.ts";
import { type Family, type Problem, stage, type Stage, stream } from "../laws/stage.ts";

const COUPLINGS: readonly Coupling[] = ["same", "independent", "antithetic"];

function drawn({ run, kernels, theta }: Stage, family: Family, rows: number, entry: number, coupling: Coupling, chunk = 0): readonly Points[] {
  const n = rows * family.dim;
  return run([n, n, n, rows], ([x, plus, minus, constant]) => {
    family.sample(kernels, stream(3, 0, chunk), rows, theta, x!);
    family.weak!.draw(kernels, stream(3, 1, chunk), rows, theta, entry, coupling, x!, plus!, minus!, constant!);
  });
}

const problems: readonly Problem[] = [0.4, 1, 2.5, 60].map((a) => ({ logConcentration: [Math.log(a), 0.5], logRate: [0.25, -0.5] }));

describe.each(["f64", "f32"] as const satisfies readonly Precision[])("the weak derivative of gamma in %s", (precision) => {
  it("gives the derivatives of E[x²] and of E[log x] in both parameters of each coordinate, whatever the coupling", () => {
    for (const problem of problems) {
      using at = stage(gamma(2), precision, [problem]);
      for (const coupling of COUPLINGS) {
        for (let entry = 0; entry < 4; entry++) {
          const j = entry % 2;
          const [alpha, rate] = [Math.exp(problem["logConcentration"]![j]!), Math.exp(problem["logRate"]![j]!)];
          const [x, plus, minus, constant] = drawn(at, gamma(2), 20_000, entry, coupling) as [Points, Points, Points, Points];
          const exact = entry < 2 ? [(alpha * (2 * alpha + 1)) / rate ** 2, alpha * trigamma(alpha)] : [(-2 * alpha * (alpha + 1)) / rate ** 2, -1];
          [(v: number) => v * v, Math.log].forEach((f, i) => {
            const values = Float64Array.from(constant, (c, row) => c * (f(plus[2 * row + j]!) - f(minus[2 * row + j]!)));
            const seen = moments(values);
            within(seen.mean, exact[i]!, seen.meanError, 4.5, `entry ${entry}, function ${i}, ${coupling}, of ${JSON.stringify(problem)}`);
          });
          expect(column(plus, 1 - j, 2)).toEqual(column(x, 1 - j, 2));
          expect(column(minus, 1 - j, 2)).toEqual(column(x, 1 - j, 2));
        }
      }
    }
  });

  it("has points that rise together, fall against each other, or know nothing of each other, as the coupling says", () => {
    using at = stage(gamma(1), precision, [{ logConcentration: [Math.log(2.5)], logRate: [0] }]);
    const rows = 20_000;
    const correlation = (coupling: Coupling): number => {
      const [, plus, minus] = drawn(at, gamma(1), rows, 1, coupling) as [Points, Points, Points];
      const [a, b] = [moments(Float64Array.from(plus)), moments(Float64Array.from(minus))];
      const together = Float64Array.from(plus, (v, i) => (v - a.mean) * (minus[i]! - b.mean)).reduce((sum, v) => sum + v, 0) / rows;
      return together / Math.sqrt(a.variance * b.variance);
    };
    expect(correlation("same")).toBeGreaterThan(0.7);
    expect(correlation("antithetic")).toBeLessThan(-0.6);
    expect(Math.abs(correlation("independent"))).toBeLessThan(0.03);
  });

  it("is that of its reciprocal, inverse gamma", () => {
    const family = inverseGamma(1);
    using at = stage(family, precision, [{ logConcentration: [Math.log(6)], logScale: [Math.log(2)] }]);
    for (const [entry, exact] of [(-6 * 2) / 25, 2 / 5].entries()) {
      const [, plus, minus, constant] = drawn(at, family, 20_000, entry, "same") as [Points, Points, Points, Points];
      const seen = moments(Float64Array.from(constant, (c, row) => c * (plus[row]! - minus[row]!)));
      within(seen.mean, exact, seen.meanError, 4.5, `entry ${entry}`);
    }
  });

  it("begins a longer run with the shorter one, splits at chunks, and stays finite at extremes", () => {
    using at = stage(gamma(2), precision, [problems[0]!]);
    const long = drawn(at, gamma(2), 1100, 1, "same");
    drawn(at, gamma(2), 341, 1, "same").forEach((part, i) => expect(part).toEqual(long[i]!.slice(0, part.length)));
    drawn(at, gamma(2), 76, 1, "same", 1).forEach((part, i) => expect(part).toEqual(long[i]!.slice(long[i]!.length - part.length)));
    for (const size of precision === "f64" ? [-700, 700, 1e4, -1e4] : [-80, 80, 1e4, -1e4]) {
      using extreme = stage(gamma(1), precision, [{ logConcentration: [size], logRate: [size / 2] }]);
      for (const entry of [0, 1]) {
        for (const coupling of COUPLINGS) {
          const [, plus, minus, constant] = drawn(extreme, gamma(1), 257, entry, coupling) as [Points, Points, Points, Points];
          for (const part of [plus, minus, constant]) expect(part.every((v) => Number.isFinite(v) && v > 0), `${size}, entry ${entry}`).toBe(true);
        }
      }
    }
  });
});
