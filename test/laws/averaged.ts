import { expect, it } from "vitest";
import type { Precision } from "../../src/core/core.ts";
import type { Subject } from "../laws.ts";
import { near } from "./numbers.ts";
import { type Problem, stage } from "./stage.ts";

export function averagedLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const { dim } = family;

  it("says the mean and variance that its draws have", () => {
    using at = stage(family, precision, problems);
    expect(subject.moments, "moments of the reference").toBeDefined();
    const size = problems.length * dim;
    const [mean, variance] = at.run([size, size], ([m, v]) => family.moments!(at.kernels, at.theta, m!, v!));
    problems.forEach((problem, b) => {
      const exact = subject.moments!(problem);
      for (let j = 0; j < dim; j++) {
        near(mean![b * dim + j]!, exact.mean[j]!, precision === "f64" ? 1e-12 : 1e-5, `mean of coordinate ${j} of problem ${b}`);
        near(variance![b * dim + j]!, exact.variance[j]!, precision === "f64" ? 1e-12 : 1e-5, `variance of coordinate ${j} of problem ${b}`);
      }
    });
  });
}
