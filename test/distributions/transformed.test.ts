import { describe, expect, it } from "vitest";
import { exponential, independent, key, logistic, logProb, multivariateNormal, normal, sample, transformed, uniform } from "../../src/index.ts";
import { logProb as normalLogProb } from "../../reference/distributions/normal.ts";
import { laws } from "../laws.ts";
import type { Problem } from "../laws/stage.ts";
import { spaced, sumOver } from "./families.ts";

const problems = (dim: number): Problem[] => [[0.5, -0.25], [-1, -0.5], [0.25, 0]].map(([mean, s]) => spaced(dim, { mean: [mean!, 0.25], logScale: [s!, -0.125] }));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const maps = {
  exp: { forward: Math.exp, inverse: Math.log, logSlope: (x: number) => x, inside: (y: number) => y > 0, range: [1e-9, 60] },
  sigmoid: { forward: sigmoid, inverse: (y: number) => Math.log(y / (1 - y)), logSlope: (x: number) => Math.log(sigmoid(x) * sigmoid(-x)), inside: (y: number) => y > 0 && y < 1, range: [0, 1] },
  tanh: { forward: Math.tanh, inverse: Math.atanh, logSlope: (x: number) => Math.log(1 - Math.tanh(x) ** 2), inside: (y: number) => y > -1 && y < 1, range: [-1, 1] },
  softplus: { forward: (x: number) => Math.log1p(Math.exp(x)), inverse: (y: number) => Math.log(Math.expm1(y)), logSlope: (x: number) => Math.log(sigmoid(x)), inside: (y: number) => y > 0, range: [1e-9, 12] },
} as const;

for (const [name, { inverse, logSlope, inside, range }] of Object.entries(maps)) {
  for (const dim of [1, 3]) {
    laws(`transformed(normal(${dim}), "${name}")`, {
      family: transformed(normal(dim), name as keyof typeof maps),
      problems: problems(dim),
      priors: problems(dim).toReversed(),
      support: inside,
      logProb: ({ mean, logScale }, y) => sumOver(y, (v, j) => normalLogProb(inverse(v), mean![j]!, logScale![j]!) - logSlope(inverse(v))),
      range: () => range,
      edges: {
        f64: [{ mean: Array<number>(dim).fill(0), logScale: Array<number>(dim).fill(20) }, { mean: Array<number>(dim).fill(-700), logScale: Array<number>(dim).fill(-3) }],
        f32: [{ mean: Array<number>(dim).fill(0), logScale: Array<number>(dim).fill(10) }, { mean: Array<number>(dim).fill(-80), logScale: Array<number>(dim).fill(-3) }],
      },
    });
  }
}

laws("transformed(multivariateNormal(2), { shift: 1, scale: -2 })", {
  family: transformed(multivariateNormal(2), { shift: 1, scale: -2 }),
  problems: [1, 2, -1].map((s) => ({ mean: [s, 0.5], scaleTril: [1, 0, 0.3 * s, 0.5] })),
  support: () => true,
  moments: ({ mean, scaleTril }) => ({ mean: mean!.map((m) => 1 - 2 * m), variance: [4 * scaleTril![0]! ** 2, 4 * (scaleTril![2]! ** 2 + scaleTril![3]! ** 2)] }),
});

laws("transformed(normal(2), { shift: 1, scale: -2 })", {
  family: transformed(normal(2), { shift: 1, scale: -2 }),
  problems: problems(2),
  priors: problems(2).toReversed(),
  support: () => true,
  moments: ({ mean, logScale }) => ({ mean: mean!.map((m) => 1 - 2 * m), variance: logScale!.map((s) => 4 * Math.exp(2 * s)) }),
});

laws("transformed(independent(logistic(1), 2), { scale: 0.5 }, \"tanh\")", {
  family: transformed(independent(logistic(1), 2), { scale: 0.5 }, "tanh"),
  problems: [0, 0.5, -0.25].map((location) => ({ location: [location, 0], logScale: [-0.5, -1] })),
  support: maps.tanh.inside,
});

describe("transformed", () => {
  it("draws what the map makes of the family's own draws", () => {
    const params = { mean: Float64Array.of(0.5), logScale: Float64Array.of(-1) };
    const x = sample(normal(1), params, key(1), { samples: 50 });
    const y = sample(transformed(normal(1), "sigmoid"), params, key(1), { samples: 50 });
    y.forEach((v, i) => expect(v).toBeCloseTo(sigmoid(x[i]!), 14));
  });

  it("gives points that the map does not reach no density", () => {
    const params = { mean: Float64Array.of(0), logScale: Float64Array.of(0) };
    expect([...logProb(transformed(normal(1), "exp"), params, Float64Array.of(-1, 0, Infinity))]).toEqual([-Infinity, -Infinity, -Infinity]);
    expect([...logProb(transformed(normal(1), "tanh"), params, Float64Array.of(-1, 1, 2))]).toEqual([-Infinity, -Infinity, -Infinity]);
  });

  it("keeps what the family cannot do: a uniform variable has no score", () => {
    expect(Object.keys(transformed(uniform(1), "exp"))).not.toContain("score");
    expect(Object.keys(transformed(exponential(1), "exp"))).toContain("score");
  });

  it("refuses unknown maps, and maps that cannot be undone", () => {
    expect(() => transformed(normal(1), "cube" as never)).toThrow(new RangeError('transformed: "through[0]" expected exp, sigmoid, tanh and softplus, or { shift, scale }, got "cube"'));
    expect(() => transformed(normal(1), { scale: 0 })).toThrow(new RangeError('transformed: "through[0].scale" expected a number that is not 0, got 0'));
  });
});
