import { it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import type { Subject } from "../laws.ts";
import { chiSquare, near, sumOf, within } from "./numbers.ts";
import { type Problem, stage, stream } from "./stage.ts";

const DRAWS = 1_000_000;

/** Counts 0, 1, 2, … without end, of one coordinate and one problem: up to the last that matters. */
export function countLaws(subject: Subject, precision: Precision, problem: Problem): void {
  const { family } = subject;
  const last = subject.last!(problem);
  const counts = arrayOf(precision, last + 1).map((_: number, k: number) => k) as Points;

  it("has probabilities that sum to 1 over the counts that matter", () => {
    using at = stage(family, precision, [problem]);
    near(sumOf(at.logProb(counts).map(Math.exp)), 1, precision === "f64" ? 1e-12 : 1e-5, "sum");
  });

  it("draws each count as often as its probability says, by χ²", () => {
    using at = stage(family, precision, [problem]);
    using wide = stage(family, "f64", [problem]);
    const due = wide.logProb(Float64Array.from(counts)).map((log: number) => DRAWS * Math.exp(log)) as Float64Array;
    const seen = new Float64Array(last + 1);
    for (const x of at.sample(DRAWS, stream(8))) seen[Math.min(x, last)]! += 1;
    const { statistic, degrees } = chiSquare(seen, due);
    within(statistic, degrees, Math.sqrt(2 * degrees), 5, "χ²");
  });

  it("gives probability 0 to what is no count", () => {
    using at = stage(family, precision, [problem]);
    for (const x of [-1, 0.5, -Infinity, Infinity, NaN]) near(Math.exp(at.logProb(arrayOf(precision, 1).fill(x))[0]!), 0, 0, `p(${x})`);
  });
}
