import { it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import type { Subject } from "../laws.ts";
import { near } from "./numbers.ts";
import { type Problem, stage } from "./stage.ts";

const SIZES = [0, 1, 3, 7, 17, 341, 1025];

export function smoothLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const batch = problems.length;
  const { dim } = family;

  it("has the ∂ log p/∂x that finite differences of log p have, times the coefficient, added", () => {
    using at = stage(family, precision, problems);
    using wide = stage(family, "f64", problems);
    for (const samples of SIZES) {
      const rows = samples * batch;
      const x = at.sample(rows);
      const coefficient = arrayOf(precision, rows).map((_: number, i: number) => (i % 5) - 1.5) as Points;
      const seen = at.logProbGradient(x, coefficient, 0.25);
      for (let k = 0; k < dim; k++) {
        const step = (v: number): number => 1e-5 * Math.min(Math.abs(v), 1 - Math.min(Math.abs(v), 0.999));
        const moved = (by: number): Points => wide.logProb(Float64Array.from(x, (v, i) => (i % dim === k ? v + by * step(v) : v)));
        const [high, low] = [moved(1), moved(-1)];
        for (let r = 0; r < rows; r++) {
          const slope = (high[r]! - low[r]!) / (2 * step(x[r * dim + k]!));
          near(seen[r * dim + k]!, 0.25 + coefficient[r]! * slope, precision === "f64" ? 1e-5 : 1e-3, `∂ log p/∂x[${k}] of row ${r} of ${rows} at ${x[r * dim + k]}`);
        }
      }
    }
  });
}
