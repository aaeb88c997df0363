import { describe, expect, it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { CHUNK } from "../../src/sample.ts";
import { sizeOf, type Stream } from "../../src/vocabulary/distribution.ts";
import type { Subject } from "../laws.ts";
import { moments, near } from "./numbers.ts";
import { adjoint } from "./path.ts";
import { directions, type Family, type Problem, stage, type Stage, stream } from "./stage.ts";

const SIZES = [0, 1, 3, 7, 17, 341, 1025];
const DRAWS = 20_000;

/** z of the latent, x = harden(z), and z̃ given that x. */
function drawn(at: Stage, family: Family, rows: number, seed = 1, chunk = 0): { readonly z: Points; readonly x: Points; readonly given: Points } {
  const { dim, latent, harden } = family.relaxation!;
  const z = at.run([rows * dim, rows * latent.noise], ([zAt, noise]) => latent.draw(at.kernels, stream(seed, 0, chunk), rows, at.theta, noise!, zAt!))[0]!;
  const x = at.run([z, rows * family.dim], ([zAt, xAt]) => harden(at.kernels, rows, zAt!, xAt!))[1]!;
  return { z, x, given: redrawn(at, family, x, stream(seed, 1, chunk)) };
}

function redrawn(at: Stage, family: Family, x: Points, from: Stream): Points {
  const rows = x.length / family.dim;
  return at.run([x, rows * family.relaxation!.dim], ([xAt, out]) => family.conditional!.draw(at.kernels, from, rows, at.theta, xAt!, out!))[1]!;
}

/** The largest distance between two empirical distribution functions, times √(n m / (n + m)): below 2.2 but once in 10⁴. */
function distance(a: readonly number[], b: readonly number[]): number {
  const [left, right] = [a, b].map((values) => Float64Array.from(values).sort()) as [Float64Array, Float64Array];
  let [i, j, most] = [0, 0, 0];
  while (i < left.length && j < right.length) {
    const x = Math.min(left[i]!, right[j]!);
    while (left[i]! <= x) i++;
    while (right[j]! <= x) j++;
    most = Math.max(most, Math.abs(i / left.length - j / right.length));
  }
  return most * Math.sqrt((left.length * right.length) / (left.length + right.length));
}

export function conditionalLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const batch = problems.length;
  const { relaxation, conditional, dim } = family;
  const width = relaxation!.dim;

  describe("its latent given x", () => {
    it("hardens to x, always", () => {
      for (const own of [problems, ...(subject.edges?.[precision] ?? []).map((problem) => [problem])]) {
        using at = stage(family, precision, own);
        const { x, given } = drawn(at, family, 30_000 * own.length, 5);
        const back = at.run([given, x.length], ([z, out]) => relaxation!.harden(at.kernels, given.length / width, z!, out!))[1]!;
        expect(back.findIndex((each: number, i: number) => each !== x[i])).toBe(-1);
        expect(given.some(Number.isNaN)).toBe(false);
      }
    });

    it("has, with x, the law of the latent with its own x", () => {
      using at = stage(family, precision, problems);
      const { x, given } = drawn(at, family, DRAWS * batch, 3);
      const other = drawn(at, family, DRAWS * batch, 4);
      const cell = (of: Points, row: number): string => `${row % batch}: ${of.subarray(row * dim, (row + 1) * dim).join()}`;
      const cells = new Map<string, { own: number[][]; others: number[][] }>();
      const put = (key: string, side: "own" | "others", values: Points, row: number): void => {
        if (!cells.has(key)) cells.set(key, { own: [], others: [] });
        cells.get(key)![side].push([...values.subarray(row * width, (row + 1) * width)]);
      };
      for (let row = 0; row < DRAWS * batch; row++) {
        put(cell(x, row), "own", given, row);
        put(cell(other.x, row), "others", other.z, row);
      }
      for (const [key, { own, others }] of cells) {
        for (let j = 0; j < width; j++) {
          const [a, b] = [own, others].map((rows) => rows.map((row) => row[j]!)) as [number[], number[]];
          if (a.length < 20 || b.length < 20 || !a.every(Number.isFinite)) continue;
          expect(distance(a, b), `z[${j}] given ${key}`).toBeLessThan(2.3);
          for (let k = 0; k < j; k++) {
            const products = [own, others].map((rows) => moments(rows.map((row) => Math.tanh(row[j]!) * Math.tanh(row[k]!)))) as [ReturnType<typeof moments>, ReturnType<typeof moments>];
            const error = Math.hypot(products[0].meanError, products[1].meanError);
            expect(Math.abs(products[0].mean - products[1].mean), `z[${j}] and z[${k}] given ${key}`).toBeLessThan(4.5 * error + 1e-6);
          }
        }
      }
    });

    it("begins a longer run with the shorter one, and gives the same draws however a run is split at 1,024 rows", () => {
      using at = stage(family, precision, problems);
      const rows = (2 * CHUNK + 5) * batch;
      const whole = drawn(at, family, rows);
      for (const few of [1, 3, 17, 100, 1023]) {
        const short = drawn(at, family, few * batch);
        expect(short.z).toEqual(whole.z.slice(0, few * batch * width));
        expect(short.given).toEqual(whole.given.slice(0, few * batch * width));
      }
      for (const chunk of [batch, 2 * batch]) {
        const tail = drawn(at, family, rows - chunk * CHUNK, 1, chunk);
        expect(tail.z).toEqual(whole.z.slice(chunk * CHUNK * width));
        expect(tail.given).toEqual(whole.given.slice(chunk * CHUNK * width));
      }
    });

    it("pulls a cotangent back as finite differences at the same x do, and adds", () => {
      using at = stage(family, precision, problems);
      using wide = stage(family, "f64", problems);
      const step = 1e-6;
      for (const samples of SIZES) {
        const { x, given: z } = drawn(wide, family, samples * batch);
        const rows = samples * batch;
        const cotangent = Float64Array.from(z, (_, i) => ((i * 7) % 11) - 4.5);
        const narrow = (a: Points): Points => (precision === "f64" ? a : Float32Array.from(a));
        const before = new Float64Array(rows * sizeOf(family.params)).fill(0.25);
        const terms = at.run([x, z, cotangent, before].map(narrow), ([xAt, zAt, c, t]) => conditional!.pull(at.kernels, rows, at.theta, xAt!, zAt!, c!, t!))[3]!;
        for (const { name, j, offset, width: size, up, down } of directions(family, problems, step)) {
          using above = stage(family, "f64", up);
          using below = stage(family, "f64", down);
          const [high, low] = [above, below].map((side) => redrawn(side, family, x, stream(1, 1))) as [Points, Points];
          for (let i = 0; i < rows; i++) {
            let slope = 0;
            for (let k = i * width; k < (i + 1) * width; k++) if (Number.isFinite(high[k]!)) slope += (cotangent[k]! * (high[k]! - low[k]!)) / (2 * step);
            near(terms[offset * rows + i * size + j]!, 0.25 + slope, precision === "f64" ? 1e-6 : 5e-5, `pull to ${name}[${j}] at row ${i} of ${rows}`);
          }
        }
      }
    });

    it("pushes tangents as the adjoint of pulling", () => {
      using at = stage(family, precision, problems);
      for (const samples of SIZES) {
        const { x, given } = drawn(at, family, samples * batch);
        adjoint(at, family, conditional!, given, x, width);
      }
    });
  });
}

/** The least move of the location to the side of x. */
export function gapLaws({ family }: Subject, precision: Precision, problems: readonly Problem[]): void {
  const batch = problems.length;
  const { relaxation } = family;

  it("moves its location to where x is the outcome, by the gap", () => {
    using at = stage(family, precision, problems);
    for (const samples of SIZES) {
      for (const gap of [0.25, 1, 3]) {
        const { x } = drawn(at, family, samples * batch);
        const rows = samples * batch;
        const z = at.run([x, rows * relaxation!.dim], ([xAt, out]) => family.gapped!(at.kernels, rows, at.theta, xAt!, gap, out!))[1]!;
        const back = at.run([z, x.length], ([zAt, out]) => relaxation!.harden(at.kernels, rows, zAt!, out!))[1]!;
        expect(back).toEqual(x);
      }
    }
  });
}
