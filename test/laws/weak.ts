import { expect, it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { COUPLINGS, type Coupling } from "../../src/vocabulary/distribution.ts";
import type { Subject } from "../laws.ts";
import { column, moments, sumOf, within } from "./numbers.ts";
import { directions, type Problem, stage, type Stage, stream } from "./stage.ts";

interface Drawn {
  readonly x: Points;
  readonly plus: Points;
  readonly minus: Points;
  readonly constant: Points;
}

function drawn({ run, kernels, theta }: Stage, { family }: Subject, samples: number, entry: number, coupling: Coupling, chunk = 0): Drawn {
  const rows = samples * theta.batch;
  const n = rows * family.dim;
  const [x, plus, minus, constant] = run([n, n, n, rows], ([x, plus, minus, constant]) => {
    family.sample(kernels, stream(11, 0, chunk), rows, theta, x!);
    family.weak!.draw(kernels, stream(11, 1, chunk), rows, theta, entry, coupling, x!, plus!, minus!, constant!);
  });
  return { x: x!, plus: plus!, minus: minus!, constant: constant! };
}

/** ∂p/∂θₑ = c (p⁺ − p⁻): by what it says of the means of Σ x and Σ x², for each number of θ and each coupling. */
export function weakLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const batch = problems.length;
  const { dim } = family;
  const entries = [...directions(family, problems, 1e-5)];

  it("has a weak derivative: c (E f(x⁺) − E f(x⁻)) is the derivative of E f, whatever the coupling", () => {
    if (subject.moments === undefined) return;
    using at = stage(family, precision, problems);
    const means = (problem: Problem): number[] => {
      const { mean, variance } = subject.moments!(problem);
      return [sumOf(mean), mean.reduce((sum, m, j) => sum + m * m + variance[j]!, 0)];
    };
    for (const [entry, { name, j, up, down }] of entries.entries()) {
      for (const coupling of COUPLINGS) {
        const { plus, minus, constant } = drawn(at, subject, 6000, entry, coupling);
        for (const power of [1, 2]) {
          const value = (points: Points, row: number): number => {
            let sum = 0;
            for (let i = row * dim; i < (row + 1) * dim; i++) sum += power === 1 ? points[i]! : points[i]! * points[i]!;
            return sum;
          };
          const difference = Float64Array.from(constant, (c, row) => c * (value(plus, row) - value(minus, row)));
          for (let b = 0; b < batch; b++) {
            const exact = (means(up[b]!)[power - 1]! - means(down[b]!)[power - 1]!) / 2e-5;
            const seen = moments(column(difference, b, batch));
            within(seen.mean, exact, seen.meanError + (precision === "f64" ? 1e-8 : 1e-5) * (1 + Math.abs(exact)), 4.5, `∂E[Σx^${power}]/∂${name}[${j}] of problem ${b}, ${coupling}`);
          }
        }
      }
    }
  });

  it("draws both points in the support, and begins a longer run of them with the shorter one", () => {
    using at = stage(family, precision, problems);
    for (const entry of entries.keys()) {
      for (const coupling of COUPLINGS) {
        const long = drawn(at, subject, 1100, entry, coupling);
        for (const points of [long.plus, long.minus]) {
          const draws = points.subarray(0, 100 * batch * dim);
          draws.forEach((value: number, i: number) => {
            const row = Math.floor(i / dim);
            if (!Number.isFinite(value) || !subject.support(value, draws.subarray(row * dim, (row + 1) * dim), problems[row % batch]!)) expect.fail(`entry ${entry}, ${coupling}: ${value} at ${i}`);
          });
        }
        for (const samples of [1, 3, 341, 1025]) {
          const short = drawn(at, subject, samples, entry, coupling);
          for (const part of ["plus", "minus", "constant"] as const) expect(short[part]).toEqual(long[part].slice(0, short[part].length));
        }
        const rest = drawn(at, subject, 1100 - 1024, entry, coupling, batch);
        for (const part of ["plus", "minus", "constant"] as const) expect(rest[part]).toEqual(long[part].slice(long[part].length - rest[part].length));
      }
    }
  });

  for (const problem of subject.edges?.[precision] ?? []) {
    it(`draws finite points and constants at ${JSON.stringify(problem)}`, () => {
      using at = stage(family, precision, [problem]);
      for (const entry of entries.keys()) {
        for (const coupling of COUPLINGS) {
          const { plus, minus, constant } = drawn(at, subject, 257, entry, coupling);
          for (const values of [plus, minus, constant]) expect(values.every(Number.isFinite)).toBe(true);
        }
      }
    });
  }
}
