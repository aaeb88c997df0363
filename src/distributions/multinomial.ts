import { integer } from "../errors.ts";
import type { Averaged, Distribution, Divergent, Finite, Separable } from "../vocabulary/distribution.ts";
import { counts as kernelsOfCounts } from "../wasm/modules.ts";
import { type CategoricalParameters, choice } from "./categorical.ts";
import { counts } from "./counts.ts";
import { oneVariable } from "./product.ts";

export interface Multinomial extends Distribution<CategoricalParameters>, Finite, Separable, Averaged, Divergent<CategoricalParameters> {}

/** Trials, at most: see `binomial`. */
const MOST = 2 ** 31;

/**
 * How often each of `categories` choices came in `count` independent trials: x ∈ {0 … count}ᵏ with Σ xₖ = count, P(a trial gives k) = softmax(logits)ₖ;
 * mean count · pₖ, variance count · pₖ (1 − pₖ).
 *
 * A logit of −∞ is an impossible category, which never comes. A draw is a binomial count of the trials that are left, category after category: exact
 * for every count, at a cost that hardly grows with it. In f32 counts above 2²⁴ are rounded to the nearest number there is, and their sum may be
 * `count` but for that.
 *
 * @param categories  k, at least 1; also the width of a draw
 * @param count       trials, 1 … 2³¹
 * @throws {TypeError} if `categories` or `count` is not a number
 * @throws {RangeError} if one is not a positive integer, or `count` is too large
 */
export function multinomial(categories: number, count: number): Multinomial {
  integer("multinomial", "categories", categories);
  integer("multinomial", "count", count, 1, MOST);
  const { params, domains, verify } = choice(categories, categories);
  return oneVariable<Omit<Multinomial, "variable">>({
    name: "multinomial",
    dim: categories,
    modules: [kernelsOfCounts],
    params,
    domains,
    verify: verify!,
    prepared: (_, tile) => 16 * tile, // eight parts in f64
    prepare: (kernels, from, { batch, tile, at }) => kernels.multinomialPrepare(batch, categories, tile, count, from, at),
    sample: (kernels, { key, site, chunk }, rows, { batch, tile, at }, x) =>
      kernels.multinomialSample(key.low, key.high, site, chunk, rows, batch, categories, tile, count, at, x),
    logProb: (kernels, rows, { tile, at }, x, logProb) => kernels.multinomialLogProb(rows, categories, tile, count, at, x, logProb),
    score: counts.score(categories),
    moments: counts.moments(categories),
    support: {
      size: ways(count, categories),
      enumerate: (kernels, from, to, batch, x) => kernels.multinomialEnumerate(from, to, count, batch, categories, x),
    },
    divergence: (kernels, { batch, tile, at }, prior, sign, value, gradient) =>
      kernels.multinomialDivergence(batch, categories, tile, count, at, prior.tile, prior.at, sign, value, gradient),
  });
}

/** Rows of k counts whose sum is n: C(n + k − 1, k − 1), each product whole while it is exact. */
function ways(n: number, k: number): number {
  let product = 1;
  for (let i = 1; i < k && product < Infinity; i++) product = (product * (n + i)) / i;
  return product;
}
