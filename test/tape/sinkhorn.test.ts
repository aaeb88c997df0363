import { describe, expect, test } from "vitest";
import { bernoulli, enumerate, expectation, expression, gradient, key, type Node } from "../../src/index.ts";
import { derive } from "../../src/tape/derive.ts";
import { traced } from "../../src/tape/expression.ts";
import { arraysFor, distance, run, twin } from "./bound.ts";

type Formula = (x: Node, names: Record<string, Node>) => Node;

const weighted = (rows: number, columns: number, iterations: number, temperature: number): Formula => (x, { W, t }) =>
  x.matmul(W!).sinkhorn({ rows, columns, temperature, iterations }).mul(t!).square().sum();

describe.each(["f64", "f32"] as const)("sinkhorn of a node in %s", (precision) => {
  test.each([
    [1, 1, 3, 1], [2, 2, 1, 1], [3, 3, 20, 1], [3, 5, 4, 0.5], [5, 2, 7, 0.2], [9, 9, 10, 0.3], [1, 6, 2, 1], [6, 1, 2, 1],
  ])("of %i × %i after %i iterations at temperature %f does what the twin does, there and back", (rows, columns, iterations, temperature) => {
    const width = rows * columns;
    const [shapes, setting] = [{ W: [3, width], t: [width] }, { dim: 3, rows: 37, precision }];
    const arrays = arraysFor(shapes, {}, setting);
    const formula = weighted(rows, columns, iterations, temperature);
    const [core, own] = [run(formula as (x: Node) => Node, shapes, {}, setting, arrays), twin(formula as (x: Node) => Node, shapes, {}, setting, arrays)];
    const bar = precision === "f64" ? 1e-12 : 2e-4;
    for (const part of ["value", "gradient", "into"] as const) expect(distance(core[part], own[part])).toBeLessThan(bar);
  });

  test("stays finite at temperatures that leave permutations", () => {
    const setting = { dim: 25, rows: 6, precision };
    const cold = (x: Node): Node => x.sinkhorn({ rows: 5, columns: 5, temperature: precision === "f64" ? 1e-4 : 5e-3, iterations: 50 }).square().sum();
    const { value, gradient: slopes } = run(cold, {}, {}, setting, arraysFor({}, {}, setting));
    expect([...value, ...slopes].every(Number.isFinite)).toBe(true);
    expect(Math.max(...value)).toBeGreaterThan(4);
  });
});

describe("sinkhorn of a node", () => {
  const setting = { dim: 12, rows: 3 };

  test("has the derivative of its iterations, in the logits and in the temperature", () => {
    const shapes = { t: [1] };
    const arrays: Record<string, Float64Array> = { ...arraysFor(shapes, {}, setting), t: Float64Array.of(0.3) };
    const formula: Formula = (x, { t }) => x.sinkhorn({ rows: 4, columns: 3, temperature: t!, iterations: 3 }).square().dot([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const { gradient: slopes, into } = run(formula as (x: Node) => Node, shapes, {}, setting, arrays);
    const value = (name: string, i: number, h: number): number => {
      const moved = Float64Array.from(arrays[name]!);
      moved[i]! += h;
      const found = run(formula as (x: Node) => Node, shapes, {}, setting, { ...arrays, [name]: moved });
      return found.value.reduce((sum, v, row) => sum + v * (name === "x" ? 1 : arrays["cotangent"]![row]!), 0);
    };
    const differences = (name: string): number[] =>
      Array.from(arrays[name]!, (_, i) => (8 * (value(name, i, 1e-4) - value(name, i, -1e-4)) - (value(name, i, 2e-4) - value(name, i, -2e-4))) / 12e-4);
    expect(distance(slopes, differences("x"))).toBeLessThan(1e-8);
    expect(distance(into, differences("t"))).toBeLessThan(1e-8);
  });

  test("is NaN where a logit is, in its own lane alone, and takes −∞ for a cell that stays empty", () => {
    const arrays = arraysFor({}, {}, setting);
    arrays["x"]![14] = Number.NaN;
    arrays["x"]![25] = Number.NEGATIVE_INFINITY;
    const { value, gradient: slopes } = run((x) => x.sinkhorn({ rows: 3, columns: 4 }).square().sum(), {}, {}, setting, arrays);
    expect(value.map(Number.isNaN)).toEqual([false, true, false]);
    expect(slopes.slice(12, 24).every(Number.isNaN)).toBe(true);
    expect([...slopes.slice(0, 12), ...slopes.slice(24)].every(Number.isFinite)).toBe(true);
    expect(slopes[25]! + 0).toBe(0);
  });

  test("is part of f like any other operation", () => {
    // x flips the order of two preferences; W is learned.
    const f = expression((x, { W }) => x.mul(W!).sinkhorn({ rows: 2, columns: 2, temperature: 0.5 }).at(0), { W: [4] });
    using grad = gradient(expectation(bernoulli(4), f), enumerate(), { samples: 1 });
    const params = { logits: new Float64Array(4), W: Float64Array.of(1, -0.5, 0.3, 0.8) };
    const { gradient: slopes } = grad.estimate(params, key(1));
    const value = (i: number, h: number): number => grad.estimate({ ...params, W: params.W.map((w, k) => (k === i ? w + h : w)) }, key(1)).value[0]!;
    for (let i = 0; i < 4; i++) expect(slopes.W[i]).toBeCloseTo((value(i, 1e-5) - value(i, -1e-5)) / 2e-5, 8);
  });

  test("says what it cannot do", () => {
    const trace = (formula: (x: Node) => Node): unknown => traced(formula, {}, {}, 6, true);
    expect(() => trace((x) => x.sinkhorn({ rows: 2, columns: 2 }).sum())).toThrow("expression: sinkhorn expected rows · columns = 6, the width of x, got 2 · 2");
    expect(() => trace((x) => x.sinkhorn({ rows: 2, columns: 3, temperature: 0 }).sum())).toThrow('"temperature" expected a number > 0, got 0');
    expect(() => trace((x) => x.sinkhorn({ rows: 2, columns: 3, iterations: 0 }).sum())).toThrow('"iterations" expected integer >= 1, got 0');
    expect(() => trace((x) => x.sinkhorn({ rows: 2, columns: 3, tolerance: 1 } as never).sum())).toThrow("no such option");
    const { graph, x, value } = traced((p) => p.sinkhorn({ rows: 2, columns: 3 }).square().sum(), {}, {}, 6, true);
    const [slope] = derive([{ of: value, cotangent: graph.constant([1]) }], [x]);
    expect(() => derive([{ of: slope!.square().sum(), cotangent: graph.constant([1]) }], [x])).toThrow("sinkhorn cannot be differentiated twice");
  });
});
