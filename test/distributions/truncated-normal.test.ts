import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { logProb, moments, score } from "../../reference/distributions/truncated-normal.ts";
import { truncatedNormal } from "../../src/distributions/truncated-normal.ts";
import { arrayOf } from "../../src/parameters.ts";
import { laws } from "../laws.ts";
import { near, sumOf } from "../laws/numbers.ts";
import { stage } from "../laws/stage.ts";
import { edges, spaced, sumOver } from "./families.ts";

interface Law {
  readonly low: string;
  readonly high: string;
  readonly location: number;
  readonly logScale: number;
  readonly mean: number;
  readonly variance: number;
  readonly entropy: number;
  /** u, x, ∂x/∂location, ∂x/∂logScale, log p. */
  readonly rows: readonly (readonly [u: number, x: number, location: number, logScale: number, log: number])[];
}
const vectors = JSON.parse(readFileSync(new URL("../vectors/truncated-normal.json", import.meta.url), "utf8")) as readonly Law[];
const end = (text: string): number => Number(text.replace("inf", "Infinity"));

const ENDS = [{ low: -1, high: 2 }, { low: 0.25, high: Infinity }, { low: -Infinity, high: 0.75 }] as const;
const RANGES = [[-1, 2], [0.25, 16], [-16, 0.75]] as const;

ENDS.forEach((ends, i) => {
  for (const dim of [i === 1 ? 3 : 1]) {
    laws(`truncatedNormal(${dim}, ${ends.low} … ${ends.high})`, {
      family: { ...truncatedNormal(dim, ends), name: ["truncatedNormal", "truncatedNormalAbove", "truncatedNormalBelow"][i]! },
      problems: [[0.5, 0.25], [-1, -0.125], [1.5, 0]].map(([location, s]) => spaced(dim, { location: [location!, 0.25], logScale: [s!, -0.125] })),
      priors: [[0.75, 0.5], [-0.5, 0], [1, 0.25]].map(([location, s]) => spaced(dim, { location: [location!, 0.125], logScale: [s!, 0.0625] })),
      support: (x) => ends.low <= x && x <= ends.high,
      moments: ({ location, logScale }) => {
        const each = location!.map((m, j) => moments(ends, m, logScale![j]!));
        return { mean: each.map(({ mean }) => mean), variance: each.map(({ variance }) => variance) };
      },
      logProb: ({ location, logScale }, x) => sumOver(x, (v, j) => logProb(v, ends, location![j]!, logScale![j]!)),
      score: ({ location, logScale }, x, j) => score(x[j]!, ends, location![j]!, logScale![j]!),
      range: () => RANGES[i]!,
      edges: {
        f64: [...edges(dim, "logScale", [700, -700, 1e4, -1e4], { location: -3 }), ...edges(dim, "location", [1e300, -1e300, 1e6, -1e6], { logScale: 0 }), ...edges(dim, "logScale", [-1e4, 0], { location: 0.25 })],
        f32: [...edges(dim, "logScale", [80, -80, 1e4, -1e4], { location: -3 }), ...edges(dim, "location", [1e38, -1e38, 1e6, -1e6], { logScale: 0 }), ...edges(dim, "logScale", [-1e4, 0], { location: 0.25 })],
      },
    });
  }
});

/** Fails unless the numbers agree to `tolerance` of the expected one, or to 1e-8 of `size`. */
function alike(seen: number, expected: number, tolerance: number, size: number, what: string): void {
  if (!(Math.abs(seen - expected) <= tolerance * Math.abs(expected) + 1e-8 * size)) expect.fail(`${what} expected ${expected}, got ${seen}: ${Math.abs(seen / expected - 1)} off`);
}

