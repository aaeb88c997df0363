import { expect, it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import { eachPart, type Path, sizeOf } from "../../src/vocabulary/distribution.ts";
import type { Subject } from "../laws.ts";
import { column, moments, near, sumOf, within } from "./numbers.ts";
import { directions, type Family, type Problem, stage, type Stage, stream } from "./stage.ts";

const SIZES = [0, 1, 3, 7, 17, 341, 1025];

/** Fails unless ⟨push d, g⟩ = ⟨d, pull g⟩ in every row, for a d and a g without order; x is `[rows, width]`. */
export function adjoint(at: Stage, family: Family, path: Path, x: Points, noise: Points, width: number = family.dim): void {
  const rows = x.length / width;
  const size = sizeOf(family.params);
  const like = (length: number, seed: number): Points => arrayOf(x instanceof Float64Array ? "f64" : "f32", length).map((_: number, i: number) => Math.sin(seed + i * i)) as Points;
  const [d, g] = [like(rows * size, 1), like(rows * width, 2)];
  const terms = at.run([x, noise, g, rows * size], ([xAt, noiseAt, c, t]) => path.pull(at.kernels, rows, at.theta, noiseAt!, xAt!, c!, t!))[3]!;
  const pushed = at.run([x, noise, d, rows * width], ([xAt, noiseAt, t, out]) => path.push!(at.kernels, rows, at.theta, noiseAt!, xAt!, t!, out!))[3]!;
  for (let row = 0; row < rows; row++) {
    let [left, right, scale] = [0, 0, 1];
    for (let j = row * width; j < (row + 1) * width; j++) left += pushed[j]! * g[j]!;
    eachPart(family.params, rows, (_, from, length) => {
      for (let e = from + (row * length) / rows; e < from + ((row + 1) * length) / rows; e++) {
        right += d[e]! * terms[e]!;
        scale += Math.abs(d[e]! * terms[e]!);
      }
    });
    near(left / scale, right / scale, x instanceof Float64Array ? 1e-14 : 1e-6, `⟨push d, g⟩ of row ${row} of ${rows}`);
  }
}

export function pathLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const batch = problems.length;
  const { dim } = family;

  it("has a path that draws what `sample` draws", () => {
    using at = stage(family, precision, problems);
    for (const rows of SIZES) expect(at.draw(rows * batch).x).toEqual(at.sample(rows * batch));
  });

  if (subject.jacobian !== undefined) implicitLaws(subject, precision, problems);
  else it("pulls a cotangent back as finite differences of the path do, and adds", () => {
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
    it("pushes tangents as the adjoint of pulling: ⟨push d, g⟩ = ⟨d, pull g⟩ in every row", () => {
      using at = stage(family, precision, problems);
      for (const samples of SIZES) {
        const { x, noise } = at.draw(samples * batch);
        adjoint(at, family, family.path!, x, noise);
      }
    });
  }

  if (subject.moments === undefined) return;
  it("has the gradient of E[Σ x²] along the path, within 5 standard errors", () => {
    using at = stage(family, precision, problems);
    const rows = (subject.jacobian === undefined ? 60_000 : 20_000) * batch; // an implicit derivative takes its time
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

/**
 * The path of a draw that jumps where another candidate is accepted cannot be held to finite differences of the draw: it is held to
 * −(∂F/∂θ) / p(x), by the reference and by integration of the density from x up.
 */
function implicitLaws({ family, jacobian, range }: Subject, precision: Precision, problems: readonly Problem[]): void {
  const batch = problems.length;
  const { dim } = family;

  it("pulls a cotangent back through the Jacobian of the reference, and adds", () => {
    using at = stage(family, precision, problems);
    for (const samples of SIZES.slice(0, -1)) {
      const rows = samples * batch;
      const { x, noise } = at.draw(rows);
      const cotangent = x.map((_: number, i: number) => ((i * 7) % 11) - 4.5) as Points;
      const terms = at.pull(x, noise, cotangent, 0.25);
      for (let r = 0; r < rows; r++) {
        const matrix = jacobian!(problems[r % batch]!, x.subarray(r * dim, (r + 1) * dim));
        let entry = 0;
        for (const { name, j, offset, width } of directions(family, problems, 0)) {
          const slope = matrix[entry++]!.reduce((sum, own, k) => sum + own * cotangent[r * dim + k]!, 0);
          near(terms[offset * rows + r * width + j]!, 0.25 + slope, precision === "f64" ? 1e-6 : 2e-5, `pull to ${name}[${j}] at draw ${r} of ${rows}`);
        }
      }
    }
  });

  if (range === undefined || dim > 1 || batch > 1 || precision === "f32") return;
  it("moves x as −(∂F/∂θ) / p(x), the integral of ∂p/∂θ from x on", () => {
    using at = stage(family, precision, problems);
    const [, to] = range(problems[0]!);
    const { x, noise } = at.draw(24, stream(11));
    const terms = at.pull(x, noise, x.map(() => 1) as Points);
    for (const { name, j, offset, width, up, down } of directions(family, problems, 1e-5)) {
      using above = stage(family, "f64", up);
      using below = stage(family, "f64", down);
      x.forEach((from: number, i: number) => {
        const points = Float64Array.from({ length: 20_000 }, (_, k) => from + ((k + 0.5) * (to - from)) / 20_000);
        const low = below.logProb(points);
        const change = sumOf(above.logProb(points).map((log: number, k: number) => Math.exp(log) - Math.exp(low[k]!)) as Points);
        const slope = (change / 2e-5) * ((to - from) / 20_000);
        near(terms[offset * 24 + i * width + j]!, slope / Math.exp(at.logProb(Float64Array.of(from))[0]!), 2e-6, `∂x/∂${name}[${j}] at ${from}`);
      });
    }
  });
}
