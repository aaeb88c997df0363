import { describe, expect, it } from "vitest";
import { bernoulli, binomial, categorical, exponential, independent, joint, multivariateNormal, normal, poisson } from "../../src/index.ts";
import { laws, type Subject } from "../laws.ts";
import type { Problem } from "../laws/stage.ts";

const finite: readonly Problem[] = [0.5, -1, 2].map((s) => ({ "z.logits": [s, 0.25], "c.logits": [0, s, -0.5] }));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const soft = (logits: readonly number[]): number[] => logits.map((l) => Math.exp(l) / logits.reduce((sum, own) => sum + Math.exp(own), 0));

laws("joint({ z: bernoulli(2), c: categorical(3) })", {
  family: joint({ z: bernoulli(2), c: categorical(3) }) as Subject["family"],
  problems: finite,
  priors: finite.toReversed(),
  support: (x) => Number.isInteger(x) && x >= 0 && x <= 2,
  moments: (problem) => {
    const p = problem["z.logits"]!.map(sigmoid);
    const q = soft(problem["c.logits"]!);
    const mean = q[1]! + 2 * q[2]!;
    return { mean: [...p, mean], variance: [...p.map((own) => own * (1 - own)), q[1]! + 4 * q[2]! - mean ** 2] };
  },
});

const paths: readonly Problem[] = [0.5, -1, 2].map((s) => ({ "w.mean": [s, 0.25], "w.logScale": [0.1, -0.5], "m.mean": [0, s], "m.scaleTril": [1, 0, 0.3 * s, 0.5] }));

laws("joint({ w: normal(2), m: multivariateNormal(2) })", {
  family: joint({ w: normal(2), m: multivariateNormal(2) }) as Subject["family"],
  problems: paths,
  priors: paths.toReversed(),
  support: () => true,
  moments: (problem) => {
    const [a, , b, c] = problem["m.scaleTril"]! as [number, number, number, number];
    return { mean: [...problem["w.mean"]!, ...problem["m.mean"]!], variance: [...problem["w.logScale"]!.map((s) => Math.exp(2 * s)), a * a, b * b + c * c] };
  },
});

laws("joint({ z: bernoulli(1), w: normal(1) })", {
  family: joint({ z: bernoulli(1), w: normal(1) }) as Subject["family"],
  problems: [0.5, -1, 2].map((s) => ({ "z.logits": [s], "w.mean": [0.5 * s], "w.logScale": [-0.25] })),
  support: () => true,
  moments: (problem) => {
    const p = sigmoid(problem["z.logits"]![0]!);
    return { mean: [p, problem["w.mean"]![0]!], variance: [p * (1 - p), Math.exp(2 * problem["w.logScale"]![0]!)] };
  },
});

const rates: readonly Problem[] = [0.5, -0.5, 0.25].map((s) => ({ "n.logRate": [s], "e.logRate": [0.1, -0.2 * s], "w.mean": [s], "w.logScale": [-0.5] }));

laws("joint({ n: poisson(1), e: exponential(2), w: normal(1) })", {
  family: joint({ n: poisson(1), e: exponential(2), w: normal(1) }) as Subject["family"],
  problems: rates,
  support: (x) => Number.isFinite(x),
  moments: (problem) => {
    const [n, e, w] = [Math.exp(problem["n.logRate"]![0]!), problem["e.logRate"]!.map((l) => Math.exp(-l)), problem["w.mean"]![0]!];
    return { mean: [n, ...e, w], variance: [n, ...e.map((mean) => mean ** 2), Math.exp(2 * problem["w.logScale"]![0]!)] };
  },
});

laws("joint({ i: independent(bernoulli(1), 2), j: joint({ b: binomial(1, 3), w: normal(1) }) })", {
  family: joint({ i: independent(bernoulli(1), 2), j: joint({ b: binomial(1, 3), w: normal(1) }) }) as Subject["family"],
  problems: [0.5, -1, 2].map((s) => ({ "i.logits": [s, 0.25], "j.b.logits": [0.3 * s], "j.w.mean": [s], "j.w.logScale": [-0.25] })),
  support: (x) => Number.isFinite(x),
});

describe("joint", () => {
  it("can do what all parts can, and no more", () => {
    const both = joint({ z: bernoulli(1), w: normal(1) }) as unknown as Record<string, unknown>;
    expect(both["score"]).toBeTypeOf("function");
    expect(both["path"]).toBeUndefined();
    expect(both["support"]).toBeUndefined();
  });

  it("names the part in what its parameters must not be", () => {
    const p = joint({ m: multivariateNormal(2) });
    const params = { "m.mean": Float64Array.of(0, 0), "m.scaleTril": Float64Array.of(1, 0, 0, 0) };
    expect(p.verify!(params, 1)).toBe('"params.m.scaleTril" expected no 0 on the diagonal, got 0 at [1, 1] of problem 0');
  });

  it("refuses what is no family", () => {
    expect(() => joint({ z: 3 as never })).toThrow(new TypeError('joint: "parts.z" expected a distribution, got 3'));
    expect(() => joint({})).toThrow('joint: "parts" expected families by name, such as { z: bernoulli(3), w: normal(2) }, got an object with no keys');
  });
});
