import { describe, it } from "vitest";
import type { Points, Precision } from "../../src/core/core.ts";
import { arrayOf } from "../../src/parameters.ts";
import { sizeOf } from "../../src/vocabulary/distribution.ts";
import type { Subject } from "../laws.ts";
import { expectLaw } from "./finite.ts";
import { near } from "./numbers.ts";
import { pathLaws } from "./path.ts";
import { type Family, type Problem, stage, type Stage, stream } from "./stage.ts";

const SIZES = [0, 1, 3, 7, 17, 341, 1025];
const TEMPERATURES = [0.1, 0.66, 5];

export function relaxationLaws(subject: Subject, precision: Precision, problems: readonly Problem[]): void {
  const { family } = subject;
  const { relaxation } = family;
  const batch = problems.length;
  const { dim, latent, harden, soften, pull } = relaxation!;

  /** z as a family of its own: its sample is the path's draw. */
  const { name, params, domains, prepared, prepare } = family;
  const ofLatent: Family = { name, params, domains, prepared, prepare, dim, path: latent, sample: (kernels, from, rows, theta, x) => latent.draw(kernels, from, rows, theta, 0, x) };
  describe("its latent z", () => {
    pathLaws({ family: ofLatent, problems, support: () => true }, precision, problems);
  });

  const hardened = ({ run, kernels }: Stage, z: Points): Points => run([z, (z.length / dim) * family.dim], ([at, x]) => harden(kernels, z.length / dim, at!, x!))[1]!;
  const softened = ({ run, kernels }: Stage, z: Points, temperature: number): Points =>
    run([z, z.length], ([at, y]) => soften(kernels, z.length / dim, at!, temperature, y!))[1]!;

  it("hardens z to draws of the family", () => {
    using at = stage(ofLatent, precision, problems);
    using own = stage(family, precision, problems);
    const x = hardened(at, at.draw(120_000 * batch, stream(9)).x);
    if (family.support !== undefined) expectLaw(own, family, batch, x);
  });

  it("softens z to what hardening gives when the temperature is low", () => {
    if (family.dim !== dim) return;
    using at = stage(ofLatent, precision, problems);
    for (const samples of SIZES) {
      const z = at.draw(samples * batch).x;
      const x = hardened(at, z);
      softened(at, z, 1e-12).forEach((y: number, i: number) => near(y, x[i]!, 1e-6, `y[${i}] of ${z.length}`));
    }
  });

  it("pulls a cotangent of y back to z as finite differences do", () => {
    using at = stage(ofLatent, precision, problems);
    using wide = stage(ofLatent, "f64", problems);
    const step = 1e-6;
    for (const samples of SIZES) {
      for (const temperature of TEMPERATURES) {
        const rows = samples * batch;
        const z = wide.draw(rows).x;
        const cotangent = Float64Array.from(z, (_, i) => ((i * 7) % 11) - 4.5);
        const y = Float64Array.from(softened(wide, z, temperature));
        const narrow = (a: Points): Points => (precision === "f64" ? a : Float32Array.from(a));
        const out = at.run([narrow(y), narrow(cotangent), z.length], ([yAt, c, o]) => pull(at.kernels, rows, yAt!, temperature, c!, o!))[2]!;
        for (let k = 0; k < dim; k++) {
          const moved = (by: number): Points => softened(wide, z.map((v: number, i: number) => (i % dim === k ? v + by : v)) as Points, temperature);
          const [high, low] = [moved(step), moved(-step)];
          for (let row = 0; row < rows; row++) {
            let slope = 0;
            for (let i = row * dim; i < (row + 1) * dim; i++) slope += (cotangent[i]! * (high[i]! - low[i]!)) / (2 * step);
            near(out[row * dim + k]!, slope, precision === "f64" ? 1e-6 : 2e-5, `cotangent ${k} of row ${row} of ${rows} at ${temperature}`);
          }
        }
      }
    }
  });

  if (relaxation!.pullThrough !== undefined) {
    it("pulls a cotangent of y to its parameters at once as it does by way of z, and adds", () => {
      using at = stage(ofLatent, precision, problems);
      for (const samples of SIZES) {
        const rows = samples * batch;
        const z = at.draw(rows).x;
        const y = softened(at, z, 0.66);
        const cotangent = z.map((_: number, i: number) => ((i * 7) % 11) - 4.5) as Points;
        const before = arrayOf(precision, rows * sizeOf(params)).fill(0.25);
        const atOnce = at.run([y, cotangent, before], ([yAt, c, t]) => relaxation!.pullThrough!(at.kernels, rows, yAt!, 0.66, c!, t!))[2]!;
        const out = at.run([y, cotangent, z.length], ([yAt, c, o]) => pull(at.kernels, rows, yAt!, 0.66, c!, o!))[2]!;
        const byWay = at.run([z, out, before], ([zAt, o, t]) => latent.pull(at.kernels, rows, at.theta, 0, zAt!, o!, t!))[2]!;
        atOnce.forEach((seen: number, i: number) => near(seen, byWay[i]!, precision === "f64" ? 1e-14 : 5e-6, `term ${i} of ${rows}`));
      }
    });
  }

  for (const problem of subject.edges?.[precision] ?? []) {
    it(`is never NaN at ${JSON.stringify(problem)}`, () => {
      using at = stage(ofLatent, precision, [problem]);
      const z = at.draw(4096).x;
      for (const values of [z, hardened(at, z), ...TEMPERATURES.map((t) => softened(at, z, t))]) {
        if (values.some(Number.isNaN)) throw new Error("NaN");
      }
      const y = softened(at, z, 0.5);
      const pulled = at.run([y, arrayOf(precision, y.length).fill(2), y.length], ([yAt, c, o]) => pull(at.kernels, 4096, yAt!, 0.5, c!, o!))[2]!;
      if (!pulled.every(Number.isFinite)) throw new Error("not finite");
    });
  }
}
