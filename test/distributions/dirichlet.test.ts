import { expect, it } from "vitest";
import { jacobian, logProb, score } from "../../reference/distributions/dirichlet.ts";
import { dirichlet } from "../../src/distributions/dirichlet.ts";
import { laws } from "../laws.ts";
import { edges, spaced } from "./families.ts";

for (const k of [2, 5]) {
  laws(`dirichlet(${k})`, {
    family: dirichlet(k),
    problems: [[1.25, -0.5], [0.5, 0.25], [2, 0.125]].map(([a, step]) => spaced(k, { logConcentration: [a!, step!] })),
    priors: [[0.5, 0.25], [0, 0.125], [1, 0.25]].map(([a, step]) => spaced(k, { logConcentration: [a!, step!] })),
    support: (x, draw) => x > 0 && x <= 1 && Math.abs(Array.from(draw).reduce((a, b) => a + b, 0) - 1) < 1e-6,
    moments: ({ logConcentration }) => {
      const total = logConcentration!.reduce((sum, a) => sum + Math.exp(a), 0);
      const mean = logConcentration!.map((a) => Math.exp(a) / total);
      return { mean, variance: mean.map((m) => (m * (1 - m)) / (total + 1)) };
    },
    logProb: ({ logConcentration }, x) => logProb(x, logConcentration!),
    score: ({ logConcentration }, x, j) => score(x, logConcentration!, j),
    jacobian: ({ logConcentration }, x) => jacobian(x, logConcentration!),
    saturated: [1e-3, 0.01, 0.1].map((a) => spaced(k, { logConcentration: [Math.log(a), 0.5] })),
    edges: { f64: edges(k, "logConcentration", [700, -700, 1e4, -1e4, -9.2, 13.8]), f32: edges(k, "logConcentration", [80, -80, 1e4, -1e4, -9.2, 13.8]) },
  });
}

it("refuses fewer than two categories, and what is no number", () => {
  expect(() => dirichlet(1)).toThrow('dirichlet: "categories" expected integer >= 2, got 1');
  expect(() => dirichlet("3" as never)).toThrow(TypeError);
});
