import { describe, expect, it, test } from "vitest";
import { addScore, logProb } from "../../reference/distributions/plackett-luce.ts";
import type { Points } from "../../src/core/core.ts";
import { plackettLuce } from "../../src/distributions/plackett-luce.ts";
import { key } from "../../src/key.ts";
import { laws, type Subject } from "../laws.ts";
import { near } from "../laws/numbers.ts";
import { stage, stream, testCore } from "../laws/stage.ts";

const isOrder = (x: ArrayLike<number>): boolean => Array.from(x).sort((a, b) => a - b).every((k, i) => k === i);
const edges = [[700, -700, 0, 1], [1e4, -1e4, 9999, 0], [50, 50, 50, 50]].map((logits) => ({ logits }));

const subject = (items: number): Subject => ({
  family: plackettLuce(items),
  problems: [[0.3, -1.2, 1, 0.1], [1, 1, 1, 1], [-1, 2, 0.5, 0]].map((logits) => ({ logits: logits.slice(0, items) })),
  support: (_, draw) => isOrder(draw),
  logProb: ({ logits }, x) => logProb(x, logits!),
  ...(items === 4 && { edges: { f64: edges, f32: edges } }),
});

laws("plackettLuce(4)", subject(4));
laws("plackettLuce(1)", subject(1));

describe.each(["f64", "f32"] as const)("rankings in %s", (precision) => {
  const array = (values: readonly number[]): Points => ((precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor).from(values);

  test.each([1, 2, 5, 9, 64, 255, 256, 257, 1000])("of %s items sort their latent z, and have the log p and the score of the reference", (items) => {
    const logits = Array.from({ length: items }, (_, k) => Math.sin(k * k));
    using at = stage(plackettLuce(items), precision, [{ logits }]);
    const rows = 5;
    const x = at.sample(rows);
    const { low, high } = key(1);
    const z = at.run([rows * items], ([to]) => at.kernels.concreteDraw(low, high, 0, 0, rows, 1, items, at.theta.at, to!))[0]!;
    for (let r = 0; r < rows; r++) {
      const own = z.subarray(r * items, (r + 1) * items);
      const order = Array.from(own, (_, i) => i).sort((a, b) => own[b]! - own[a]! || a - b);
      expect([...x.subarray(r * items, (r + 1) * items)]).toEqual(order);
    }
    at.logProb(x).forEach((log: number, r: number) => near(log, logProb(x.subarray(r * items, (r + 1) * items), logits), precision === "f64" ? 1e-12 : 1e-6, `log p of row ${r}`));
    const terms = at.score(x, array([1, -2, 0.5, 3, 0]), 0.5);
    const exact = new Float64Array(rows * items).fill(0.5);
    for (let r = 0; r < rows; r++) addScore(x.subarray(r * items, (r + 1) * items), logits, [1, -2, 0.5, 3, 0][r]!, exact, r * items);
    terms.forEach((term: number, i: number) => near(term, exact[i]!, precision === "f64" ? 1e-12 : 1e-5, `term ${i}`));
  });

  const harden = (testCore().kernels[precision] as unknown as Record<string, (...numbers: number[]) => void>)["rankingsHarden"]!;

  it("put equal z in the order of their items", () => {
    for (const items of [9, 300]) {
      using at = stage(plackettLuce(items), precision, [{ logits: Array<number>(items).fill(0) }]);
      const z = array(Array.from({ length: items }, (_, i) => i % 3));
      const x = at.run([z, items], ([from, to]) => harden(1, items, from!, to!))[1]!;
      expect([...x]).toEqual(Array.from({ length: items }, (_, i) => i).sort((a, b) => (b % 3) - (a % 3) || a - b));
    }
  });

  it("have log p and scores of items far apart: where sums of weights would vanish", () => {
    const logits = [0, -900, -1800, 50, -2400];
    using at = stage(plackettLuce(5), precision, [{ logits }]);
    const x = array([2, 1, 4, 0, 3]);
    near(at.logProb(x)[0]!, logProb(x, logits), precision === "f64" ? 1e-14 : 1e-6);
    const exact = new Float64Array(5);
    addScore(x, logits, 1, exact, 0);
    at.score(x, array([1])).forEach((term: number, i: number) => near(term, exact[i]!, precision === "f64" ? 1e-12 : 1e-6, `term ${i}`));
  });

  it("have probability 0 where an item comes twice", () => {
    using at = stage(plackettLuce(3), precision, [{ logits: [0, 1, 2] }]);
    expect([...at.logProb(array([0, 0, 1, 1, 2, 2, 0, 1, 3]))]).toEqual([-Infinity, -Infinity, -Infinity]);
  });

  it("write nothing beyond the terms where x is no order", () => {
    using at = stage(plackettLuce(3), precision, [{ logits: [0, 1, 2] }]);
    expect(at.score(array([NaN, 1e30, -5]), array([1])).length).toBe(3);
    const beside = array([0.5, -1, 1e30, 2, 1, 0, 2, 0, 1]);
    expect(at.score(beside, array([1, 1, 1])).subarray(6)).toEqual(at.score(beside.slice(6) as Points, array([1])));
  });

  it("have in a batch, two problems at once, the scores that each has alone, far apart or near", () => {
    const problems = [[0, 1, -1], [0, -900, 50], [2, 0.5, 0], [0.3, 0, 1], [1, 1, 800]].map((logits) => ({ logits }));
    using at = stage(plackettLuce(3), precision, problems);
    const x = at.sample(15);
    const coefficients = array(Array.from({ length: 15 }, (_, r) => Math.cos(r)));
    const terms = at.score(x, coefficients);
    for (let r = 0; r < 15; r++) {
      using alone = stage(plackettLuce(3), precision, [problems[r % 5]!]);
      expect(terms.subarray(3 * r, 3 * r + 3)).toEqual(alone.score(x.slice(3 * r, 3 * r + 3) as Points, coefficients.slice(r, r + 1) as Points));
    }
  });

  it("rank first as softmax says", () => {
    using at = stage(plackettLuce(3), precision, [{ logits: [0, 1, 2] }]);
    const x = at.sample(60_000, stream(4));
    const total = 1 + Math.E + Math.E ** 2;
    for (let k = 0; k < 3; k++) {
      const p = Math.exp(k) / total;
      const seen = x.filter((v: number, i: number) => i % 3 === 0 && v === k).length / 60_000;
      near((seen - p) / Math.sqrt((p * (1 - p)) / 60_000), 0, 5);
    }
  });
});
