import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as betas from "../../reference/distributions/beta.ts";
import * as gammas from "../../reference/distributions/gamma.ts";
import * as students from "../../reference/distributions/student-t.ts";
import * as angles from "../../reference/distributions/von-mises.ts";
import { beta } from "../../src/distributions/beta.ts";
import { dirichlet } from "../../src/distributions/dirichlet.ts";
import { gamma } from "../../src/distributions/gamma.ts";
import { studentT } from "../../src/distributions/student-t.ts";
import { vonMises } from "../../src/distributions/von-mises.ts";
import { arrayOf } from "../../src/parameters.ts";
import type { Family, Problem } from "../laws/stage.ts";
import { stage, stream } from "../laws/stage.ts";

type Row = readonly [...parameters: number[], quantiles: readonly (number | null)[]];
const { levels, ...tables } = JSON.parse(readFileSync("test/vectors/quantiles.json", "utf8")) as { readonly levels: readonly number[] } & Readonly<Record<string, readonly Row[]>>;

/** log p by the references. */
const logs: Readonly<Record<string, (x: number, parameters: readonly number[]) => number>> = {
  gamma: (x, [a, r]) => gammas.logProb(x, a!, r!),
  beta: (x, [a, b]) => betas.logProb(x, a!, b!),
  studentT: (x, [v, m, s]) => students.logProb(x, v!, m!, s!),
  vonMises: (x, [m, c]) => angles.logProb(x, m!, c!),
};

const DRAWS = 60_000;
const families: Readonly<Record<string, readonly [Family, (parameters: readonly number[]) => Problem]>> = {
  gamma: [gamma(1), ([a]) => ({ logConcentration: [Math.log(a!)], logRate: [0] })],
  beta: [beta(1), ([a, b]) => ({ logConcentration1: [Math.log(a!)], logConcentration0: [Math.log(b!)] })],
  studentT: [studentT(1), ([v]) => ({ logDegrees: [Math.log(v!)], location: [0], logScale: [0] })],
  vonMises: [vonMises(1), ([k]) => ({ location: [0], logConcentration: [Math.log(k!)] })],
};

describe.each(Object.entries(families))("draws of %s", (name, [family, problem]) => {
  it.each(["f64", "f32"] as const)("lie below each quantile as often as they should, tiny and huge parameters too, in %s", (precision) => {
    for (const row of tables[name]!) {
      const parameters = row.slice(0, -1) as number[];
      using at = stage(family, precision, [problem(parameters)]);
      const x = at.sample(DRAWS, stream(31)).slice().sort();
      (row[row.length - 1] as readonly (number | null)[]).forEach((quantile, i) => {
        // Where numbers of this precision end, or (near 1) lie too far apart.
        if (quantile === null || Math.abs(quantile) < 1e-36 || Math.abs(quantile) > 1e36 || (name === "beta" && quantile > 1 - 1e-6 && (precision === "f32" || quantile > 1 - 1e-14))) return;
        const error = Math.sqrt((levels[i]! * (1 - levels[i]!)) / DRAWS);
        const seen = below(x, quantile) / DRAWS;
        expect(Math.abs(seen - levels[i]!) / error, `${name}(${parameters}): ${seen} below ${quantile}`).toBeLessThan(5);
      });
    }
  });
});

describe.each(Object.entries(families))("log p of %s", (name, [family, problem]) => {
  it.each(["f64", "f32"] as const)("keeps its digits in %s, however large the parameters are", (precision) => {
    for (const row of tables[name]!) {
      const narrow = precision === "f32" ? Math.fround : (v: number): number => v;
      const parameters = problem(row.slice(0, -1) as number[]);
      const given = Object.fromEntries(Object.entries(parameters).map(([own, [v]]) => [own, [narrow(v!)]]));
      using at = stage(family, precision, [given]);
      for (const quantile of row[row.length - 1] as readonly (number | null)[]) {
        const x = narrow(quantile ?? 0);
        if (Math.abs(x) < 1e-36 || Math.abs(x) > 1e36 || (name === "beta" && x === 1)) continue;
        const seen = at.logProb(arrayOf(precision, 1).fill(x))[0]!;
        const exact = logs[name]!(x, Object.values(given).map(([v]) => v!));
        expect(Math.abs(seen - exact) / (1 + Math.abs(exact)), `${JSON.stringify(given)} at ${x}: ${seen} for ${exact}`).toBeLessThan(precision === "f64" ? 2e-9 : 1e-3);
      }
    }
  });
});

/** How many of sorted numbers are below a limit. */
function below(sorted: ArrayLike<number>, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

it("a Dirichlet point of tiny concentrations has small coordinates and no zeros", () => {
  for (const precision of ["f64", "f32"] as const) {
    using at = stage(dirichlet(3), precision, [{ logConcentration: [Math.log(0.01), Math.log(0.01), Math.log(0.01)] }]);
    const x = at.sample(100_000);
    expect(x.every((v) => v > 0)).toBe(true);
    // A coordinate is Beta(0.01, 0.02), F(x) = x^0.01 / (0.01 B) (1 + O(x)): 6 in 10⁴ of what is drawn below 1e-300 would vanish otherwise.
    const levels = precision === "f64" ? [1e-300, 1e-200, 1e-30] : [1e-36, 1e-20, 1e-9];
    for (const level of levels) {
      const due = level ** 0.01 * 0.66688;
      const seen = x.filter((v) => v < level).length / x.length;
      expect(Math.abs(seen - due) / Math.sqrt(due / 100_000), `below ${level}: ${seen} for ${due}`).toBeLessThan(5);
    }
  }
});
