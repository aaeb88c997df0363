import { it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import { sizeOf } from "../../src/vocabulary/distribution.ts";
import type { Subject } from "../laws.ts";
import { column, moments, near, within } from "./numbers.ts";
import { directions, type Problem, stage, type Stage, stream } from "./stage.ts";

const FINE = { f64: 1e-7, f32: 1e-4 } as const;

/** The mean and what functions about it are worth: against draws, derivatives against finite differences. */
export function expansionLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const { dim } = family;
  const batch = problems.length;
  const size = sizeOf(family.params);
  const meanOf = ({ run, kernels, theta }: Stage): Points => run([batch * dim], ([mean]) => family.centre!.mean(kernels, theta, mean!))[0]!;

  it("has a mean, and pulls a cotangent of it back to θ as finite differences do, and adds", () => {
    using at = stage(family, precision, problems);
    const mean = meanOf(at);
    if (subject.moments !== undefined) problems.forEach((problem, b) => subject.moments!(problem).mean.forEach((m, j) => near(mean[b * dim + j]!, m, precision === "f64" ? 1e-13 : 1e-6)));
    const cotangent = arrayOf(precision, batch * dim).map((_: number, i: number) => ((i * 7) % 11) - 4.5) as Points;
    const gradient = at.run([cotangent, arrayOf(precision, batch * size).fill(0.25)], ([c, g]) => family.centre!.pull(at.kernels, batch, at.theta, c!, g!))[1]!;
    for (const { name, j, offset, width, up, down } of directions(family, problems, 1e-6)) {
      using above = stage(family, "f64", up);
      using below = stage(family, "f64", down);
      const [high, low] = [meanOf(above), meanOf(below)];
      for (let b = 0; b < batch; b++) {
        let slope = 0;
        for (let k = b * dim; k < (b + 1) * dim; k++) slope += (cotangent[k]! * (high[k]! - low[k]!)) / 2e-6;
        near(gradient[offset * batch + b * width + j]!, 0.25 + slope, FINE[precision], `pull to ${name}[${j}] of problem ${b}`);
      }
    }
  });

  if (family.quadratic === undefined) return;
  /** A symmetric matrix of each problem, `[dim, batch, dim]`. */
  const entry = (b: number, j: number, k: number): number => Math.cos(1 + b + j * k) + (j === k ? 1 : 0);
  const curvatureOf = (kind: Precision): Points => arrayOf(kind, dim * batch * dim).map((_: number, i: number) => entry(Math.floor(i / dim) % batch, Math.floor(i / dim / batch), i % dim)) as Points;
  const worth = ({ run, kernels, theta }: Stage, kind: Precision, before = 0): readonly Points[] =>
    run([curvatureOf(kind), arrayOf(kind, batch).fill(before), arrayOf(kind, batch * size).fill(before)], ([h, v, g]) => family.quadratic!(kernels, theta, h!, v!, g!)).slice(1);

  it("knows the mean of a quadratic function about its mean, and its derivatives, and adds", () => {
    using at = stage(family, precision, problems);
    const [value, gradient] = worth(at, precision, 0.5);
    const mean = meanOf(at);
    const x = at.sample(60_000 * batch, stream(12));
    const forms = Float64Array.from({ length: x.length / dim }, (_, row) => {
      const b = row % batch;
      let sum = 0;
      for (let j = 0; j < dim; j++) for (let k = 0; k < dim; k++) sum += 0.5 * entry(b, j, k) * (x[row * dim + j]! - mean[b * dim + j]!) * (x[row * dim + k]! - mean[b * dim + k]!);
      return sum;
    });
    for (let b = 0; b < batch; b++) {
      const seen = moments(column(forms, b, batch));
      within(value![b]! - 0.5, seen.mean, seen.meanError + 1e-7, 5, `problem ${b}`);
    }
    for (const { name, j, offset, width, up, down } of directions(family, problems, 1e-6)) {
      using above = stage(family, "f64", up);
      using below = stage(family, "f64", down);
      const [high, low] = [worth(above, "f64")[0]!, worth(below, "f64")[0]!];
      for (let b = 0; b < batch; b++) near(gradient![offset * batch + b * width + j]!, 0.5 + (high[b]! - low[b]!) / 2e-6, FINE[precision], `∂/∂${name}[${j}] of problem ${b}`);
    }
  });
}
