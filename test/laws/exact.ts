import { it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import type { Subject } from "../laws.ts";
import { column, moments, near, within } from "./numbers.ts";
import { directions, type Problem, stage, type Stage, stream } from "./stage.ts";

const FINE = { f64: 1e-6, f32: 1e-4 } as const;

/** Entropy and divergence in closed form: against their means over draws, their gradients against finite differences. */
export function exactLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const batch = problems.length;

  function agrees(exact: (at: Stage, sign: number) => { readonly value: Points; readonly gradient: Points }, what: string): void {
    using at = stage(family, precision, problems);
    const { gradient } = exact(at, -2);
    for (const { name, j, offset, width, up, down } of directions(family, problems, 1e-5)) {
      using above = stage(family, "f64", up);
      using below = stage(family, "f64", down);
      const high = exact(above, -2).value;
      const low = exact(below, -2).value;
      for (let b = 0; b < batch; b++) near(gradient[offset * batch + b * width + j]!, (high[b]! - low[b]!) / 2e-5, FINE[precision], `∂ ${what}/∂${name}[${j}] of problem ${b}`);
    }
  }

  /** Means over draws of a number a row, problem by problem. */
  function averages(expected: Points, values: Points, what: string): void {
    for (let b = 0; b < batch; b++) {
      const seen = moments(column(values, b, batch));
      within(expected[b]!, seen.mean, seen.meanError + 1e-7, 5, `${what} of problem ${b}`);
    }
  }

  if (family.entropy !== undefined) {
    it("has the entropy −E[log p], and its gradient", () => {
      using at = stage(family, precision, problems);
      if (family.logProb !== undefined) averages(at.entropy(-1).value, at.logProb(at.sample(60_000 * batch, stream(6))), "−entropy");
      agrees((on, sign) => on.entropy(sign), "entropy");
    });
  }

  const { priors } = subject;
  if (family.divergence === undefined || priors === undefined) return;
  it("has the divergence E[log p − log prior] from a prior of its own batch, and its gradient", () => {
    for (const chosen of [priors.slice(0, 1), priors.slice(0, batch)]) {
      using at = stage(family, precision, problems);
      using narrow = stage(family, precision, chosen);
      using wide = stage(family, "f64", chosen);
      const x = at.sample(60_000 * batch, stream(7));
      const under = narrow.logProb(x);
      averages(at.divergence(narrow.theta, 1).value, at.logProb(x).map((log: number, i: number) => log - under[i]!) as Points, "divergence");
      agrees((on, sign) => on.divergence((on.kernels === at.kernels ? narrow : wide).theta, sign), "divergence");
    }
  });

  it("has no divergence from itself", () => {
    using at = stage(family, precision, problems);
    for (const number of [...at.divergence(at.theta, 1).value, ...at.divergence(at.theta, 1).gradient]) near(number, 0, precision === "f64" ? 1e-14 : 1e-6);
  });
}
