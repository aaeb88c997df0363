import "../../src/index.ts";
import { expect, test } from "vitest";
import type { Precision } from "../../src/core/core.ts";
import { type Field, region } from "../../src/core/region.ts";
import { network } from "../../src/tape/index.ts";
import { core, distance, numbers } from "./bound.ts";

const SHAPES = { U: [7, 5], a: [5], V: [5, 3], s: [2] } as const;
const encoder = network(
  ({ U, a, V, s, counts }) => {
    const hidden = counts.log1p().matmul(U).add(a).tanh();
    return { logScale: s, mean: hidden.matmul(V) };
  },
  SHAPES,
  { counts: 7 },
);

interface Bound {
  readonly params: Field;
  readonly counts: Field;
  readonly outputs: Field;
  readonly cotangent: Field;
  readonly into: Field;
  readonly forward: () => Float64Array;
  readonly pullback: () => number[];
}

function bind(batch: number, precision: Precision): Bound {
  const block = region(core, precision);
  let counts: Field | undefined;
  const bound = encoder.bind({ region: block, batch, context: (_, width) => (counts = block.reserve(batch * width)), outputs: { mean: 3, logScale: 2 } });
  const [outputs, cotangent, into] = [block.reserve(batch * 5), block.reserve(batch * 5), block.reserve(bound.params.length)];
  block.allocate("test");
  bound.params.view().set(numbers(bound.params.length, 3));
  counts!.view().set(numbers(batch * 7, 4).map((v) => v + 1));
  cotangent.view().set(numbers(batch * 5, 5));
  return {
    params: bound.params, counts: counts!, outputs, cotangent, into,
    forward() {
      bound.forward(outputs.at);
      return Float64Array.from(outputs.view());
    },
    pullback() {
      into.view().fill(0);
      bound.pullback(cotangent.at, into.at);
      return Array.from(into.view());
    },
  };
}

test.each([1, 2, 17, 33])("the outputs for %i problems come packed by name, in the order that was asked for", (batch) => {
  const { forward } = bind(batch, "f64");
  const out = forward();
  const scale = numbers(35 + 5 + 15 + 2, 3).slice(-2);
  for (let problem = 0; problem < batch; problem++) expect(Array.from(out.slice(batch * 3 + problem * 2, batch * 3 + problem * 2 + 2))).toEqual(Array.from(scale));
  expect(out.slice(0, batch * 3).every((v) => v !== 0)).toBe(true);
});

test.each([1, 5, 17])("the pull-back of %i problems is that of finite differences", (batch) => {
  const { params, cotangent, forward, pullback } = bind(batch, "f64");
  forward();
  const pulled = pullback();
  const weighted = (): number => forward().reduce((sum, v, i) => sum + v * cotangent.view()[i]!, 0);
  const slopes = pulled.map((_, i) => {
    const view = params.view();
    const kept = view[i]!;
    view[i] = kept + 1e-5;
    const above = weighted();
    view[i] = kept - 1e-5;
    const below = weighted();
    view[i] = kept;
    return (above - below) / 2e-5;
  });
  expect(distance(pulled, slopes)).toBeLessThan(1e-8);
});

test("the pull-back adds", () => {
  const { into, pullback } = bind(4, "f64");
  const once = pullback();
  const bound = bind(4, "f64");
  bound.pullback();
  const before = Array.from(bound.into.view());
  expect(before).toEqual(once);
  expect(into.view().some((v) => v !== 0)).toBe(true);
});

test("both precisions agree", () => {
  const [wide, narrow] = [bind(9, "f64"), bind(9, "f32")];
  expect(distance(Array.from(narrow.forward()), Array.from(wide.forward()))).toBeLessThan(1e-6);
  expect(distance(narrow.pullback(), wide.pullback())).toBeLessThan(1e-5);
});

test("an output of another width, or one that is missing or too many, is named", () => {
  const site = (outputs: Record<string, number>): unknown => {
    const block = region(core, "f64");
    return encoder.bind({ region: block, batch: 2, context: (_, width) => block.reserve(2 * width), outputs });
  };
  expect(() => site({ mean: 4, logScale: 2 })).toThrow('network: "formula().mean" expected width 4, got width 3');
  expect(() => site({ logits: 3 })).toThrow('network: "formula" expected to return an object with logits, got an object with logScale and mean');
  expect(() => site({ mean: 3 })).toThrow('network: "formula" expected to return mean, got also logScale');
});
