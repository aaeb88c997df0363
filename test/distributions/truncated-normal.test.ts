import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { logProb, moments, score } from "../../reference/distributions/truncated-normal.ts";
import { truncatedNormal } from "../../src/distributions/truncated-normal.ts";
import { laws } from "../laws.ts";
import { near } from "../laws/numbers.ts";
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

it("refuses ends that are none", () => {
  expect(() => truncatedNormal(1, { low: 1, high: 1 })).toThrow('truncatedNormal: "high" expected a number > low (1), got 1');
  expect(() => truncatedNormal(1, { low: NaN, high: 1 })).toThrow('truncatedNormal: "low" expected a number, ∞ or −∞, got NaN');
  expect(() => truncatedNormal(1, { low: "0" as unknown as number, high: 1 })).toThrow(TypeError);
  expect(() => truncatedNormal(1, { low: 0, high: 1, mid: 2 } as unknown as { low: number; high: number })).toThrow('"mid" expected no such option');
});
