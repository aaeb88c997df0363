import { expect, it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import type { Subject } from "../laws.ts";
import { column, moments, near, sumOf, within } from "./numbers.ts";
import { sizeOf } from "../../src/vocabulary/distribution.ts";
import { directions, type Problem, stage, stream } from "./stage.ts";

const SIZES = [0, 1, 3, 7, 17, 341, 1025];

export function pathLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const batch = problems.length;
  const { dim } = family;

  it("has a path that draws what `sample` draws", () => {
    using at = stage(family, precision, problems);
    for (const rows of SIZES) expect(at.draw(rows * batch).x).toEqual(at.sample(rows * batch));
  });

  it("pulls a cotangent back as finite differences of the path do, and adds", () => {
    using at = stage(family, precision, problems);
    using wide = stage(family, "f64", problems);
    // The derivative is compared where both precisions draw by the same numbers: in f64, then f32 against f64 at the same draw.
    for (const samples of SIZES) {
      const rows = samples * batch;
      const { x, noise } = wide.draw(rows);
      const cotangent = Float64Array.from(x, (_, i) => ((i * 7) % 11) - 4.5);
      const exact = wide.pull(x, noise, cotangent, 0.25);
      if (precision === "f32") {
        const narrow = (a: Points): Points => Float32Array.from(a);
        const terms = at.pull(narrow(x), narrow(noise), narrow(cotangent), 0.25);
        terms.forEach((seen: number, i: number) => near(seen, exact[i]!, 1e-5, `term ${i}`));
        continue;
      }
      const step = 1e-6;
      for (const { name, j, offset, width, up, down } of directions(family, problems, step)) {
        using above = stage(family, "f64", up);
        using below = stage(family, "f64", down);
        const high = above.draw(rows).x;
        const low = below.draw(rows).x;
        for (let i = 0; i < rows; i++) {
          let slope = 0;
          for (let k = i * dim; k < (i + 1) * dim; k++) slope += (cotangent[k]! * (high[k]! - low[k]!)) / (2 * step);
          near(exact[offset * rows + i * width + j]!, 0.25 + slope, 1e-6, `pull to ${name}[${j}] at draw ${i} of ${rows}`);
        }
      }
    }
  });

  if (family.path!.push !== undefined) {
    it("pushes a tangent forward as the adjoint of pull: ⟨push t, c⟩ = ⟨t, pull c⟩", () => {
      using at = stage(family, precision, problems);
      for (const samples of SIZES) {
        const rows = samples * batch;
        const { x, noise } = at.draw(rows);
        const cotangent = arrayOf(precision, rows * dim).map((_: number, i: number) => ((i * 7) % 11) - 4.5) as Points;
        const tangent = arrayOf(precision, rows * sizeOf(family.params)).map((_: number, i: number) => ((i * 5) % 13) / 8 - 0.7) as Points;
        const forward = at.push(x, noise, tangent);
        const back = at.pull(x, noise, cotangent);
        const product = (a: Points, b: Points): number => sumOf(Float64Array.from(a, (v, i) => v * b[i]!));
        const size = (a: Points, b: Points): number => sumOf(Float64Array.from(a, (v, i) => Math.abs(v * b[i]!)));
        const allowed = (precision === "f64" ? 1e-13 : 1e-5) * (1 + size(back, tangent));
        const [pushed, pulled] = [product(forward, cotangent), product(back, tangent)];
        if (!(Math.abs(pushed - pulled) <= allowed)) expect.fail(`${rows} rows: ⟨push t, c⟩ = ${pushed}, ⟨t, pull c⟩ = ${pulled}`);
      }
    });
  }

  if (subject.moments === undefined) return;
  it("has the gradient of E[Σ x²] along the path, within 5 standard errors", () => {
    using at = stage(family, precision, problems);
    const rows = 60_000 * batch;
    const { x, noise } = at.draw(rows, stream(5));
    const terms = at.pull(x, noise, arrayOf(precision, x.length).map((_: number, i: number) => 2 * x[i]!) as Points);
    const total = (problem: Problem): number => {
      const { mean, variance } = subject.moments!(problem);
      return mean.reduce((sum, m, j) => sum + m ** 2 + variance[j]!, 0);
    };
    for (const { name, j, offset, width, up, down } of directions(family, problems, 1e-5)) {
      for (let b = 0; b < batch; b++) {
        const seen = moments(column(terms.subarray(offset * rows, (offset + width) * rows), b * width + j, batch * width));
        within(seen.mean, (total(up[b]!) - total(down[b]!)) / 2e-5, seen.meanError + 1e-7, 5, `∂E[Σx²]/∂${name}[${j}] of problem ${b}`);
      }
    }
  });
}
