import { describe, expect, test } from "vitest";
import type { Precision } from "../../src/core/core.ts";
import { concatenate, type Names, type Node, where } from "../../src/tape/index.ts";
import type { Shapes } from "../../src/vocabulary/distribution.ts";
import { arraysFor, distance, run, type Setting, twin } from "./bound.ts";

const TOLERANCE: Readonly<Record<Precision, number>> = { f64: 1e-13, f32: 2e-5 };
const PRECISIONS: readonly Precision[] = ["f64", "f32"];

type Formula = (x: Node, names: Names<Record<string, readonly number[]>, Record<string, number>>) => Node;

function agree(formula: Formula, params: Shapes, context: Readonly<Record<string, number>>, setting: Setting, shift = 0): void {
  const precision = setting.precision ?? "f64";
  const arrays = arraysFor(params, context, setting, shift);
  const ours = run(formula, params, context, setting, arrays);
  const theirs = twin(formula, params, context, setting, arrays);
  for (const part of ["value", "gradient", "into"] as const) expect(distance(ours[part], theirs[part]), part).toBeLessThan(TOLERANCE[precision]);
}

/** Every operation on x (width d), a parameter p of width d and one q of width 1. */
const OPERATIONS: Readonly<Record<string, readonly [Formula, shift?: number]>> = {
  add: [(x, { p, q }) => x.add(p!).add(q!).add(3).sum()],
  sub: [(x, { p, q }) => x.sub(p!).add(q!.sub(x)).sub(1).add(p!.sub(2)).square().sum()],
  mul: [(x, { p, q }) => x.mul(p!).mul(q!).mul(0.5).mul(x).sum()],
  div: [(x, { p }) => x.div(p!.square().add(1)).add(p!.div(x)).sum(), 3],
  neg: [(x, { p }) => x.neg().mul(p!.neg()).sum()],
  square: [(x, { p }) => x.square().mul(p!.square()).sum()],
  sqrt: [(x, { p }) => x.sqrt().mul(p!).sum(), 2],
  reciprocal: [(x, { p }) => x.reciprocal().mul(p!).sum(), 2],
  abs: [(x, { p }) => x.abs().mul(p!.abs()).sum()],
  sign: [(x, { p }) => x.sign().mul(p!).sum()],
  relu: [(x, { p }) => x.relu().mul(p!.relu()).sum()],
  exp: [(x, { p }) => x.exp().mul(p!.exp()).sum()],
  log: [(x, { p }) => x.log().mul(p!).sum(), 2],
  log1p: [(x, { p }) => x.log1p().mul(p!.square().log1p()).sum(), 1],
  expm1: [(x, { p }) => x.expm1().mul(p!.expm1()).sum()],
  sin: [(x, { p }) => x.mul(3).sin().mul(p!.sin()).sum()],
  cos: [(x, { p }) => x.mul(3).cos().mul(p!.cos()).sum()],
  sigmoid: [(x, { p }) => x.mul(5).sigmoid().mul(p!.sigmoid()).sum()],
  softplus: [(x, { p }) => x.mul(5).softplus().mul(p!.softplus()).sum()],
  tanh: [(x, { p }) => x.tanh().mul(p!.tanh()).sum()],
  "pow 3": [(x, { p }) => x.pow(3).mul(p!.pow(2)).sum()],
  "pow −2": [(x, { p }) => x.pow(-2).mul(p!).sum(), 2],
  "pow 1.5": [(x, { p }) => x.pow(1.5).mul(p!).sum(), 2],
  "pow 0.3": [(x, { p }) => x.pow(0.3).mul(p!).sum(), 2],
  "pow 0": [(x, { p }) => x.pow(0).mul(p!).sum()],
  maximum: [(x, { p, q }) => x.maximum(p!).add(q!.maximum(x)).mul(p!).sum()],
  minimum: [(x, { p, q }) => x.minimum(p!).add(q!.minimum(x)).mul(p!).sum()],
  clamp: [(x, { p }) => x.clamp(-0.3, 0.4).mul(p!).sum()],
  comparisons: [(x, { p, q }) => x.lt(p!).add(x.le(q!)).add(x.gt(0)).add(x.ge(p!)).add(x.eq(x)).mul(x).sum()],
  where: [(x, { p, q }) => where(x.lt(0.1), x.mul(p!), q!).add(x.at(0).gt(0).where(p!, 2)).sum()],
  sum: [(x, { p }) => x.sum().mul(p!.sum())],
  mean: [(x, { p }) => x.mean().mul(p!.mean())],
  max: [(x, { p }) => x.mul(p!).max().add(p!.max())],
  min: [(x, { p }) => x.mul(p!).min().add(p!.min())],
  logSumExp: [(x, { p }) => x.add(p!).logSumExp().add(p!.logSumExp())],
  softmax: [(x, { p }) => x.mul(4).softmax().mul(p!).sum()],
  logSoftmax: [(x, { p }) => x.logSoftmax().mul(p!).sum().add(p!.logSoftmax().mul(x).sum())],
  dot: [(x, { p }) => x.dot(p!).add(x.dot(x)).add(p!.dot(p!)).add(x.dot(x.sin()))],
  at: [(x, { p }) => x.at(0).mul(p!.at(0)).add(x.at(x.width - 1).mul(p!.at(p!.width - 1)))],
  slice: [(x, { p }) => x.slice(0, Math.ceil(x.width / 2)).sin().sum().mul(p!.slice(Math.floor(p!.width / 2), p!.width).sum()).add(x.sum())],
  gather: [(x, { p }) => x.gather([x.width - 1, 0, 0, x.width >> 1]).mul([1, 2, 3, 4]).add(p!.gather([0, p!.width - 1, 0, 0])).square().sum()],
  concatenate: [(x, { p, q }) => concatenate(x.sin(), p!, q!.mul(x.at(0)), 2).square().sum().add(concatenate(q!, p!).square().sum())],
  constants: [(x) => x.mul(Array.from({ length: x.width }, (_, j) => j - 1)).sum().add(1)],
  "nothing of x": [(_, { p, q }) => p!.mul(q!).sum()],
  "a parameter alone": [(_, { q }) => q!],
  "a constant": [(x) => x.mul(0).sum().add(2)],
};

