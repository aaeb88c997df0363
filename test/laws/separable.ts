import { expect, it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import type { Variable } from "../../src/vocabulary/distribution.ts";
import type { Subject } from "../laws.ts";
import { near, sumOf } from "./numbers.ts";
import { type Problem, stage, type Stage } from "./stage.ts";

const ROWS = 7;
const TOLERANCE = { f64: 1e-12, f32: 4e-5 } as const;

function known({ run, kernels, theta }: Stage, one: Variable): { readonly values: Points; readonly logProb: Points } {
  const [values, , logProb] = run([one.size * one.width, one.room(theta.batch), one.size * theta.batch], ([x, room, log]) => {
    one.enumerate(kernels, x!);
    one.logProb(kernels, theta, room!, log!);
  });
  return { values: values!, logProb: logProb! };
}

/** Variables whose values are counted through: log p of a draw differs between two of them by what they say, whatever the others are. */
export function separableLaws({ family }: Subject, precision: Precision, problems: readonly Problem[]): void {
  const batch = problems.length;
  const { dim } = family;

  it("has variables that tell their columns, each once, and probabilities of their values that sum to 1", () => {
    using at = stage(family, precision, problems);
    for (let column = 0; column < dim; column++) {
      const one = family.variable!(column);
      if (one === undefined) continue;
      expect(column - one.column).toBeLessThan(one.width);
      expect(family.variable!(one.column)?.column).toBe(one.column);
      const { logProb } = known(at, one);
      for (let b = 0; b < batch; b++) near(sumOf(logProb.filter((_: number, i: number) => i % batch === b).map((log: number) => Math.exp(log))), 1, TOLERANCE[precision], `probabilities of column ${column}`);
    }
  });

  it("has the density of its draws change with the value of a variable as that variable's own does", () => {
    using at = stage(family, precision, problems);
    const rows = ROWS * batch;
    const x = at.sample(rows);
    const whole = at.logProb(x);
    for (let column = 0; column < dim; column++) {
      const one = family.variable!(column);
      if (one === undefined) continue;
      const { values, logProb } = known(at, one);
      const name = (from: Points, start: number): string => from.subarray(start, start + one.width).join();
      for (let value = 0; value < one.size; value++) {
        const moved = x.slice() as Points;
        for (let r = 0; r < rows; r++) moved.set(values.subarray(value * one.width, (value + 1) * one.width) as never, r * dim + one.column);
        at.logProb(moved).forEach((log: number, r: number) => {
          const own = Array.from({ length: one.size }, (_, v) => v).find((v) => name(values, v * one.width) === name(x, r * dim + one.column))!;
          const [to, from] = [logProb[value * batch + (r % batch)]!, logProb[own * batch + (r % batch)]!];
          near(log - whole[r]!, to - from, TOLERANCE[precision] * (1 + Math.abs(whole[r]!)), `value ${value} of column ${column}, row ${r}`);
        });
      }
    }
  });
}
