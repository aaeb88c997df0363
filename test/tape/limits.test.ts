import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Precision } from "../../src/core/core.ts";
import { traced } from "../../src/tape/expression.ts";
import { concatenate, type Node } from "../../src/tape/index.ts";
import { lower } from "../../src/tape/lower.ts";
import { rows } from "../../src/tape/rows.ts";
import { arraysFor, distance, run, twin } from "./bound.ts";

const PRECISIONS: readonly Precision[] = ["f64", "f32"];
const SOURCES = { params: {}, shared: new Set<string>(), period: (): number => 0 };

/** Steps of a random program: an operation and which earlier values it takes. */
type Step = readonly [operation: number, first: number, second: number, index: number];

const STEPS: readonly ((a: Node, b: Node, index: number) => Node)[] = [
  (a, b) => a.add(fit(b, a)),
  (a, b) => a.mul(fit(b, a)),
  (a, b) => fit(b, a).sub(a),
  (a) => a.tanh(),
  (a, b) => a.maximum(fit(b, a)),
  (a, b) => a.lt(fit(b, a)).where(a, fit(b, a)),
  (a, _, i) => a.at(i % a.width),
  (a, _, i) => a.slice(i % a.width, a.width),
  (a, b) => (a.width + b.width > 12 ? a : concatenate(a, b)),
  (a) => a.logSumExp(),
  (a, b) => a.dot(fit(b, a)),
  (a) => a.logSoftmax().mul(0.1),
  (a, _, i) => a.gather([i % a.width, 0, a.width - 1]),
  (a) => a.mul(a.at(0)).tanh(),
  (a) => a.sin().sigmoid(),
];

/** b where it broadcasts with a, else its sum. */
const fit = (b: Node, a: Node): Node => (b.width === a.width || b.width === 1 ? b : b.sum().tanh());

const program = fc.array(fc.tuple(fc.nat(STEPS.length - 1), fc.nat(1000), fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 40 });

function replay(steps: readonly Step[], x: Node, p: Node): Node {
  const values = [x, p];
  for (const [operation, first, second, index] of steps) {
    // Mostly recent values, so that rows die and are given out again.
    const pick = (n: number): Node => values[Math.max(0, values.length - 1 - (n % 5) * (n % 3))]!;
    values.push(STEPS[operation]!(pick(first), pick(second), index));
  }
  return values.slice(-3).reduce((sum, node) => sum.add(node.mean().tanh()), x.sum());
}

test.each(PRECISIONS)("random programs in %s give what their twin gives, however their rows are shared", (precision) => {
  const setting = { dim: 4, rows: 19, precision };
  const params = { p: [4] } as const;
  const arrays = arraysFor(params, {}, setting);
  fc.assert(
    fc.property(program, (steps) => {
      const formula = (x: Node, { p }: { readonly p: Node }): Node => replay(steps, x, p);
      const ours = run(formula, params, {}, setting, arrays);
      const theirs = twin(formula, params, {}, setting, arrays);
      const tolerance = precision === "f64" ? 1e-11 : 1e-2; // a maximum or a comparison may fall the other way in f32
      expect(distance(ours.value, theirs.value)).toBeLessThan(tolerance);
      if (precision === "f32") return;
      expect(distance(ours.gradient, theirs.gradient)).toBeLessThan(tolerance);
      expect(distance(ours.into, theirs.into)).toBeLessThan(tolerance);
    }),
    { numRuns: 300, seed: 11 },
  );
});

test("rows that are given back are given out again, merged", () => {
  const space = rows();
  const [a, b, c] = [space.take(3), space.take(2), space.take(4)];
  space.release(b, 2);
  space.release(a, 3);
  expect(space.take(5)).toBe(a);
  space.release(c, 4);
  expect(space.take(6)).toBe(c);
  expect(space.height).toBe(11);
});