describe.each(PRECISIONS)("in %s", (precision) => {
  test.each(Object.entries(OPERATIONS))("%s has the value and the gradients of its twin", (_, [formula, shift]) => {
    for (const width of [1, 3, 10, 33]) {
      const params = { p: [width], q: [1] };
      for (const rows of [1, 3, 17, 65]) agree(formula, params, {}, { dim: width, rows, precision }, shift);
    }
  });

  test.each([1, 3, 7, 17, 63, 64, 65, 1023, 1025])("%i rows of a network of odd widths agree with the twin", (rows) => {
    const formula: Formula = (x, { U, a, V, s }) => x.matmul(U!).add(a!).tanh().matmul(V!).logSoftmax().mul(s!).sum();
    for (const [dim, hidden, out] of [[1, 3, 10], [3, 33, 1], [10, 5, 7]] as const) {
      agree(formula, { U: [dim, hidden], a: [hidden], V: [hidden, out], s: [1] }, {}, { dim, rows, precision });
    }
  });

  test.each([1, 2, 5, 32])("context of %i problems is each row's own", (batch) => {
    const formula: Formula = (x, { W, counts, scale }) => x.matmul(W!).logSoftmax().mul(counts!.log1p()).mul(scale!).sum().add(counts!.sum());
    for (const samples of [1, 3, 41]) {
      agree(formula, { W: [4, 9] }, { counts: 9, scale: 1 }, { dim: 4, rows: samples * batch, batch, precision }, 1);
    }
  });

  test("parameters and context may have any names", () => {
    const formula: Formula = (x, { into, weight, value }) => x.mul(weight!).add(value!).mul(into!).sum();
    for (const batch of [1, 3]) agree(formula, { into: [1] }, { weight: 1, value: 1, gradient: 1 }, { dim: 1, rows: 12, batch, precision });
  });

  test("a deep sum goes by blocks, with and without a vector to add", () => {
    const formula: Formula = (x, { U, V, a, b }) => x.matmul(U!).add(a!).matmul(V!).add(b!.add(a!.at(1))).mul(x.matmul(U!).at(0)).mean();
    for (const rows of [1, 70, 1100]) agree(formula, { U: [211, 6], a: [6], V: [6, 9], b: [9] }, {}, { dim: 211, rows, precision });
  });

  test("arithmetic of matrices happens once, and its gradient too", () => {
    agree((x, { W }) => x.matmul(W!.exp().mul(0.5)).sum().add(W!.square().sum()), { W: [3, 5] }, {}, { dim: 3, rows: 70, precision });
  });

  test("room for more rows does not change a bit", () => {
    const formula: Formula = (x, { W }) => x.matmul(W!).tanh().sum();
    const arrays = arraysFor({ W: [6, 11] }, {}, { dim: 6, rows: 500, precision });
    const results = [500, 600, 5000].map((most) => run(formula, { W: [6, 11] }, {}, { dim: 6, rows: 500, most, precision }, arrays));
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  test("a frame of many rows goes in small chunks", () => {
    const formula: Formula = (x, { W }) => x.matmul(W!).logSoftmax().mul(x.sum()).mean();
    agree(formula, { W: [5, 1500] }, {}, { dim: 5, rows: 131, precision });
  });
});

test("the value of a formula that returns x alone is x", () => {
  const setting = { dim: 1, rows: 9 };
  const arrays = arraysFor({}, {}, setting);
  const { value, gradient } = run((x) => x, {}, {}, setting, arrays);
  expect(value).toEqual(Array.from(arrays["x"]!));
  expect(gradient).toEqual(Array.from({ length: 9 }, () => 1));
});

test("subgradients at kinks are those that are stated", () => {
  const at = (formula: (x: Node) => Node, x: readonly number[]): number[] =>
    run(formula, {}, {}, { dim: x.length, rows: 1 }, { x: Float64Array.from(x), cotangent: Float64Array.of(1) }).gradient;
  expect(at((x) => x.relu(), [0])).toEqual([0]);
  expect(at((x) => x.abs(), [0])).toEqual([0]);
  expect(at((x) => x.max(), [1, 3, 3, 2])).toEqual([0, 1, 0, 0]);
  expect(at((x) => x.min(), [1, 1, 3])).toEqual([1, 0, 0]);
  expect(at((x) => x.maximum(2), [2])).toEqual([1]);
  expect(at((x) => x.minimum(2), [2])).toEqual([1]);
  expect(at((x) => x.clamp(0, 1).sum(), [0, 1, 2, -1, 0.5])).toEqual([1, 1, 0, 0, 1]);
  expect(at((x) => x.at(0).maximum(x.at(1)), [2, 2])).toEqual([1, 0]);
});
