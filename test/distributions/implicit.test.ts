import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as betas from "../../reference/distributions/beta.ts";
import * as gammas from "../../reference/distributions/gamma.ts";
import * as students from "../../reference/distributions/student-t.ts";
import * as angles from "../../reference/distributions/von-mises.ts";
import type { Precision } from "../../src/core/core.ts";
import { beta } from "../../src/distributions/beta.ts";
import { gamma } from "../../src/distributions/gamma.ts";
import { studentT } from "../../src/distributions/student-t.ts";
import { vonMises } from "../../src/distributions/von-mises.ts";
import { arrayOf } from "../../src/parameters.ts";
import { type Family, type Problem, stage } from "../laws/stage.ts";

type Rows = Readonly<Record<"gamma" | "beta" | "student" | "vonMises", readonly (readonly number[])[]>>;
type Given = Readonly<Record<string, readonly Readonly<Record<string, number | string>>[]>>;
const read = (name: string): unknown => JSON.parse(readFileSync(`test/vectors/${name}.json`, "utf8"));
const rows = read("implicit") as Rows; // scripts/implicit-derivatives.py: [parameters…, x, dx/dparameter…]
const given = read("implicit-reference") as Given; // 40 digits, from elsewhere

/** What differs between the families: their parameters, and where in the terms the implicit ones are. */
interface Kind {
  readonly family: Family;
  readonly rows: readonly (readonly number[])[];
  readonly problem: (sizes: readonly number[]) => Problem;
  /** Places of the implicit parameters among all. */
  readonly places: readonly number[];
  readonly twin: (x: number, problem: Problem) => readonly number[];
}

const column = (name: string, ...names: readonly string[]): number[][] => given[name]!.map((row) => names.map((own) => Number(row[own])));
const kinds: Readonly<Record<string, Kind>> = {
  gamma: {
    family: gamma(1),
    rows: [...rows.gamma, ...column("gamma", "alpha", "x", "dx_dalpha")],
    problem: ([a]) => ({ logConcentration: [Math.log(a!)], logRate: [0] }),
    places: [0],
    twin: (x, p) => gammas.slope(x, p["logConcentration"]![0]!, 0),
  },
  beta: {
    family: beta(1),
    rows: [...rows.beta, ...column("beta", "a", "b", "x", "dx_da", "dx_db")],
    problem: ([a, b]) => ({ logConcentration1: [Math.log(a!)], logConcentration0: [Math.log(b!)] }),
    places: [0, 1],
    twin: (x, p) => betas.slope(x, p["logConcentration1"]![0]!, p["logConcentration0"]![0]!),
  },
  studentT: {
    family: studentT(1),
    rows: [...rows.student, ...column("studentt", "df", "x", "dx_ddf")],
    problem: ([v]) => ({ logDegrees: [Math.log(v!)], location: [0], logScale: [0] }),
    places: [0],
    twin: (x, p) => students.slope(x, p["logDegrees"]![0]!, 0, 0),
  },
  vonMises: {
    family: vonMises(1),
    rows: [...rows.vonMises, ...column("vonmises", "kappa", "x", "dx_dkappa")],
    problem: ([k]) => ({ location: [0], logConcentration: [Math.log(k!)] }),
    places: [1],
    twin: (x, p) => angles.slope(x, 0, p["logConcentration"]![0]!),
  },
};

/** ∂x by each parameter as `pull` has it, of one x at a time. */
function pulled(family: Family, precision: Precision, problem: Problem, x: number): Float64Array {
  using at = stage(family, precision, [problem]);
  const one = (value: number) => arrayOf(precision, 1).fill(value);
  return Float64Array.from(at.pull(one(x), arrayOf(precision, 0), one(1)));
}

const relative = (seen: number, exact: number): number => Math.abs(seen - exact) / Math.abs(exact);

describe.each(Object.entries(kinds))("the implicit path of %s", (_, { family, rows: all, problem, places, twin }) => {
  const sizes = Object.keys(family.params).length;
  const own = all.map((row) => ({ parameters: row.slice(0, places.length), x: row[places.length]!, slopes: row.slice(places.length + 1) }));

  it("is −(∂F/∂θ) / p(x) to 1e-7, shapes from 1e-4 to 1e6, from the 1e-12 quantile to the last but 1e-12", () => {
    for (const { parameters, x, slopes } of own) {
      const terms = pulled(family, "f64", problem(parameters), x);
      expect(terms.length).toBe(sizes);
      places.forEach((place, i) => {
        const exact = slopes[i]! * parameters[i]!;
        if (Math.abs(exact) > 1e-300) expect(relative(terms[place]!, exact), `${parameters} at ${x}: ${terms[place]} for ${exact}`).toBeLessThan(1e-7);
      });
    }
  });

  it("is that of its twin, which is as near, and to 1e-5 in f32 where x is a number", () => {
    for (const { parameters, x, slopes } of own) {
      const exact = twin(x, problem(parameters));
      places.forEach((place, i) => expect(relative(exact[place]!, slopes[i]! * parameters[i]!), `${parameters} at ${x}`).toBeLessThan(1e-7));
      const narrow = Object.fromEntries(Object.entries(problem(parameters)).map(([name, values]) => [name, values.map(Math.fround)]));
      const at = Math.fround(x);
      if (Math.abs(at) < 1e-37 || Math.abs(at) > 1e37 || at === 1) continue;
      const [seen, aim] = [pulled(family, "f32", narrow, at), twin(at, narrow)];
      for (const place of places) if (Math.abs(aim[place]!) > 1e-37) expect(relative(seen[place]!, aim[place]!), `f32: ${parameters} at ${at}`).toBeLessThan(1e-5);
    }
  });
});
