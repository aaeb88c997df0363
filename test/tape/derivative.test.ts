import "../../src/index.ts";
import { describe, expect, test } from "vitest";
import { region } from "../../src/core/region.ts";
import { derive } from "../../src/tape/derive.ts";
import { traced } from "../../src/tape/expression.ts";
import type { Node } from "../../src/tape/index.ts";
import { link } from "../../src/tape/link.ts";
import { lower, type Result } from "../../src/tape/lower.ts";
import { type Shapes, sizeOf } from "../../src/vocabulary/distribution.ts";
import { arraysFor, core, distance, numbers, run } from "./bound.ts";

type Formula = (x: Node, names: Record<string, Node>) => Node;

const FORMULAS: Readonly<Record<string, Formula>> = {
  "a network": (x, { W, p }) => x.matmul(W!).tanh().matmul(W!.mul(0.5)).mul(p!).sum(),
  "a soft-max": (x, { W, p }) => x.matmul(W!).add(p!).logSoftmax().mul(x).sum(),
  "elementary functions": (x, { p }) =>
    x.exp().add(x.sin().mul(p!.cos())).add(x.sigmoid()).mul(x.softplus()).add(x.square().log1p()).add(x.expm1()).sum().add(x.square().add(1).sqrt().reciprocal().mean()),
  "products and quotients": (x, { p }) => x.mul(p!).div(x.square().add(p!.exp())).sum().mul(x.add(3).log().dot(p!)),
  "kinks away from the kink": (x, { p }) => x.abs().mul(p!).relu().add(x.maximum(p!).square()).add(x.lt(p!).where(x.pow(3), x.sin())).sum().mul(x.max()),
  "parts": (x, { p }) => x.at(0).mul(x.slice(1, 4).sum()).mul(x.gather([3, 0, 0]).square().sum()).add(x.slice(0, 2).concatenate(p!.slice(1, 3)).logSumExp()),
};
const PARAMS: Shapes = { W: [4, 4], p: [4] };

describe.each(Object.entries(FORMULAS))("of %s", (_, formula) => {
  const setting = { dim: 4, rows: 5 };
  const arrays = arraysFor(PARAMS, {}, setting, 0, 7);

  test("∂f/∂x and the pull-back are those of central differences", () => {
    const { gradient, into } = run(formula as (x: Node) => Node, PARAMS, {}, setting, arrays);
    const weighted = (name: string, i: number, step: number): number => {
      const moved = Float64Array.from(arrays[name]!);
      moved[i]! += step;
      const { value } = run(formula as (x: Node) => Node, PARAMS, {}, setting, { ...arrays, [name]: moved });
      return value.reduce((sum, v, row) => sum + v * (name === "x" ? 1 : arrays["cotangent"]![row]!), 0);
    };
    const slopes = (name: string): number[] => Array.from(arrays[name]!, (_, i) => (weighted(name, i, 1e-5) - weighted(name, i, -1e-5)) / 2e-5);
    expect(distance(gradient, slopes("x"))).toBeLessThan(1e-8);
    expect(distance(into, [...slopes("W"), ...slopes("p")])).toBeLessThan(1e-8);
  });

  test("the gradient's own derivatives, in x and in the parameters, are those of central differences", () => {
    const direction = numbers(20, 9);
    const second = slopesOfSlope(formula, setting, arrays, direction);
    const slope = (name: string, i: number, step: number): number => {
      const moved = Float64Array.from(arrays[name]!);
      moved[i]! += step;
      const { gradient } = run(formula as (x: Node) => Node, PARAMS, {}, setting, { ...arrays, [name]: moved });
      return gradient.reduce((sum, g, k) => sum + g * direction[k]!, 0);
    };
    const slopes = (name: string): number[] => Array.from(arrays[name]!, (_, i) => (slope(name, i, 1e-5) - slope(name, i, -1e-5)) / 2e-5);
    expect(distance(second.x, slopes("x"))).toBeLessThan(1e-7);
    expect(distance(second.into, [...slopes("W"), ...slopes("p")])).toBeLessThan(1e-7);
  });
});

/** ∂/∂x and ∂/∂φ of Σ direction · ∂f/∂x: the tape of the reverse pass, derived again. */
function slopesOfSlope(formula: Formula, { dim, rows }: { dim: number; rows: number }, arrays: Readonly<Record<string, Float64Array>>, direction: Float64Array): { x: number[]; into: number[] } {
  const { graph, x, value, parameters } = traced(formula as (x: Node) => Node, PARAMS, {}, dim, true);
  const [slope] = derive([{ of: value, cotangent: graph.constant([1]) }], [x]);
  const seconds = derive([{ of: slope!, cotangent: graph.input("direction", dim) }], [x, ...parameters]);
  const offsets: Readonly<Record<string, number>> = { W: 0, p: 16 };
  const results = seconds.flatMap((node, i): Result[] =>
    node === undefined ? [] : [i === 0 ? { node: graph.lanes(node), external: "out", offset: 0 } : { node, external: "into", offset: offsets[parameters[i - 1]!.detail.name!]! }],
  );
  const program = lower(results, { params: PARAMS, shared: new Set(), period: () => 0 });
  const block = region(core, "f64");
  const params = block.reserve(sizeOf(PARAMS));
  const [second] = link([program], { region: block, params, context: {} }, rows);
  const [point, along, out, into] = [rows * dim, rows * dim, rows * dim, sizeOf(PARAMS)].map((length) => block.reserve(length));
  block.allocate("test");
  params.view().set([...arrays["W"]!, ...arrays["p"]!]);
  point!.view().set(arrays["x"]!);
  along!.view().set(direction);
  second!.run(rows, { x: point!.at, direction: along!.at, out: out!.at, into: into!.at });
  const found = { x: Array.from(out!.view()), into: Array.from(into!.view()) };
  block.free();
  return found;
}

test("a gradient with respect to parameters cannot be derived again, and says so", () => {
  const { graph, value, parameters } = traced((x, { p }) => x.mul(p!).square().sum(), { p: [2] }, {}, 2, true);
  const [slope] = derive([{ of: value, cotangent: graph.constant([1]) }], parameters);
  expect(() => derive([{ of: slope!, cotangent: graph.constant([1, 1]) }], parameters)).toThrow("a sum over lanes cannot be differentiated again");
});
