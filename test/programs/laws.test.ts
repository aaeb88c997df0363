import { describe, expect, test } from "vitest";
import { derivative, type DerivativeMethod, type Draw, key, type Node, program, run } from "../../src/index.ts";

const SAMPLES = 20_000;
const at = key("laws of programs");

/** Within four standard errors. */
function agrees(got: number, error: number, wanted: number): void {
  expect(Math.abs(got - wanted), `${got} ± ${error}, expected ${wanted}`).toBeLessThan(4 * error + 1e-9 * Math.abs(wanted));
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
const choose = (n: number, k: number): number => factorial(n) / (factorial(k) * factorial(n - k));

interface Kind {
  readonly draw: (draw: Draw, p: Node) => Node;
  readonly pmf: (x: number, p: number) => number;
  readonly most: number;
}

const softmax = (p: number): number[] => [0.1 / (0.1 + Math.exp(p)), Math.exp(p) / (0.1 + Math.exp(p))];

const kinds: Record<string, Kind> = {
  bernoulli: { draw: (draw, p) => draw.bernoulli(p), pmf: (x, p) => (x === 1 ? p : 1 - p), most: 1 },
  geometric: { draw: (draw, p) => draw.geometric(p), pmf: (x, p) => p * (1 - p) ** x, most: 400 },
  poisson: { draw: (draw, p) => draw.poisson(p), pmf: (x, p) => (Math.exp(-p) * p ** x) / factorial(x), most: 40 },
  "binomial of 3": { draw: (draw, p) => draw.binomial(3, p), pmf: (x, p) => choose(3, x) * p ** x * (1 - p) ** (3 - x), most: 3 },
  "binomial of 20": { draw: (draw, p) => draw.binomial(20, p), pmf: (x, p) => choose(20, x) * p ** x * (1 - p) ** (20 - x), most: 20 },
  "categorical of 2": { draw: (draw, p) => draw.categorical(p.square().concatenate(p.square().neg().add(1))), pmf: (x, p) => [p * p, 1 - p * p][x]!, most: 1 },
  "categorical with impossible cells": {
    draw: (draw, p) => draw.categorical(draw.constant(0).concatenate(p.square(), 0, 0, p.square().neg().add(1))),
    pmf: (x, p) => [0, p * p, 0, 0, 1 - p * p][x]!,
    most: 4,
  },
  "categorical of a softmax": { draw: (draw, p) => draw.categorical(draw.constant(Math.log(0.1)).concatenate(p).softmax()), pmf: (x, p) => softmax(p)[x]!, most: 1 },
};

const functions: Record<string, readonly [(x: Node) => Node, (x: number) => number]> = {
  "7 x - 3": [(x) => x.mul(7).sub(3), (x) => 7 * x - 3],
  "(x + 1) squared": [(x) => x.add(1).square(), (x) => (x + 1) ** 2],
  "the root of x + 1": [(x) => x.add(1).sqrt(), (x) => Math.sqrt(x + 1)],
};

function exact({ pmf, most }: Kind, f: (x: number) => number, p: number): number {
  let sum = 0;
  for (let x = 0; x <= most; x++) sum += pmf(x, p) * f(x);
  return sum;
}

const slope = (g: (p: number) => number, p: number): number => (g(p - 2e-4) - 8 * g(p - 1e-4) + 8 * g(p + 1e-4) - g(p + 2e-4)) / 1.2e-3;

describe.each(Object.keys(kinds))("draws, %s", (name) => {
  const kind = kinds[name]!;

  test("follow their law", () => {
    const p = 0.37;
    const x = run(program<"p">(({ p }, draw) => kind.draw(draw, p)), { p }, at, { lanes: 50_000 });
    const seen = new Map<number, number>();
    for (const one of x) seen.set(one, (seen.get(one) ?? 0) + 1);
    for (const [one, count] of seen) {
      const wanted = kind.pmf(one, p);
      agrees(count / x.length, Math.sqrt((wanted * (1 - wanted)) / x.length) + 1e-5, wanted);
    }
  });

  test.each(Object.keys(functions))("have the derivative of %s, growing and shrinking, in both precisions", (of) => {
    const [node, f] = functions[of]!;
    for (const [g, number] of [[(p: Node) => p, (p: number) => p], [(p: Node) => p.neg().add(1), (p: number) => 1 - p]] as const) {
      for (const [p, precision, method] of [[0.31, "f64", "pruned"], [0.68, "f32", "pruned"], [0.55, "f64", "pruned by wins"], [0.45, "f64", "aggressive"], [0.5, "f64", "score-function"]] as const) {
        const body = program<"p">(({ p }, draw) => node(kind.draw(draw, g(p))));
        const found = derivative(body, { p }, at, { samples: SAMPLES, precision, method });
        agrees(found.value, found.valueStandardError + 1e-5 * Math.abs(found.value), exact(kind, f, number(p)));
        agrees(found.derivative.p, found.standardError.p, slope((p) => exact(kind, f, number(p)), p));
      }
    }
  });

  test.each(["smoothed", "mean-derivative"] as const)("are unbiased by the method %s where the result is linear in them", (method: DerivativeMethod) => {
    const p = 0.6;
    const found = derivative(program<"p">(({ p }, draw) => kind.draw(draw, p).mul(7).sub(3)), { p }, at, { samples: SAMPLES, method });
    agrees(found.derivative.p, found.standardError.p, slope((p) => exact(kind, (x) => 7 * x - 3, p), p));
  });
});
