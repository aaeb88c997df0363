import { expect, it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import type { Subject } from "../laws.ts";
import { near, sumOf } from "./numbers.ts";
import { directions, type Problem, stage, type Stage } from "./stage.ts";

const STEPS = 64; // of a rule between two quantiles

/** u between 0 and 1: even, and reaching towards both ends. */
function grid(precision: Precision, count: number): Points {
  return arrayOf(precision, count).map((_: number, i: number) => {
    const t = (i + 0.5) / count;
    return t * t * (3 - 2 * t);
  }) as Points;
}

/** The mass of the density between neighbours of x, by Gauss's rule of two points. */
function masses(at: Stage, x: Points): Float64Array {
  const nodes = Float64Array.from({ length: (x.length - 1) * STEPS * 2 }, (_, i) => {
    const cell = Math.floor(i / (2 * STEPS));
    const width = (x[cell + 1]! - x[cell]!) / STEPS;
    const middle = x[cell]! + (Math.floor((i % (2 * STEPS)) / 2) + 0.5) * width;
    return middle + ((i % 2) - 0.5) * (width / Math.sqrt(3));
  });
  const densities = at.logProb(nodes).map(Math.exp);
  return Float64Array.from({ length: x.length - 1 }, (_, cell) => (sumOf(densities.subarray(cell * 2 * STEPS, (cell + 1) * 2 * STEPS)) * (x[cell + 1]! - x[cell]!)) / (2 * STEPS));
}

/** x from uniforms given from outside. */
export function quantileLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const batch = problems.length;
  const { dim } = family;
  const { uniforms } = family.quantile!;

  it("writes no more rows than it is given uniforms for, each of its own uniforms alone", () => {
    using at = stage(family, precision, problems);
    const long = grid(precision, 1025 * batch * uniforms).map((_: number, i: number, all: Points) => all[(i * 7919) % all.length]!) as Points;
    const { x, noise } = at.invert(long);
    const kept = family.path?.noise ?? 0;
    for (const samples of [0, 1, 3, 7, 17, 341]) {
      const rows = samples * batch;
      const short = at.invert(long.slice(0, rows * uniforms));
      expect(short.x).toEqual(x.slice(0, rows * dim));
      expect(short.noise).toEqual(noise.slice(0, rows * kept));
    }
    for (let i = 0; i < x.length; i++) {
      const row = Math.floor(i / dim);
      expect(Number.isFinite(x[i]!) && subject.support(x[i]!, x.subarray(row * dim, (row + 1) * dim), problems[row % batch]!), `x[${i}] = ${x[i]}`).toBe(true);
    }
  });

  if (dim === 1 && uniforms === 1 && batch === 1 && family.logProb !== undefined) {
    it("grows with u, by as much as the integral of the density says", () => {
      using at = stage(family, precision, problems);
      using wide = stage(family, "f64", problems);
      const u = grid(precision, 300);
      const { x } = at.invert(u);
      const seen = masses(wide, Float64Array.from(x));
      for (let i = 0; i + 1 < u.length; i++) {
        if (!(x[i + 1]! >= x[i]!)) expect.fail(`x falls from ${x[i]} at u = ${u[i]} to ${x[i + 1]} at ${u[i + 1]}`);
        near(seen[i]!, u[i + 1]! - u[i]!, precision === "f64" ? 2e-7 : 4e-6, `mass between u = ${u[i]} and ${u[i + 1]}`);
      }
      // What is below the first is left: half of it by symmetry of the grid, were the law symmetric; so the median settles where all lies.
      const median = at.invert(arrayOf(precision, 1).fill(0.5)).x[0]!;
      expect(x[149]! <= median && median <= x[150]!).toBe(true);
    });
  }

  if (family.path !== undefined && uniforms === dim && precision === "f64") {
    it("is followed by the path's pull: finite differences at a fixed u", () => {
      using at = stage(family, precision, problems);
      const rows = 57 * batch;
      const u = grid(precision, rows * dim).map((_: number, i: number, all: Points) => all[(i * 31) % all.length]!) as Points;
      const { x, noise } = at.invert(u);
      const terms = at.pull(x, noise, arrayOf(precision, rows * dim).fill(1));
      const step = 1e-6;
      for (const { name, j, offset, width, up, down } of directions(family, problems, step)) {
        using above = stage(family, precision, up);
        using below = stage(family, precision, down);
        const [high, low] = [above.invert(u).x, below.invert(u).x];
        for (let i = 0; i < rows; i++) {
          let slope = 0;
          let rounding = 0;
          for (let k = i * dim; k < (i + 1) * dim; k++) {
            slope += (high[k]! - low[k]!) / (2 * step);
            rounding += (4e-16 * Math.abs(x[k]!)) / step;
          }
          near(terms[offset * rows + i * width + j]!, slope, 2e-6 + rounding, `pull to ${name}[${j}] at row ${i}`);
        }
      }
    });
  }
}
