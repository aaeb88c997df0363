import { expect, test } from "vitest";
import { real } from "../../src/distributions/elementwise.ts";
import { relaxedRanking } from "../../src/distributions/relaxed-ranking.ts";
import { laws } from "../laws.ts";
import { type Family, type Problem, stage } from "../laws/stage.ts";

/** Rankings with nothing but what the relaxation gives. */
function rankings(items: number): Family {
  const relaxation = relaxedRanking(items);
  return {
    name: "rankings",
    dim: items * items,
    params: { logits: [items] },
    domains: { logits: real },
    prepared: (batch) => batch * items,
    prepare: (kernels, params, { batch, at }) => kernels.arrayCopy(batch * items, params, at),
    sample(kernels, stream, rows, theta, x) {
      relaxation.latent.draw(kernels, stream, rows, theta, 0, x);
      relaxation.harden(kernels, rows, x, x);
    },
    relaxation,
  };
}

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

laws("relaxed rankings of 3", {
  family: rankings(3),
  problems: [{ logits: [0.3, -1.2, 1] }, { logits: [0, 0, 0] }, { logits: [1.5, 0.2, -0.5] }],
  support: (x) => x === 0 || x === 1,
  moments: (problem) => ({ mean: shares(problem), variance: shares(problem).map((p) => p * (1 - p)) }),
  edges: { f64: [{ logits: [1e30, -1e30, 0] }], f32: [{ logits: [1e30, -1e30, 0] }] },
});

test("the hard order is that of the latent, item by item", () => {
  using at = stage(rankings(7), "f64", [{ logits: [0, 1, 2, 3, 2, 1, 0] }]);
  const { latent, harden } = rankings(7).relaxation!;
  const z = at.run([40 * 49], ([out]) => latent.draw(at.kernels, { key: { low: 1, high: 2 } as never, site: 0, chunk: 0 }, 40, at.theta, 0, out!))[0]!;
  const x = at.run([z, z.length], ([from, to]) => harden(at.kernels, 40, from!, to!))[1]!;
  for (let row = 0; row < 40; row++) {
    const values = Array.from(z.subarray(row * 49, row * 49 + 7)); // ρ₀ = 1: what is sorted
    const order = values.map((_, i) => i).toSorted((a, b) => values[b]! - values[a]!);
    order.forEach((item, rank) => expect(x[row * 49 + rank * 7 + item]).toBe(1));
  }
});
