import { describe, expect, test } from "vitest";
import { addScore, logProb } from "../../reference/distributions/plackett-luce.ts";
import { oneHotPlackettLuce } from "../../src/distributions/one-hot-plackett-luce.ts";
import { plackettLuce } from "../../src/distributions/plackett-luce.ts";
import { laws } from "../laws.ts";
import { near } from "../laws/numbers.ts";
import { type Problem, stage } from "../laws/stage.ts";

const orderOf = (x: ArrayLike<number>, n: number): number[] => Array.from({ length: n }, (_, k) => Array.from({ length: n }, (_, i) => x[k * n + i]!).indexOf(1));
const isMatrix = (x: ArrayLike<number>): boolean => {
  const n = Math.sqrt(x.length);
  return Array.from(x).every((own) => own === 0 || own === 1) && Array.from({ length: n }, (_, k) => k).every((k) => orderOf(x, n).includes(k));
};

/** P(item i has rank k) by all orders of the Plackett–Luce law. */
function shares({ logits }: Problem): number[] {
  const n = logits!.length;
  const found = Array<number>(n * n).fill(0);
  const next = (order: readonly number[], probability: number): void => {
    if (order.length === n) return order.forEach((item, rank) => void (found[rank * n + item]! += probability));
    const left = logits!.map((_, i) => i).filter((i) => !order.includes(i));
    const total = left.reduce((sum, i) => sum + Math.exp(logits![i]!), 0);
    for (const i of left) next([...order, i], (probability * Math.exp(logits![i]!)) / total);
  };
  next([], 1);
  return found;
}

laws("oneHotPlackettLuce(3)", {
  family: oneHotPlackettLuce(3),
  problems: [{ logits: [0.3, -1.2, 1] }, { logits: [5, 5, 5] }, { logits: [-1.5, 0.2, 0.5] }],
  support: (_, draw) => isMatrix(draw),
  logProb: ({ logits }, x) => logProb(orderOf(x, 3), logits!),
  moments: (problem) => ({ mean: shares(problem), variance: shares(problem).map((p) => p * (1 - p)) }),
  edges: { f64: [{ logits: [300, -250, 0] }], f32: [{ logits: [300, -250, 0] }] },
});
laws("oneHotPlackettLuce(1)", { family: oneHotPlackettLuce(1), problems: [{ logits: [0.3] }], support: (x) => x === 1 });

describe.each(["f64", "f32"] as const)("matrices in %s", (precision) => {
  test.each([2, 5, 9, 33])("of %s items are the orders of plackettLuce, with their log p and score", (items) => {
    const logits = Array.from({ length: items }, (_, k) => 2 * Math.sin(k * k));
    using matrices = stage(oneHotPlackettLuce(items), precision, [{ logits }]);
    using orders = stage(plackettLuce(items), precision, [{ logits }]);
    const rows = 7;
    const [x, y] = [matrices.sample(rows), orders.sample(rows)];
    for (let r = 0; r < rows; r++) expect(orderOf(x.subarray(r * items * items, (r + 1) * items * items), items)).toEqual([...y.subarray(r * items, (r + 1) * items)]);
    matrices.logProb(x).forEach((log: number, r: number) => near(log, logProb(y.subarray(r * items, (r + 1) * items), logits), precision === "f64" ? 1e-12 : 1e-6, `row ${r}`));
    const coefficient = ((precision === "f64" ? Float64Array : Float32Array) as Float64ArrayConstructor).from({ length: rows }, (_, r) => r - 2.5);
    const expected = new Float64Array(rows * items);
    for (let r = 0; r < rows; r++) addScore(y.subarray(r * items, (r + 1) * items), logits, coefficient[r]!, expected, r * items);
    matrices.score(x, coefficient, 0).forEach((own: number, k: number) => near(own, expected[k]!, precision === "f64" ? 1e-11 : 1e-5, `number ${k}`));
  });

  test("what is no ranking has probability 0", () => {
    using at = stage(oneHotPlackettLuce(2), precision, [{ logits: [0, 1] }]);
    const array = precision === "f64" ? Float64Array : Float32Array;
    const x = array.from([1, 0, 1, 0, /**/ 0, 1, 1, 0, /**/ 1, 1, 0, 1, /**/ 0.5, 0.5, 1, 0, /**/ 0, 0, 0, 1]);
    expect([...at.logProb(x)].map(Number.isFinite)).toEqual([false, true, false, false, false]);
  });
});

test("the hard order is that of the latent, item by item", () => {
  using at = stage(oneHotPlackettLuce(7), "f64", [{ logits: [0, 1, 2, 3, 2, 1, 0] }]);
  const { latent, harden } = oneHotPlackettLuce(7).relaxation;
  const z = at.run([40 * 49], ([out]) => latent.draw(at.kernels, { key: { low: 1, high: 2 } as never, site: 0, chunk: 0 }, 40, at.theta, 0, out!))[0]!;
  const x = at.run([z, z.length], ([from, to]) => harden(at.kernels, 40, from!, to!))[1]!;
  for (let row = 0; row < 40; row++) {
    const values = Array.from(z.subarray(row * 49, row * 49 + 7)); // ρ₀ = 1: what is sorted
    const order = values.map((_, i) => i).toSorted((a, b) => values[b]! - values[a]!);
    order.forEach((item, rank) => expect(x[row * 49 + rank * 7 + item]).toBe(1));
  }
});
