import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { discreteBound } from "../bench/variance/bound.ts";
import { coin } from "../bench/variance/coin.ts";
import { withoutBaseline, leavingOneOut, summing } from "../bench/variance/exact/compared.ts";
import { antithetic, augmented, avoiding } from "../bench/variance/exact/flips.ts";
import { weak } from "../bench/variance/exact/normal.ts";
import { flips } from "../bench/variance/exact/outcomes.ts";
import { withoutReplacement } from "../bench/variance/exact/sets.ts";
import { measure } from "../bench/variance/measure.ts";
import { problems } from "../bench/variance/problems.ts";
import { digits } from "../bench/variance/table.ts";
import { topic } from "../bench/variance/topic.ts";
import { createCore, type Distribution, type Estimator, type Expectation, type Integrand, key } from "../src/index.ts";
import { root } from "./runtimes/runtime.ts";

const all = problems();
const few = { evaluations: 32, replicates: 200, training: 2 };
const rows = all.flatMap((problem) => problem.entries.map((entry) => ({ name: `${problem.title}: ${entry.call}`, problem, entry })));

describe("the table of variances", () => {
  it.each(rows)("$name: no bias but where it is said", ({ problem, entry }) => {
    const row = measure(problem, entry, few);
    expect(row.evaluations).toBeGreaterThan(0);
    expect(row.evaluations).toBeLessThanOrEqual(few.evaluations);
    if (!row.biased) row.standardized.forEach((z) => expect(Math.abs(z)).toBeLessThan(4));
    row.measured.forEach((v) => expect(v).toBeGreaterThanOrEqual(0));
  });

  it.each([
    [coin(0.1), "scoreFunction()"], [coin(0.1), "disarm()"], [coin(0.5), "arms({ draws: 4 })"], [topic(), "disarm()"], [topic(), "unorderedSet({ draws: 4 })"],
    [all.find(({ title }) => title.startsWith("cos(5"))!, 'measureValued({ coupling: "same" })'], [discreteBound(), "vimco()"],
  ] as const)("%o %s has its exact variance", (problem, call) => {
    const row = measure(problem, problem.entries.find((entry) => entry.call === call)!, { evaluations: 64, replicates: 4000, training: 0 });
    row.measured.forEach((own, j) => expect(Math.abs(own / row.exact![j]! - 1)).toBeLessThan(0.1));
  });

  it("has a row in the page for each estimator", () => {
    const page = readFileSync(join(root, "docs/choosing-an-estimator.md"), "utf8");
    for (const { title, entries } of all) {
      const section = page.slice(page.indexOf(`### ${title}\n`)).split(/\n##+ /)[0]!;
      const own = [...section.matchAll(/^\| `(.*?)` +\|/gm)].map(([, call]) => call);
      expect(own).toEqual(entries.map(({ call }) => call));
    }
  });
});

it("every estimator brings the kernels it needs, alone in a core", () => {
  for (const { name, problem, entry } of rows) {
    const core = createCore();
    using grad = core.gradient(problem.objective as unknown as Expectation<Distribution, Integrand>, entry.by as unknown as Estimator<Distribution, Integrand>, { samples: 4 });
    const params = Object.fromEntries(Object.entries(problem.params).map(([parameter, own]) => [parameter, Float64Array.from(own)]));
    expect(grad.estimate(params as never, key(1)).samples, name).toBeGreaterThan(0);
  }
});

describe("exact variances of one estimate", () => {
  const worth = (x: readonly number[]): number => (x[0]! - 0.45) ** 2;
  const toy = (p: number) => flips([p]).map((flip) => ({ p: flip.p, f: worth(flip.x), score: [flip.x[0]! - p] }));
  const near = (own: readonly number[], truth: readonly number[]): void => truth.forEach((v, j) => expect(Math.abs(own[j]! / v - 1)).toBeLessThan(2e-6));

  it("of one coin are the closed forms", () => {
    near(withoutBaseline(toy(0.5))(1), [0.0159390625]);
    near(withoutBaseline(toy(0.1))(1), [0.0077000625]);
    for (const [n, even, rare] of [[2, 6.25e-4, 3.69e-4], [4, 1.0416667e-4, 1.575e-4], [10, 1.3888889e-5, 5.94e-5]] as const) {
      near(leavingOneOut(toy(0.5))(n), [even]);
      near(leavingOneOut(toy(0.1))(n), [rare]);
    }
    near(antithetic([0.1], worth)(1), [3.24e-4]);
    near(augmented([0.5], worth)(1), [2.0833333e-4]);
    near(augmented([0.1], worth)(1), [3.2566667e-4]);
    near(avoiding([0.1], worth, 2)(1), antithetic([0.1], worth)(1)); // a set of two is a pair
  });

  it("of three coins with one logit are those of Kool, van Hoof & Welling's toy", () => {
    const targets = [0.6, 0.51, 0.48];
    const shared = flips([0.5, 0.5, 0.5]).map(({ p, x }) => ({ p, f: x.reduce((sum, bit, j) => sum + (bit - targets[j]!) ** 2, 0), score: [x.reduce((a, b) => a + b, 0) - 1.5] }));
    near(withoutBaseline(shared)(1), [0.4384201875]);
    for (const [n, v] of [[2, 0.007275], [3, 0.0032], [4, 0.0019875], [8, 0.00075803571]] as const) near(leavingOneOut(shared)(n), [v]);
    [0.0061125, 0.0022625, 0.0011308333, 0.0006105].forEach((v, i) => expect(withoutReplacement(shared, i + 2)(1)[0]! / v).toBeCloseTo(1, 6));
    expect(summing(shared, 7)(2)[0]).toBeLessThan(1e-20);
  });

  it("of measure-valued derivatives of a normal, and of vimco, are the known ones", () => {
    const wave = (x: number): number => Math.cos(5 * x);
    near(weak(1, 1, wave, true)(1), [0.295717, 0.999993]);
    near(weak(1, 1, wave, false)(1).slice(0, 1), [0.160478]);
    const { entries, gradient } = discreteBound();
    expect(gradient[0]).toBeCloseTo(0.06285004, 8);
    [2.7630331, undefined, 0.045431822, 0.0584093].forEach((v, i) => v !== undefined && near(entries[i]!.exact!(1), [v]));
  });
});

it("writes three digits", () => {
  expect([0, 0.0159390625, 12.5, 6.25e-4, 1.0416667e-12, 24_999].map((x) => digits(x))).toEqual(["0", "0.0159", "12.5", "6.25 · 10⁻⁴", "1.04 · 10⁻¹²", "25000"]);
});
