import { it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import type { Subject } from "../laws.ts";
import { near } from "./numbers.ts";
import { type Problem, stage } from "./stage.ts";

/** Draws nearer to an end of their range than this are left out: there log p bends too fast for a difference. */
const STEP = 1e-7;

export function smoothLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const batch = problems.length;
  const { dim } = family;

  it("has the slope of log p in x that finite differences have, times the coefficient, added", () => {
    using at = stage(family, precision, problems);
    using wide = stage(family, "f64", problems);
    for (const samples of [0, 1, 3, 7, 17, 341]) {
      const rows = samples * batch;
      const x = at.sample(rows);
      const coefficient = arrayOf(precision, rows).map((_: number, i: number) => (i % 5) - 1.5) as Points;
      const out = at.run([x, coefficient, arrayOf(precision, x.length).fill(0.25)], ([a, c, o]) => family.logProbGradient!(at.kernels, rows, at.theta, a!, c!, o!))[2]!;
      for (let j = 0; j < dim; j++) {
        const moved = (by: number): Points => wide.logProb(Float64Array.from(x, (v, i) => (i % dim === j ? v * (1 + by) : v)));
        const [high, low, centre] = [moved(STEP), moved(-STEP), moved(0)];
        for (let r = 0; r < rows; r++) {
          const v = x[r * dim + j]!;
          const bend = Math.abs(high[r]! + low[r]! - 2 * centre[r]!);
          if (!(bend < 1e-7)) continue;
          const slope = (high[r]! - low[r]!) / (2 * STEP * v);
          near(out[r * dim + j]!, 0.25 + coefficient[r]! * slope, precision === "f64" ? 1e-5 : 1e-3, `slope ${j} at row ${r} of ${rows}, x = ${v}`);
        }
      }
    }
  });
}
