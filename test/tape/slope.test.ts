import { describe, expect, it } from "vitest";
import type { Precision } from "../../src/core/core.ts";
import { type Field, region } from "../../src/core/region.ts";
import { expression, type Names, type Node, type Widths } from "../../src/tape/index.ts";
import { type Shapes, sizeOf } from "../../src/vocabulary/distribution.ts";
import { core, numbers } from "./bound.ts";

interface Case {
  readonly formula: (x: Node, names: Names<Shapes, Widths>) => Node;
  readonly params: Shapes;
  readonly context?: Widths;
}

const DIM = 3;
const cases: Readonly<Record<string, Case>> = {
  "a network of two layers": {
    formula: (x, n) => x.mul(0.5).tanh().matmul(n["W"]!).add(n["b"]!).tanh().matmul(n["V"]!).sigmoid().sum(),
    params: { W: [DIM, 4], b: [4], V: [4, 2] },
  },
  "a linear function, whose slope is the same everywhere": { formula: (x, n) => x.dot(n["w"]!).add(n["b"]!), params: { w: [DIM], b: [1] } },
  "a function without x": { formula: (_, n) => n["w"]!.square().sum(), params: { w: [2] } },
  "a function without parameters": { formula: (x) => x.square().sum(), params: {} },
  "exponentials, quotients and roots": {
    formula: (x, n) => x.mul(n["w"]!).exp().div(x.square().add(n["s"]!.square().add(1))).sum().add(x.square().add(1).sqrt().log1p().dot(n["w"]!)),
    params: { w: [DIM], s: [1] },
  },
  "softmax, log-sum-exp and the greatest": {
    formula: (x, n) => x.matmul(n["W"]!).softmax().dot(n["w"]!).add(x.mul(n["w"]!.slice(0, DIM)).logSumExp()).add(x.mul(n["w"]!.slice(0, DIM)).max()),
    params: { W: [DIM, 4], w: [4] },
  },
  "entries and pieces": {
    formula: (x, n) => x.at(0).mul(x.at(2)).mul(n["w"]!.at(1)).add(x.gather([1, 1, 2]).concatenate(x.slice(0, 2)).dot(n["w"]!.gather([0, 1, 1, 0, 2]))).add(x.gt(0).where(x.mul(n["w"]!), x.square()).sum()),
    params: { w: [3] },
  },
  "context": { formula: (x, n) => x.mul(n["u"]!).matmul(n["W"]!).tanh().mul(n["u"]!.at(0)).sum(), params: { W: [DIM, 2] }, context: { u: DIM } },
};

/** A bound expression with its arrays in place. */
function bound({ formula, params, context = {} }: Case, rows: number, batch: number, precision: Precision) {
  const block = region(core, precision);
  const fields: [string, Field][] = [];
  const evaluator = expression(formula, params, context).bind({
    second: "pullbackSlope", region: block, dim: DIM, batch, rows,
    context(name, width) {
      const field = block.reserve(batch * width);
      fields.push([name, field]);
      return field;
    },
  });
  const length = sizeOf(params);
  const [x, value, gradient, weight, direction, into] = [rows * DIM, rows, rows * DIM, rows, rows * DIM, length].map((each) => block.reserve(each)) as [Field, Field, Field, Field, Field, Field];
  block.allocate("test");
  x.view().set(numbers(rows * DIM, 1));
  weight.view().set(numbers(rows, 2));
  direction.view().set(numbers(rows * DIM, 3));
  for (const [, field] of fields) field.view().set(numbers(field.length, 4));
  const lanes = { batch, context: {} };
  const start = numbers(length, 5);
  return {
    length,
    start,
    pullbackSlope() {
      evaluator.params.view().set(start);
      into.view().fill(0.5);
      evaluator.pullbackSlope(rows, x.at, weight.at, direction.at, into.at, lanes);
      return into.view().slice();
    },
    /** Σ weight f + direction · ∂f/∂x */
    along(parameters: Float64Array): number {
      evaluator.params.view().set(parameters);
      evaluator.differentiate(rows, x.at, value.at, gradient.at, lanes);
      const dot = (a: Field, b: Field): number => Array.from(a.view()).reduce((sum, own, i) => sum + own * b.view()[i]!, 0);
      return dot(weight, value) + dot(direction, gradient);
    },
  };
}

describe.each(Object.entries(cases))("the slope of %s", (_, own) => {
  it.each([[1, 1], [7, 1], [33, 3], [1100, 2]])("is differentiated in the parameters as finite differences are, %i rows, batch %i", (rows, batch) => {
    const wide = bound(own, rows * batch, batch, "f64");
    const exact = wide.pullbackSlope();
    for (let j = 0; j < wide.length; j++) {
      const moved = (by: number): number => wide.along(wide.start.map((value, k) => (k === j ? value + by : value)));
      const difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
      expect(Math.abs(exact[j]! - 0.5 - difference), `parameter ${j}`).toBeLessThan(1e-7 * rows * batch * (1 + Math.abs(difference)));
    }
    const narrow = bound(own, rows * batch, batch, "f32").pullbackSlope();
    const largest = Math.max(1, ...exact.map(Math.abs));
    narrow.forEach((each: number, j: number) => expect(Math.abs(each - exact[j]!)).toBeLessThan(1e-5 * largest * Math.sqrt(rows * batch)));
  });
});
