import { describe, expect, test } from "vitest";
import { derivative, type Draw, gradient, key, type Node, program, run, scoreFunction } from "../../src/index.ts";

const of = (body: (p: Node, draw: Draw) => Node) => program<"p">(({ p }, draw) => body(p, draw));

describe("a number that is wrong whatever is drawn is refused when the program is read", () => {
  test.each<[string, (p: Node, draw: Draw) => Node, string]>([
    ["trials", (p, draw) => draw.binomial(2.5, p), "draw.binomial expected a whole number >= 0, got 2.5"],
    ["a probability", (p, draw) => draw.bernoulli([0.5, 1.5]).sum().mul(p), "draw.bernoulli expected a probability in [0, 1], got 1.5"],
    ["probabilities", (p, draw) => draw.categorical([0.4, 0.4]).mul(p), "draw.categorical expected probabilities that sum to 1, got 0.4, 0.4"],
    ["a rate", (p, draw) => draw.exponential(0).mul(p), "draw.exponential expected a number > 0, got 0"],
    ["a scale", (p, draw) => draw.normal(p, -1), "draw.normal expected a number >= 0, got -1"],
    ["a shape", (p, draw) => draw.gamma(-1, p), "draw.gamma expected a number > 0, got -1"],
    ["NaN", (p, draw) => draw.uniform(Number.NaN, p), "draw.uniform expected a number, got NaN"],
  ])("%s", (_, body, message) => {
    expect(() => run(of(body), { p: 0.5 }, key(1), { lanes: 4 })).toThrow(message);
  });

  test("but not what rounding makes of one", () => {
    expect(() => run(of((p, draw) => draw.categorical([1 / 3, 1 / 3, 1 / 3]).mul(p)), { p: 0.5 }, key(1), { lanes: 4 })).not.toThrow();
    expect(() => run(of((p, draw) => draw.categorical([0.3333333, 0.3333333, 0.3333333]).mul(p)), { p: 0.5 }, key(1), { lanes: 4 })).not.toThrow();
  });
});

test("what is computed and wrong makes NaN at once, and a derivative of it is refused", () => {
  const negative = of((p, draw) => draw.gamma(p.neg(), 1));
  expect([...run(negative, { p: 1 }, key(1), { lanes: 5 })]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  expect(() => derivative(negative, { p: 1 }, key(1), { samples: 10 })).toThrow(/^derivative: the value is not finite\./);
  expect(() => derivative(of((p) => p.sqrt()), { p: 0 }, key(1), { samples: 10 })).toThrow(/^derivative: the derivative in p is not finite\./);
});

test("a program is sent where it belongs", () => {
  expect(() => gradient(of((p) => p.neg()) as never, scoreFunction() as never, { samples: 2 })).toThrow("A program has derivative(program, …) and programGradient(program, …).");
});

