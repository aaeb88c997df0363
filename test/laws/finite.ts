import { it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import type { Subject } from "../laws.ts";
import { near, sumOf, within } from "./numbers.ts";
import { directions, type Family, type Problem, stage, type Stage, stream } from "./stage.ts";

const TOLERANCE = { f64: 1e-13, f32: 1e-5 } as const;
const DRAWS = 120_000;

/** The whole support for every problem: `[size, batch, dim]`, of two calls as of one. */
function enumerated({ kernels, run }: Stage, { support, dim }: Family, batch: number): Points {
  const part = (from: number, to: number): Points => run([(to - from) * batch * dim], ([x]) => support!.enumerate(kernels, from, to, batch, x!))[0]!;
  const middle = Math.floor(support!.size / 3);
  const [first, second] = [part(0, middle), part(middle, support!.size)];
  const all = arrayOf(first instanceof Float64Array ? "f64" : "f32", first.length + second.length);
  all.set(first as Float64Array);
  all.set(second as Float64Array, first.length);
  return all;
}

/** How often each point of the support is met among rows of draws: `[size, batch]`. */
export function counts(points: Points, x: Points, dim: number, batch: number): Float64Array {
  const name = (a: Points, row: number): string => `${row % batch}:${a.subarray(row * dim, (row + 1) * dim).join()}`;
  const seen = new Map<string, number>();
  for (let row = 0; row < x.length / dim; row++) seen.set(name(x, row), (seen.get(name(x, row)) ?? 0) + 1);
  return Float64Array.from({ length: points.length / dim }, (_, row) => seen.get(name(points, row)) ?? 0);
}

/** Fails unless every point comes as often as it should, within 5 standard errors, and none beside them. */
export function expectLaw(at: Stage, family: Family, batch: number, x: Points): void {
  const { dim } = family;
  const points = enumerated(at, family, batch);
  const draws = x.length / dim / batch;
  const probs = at.logProb(points).map(Math.exp);
  const seen = counts(points, x, dim, batch);
  near(sumOf(seen), draws * batch, 0, "draws in the support");
  seen.forEach((count, i) => within(count / draws, probs[i]!, Math.sqrt((probs[i]! * (1 - probs[i]!)) / draws), 5, `frequency of point ${i}`));
}

export function finiteLaws({ family }: Subject, precision: Precision, problems: readonly Problem[]): void {
  const batch = problems.length;
  const { dim } = family;

  it("has probabilities that sum to 1 over its support, and scores whose mean over it is zero", () => {
    using at = stage(family, precision, problems);
    const points = enumerated(at, family, batch);
    const probs = at.logProb(points).map(Math.exp) as Points;
    const terms = at.score(points, probs);
    const rows = probs.length;
    for (let b = 0; b < batch; b++) {
      near(sumOf(probs.filter((_: number, i: number) => i % batch === b)), 1, TOLERANCE[precision], `sum for problem ${b}`);
      for (const { name, j, offset, width } of directions(family, problems, 0)) {
        let mean = 0;
        for (let row = b; row < rows; row += batch) mean += terms[offset * rows + row * width + j]!;
        near(mean, 0, TOLERANCE[precision], `mean score of ${name}[${j}] of problem ${b}`);
      }
    }
  });

  it("draws each point of its support as often as its probability says", () => {
    using at = stage(family, precision, problems);
    expectLaw(at, family, batch, at.sample(DRAWS * batch, stream(8)));
  });

  it("gives probability 0 to what is not in its support", () => {
    using at = stage(family, precision, problems);
    const outside = arrayOf(precision, dim * batch).fill(0.5);
    at.logProb(outside).forEach((log: number) => near(Math.exp(log), 0, 0));
    at.logProb(outside.fill(-1)).forEach((log: number) => near(Math.exp(log), 0, 0));
    at.logProb(outside.fill(NaN)).forEach((log: number) => near(Math.exp(log), 0, 0));
  });
}
