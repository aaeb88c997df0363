import { it } from "vitest";
import type { Precision } from "../../src/core/core.ts";
import type { Subject } from "../laws.ts";
import { column, moments, near, within } from "./numbers.ts";
import { type Problem, stage, stream } from "./stage.ts";

const DRAWS = 120_000;

/** Mean and variance in closed form: against those of the reference, and of draws. */
export function averagedLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const batch = problems.length;
  const { dim } = family;

  it("has the mean and variance of the reference in closed form", () => {
    if (subject.moments === undefined) return;
    using at = stage(family, precision, problems);
    const { mean, variance } = at.moments();
    problems.forEach((problem, b) => {
      const exact = subject.moments!(problem);
      for (let i = b * dim, j = 0; j < dim; i++, j++) {
        near(mean[i]!, exact.mean[j]!, precision === "f64" ? 1e-12 : 1e-6, `mean of coordinate ${j} of problem ${b}`);
        near(variance[i]!, exact.variance[j]!, precision === "f64" ? 1e-12 : 2e-6, `variance of coordinate ${j} of problem ${b}`);
      }
    });
  });

  it("has the mean and variance of draws, within 5 standard errors, NaN where there is none", () => {
    using at = stage(family, precision, problems);
    const { mean, variance } = at.moments();
    const x = at.sample(DRAWS * batch, stream(11));
    for (let i = 0; i < batch * dim; i++) {
      if (subject.moments === undefined && Number.isNaN(mean[i]!)) continue;
      const seen = moments(column(x, i, batch * dim));
      within(seen.mean, mean[i]!, seen.meanError, 5, `mean ${i}`);
      within(seen.variance, variance[i]!, seen.varianceError, 5, `variance ${i}`);
    }
  });
}
