import { integer } from "../errors.ts";
import type { Antithetic, Averaged, Centred, Conditional, Distribution, Divergent, Entropic, Finite, Gapped, Invertible, Measurable, Separable } from "../vocabulary/distribution.ts";
import { type CategoricalParameters, choice } from "./categorical.ts";
import { choicePairs } from "./choice-pairs.ts";
import { concrete, givenChoice } from "./concrete.ts";
import { oneVariable } from "./product.ts";

export interface OneHotCategorical
  extends Distribution<CategoricalParameters>, Finite, Separable, Conditional, Gapped, Antithetic, Centred, Invertible, Measurable, Divergent<CategoricalParameters>, Entropic, Averaged {}

/**
 * One of `categories` choices as a one-hot row: x ∈ {0, 1}ᵏ with a single 1, P(xₖ = 1) = softmax(logits)ₖ.
 *
 * The draws are those of `categorical` at the same key; −∞ is an impossible category. Not reparameterizable, but relaxed by
 * the Concrete distribution (Maddison, Mnih & Teh 2017; Jang, Gu & Poole 2017): z = log p + Gumbel noise, x = the largest
 * entry of z, y = softmax(z / temperature).
 *
 * @param categories  at least 1; also the width of a draw
 * @throws {TypeError} if `categories` is not a number
 * @throws {RangeError} if `categories` is not a positive integer
 */
export function oneHotCategorical(categories: number): OneHotCategorical {
  integer("oneHotCategorical", "categories", categories);
  return oneVariable<Omit<OneHotCategorical, "variable">>({
    name: "oneHotCategorical",
    dim: categories,
    ...choice(categories, categories),
    sample: (kernels, { key, site, chunk }, rows, { batch, at }, x) =>
      kernels.oneHotCategoricalSample(key.low, key.high, site, chunk, rows, batch, categories, at, x),
    logProb: (kernels, rows, { batch, at }, x, logProb) => kernels.oneHotCategoricalLogProb(rows, batch, categories, at, x, logProb),
    score: (kernels, rows, { batch, at }, x, coefficient, terms) =>
      kernels.oneHotCategoricalScore(rows, batch, categories, at, x, coefficient, terms),
    support: {
      size: categories,
      enumerate: (kernels, from, to, batch, x) => kernels.oneHotCategoricalEnumerate(from, to, batch, categories, x),
    },
    centre: {
      mean: (kernels, { batch, at }, mean) => kernels.expansionsChoiceMean(batch, categories, at, mean),
      pull: (kernels, rows, { batch, at }, cotangent, terms) => kernels.meansPullChoices(rows, batch, categories, at, cotangent, terms),
    },
    moments: (kernels, { batch, at }, mean, variance) => kernels.discreteMomentsOfOneHot(batch, categories, at, mean, variance),
    relaxation: concrete(categories),
    antithetic: choicePairs(categories, categories),
    ...givenChoice(categories),
  });
}
