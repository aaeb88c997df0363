import { describe, expect, test } from "vitest";
import { sinkhorn, type SinkhornOptions, type Transport } from "../../src/index.ts";
import { sums, unit } from "./numbers.ts";

interface Drawn {
  readonly problem: { readonly cost: Float64Array; readonly rowMarginals?: Float64Array; readonly columnMarginals?: Float64Array };
  readonly options: SinkhornOptions<Float64Array> & { readonly regularization: number; readonly temperature?: never };
}

/** A problem out of many kinds: shapes, ranges of costs over eight powers of ten, forbidden cells, tiny and missing masses, every option. */
function drawn(seed: number): Drawn {
  const numbers = unit(2000, seed);
  let next = 0;
  const u = (): number => numbers[next++]!;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(u() * from.length)]!;
  const array = pick([Float32Array, Float64Array]) as typeof Float64Array;
  const [rows, columns, range] = [1 + Math.floor(14 * u()), 1 + Math.floor(14 * u()), 10 ** (8 * u() - 4)];
  const forbidden = pick([0, 0, 0.05, 0.3]);
  const paid = u() < 0.3;
  const masses = (length: number): Float64Array => {
    const raw = new array(length).map(() => pick([u(), u(), u(), 1e-8 * u(), 0]));
    const sum = raw.reduce((all, x) => all + x, 0);
    return sum > 0 ? raw.map((x) => x / sum) : raw.fill(1 / length);
  };
  const cost = new array(rows * columns).map(() => (u() < forbidden ? Number.POSITIVE_INFINITY : range * (paid ? u() : 3 * u() - 1)));
  const regularization = range * 10 ** (0.5 - 4 * u());
  return {
    problem: { cost, ...(u() < 0.5 && { rowMarginals: masses(rows), columnMarginals: masses(columns) }) },
    options: {
      rows, columns, regularization,
      maximumIterations: pick([1, 2, 3, 60, 300]),
      domain: pick(["exponential", "exponential", "logarithmic"]),
      anderson: pick([0, 0, 2, 5]),
      overRelaxation: pick([1, 1, 1.3, 1.9, "adaptive"]),
      ...(u() < 0.3 && { annealing: { from: 30 * range } }),
      ...(paid && { rowStrength: range * 10 ** (4 * u() - 3) }),
      ...(paid && u() < 0.5 && { columnStrength: range * 10 ** (4 * u() - 3) }),
    },
  };
}

const RUNS = 1500;

describe("whatever is asked", () => {
  test("there is no NaN, no negative mass, and what converged has its marginals", () => {
    let [solved, converged] = [0, 0];
    for (let seed = 1; seed <= RUNS; seed++) {
      const { problem, options } = drawn(seed);
      const { rows, columns } = options;
      let found: Transport<Float64Array>;
      try {
        found = sinkhorn(problem, options);
      } catch (error) {
        expect(String(error), `seed ${seed}`).toMatch(/RangeError: sinkhorn: "cost" expected (a cell|cells)/);
        continue;
      }
      solved++;
      const plan = found.plan();
      const within = plan.every((x) => Number.isFinite(x) && x >= 0) && found.transportCost.every(Number.isFinite) && found.objective.every(Number.isFinite);
      const potentials = [...found.rowPotentials, ...found.columnPotentials].every((x) => x < Number.POSITIVE_INFINITY);
      expect({ seed, within, potentials, error: found.marginalError.every((x) => x >= 0) }).toEqual({ seed, within: true, potentials: true, error: true });
      if (!found.converged[0]) continue;
      converged++;
      if (options.rowStrength !== undefined) continue;
      const a = problem.rowMarginals ?? new Float64Array(rows).fill(1 / rows);
      const missing = sums(plan, rows, columns, "rows").reduce((sum, x, i) => sum + Math.abs(x - a[i]!), 0);
      expect(missing, `seed ${seed}`).toBeLessThan(plan instanceof Float32Array ? 2e-5 : 2e-9);
    }
    expect(solved).toBeGreaterThan(RUNS * 0.8);
    expect(converged).toBeGreaterThan(RUNS * 0.2);
  });

  test("mass beyond all numbers is an error with a cure", () => {
    const run = (): unknown => sinkhorn({ cost: new Float32Array(4).fill(-50) }, { rows: 2, columns: 2, regularization: 0.01, rowStrength: 0.05, columnStrength: 0.05 });
    expect(run).toThrow('sinkhorn: the plan of problem 0 has more mass than numbers can hold. Its costs are too negative for "rowStrength" and "columnStrength"');
  });
});
