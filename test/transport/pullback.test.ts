import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sinkhorn, type SinkhornOptions, type Transport } from "../../src/index.ts";
import { dot } from "../../src/transport/vectors.ts";
import { apart, bell, largest, masses, unit } from "./numbers.ts";

interface Vjp {
  readonly kind: string;
  readonly W: readonly number[][];
  readonly eps: number;
  readonly b: readonly number[];
  readonly dC: readonly number[][];
}

const recorded: readonly Vjp[] = JSON.parse(readFileSync(new URL("../vectors/sinkhorn.json", import.meta.url), "utf8")).filter((each: { kind?: string }) => each.kind === "vjp");

interface Arrays {
  readonly matrix: Float64Array;
  readonly rowMarginals: Float64Array;
  readonly columnMarginals: Float64Array;
  readonly unit: number;
}

const cotangentsOf = (rows: number, columns: number, batch: number): Record<"plan" | "rowPotentials" | "columnPotentials" | "transportCost" | "objective", Float64Array> => ({
  plan: bell(batch * rows * columns, 11), rowPotentials: bell(batch * rows, 12), columnPotentials: bell(batch * columns, 13), transportCost: bell(batch, 14), objective: bell(batch, 15),
});

/** ⟨cotangents, results⟩ at these arrays. */
function value(solve: (arrays: Arrays) => Transport<Float64Array>, cotangents: ReturnType<typeof cotangentsOf>, names: readonly (keyof ReturnType<typeof cotangentsOf>)[], arrays: Arrays): number {
  const found = solve(arrays);
  return names.reduce((sum, name) => sum + dot(cotangents[name], name === "plan" ? found.plan() : found[name]), 0);
}

/** A directional derivative by central differences of fourth order. */
function slope(f: (t: number) => number, h: number): number {
  return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}

interface Setting {
  readonly form: "cost" | "logits";
  readonly rows: number;
  readonly columns: number;
  readonly batch?: number;
  readonly options?: Omit<Partial<SinkhornOptions<Float64Array>>, "regularization" | "temperature">;
  readonly through?: "fixed-point" | "iterations";
}

/** Compares every vector–Jacobian product with differences along one direction of each argument. */
function compare({ form, rows, columns, batch = 1, options = {}, through = "fixed-point" }: Setting): Record<string, number> {
  const solve = ({ matrix, rowMarginals, columnMarginals, unit: of }: Arrays): Transport<Float64Array> => {
    const settings = { rows, columns, tolerance: 1e-15, maximumIterations: 800, ...options };
    return form === "cost" ? sinkhorn({ cost: matrix, rowMarginals, columnMarginals }, { ...settings, regularization: of }) : sinkhorn({ logits: matrix, rowMarginals, columnMarginals }, { ...settings, temperature: of });
  };
  const arrays: Arrays = { matrix: unit(batch * rows * columns, 1), rowMarginals: masses(rows, 2), columnMarginals: masses(columns, 3), unit: 0.3 };
  const cotangents = cotangentsOf(rows, columns, batch);
  const direction = { matrix: bell(batch * rows * columns, 4), rowMarginals: bell(rows, 5).map((x) => x / 10), columnMarginals: bell(columns, 6).map((x) => x / 10), unit: 1 };
  if (options.rowStrength === undefined && options.columnStrength === undefined) {
    // Both sums must stay the same: there is no derivative in other directions.
    const [first, second] = [direction.rowMarginals, direction.columnMarginals].map((array) => array.reduce((sum, x) => sum + x, 0)) as [number, number];
    direction.columnMarginals.forEach((x, j) => (direction.columnMarginals[j] = x + (first - second) / columns));
  }
  const found: Record<string, number> = {};
  for (const name of Object.keys(cotangents) as (keyof typeof cotangents)[]) {
    const transport = solve(arrays);
    const pulled = transport.pullback({ [name]: cotangents[name] }, { through, unconverged: true }) as unknown as Record<string, Float64Array>;
    const moved = (t: number, by: Partial<Arrays>): Arrays => ({
      matrix: arrays.matrix.map((x, k) => x + t * (by.matrix?.[k] ?? 0)),
      rowMarginals: arrays.rowMarginals.map((x, k) => x + t * (by.rowMarginals?.[k] ?? 0)),
      columnMarginals: arrays.columnMarginals.map((x, k) => x + t * (by.columnMarginals?.[k] ?? 0)),
      unit: arrays.unit + t * (by.unit ?? 0),
    });
    const along = (by: Partial<Arrays>): number => slope((t) => value(solve, cotangents, [name], moved(t, by)), 1e-3);
    const compared: [string, number, number][] = [
      [form, dot(pulled[form]!, direction.matrix), along({ matrix: direction.matrix })],
      ["marginals", dot(pulled["rowMarginals"]!, direction.rowMarginals) + dot(pulled["columnMarginals"]!, direction.columnMarginals), along({ rowMarginals: direction.rowMarginals, columnMarginals: direction.columnMarginals })],
      [form === "cost" ? "regularization" : "temperature", pulled[form === "cost" ? "regularization" : "temperature"]!.reduce((sum, x) => sum + x, 0), along({ unit: 1 })],
    ];
    for (const [of, exact, difference] of compared) found[`${name} by ${of}`] = Math.abs(exact - difference) / Math.max(1, Math.abs(difference));
  }
  return found;
}

const worst = (found: Record<string, number>, bar: number): Record<string, number> => Object.fromEntries(Object.entries(found).filter(([, error]) => !(error < bar)));

