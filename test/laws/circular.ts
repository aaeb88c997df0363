import { it } from "vitest";
import type { Precision } from "../../src/core/core.ts";
import type { Subject } from "../laws.ts";
import { column, moments, within } from "./numbers.ts";
import { type Problem, stage, stream } from "./stage.ts";

const DRAWS = 120_000;

/** Mean direction m and circular variance v of angles: E[sin(x − m)] = 0, E[1 − cos(x − m)] = v. */
export function circularLaws({ family }: Subject, precision: Precision, problems: readonly Problem[]): void {
  it("has the mean direction and the circular variance of draws, within 5 standard errors", () => {
    const batch = problems.length;
    using at = stage(family, precision, problems);
    const [mean, variance] = at.run([batch * family.dim, batch * family.dim], ([m, v]) => family.circular!(at.kernels, at.theta, m!, v!));
    const x = at.sample(DRAWS * batch, stream(11));
    for (let i = 0; i < batch * family.dim; i++) {
      const angles = Float64Array.from(column(x, i, batch * family.dim), (angle) => angle - mean![i]!);
      const [across, lost] = [angles.map(Math.sin), angles.map((angle) => 2 * Math.sin(angle / 2) ** 2)].map((values) => moments(values)) as [ReturnType<typeof moments>, ReturnType<typeof moments>];
      within(across.mean, 0, across.meanError, 5, `E sin(x − mean) of ${i}`);
      within(lost.mean, variance![i]!, lost.meanError, 5, `circular variance ${i}`);
    }
  });
}