describe("against 150 digits, in f64", () => {
  for (const { low, high, location, logScale, rows, ...exact } of vectors) {
    it(`on [${low}, ${high}] with location ${location}, logScale ${logScale}`, () => {
      const ends = { low: end(low), high: end(high) };
      using at = stage(truncatedNormal(1, ends), "f64", [{ location: [location], logScale: [logScale] }]);
      const { x, noise } = at.invert(Float64Array.from(rows, ([u]) => u));
      const terms = at.pull(x, noise, new Float64Array(rows.length).fill(1));
      const logs = at.logProb(x);
      // The largest of a kind; and 3e-4 of the spread: x itself is right to 3e-12 of it where a scale is thousands of times the interval.
      const largest = (of: (row: Law["rows"][number]) => number): number => Math.max(...rows.map((row) => Math.abs(of(row))));
      const spread = Math.sqrt(exact.variance);
      rows.forEach(([u, point, first, second, log], i) => {
        near(x[i]!, point, 1e-15 + (3e-12 * spread) / (1 + Math.abs(point)), `x at u = ${u}`);
        alike(terms[i]!, first, 1e-6, largest((row) => row[2]), `∂x/∂location at u = ${u}`);
        alike(terms[rows.length + i]!, second, 1e-6, Math.max(3e-4 * spread, largest((row) => row[3])), `∂x/∂logScale at u = ${u}`);
        near(logs[i]!, log, 1e-11, `log p at u = ${u}`);
      });
      const { mean, variance } = at.moments();
      alike(mean[0]!, exact.mean, 1e-14, spread, "mean");
      alike(variance[0]!, exact.variance, 1e-12, 0, "variance");
      near(at.entropy(1).value[0]!, exact.entropy, 1e-12, "entropy");
    });
  }
});

/** ∂x/∂location and ∂x/∂logScale of an x by Simpson's rule: with p ∝ exp(−φ), of ∫ φ′θ p below x less the share F(x) of the whole. */
function pathOf(x: number, low: number, high: number, location: number, logScale: number): [number, number] {
  const scale = Math.exp(logScale);
  const z = (t: number): number => (t - location) / scale;
  const p = (t: number): number => Math.exp((z(x) ** 2 - z(t) ** 2) / 2);
  const integral = (from: number, to: number, g: (t: number) => number): number => {
    const steps = 200;
    const each = (_: number, i: number): number => g(from + ((to - from) * i) / steps) * (i === 0 || i === steps ? 1 : i % 2 === 0 ? 2 : 4);
    return (sumOf(Float64Array.from({ length: steps + 1 }, each)) * (to - from)) / steps / 3;
  };
  const [below, above] = [integral(low, x, p), integral(x, high, p)];
  return [(t: number) => z(t) / scale, (t: number) => z(t) ** 2].map((g) => {
    const [left, right] = [integral(low, x, (t) => g(t) * p(t)) / below, integral(x, high, (t) => g(t) * p(t)) / above];
    return ((right - left) * below * above) / (below + above); // −∂F/∂θ / p(x)
  }) as [number, number];
}

describe.each([
  ["f64", 2e-6],
  ["f32", 3e-4],
] as const)("the path of scales far wider than the interval, in %s", (precision, tolerance) => {
  it.each([1, 2, 3, 3.5, 4, 5, 6, 7])("is that of quadrature at logScale %s", (logScale) => {
    for (const location of [0.5, -1, 20, -30]) {
      using at = stage(truncatedNormal(1, { low: -1, high: 2 }), precision, [{ location: [location], logScale: [logScale] }]);
      const { x, noise } = at.draw(200);
      const terms = at.pull(x, noise, arrayOf(precision, 200).fill(1));
      const exact = Array.from(x, (v: number) => pathOf(v, -1, 2, location, logScale));
      const sizes = [0, 1].map((k) => Math.max(...exact.map((each) => Math.abs(each[k]!))));
      exact.forEach((each, i) => each.forEach((slope, k) => near(terms[200 * k + i]! / sizes[k]!, slope / sizes[k]!, tolerance, `∂x, parameter ${k}, at ${x[i]} of location ${location}`)));
    }
  });
});

it("refuses ends that are none", () => {
  expect(() => truncatedNormal(1, { low: 1, high: 1 })).toThrow('truncatedNormal: "high" expected a number > low (1), got 1');
  expect(() => truncatedNormal(1, { low: NaN, high: 1 })).toThrow('truncatedNormal: "low" expected a number, ∞ or −∞, got NaN');
  expect(() => truncatedNormal(1, { low: "0" as unknown as number, high: 1 })).toThrow(TypeError);
  expect(() => truncatedNormal(1, { low: 0, high: 1, mid: 2 } as unknown as { low: number; high: number })).toThrow('"mid" expected no such option');
});
