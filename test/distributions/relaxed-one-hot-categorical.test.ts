import { describe, expect, it, test } from "vitest";
import { logProbs, probs } from "../../reference/distributions/categorical.ts";
import { addScore, logProb } from "../../reference/distributions/relaxed-one-hot-categorical.ts";
import { relaxedOneHotCategorical } from "../../src/distributions/relaxed-one-hot-categorical.ts";
import { laws } from "../laws.ts";
import { near, sumOf } from "../laws/numbers.ts";
import { stage } from "../laws/stage.ts";

for (const [categories, temperature] of [[3, 1.5], [5, 0.6]] as const) {
  const edges = [[700, -700, 0], [1e4, -1e4, 0], [80, 80, -80]].map((logits) => ({ logits: [...logits, 1, 2].slice(0, categories) }));
  laws(`relaxedOneHotCategorical(${categories}) at ${temperature}`, {
    family: relaxedOneHotCategorical(categories, { temperature }),
    problems: [[0.3, -1.2, 2, 0, -0.5], [1, 1, 1, 1, 1], [-1, 0.5, -1, 0.5, 0]].map((logits) => ({ logits: logits.slice(0, categories) })),
    support: (y, draw) => y > 0 && y <= 1 && Math.abs(sumOf(draw) - 1) < 1e-5,
    logProb: ({ logits }, x) => logProb(x, logits!, temperature),
    edges: { f64: edges, f32: edges },
  });
}

describe.each(["f64", "f32"] as const)("relaxed choices in %s", (precision) => {
  const array = (precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor;

  it.each([0.01, 0.3, 1, 20])("have finite log p, score and slopes of the path at temperature %s, and the largest entry as often as the choice is made", (temperature) => {
    const logits = [0.5, -2, 1, 0];
    using at = stage(relaxedOneHotCategorical(4, { temperature }), precision, [{ logits }]);
    const rows = 20_000;
    const y = at.sample(rows);
    const ones = array.from({ length: rows }, () => 1);
    for (const numbers of [y, at.logProb(y), at.score(y, ones), at.pull(y, new array(0), array.from({ length: 4 * rows }, () => 1))]) expect(numbers.every(Number.isFinite)).toBe(true);
    const most = new Float64Array(4);
    for (let r = 0; r < rows; r++) most[y.subarray(4 * r, 4 * r + 4).indexOf(Math.max(...y.subarray(4 * r, 4 * r + 4)))]! += 1 / rows;
    probs(logits).forEach((p, k) => near((most[k]! - p) / Math.sqrt((p * (1 - p)) / rows), 0, 5));
  });

  it("integrate to 1 over the triangle of three", () => {
    using at = stage(relaxedOneHotCategorical(3, { temperature: 1.5 }), precision, [{ logits: [0.3, -0.2, 0.1] }]);
    const steps = 400;
    const points: number[] = [];
    for (let i = 0; i < steps; i++) {
      for (let j = 0; i + j < steps; j++) {
        // The middles of the two triangles of a square of the grid.
        for (const third of i + j < steps - 1 ? [1, 2] : [1]) points.push((i + third / 3) / steps, (j + third / 3) / steps, 1 - (i + j + (2 * third) / 3) / steps);
      }
    }
    const mass = sumOf(at.logProb(array.from(points)).map(Math.exp)) / steps ** 2 / 2;
    near(mass, 1, 1e-3);
  });

  test.each([1, 2, 4, 17, 513, 1030])("%s categories have the log p and the score of the reference", (categories) => {
    const logits = Array.from({ length: categories }, (_, k) => Math.sin(k * k));
    using at = stage(relaxedOneHotCategorical(categories, { temperature: 0.8 }), precision, [{ logits }]);
    const y = at.sample(7);
    at.logProb(y).forEach((log: number, r: number) => near(log, logProb(y.subarray(r * categories, (r + 1) * categories), logits, 0.8), precision === "f64" ? 1e-11 : 1e-5, `log p of row ${r}`));
    const terms = at.score(y, array.from({ length: 7 }, (_, r) => r - 2.5), 0.5);
    const exact = new Float64Array(7 * categories).fill(0.5);
    for (let r = 0; r < 7; r++) addScore(y, logProbs(logits), 0.8, r - 2.5, exact, r * categories);
    terms.forEach((term: number, i: number) => near(term, exact[i]!, precision === "f64" ? 1e-11 : 2e-5, `term ${i}`));
  });

  it("have log p of −∞ where an entry is none of a draw", () => {
    using at = stage(relaxedOneHotCategorical(2, { temperature: 0.8 }), precision, [{ logits: [0, 1] }]);
    expect([...at.logProb(array.of(0, 1, 1.5, -0.5, NaN, 0.5))]).toEqual([-Infinity, -Infinity, -Infinity]);
  });
});
