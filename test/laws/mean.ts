import { it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import { sizeOf } from "../../src/vocabulary/distribution.ts";
import type { Subject } from "../laws.ts";
import { near } from "./numbers.ts";
import { directions, type Problem, stage } from "./stage.ts";

const SIZES = [0, 1, 3, 7, 17, 341];

/** E[x] as a function of θ: its pull-back against finite differences of the exact means. */
export function meanLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family, moments } = subject;
  const batch = problems.length;
  const { dim } = family;
  if (moments === undefined) throw new Error(`${family.name} has a mean that can be pulled through: its laws need the exact moments`);

  it("pulls a cotangent through its mean as finite differences do, and adds", () => {
    using at = stage(family, precision, problems);
    for (const samples of SIZES) {
      const rows = samples * batch;
      const cotangent = arrayOf(precision, rows * dim).map((_: number, i: number) => ((i * 7) % 11) - 4.5) as Points;
      const before = arrayOf(precision, rows * sizeOf(family.params)).fill(0.25);
      const terms = at.run([cotangent, before], ([c, t]) => family.centre!.pull(at.kernels, rows, at.theta, c!, t!))[1]!;
      for (const { name, j, offset, width, up, down } of directions(family, problems, 1e-5)) {
        const slopes = problems.map((_, b) => moments(up[b]!).mean.map((high, k) => (high - moments(down[b]!).mean[k]!) / 2e-5));
        for (let i = 0; i < rows; i++) {
          const slope = slopes[i % batch]!.reduce((sum, each, k) => sum + each * cotangent[i * dim + k]!, 0);
          near(terms[offset * rows + i * width + j]!, 0.25 + slope, precision === "f64" ? 1e-8 : 2e-5, `term of ${name}[${j}] at row ${i} of ${rows}`);
        }
      }
    }
  });
}
