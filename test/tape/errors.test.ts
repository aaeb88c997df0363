import { expect, test } from "vitest";
import { expression, type Node } from "../../src/tape/index.ts";
import { arraysFor, run } from "./bound.ts";

const bound = (formula: (x: Node, names: Record<string, Node>) => Node, dim = 6): (() => unknown) => {
  const params = { W: [8, 200], V: [6, 3], p: [6] };
  const setting = { dim, rows: 2 };
  return () => run(formula as (x: Node) => Node, params, {}, setting, arraysFor(params, {}, setting));
};

test("widths that do not fit are named with their operation", () => {
  expect(bound((x, { W }) => x.matmul(W!).sum())).toThrow("expression: matmul expected x of width 8 (W is [8, 200]), got 6");
  expect(bound((x, { W }) => x.exp().matmul(W!).sum())).toThrow("expression: matmul expected the result of exp of width 8 (W is [8, 200]), got 6");
  expect(bound((x, { V, p }) => x.matmul(V!).add(p!).sum())).toThrow("expression: add expected operands of one width, or of width 1, got the result of matmul of width 3 and p of width 6");
  expect(bound((x, { p }) => x.matmul(p!))).toThrow("expression: matmul expected a parameter matrix [in, out], got p of width 6");
  expect(bound((x, { V }) => x.at(0).mul(V!).sum())).toThrow("expression: mul expected x.matmul(V) or a matrix on both sides, got the result of gather of width 1 and a matrix [6, 3]");
  expect(bound((x, { V }) => x.sum().add(V!.max()))).toThrow("expression: max expected a vector, got V, a matrix [6, 3]");
  expect(bound((x) => x.at(6))).toThrow('expression: "from" expected integer <= 5, got 6');
  expect(bound((x) => x)).toThrow('expression: "formula" expected to return a node of width 1, got width 6. Reduce it');
  expect(bound(() => 3 as unknown as Node)).toThrow('expression: "formula" expected to return a node of its own trace, got 3');
  expect(bound((x) => x.add("1" as unknown as number).sum())).toThrow('expression: add expected a node, a number or a list of numbers, got "1"');
});

test("arithmetic and comparison by operators say what to write instead", () => {
  expect(bound((x) => ((x as unknown as number) + 1) as unknown as Node)).toThrow("expression: a node has no number while the formula is traced. Use its methods: x.add(y) for x + y");
  expect(bound((x) => ((x as unknown as number) < 1 ? x : x.neg()))).toThrow("x.lt(y).where(a, b) for x < y ? a : b");
});

test("a node of another trace is refused", () => {
  let kept: Node | undefined;
  bound((x) => (kept = x).sum())();
  expect(bound((x) => x.add(kept!).sum())).toThrow("expression: add expected nodes of this trace, got one of another");
});

test("declarations are checked where they are made", () => {
  const f = (x: Node): Node => x.sum();
  expect(() => expression(3 as unknown as typeof f)).toThrow('expression: "formula" expected a function, got 3');
  expect(() => expression(f, { W: [0, 3] })).toThrow('expression: "params.W" expected integer >= 1, got 0');
  expect(() => expression(f, { W: [1, 2, 3] })).toThrow('expression: "params.W" expected a shape, [width] or [in, out], got [1, 2, 3]');
  expect(() => expression(f, { W: [3] }, { counts: 1.5 })).toThrow('expression: "context.counts" expected integer >= 1, got 1.5');
  expect(() => expression(f, { W: [3] }, { W: 3 })).toThrow('expression: "context.W" expected a name of its own');
});
