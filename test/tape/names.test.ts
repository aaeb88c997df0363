import "../../src/index.ts";
import { describe, expect, test } from "vitest";
import { type Field, region } from "../../src/core/region.ts";
import { network, type Node } from "../../src/tape/index.ts";
import { arraysFor, core, numbers, type Results, run } from "./bound.ts";

/** What the tape calls its own arrays, and what every object has. */
const NAMES = [
  "x", "value", "weight", "into", "gradient", "cotangent", "params", "context", "context innocent",
  "output logits", "cotangent logits", "output mean", "logits", "mean", "constructor", "toString", "a|b", "",
];
const BATCHES = [1, 2];

describe.each(BATCHES)("of %i problems", (batch) => {
  const setting = { dim: 2, rows: 6, batch };
  const formula = (name: string, param: string) => (x: Node, names: Record<string, Node>): Node =>
    x.mul(names[name]!).sin().mul(names[param]!).add(names[name]!.square()).sum();
  const results = (name: string, param: string): Results => {
    const arrays = arraysFor({ innocent: [2] }, { other: 2 }, setting);
    const own = { x: arrays["x"]!, cotangent: arrays["cotangent"]!, [`param ${param}`]: arrays["innocent"]!, [`context ${name}`]: arrays["other"]! };
    return run(formula(name, param), { [param]: [2] }, { [name]: 2 }, setting, own);
  };

  test.each(NAMES)("an expression with context or a parameter called %j is the one with an innocent name", (name) => {
    const innocent = results("other", "innocent");
    expect(innocent.into.every((each) => each !== 0)).toBe(true);
    expect(results(name, "innocent")).toEqual(innocent);
    expect(results("other", name)).toEqual(innocent);
  });

  const outputs = { logits: 2, mean: 2 };
  const passes = (name: string, param: string): { outputs: number[]; into: number[] } => {
    const block = region(core, "f64");
    let array: Field | undefined;
    const bound = network(
      (names: Record<string, Node>) => ({ logits: names[name]!.mul(names[param]!).tanh(), mean: names[name]!.square().add(names[param]!.exp()) }),
      { [param]: [2] }, { [name]: 2 },
    ).bind({ region: block, batch, outputs, context: (_, width) => (array = block.reserve(batch * width)) });
    const [out, cotangent, into] = [batch * 4, batch * 4, 2].map((length) => block.reserve(length)) as [Field, Field, Field];
    block.allocate("test");
    try {
      bound.params.view().set(numbers(2, 3));
      array!.view().set(numbers(batch * 2, 4));
      cotangent.view().set(numbers(batch * 4, 5));
      bound.forward(out.at);
      bound.pullback(cotangent.at, into.at);
      return { outputs: Array.from(out.view()), into: Array.from(into.view()) };
    } finally {
      block.free();
    }
  };

  test.each(NAMES)("a network with context or a parameter called %j is the one with an innocent name", (name) => {
    const innocent = passes("other", "innocent");
    expect(innocent.into.every((each) => each !== 0)).toBe(true);
    expect(passes(name, "innocent")).toEqual(innocent);
    expect(passes("other", name)).toEqual(innocent);
  });
});
