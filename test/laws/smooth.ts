import { it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import type { Subject } from "../laws.ts";
import { near } from "./numbers.ts";
import { type Problem, stage } from "./stage.ts";

const SIZES = [0, 1, 3, 7, 17, 341, 1025];

/** ∂ log p/∂x: against finite differences of log p, coordinate by coordinate. */
export function smoothLaws({ family }: Subject, precision: Precision, problems: readonly Problem[]): void {
  const batch = problems.length;
  const { dim } = family;

  it("has the gradient in x that finite differences of log p have, times the coefficient, added", () => {
    using at = stage(family, precision, problems);
    using wide = stage(family, "f64", problems);
    for (const samples of SIZES) {
      const rows = samples * batch;
      const x = at.sample(rows);
      const coefficient = arrayOf(precision, rows).map((_: number, i: number) => (i % 5) - 1.5) as Points;
      const seen = at.logProbGradient(x, coefficient, 0.25);
      // A millionth of what x is in size, and of what it is from 1, so that a step from near the end of a support stays inside.
      const step = Float64Array.from(x, (v) => 1e-6 * Math.abs(v) * (v > 0 && v < 1 ? 1 - v : 1));
      for (let k = 0; k < dim; k++) {
        const moved = (sign: number): Points => wide.logProb(Float64Array.from(x, (v, i) => (i % dim === k ? v + sign * step[i]! : v)));
        const [high, low] = [moved(1), moved(-1)];
        for (let row = 0; row < rows; row++) {
          const i = row * dim + k;
          const slope = (high[row]! - low[row]!) / (2 * step[i]!);
          // log p jumps to −∞ at an end, and bends where a gradient jumps; rounding of log p counts 1 / step times.
          if (!Number.isFinite(slope)) continue;
          const allowed = (precision === "f64" ? 1e-7 : 2e-4) * (1 + Math.abs(slope)) + (4e-16 * dim * (1 + Math.abs(high[row]!))) / step[i]!;
          near(seen[i]!, 0.25 + coefficient[row]! * slope, 2.5 * allowed, `∂ log p/∂x at ${i} of ${rows * dim}`);
        }
      }
    }
  });
}
