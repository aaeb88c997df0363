import { it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import type { Coupling } from "../../src/vocabulary/distribution.ts";
import type { Subject } from "../laws.ts";
import { column, moments, near, within } from "./numbers.ts";
import { directions, type Problem, stage, stream } from "./stage.ts";

const COUPLINGS: readonly Coupling[] = ["same", "antithetic", "independent"];

/** c (p⁺ − p⁻) is the derivative of p: tested on Σ x and Σ x², whose means are known. */
export function measurableLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const batch = problems.length;
  const { dim } = family;
  const width = dim * batch;

  it.each(COUPLINGS)("has weak derivatives that are those of E[Σ x] and E[Σ x²], coupled by the %s draw", (coupling) => {
    if (subject.moments === undefined) return;
    using at = stage(family, precision, problems);
    const rows = 20_000 * batch;
    let entry = 0;
    for (const { name, j, up, down } of directions(family, problems, 1e-5)) {
      const [x, plus, minus, constant] = at.run([rows * dim, rows * dim, rows * dim, rows], ([a, p, m, c]) =>
        family.weak!.draw(at.kernels, stream(13), rows, at.theta, entry, coupling, a!, p!, m!, c!));
      for (const [power, exact] of [[1, sum], [2, squares]] as const) {
        const along = Float64Array.from({ length: rows }, (_, row) => constant![row]! * (total(plus!, row, dim, power) - total(minus!, row, dim, power)));
        problems.forEach((_, b) => {
          const seen = moments(column(along, b, batch));
          within(seen.mean, (exact(subject, up[b]!) - exact(subject, down[b]!)) / 2e-5, seen.meanError + 1e-6, 5, `∂E[Σ x^${power}]/∂${name}[${j}] of problem ${b}`);
        });
      }
      // x is a draw of the family, and what the entry does not concern is x's in all three.
      problems.forEach((problem, b) => {
        const exact = subject.moments!(problem);
        for (let k = 0; k < dim; k++) {
          const seen = moments(column(x!, b * dim + k, width));
          within(seen.mean, exact.mean[k]!, seen.meanError, 5, `mean of x[${k}] of problem ${b}`);
        }
      });
      entry++;
    }
  });

  it("writes the same for a shorter run, and for its part at a chunk's end", () => {
    using at = stage(family, precision, problems);
    const draw = (rows: number, chunk: number, coupling: Coupling): readonly Points[] =>
      at.run([rows * dim, rows * dim, rows * dim, rows], ([a, p, m, c]) => family.weak!.draw(at.kernels, stream(1, 0, chunk), rows, at.theta, 0, coupling, a!, p!, m!, c!));
    for (const coupling of COUPLINGS) {
      const rows = 1024 * batch + 7 * batch;
      const [long, short, end] = [draw(rows, 0, coupling), draw(77 * batch, 0, coupling), draw(7 * batch, batch, coupling)];
      long.forEach((all, i) => {
        short[i]!.forEach((v: number, k: number) => near(v, all[k]!, 0, `array ${i} of a short run`));
        end[i]!.forEach((v: number, k: number) => near(v, all[(1024 * batch * all.length) / rows + k]!, 0, `array ${i} of a later run`));
      });
    }
  });
}

function total(x: Points, row: number, dim: number, power: number): number {
  let all = 0;
  for (let j = 0; j < dim; j++) all += x[row * dim + j]! ** power;
  return all;
}

const sum = (subject: Subject, problem: Problem): number => subject.moments!(problem).mean.reduce((a, m) => a + m, 0);

function squares(subject: Subject, problem: Problem): number {
  const { mean, variance } = subject.moments!(problem);
  return mean.reduce((a, m, j) => a + m ** 2 + variance[j]!, 0);
}
