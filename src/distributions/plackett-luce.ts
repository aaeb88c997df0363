import { integer } from "../errors.ts";
import type { Distribution, Finite, Separable } from "../vocabulary/distribution.ts";
import { counts as kernelsOfCounts } from "../wasm/modules.ts";
import { real } from "./elementwise.ts";
import { oneVariable } from "./product.ts";

/** `[items]`, up to a constant of each problem. */
export type PlackettLuceParameters = { readonly logits: readonly [number] };

export interface PlackettLuce extends Distribution<PlackettLuceParameters>, Finite, Separable {}

/**
 * Rankings: x is a permutation, the items 0 … items − 1 in order of rank, x₀ the first. The first is drawn by softmax(logits), each next one so among those that
 * are left.
 *
 *   P(x) = Πᵢ exp(l of xᵢ) / Σ_{j ≥ i} exp(l of xⱼ)
 *
 * A draw sorts logits + Gumbel noise (Yellott 1977); log p and score take one pass over a row. The support has items! points, which
 * `enumerate()` counts through while they are few. No capability here is relaxed: relaxed paths come with permutations. Plackett 1975; Luce 1959.
 *
 * @param items  at least 1; also the width of a draw
 * @throws {TypeError} if `items` is not a number
 * @throws {RangeError} if `items` is not a positive integer
 */
export function plackettLuce(items: number): PlackettLuce {
  integer("plackettLuce", "items", items);
  const stride = Math.ceil(items / 4) * 4;
  return oneVariable<Omit<PlackettLuce, "variable">>({
    name: "plackettLuce",
    params: { logits: [items] },
    domains: { logits: real },
    dim: items,
    modules: [kernelsOfCounts],
    // Categorical's θ, and after it numbers of f64, two where the numbers are f32.
    prepared: (batch) => 3 * batch * stride + 2 * (2 * batch * items + batch + 3 * (items + 2)),
    prepare: (kernels, params, { batch, at }) => kernels.plackettLucePrepare(batch, items, params, at),
    sample: (kernels, { key, site, chunk }, rows, { batch, at }, x) => kernels.plackettLuceSample(key.low, key.high, site, chunk, rows, batch, items, at, x),
    logProb: (kernels, rows, { batch, at }, x, logProb) => kernels.plackettLuceLogProb(rows, batch, items, at, x, logProb),
    score: (kernels, rows, { batch, at }, x, coefficient, terms) => kernels.plackettLuceScore(rows, batch, items, at, x, coefficient, terms),
    support: {
      size: factorial(items),
      enumerate: (kernels, from, to, batch, x) => kernels.plackettLuceEnumerate(from, to, batch, items, x),
    },
  });
}

function factorial(n: number): number {
  let product = 1;
  for (let i = 2; i <= n && product < Infinity; i++) product *= i;
  return product;
}
