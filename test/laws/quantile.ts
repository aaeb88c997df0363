import { expect, it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { uniform } from "../../src/distributions/uniform.ts";
import { arrayOf } from "../../src/parameters.ts";
import type { Subject } from "../laws.ts";
import { expectLaw } from "./finite.ts";
import { column, moments, near, sumOf, within } from "./numbers.ts";
import { directions, type Problem, stage, type Stage, stream } from "./stage.ts";

/** Independent uniforms, `[rows, uniforms]`. */
function uniforms(precision: Precision, count: number, seed = 1): Points {
  using at = stage(uniform(1), precision, [{ low: [0], high: [1] }]);
  return at.sample(count, stream(seed));
}

function inverted({ run, kernels, theta }: Stage, { family }: Subject, u: Points): { readonly x: Points; readonly noise: Points } {
  const rows = u.length / family.quantile!.uniforms;
  const [, x, noise] = run([u, rows * family.dim, rows * (family.path?.noise ?? 0)], ([at, x, noise]) => family.quantile!.draw(kernels, rows, theta, at!, family.path ? noise! : x!, x!));
  return { x: x!, noise: noise! };
}

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

/** x as a function of uniforms given from outside. */
export function quantileLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const batch = problems.length;
  const { dim } = family;
  const width = family.quantile!.uniforms;

  it("makes draws of independent uniforms, with its mean and variance", () => {
    using at = stage(family, precision, problems);
    const rows = 60_000 * batch;
    const { x } = inverted(at, subject, uniforms(precision, rows * width));
    if (family.support !== undefined) expectLaw(at, family, batch, x);
    if (subject.moments === undefined) return;
    problems.forEach((problem, b) => {
      const exact = subject.moments!(problem);
      for (let j = 0; j < dim; j++) {
        const seen = moments(column(x, b * dim + j, batch * dim));
        within(seen.mean, exact.mean[j]!, seen.meanError, 5, `mean of coordinate ${j} of problem ${b}`);
        within(seen.variance, exact.variance[j]!, seen.varianceError, 5, `variance of coordinate ${j} of problem ${b}`);
      }
    });
  });

  it("stays finite and in the support at the least and the largest uniform, and at the edges of its parameters", () => {
    const least = 2 ** (precision === "f64" ? -53 : -24);
    for (const chosen of [problems, ...(subject.edges?.[precision] ?? []).map((problem) => [problem])]) {
      using at = stage(family, precision, chosen);
      const u = arrayOf(precision, 7 * chosen.length * width).map((_: number, i: number) => [least, 1 - least, 0.5][i % 3]!) as Points;
      const { x } = inverted(at, subject, u);
      for (let row = 0; row < x.length / dim; row++) {
        const draw = x.subarray(row * dim, (row + 1) * dim);
        draw.forEach((value: number) => {
          if (!Number.isFinite(value) || !subject.support(value, draw, chosen[row % chosen.length]!)) expect.fail(`${value} in row ${row}`);
        });
      }
    }
  });

  if (width === dim && (family.path?.noise ?? 0) === 0) {
    it("has coordinates that rise with their uniforms, whatever the number of rows", () => {
      using at = stage(family, precision, problems);
      for (const samples of [1, 3, 17, 341, 1025]) {
        const rows = samples * batch;
        const u = uniforms(precision, rows * dim, 2);
        const low = inverted(at, subject, u).x;
        const high = inverted(at, subject, u.map((v: number) => (v + 1) / 2) as Points).x;
        low.forEach((value: number, i: number) => expect(high[i]! >= value, `coordinate ${i}`).toBe(true));
      }
    });
  }

  it("writes no more rows than it is given uniforms for, each of its own uniforms alone", () => {
    using at = stage(family, precision, problems);
    const long = grid(precision, 1025 * batch * width).map((_: number, i: number, all: Points) => all[(i * 7919) % all.length]!) as Points;
    const { x, noise } = at.invert(long);
    const kept = family.path?.noise ?? 0;
    for (const samples of [0, 1, 3, 7, 17, 341]) {
      const rows = samples * batch;
      const short = at.invert(long.slice(0, rows * width));
      expect(short.x).toEqual(x.slice(0, rows * dim));
      expect(short.noise).toEqual(noise.slice(0, rows * kept));
    }
    for (let i = 0; i < x.length; i++) {
      const row = Math.floor(i / dim);
      expect(Number.isFinite(x[i]!) && subject.support(x[i]!, x.subarray(row * dim, (row + 1) * dim), problems[row % batch]!), `x[${i}] = ${x[i]}`).toBe(true);
    }
  });

  if (dim === 1 && width === 1 && batch === 1 && family.path !== undefined && family.logProb !== undefined) {
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

  if (family.path === undefined) return;
  it("keeps the noise that the path pulls back with", () => {
    if (precision === "f32") return; // pull is compared in both precisions at the same draws by the laws of the path
    using at = stage(family, precision, problems);
    const step = 1e-6;
    const rows = 11 * batch;
    const u = uniforms(precision, rows * width, 3);
    const { x, noise } = inverted(at, subject, u);
    const cotangent = Float64Array.from(x, (_, i) => ((i * 7) % 11) - 4.5);
    const terms = at.pull(x, noise, cotangent);
    for (const { name, j, offset, width: own, up, down } of directions(family, problems, step)) {
      using above = stage(family, "f64", up);
      using below = stage(family, "f64", down);
      const [high, low] = [inverted(above, subject, u).x, inverted(below, subject, u).x];
      for (let i = 0; i < rows; i++) {
        let slope = 0;
        for (let k = i * dim; k < (i + 1) * dim; k++) slope += (cotangent[k]! * (high[k]! - low[k]!)) / (2 * step);
        near(terms[offset * rows + i * own + j]!, slope, 1e-6, `pull to ${name}[${j}] at draw ${i}`);
      }
    }
  });
}