describe("a formula of ten thousand operations", () => {
  const deep = (x: Node): Node => {
    let y = x;
    for (let i = 0; i < 5000; i++) y = y.mul(0.999).add(x.sin());
    return y.mul(1e-3).sum();
  };

  test("takes rows for what is alive at once", () => {
    const { value } = traced(deep, {}, {}, 3, true);
    const { rows: height, body } = lower([{ node: value, external: "value", offset: 0 }], SOURCES);
    expect(body.length).toBeGreaterThan(9999);
    expect(height).toBeLessThan(15);
  });

  test("has the gradient of its twin", () => {
    const setting = { dim: 3, rows: 40 };
    const arrays = arraysFor({}, {}, setting);
    const { value, gradient } = run(deep, {}, {}, setting, arrays);
    expect(distance(value, twin(deep, {}, {}, setting, arrays).value)).toBeLessThan(1e-12);
    const factor = (1 - 0.999 ** 5000) / 0.001;
    expect(distance(gradient, Array.from(arrays["x"]!, (x) => 1e-3 * (0.999 ** 5000 + factor * Math.cos(x))))).toBeLessThan(1e-11);
  });
});

test("many single entries of one vector give their gradient in one pass", () => {
  const product = (x: Node): Node => {
    let y = x.at(0);
    for (let i = 1; i < 300; i++) y = y.add(x.at(i).mul(x.at(i - 1)));
    return y;
  };
  const setting = { dim: 300, rows: 5 };
  const arrays = arraysFor({}, {}, setting);
  expect(distance(run(product, {}, {}, setting, arrays).gradient, twin(product, {}, {}, setting, arrays).gradient)).toBeLessThan(1e-12);
});

describe.each(PRECISIONS)("special values in %s", (precision) => {
  const at = (formula: (x: Node) => Node, x: readonly number[]): { value: number; gradient: number[] } => {
    const { value, gradient } = run(formula, {}, {}, { dim: x.length, rows: 1, precision }, { x: Float64Array.from(x), cotangent: Float64Array.of(1) });
    return { value: value[0]!, gradient };
  };

  test("a log-soft-max with entries of −∞ is finite elsewhere, and so is its gradient", () => {
    const { value, gradient } = at((x) => x.logSoftmax().at(1), [-Infinity, 0, 0]);
    expect(value).toBeCloseTo(-Math.LN2, 6);
    expect(gradient.map((g) => Math.round(g * 1e6) / 1e6)).toEqual([0, 0.5, -0.5]);
    expect(at((x) => x.logSoftmax().at(0), [-Infinity, 0, 0]).value).toBe(-Infinity);
  });

  test("a soft-max of huge entries is a soft-max", () => {
    expect(at((x) => x.softmax().at(2), [1e30, -1e30, 1e30])).toEqual({ value: 0.5, gradient: [-0.25, 0, 0.25] });
    expect(at((x) => x.softmax().at(0), [-1e30, 1e30, 0]).value).toBe(0);
  });

  test("a log-sum-exp of infinite entries is their maximum", () => {
    expect(at((x) => x.logSumExp(), [-Infinity, -Infinity]).value).toBe(-Infinity);
    expect(at((x) => x.logSumExp(), [Infinity, 0]).value).toBe(Infinity);
    expect(at((x) => x.logSumExp(), [NaN, 0]).value).toBeNaN();
    expect(at((x) => x.logSumExp(), [1000, 1000]).value).toBeCloseTo(1000 + Math.LN2, precision === "f64" ? 10 : 3);
  });

  test("a branch that is not taken spoils neither value nor gradient", () => {
    const { value, gradient } = at((x) => x.gt(0).where(x.log(), 0).sum(), [0, -1, 1]);
    expect(value).toBe(0);
    expect(gradient[2]).toBe(1);
    expect(at((x) => x.gt(0).where(x, x.log()).sum(), [2, 3]).gradient).toEqual([1, 1]);
  });

  test("lanes beyond the last are nobody's", () => {
    const formula = (x: Node, { p }: { readonly p: Node }): Node => x.reciprocal().mul(p).log().sum();
    for (const count of [1, 2, 3, 5, 15, 18]) {
      const arrays = { x: new Float64Array(count * 2).fill(2), cotangent: new Float64Array(count).fill(1), p: Float64Array.of(1, 2) };
      const { into } = run(formula, { p: [2] }, {}, { dim: 2, rows: count, most: 64, precision }, arrays);
      expect(into).toEqual([count, count / 2]);
    }
  });
});
