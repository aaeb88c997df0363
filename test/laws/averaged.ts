import { it } from "vitest";
import type { Precision } from "../../src/core/core.ts";
import type { Subject } from "../laws.ts";
import { column, moments, near, within } from "./numbers.ts";
import { type Problem, stage, stream } from "./stage.ts";

const DRAWS = 120_000;

/** Mean and variance in closed form: the subject's, where it knows them, and those of draws. */
export function averagedLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const batch = problems.length;
  const { dim } = family;

  it("knows its mean and variance", () => {
    using at = stage(family, precision, problems);
    const [mean, variance] = at.run([batch * dim, batch * dim], ([m, v]) => family.moments!(at.kernels, at.theta, m!, v!));
    const x = at.sample(DRAWS * batch, stream(12));
    problems.forEach((problem, b) => {
      const exact = subject.moments?.(problem);
      for (let j = 0; j < dim; j++) {
        const e = b * dim + j;
        const seen = moments(column(x, e, batch * dim));
        within(mean![e]!, seen.mean, seen.meanError, 5, `mean of coordinate ${j} of problem ${b}`);
        within(variance![e]!, seen.variance, seen.varianceError, 5, `variance of coordinate ${j} of problem ${b}`);
        if (exact === undefined) continue;
        near(mean![e]!, exact.mean[j]!, precision === "f64" ? 1e-12 : 1e-6, `mean ${e}`);
        near(variance![e]!, exact.variance[j]!, precision === "f64" ? 1e-12 : 1e-6, `variance ${e}`);
      }
    });
  });
}