describe("pullback", () => {
  test.each(recorded)("of a plan agrees with the least-squares solution of the linear system, ε = $eps", ({ W, eps, b, dC }) => {
    const cost = Float64Array.from([0.1, 0.7, 0.4, 0.5, 0.2, 0.9, 0.8, 0.6, 0.3]);
    const found = sinkhorn({ cost, columnMarginals: Float64Array.from(b) }, { rows: 3, columns: 3, regularization: eps, tolerance: 1e-14 });
    const { cost: slopes } = found.pullback({ plan: Float64Array.from(W.flat()) });
    expect(apart(slopes, dC.flat())).toBeLessThan(1e-8);
    for (const side of [0, 1]) for (let i = 0; i < 3; i++) expect(Math.abs([0, 1, 2].reduce((sum, j) => sum + slopes[side === 0 ? 3 * i + j : 3 * j + i]!, 0))).toBeLessThan(1e-10);
  });

  const settings: readonly [string, Setting][] = [
    ["costs", { form: "cost", rows: 5, columns: 4 }],
    ["logits", { form: "logits", rows: 3, columns: 7 }],
    ["a batch that shares its marginals", { form: "cost", rows: 4, columns: 3, batch: 3 }],
    ["one row", { form: "cost", rows: 1, columns: 5 }],
    ["one column", { form: "logits", rows: 6, columns: 1 }],
    ["rows that are paid for", { form: "cost", rows: 4, columns: 5, options: { rowStrength: 0.7 } }],
    ["both sides paid for", { form: "logits", rows: 5, columns: 3, options: { rowStrength: 2, columnStrength: 0.4 } }],
  ];
  test.each(settings)("through the fixed point is what differences say: %s", (_, setting) => {
    expect(worst(compare(setting), 2e-8)).toEqual({});
  });

  test.each([1, 2, 9])("through %i iterations is what differences of these iterations say", (maximumIterations) => {
    const found = compare({ form: "logits", rows: 5, columns: 3, batch: 2, through: "iterations", options: { tolerance: 0, maximumIterations } });
    // What is read off by the envelope theorem is exact at the optimum alone.
    expect(worst(Object.fromEntries(Object.entries(found).filter(([name]) => !name.startsWith("objective"))), 2e-8)).toEqual({});
  });

  test("through many iterations comes to the one through the fixed point, over absorptions too", () => {
    for (const [temperature, array] of [[0.2, Float64Array], [0.04, Float64Array], [0.1, Float32Array]] as const) {
      const logits = array.from(unit(48, 8)) as Float64Array;
      const found = sinkhorn({ logits }, { rows: 8, columns: 6, temperature, tolerance: array === Float64Array ? 1e-13 : 2e-6, maximumIterations: 20000 });
      expect(found.converged).toEqual([true]);
      const plan = array.from(bell(48, 9)) as Float64Array;
      const [limit, through] = [found.pullback({ plan }), found.pullback({ plan }, { through: "iterations" })];
      expect(apart(limit.logits, through.logits) / largest(limit.logits)).toBeLessThan(array === Float64Array ? 1e-8 : 1e-3);
    }
  });

  test("refuses the derivative of a fixed point that was not reached", () => {
    const found = sinkhorn({ logits: unit(16, 1) }, { rows: 4, columns: 4, temperature: 0.05, tolerance: 1e-12, maximumIterations: 3 });
    expect(() => found.pullback({ plan: unit(16, 2) })).toThrow(/^pullback: problem 0 has not converged in 3 iterations/);
    expect(found.pullback({ objective: Float64Array.of(1) }).logits.every(Number.isFinite)).toBe(true);
    expect(found.pullback({ plan: unit(16, 2) }, { unconverged: true }).logits.every(Number.isFinite)).toBe(true);
  });

  test("of forbidden cells and of rows without mass is 0 there and finite elsewhere", () => {
    const cost = unit(12, 3);
    cost[1] = cost[6] = Number.POSITIVE_INFINITY;
    const problem = { cost, rowMarginals: Float64Array.of(0.5, 0, 0.5), columnMarginals: Float64Array.of(0.25, 0.25, 0, 0.5) };
    const found = sinkhorn(problem, { rows: 3, columns: 4, regularization: 0.1, tolerance: 1e-12 });
    for (const through of ["fixed-point", "iterations"] as const) {
      const pulled = found.pullback({ plan: bell(12, 4), transportCost: Float64Array.of(1), objective: Float64Array.of(1) }, { through });
      expect([pulled.cost, pulled.rowMarginals, pulled.columnMarginals, pulled.regularization].every((array) => array.every(Number.isFinite))).toBe(true);
      expect([1, 6, 4, 5, 7, 2, 10].map((k) => pulled.cost[k]! + 0)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    }
  });

  test("says what is wrong with its arguments", () => {
    const found = sinkhorn({ cost: unit(4, 1) }, { rows: 2, columns: 2, regularization: 1, overRelaxation: 1.2 });
    expect(() => found.pullback({})).toThrow('pullback: "cotangents" expected at least one array');
    expect(() => found.pullback({ plan: new Float64Array(3) })).toThrow('pullback: "cotangents.plan" expected 4 numbers, got 3');
    expect(() => found.pullback({ plan: Float64Array.of(0, Number.NaN, 0, 0) })).toThrow('pullback: "cotangents.plan[1]" expected a finite number, got NaN');
    expect(() => found.pullback({ plan: new Float64Array(4) }, { through: "backwards" as "iterations" })).toThrow('"through" expected "fixed-point" or "iterations"');
    expect(() => found.pullback({ plan: new Float64Array(4) }, { through: "iterations" })).toThrow('"through" expected "fixed-point" where iterations are');
    expect(() => found.pullback({ plan: new Float64Array(4), cost: new Float64Array(4) } as { plan: Float64Array })).toThrow("no such option");
  });
});
