import type { Points } from "../core/core.ts";
import { integer } from "../errors.ts";
import type { Antithetic, Averaged, Distribution, Divergent, Entropic, Finite, Invertible, Measurable, Separable } from "../vocabulary/distribution.ts";
import { choicePairs } from "./choice-pairs.ts";
import { logitsOfChoice } from "./domains.ts";
import { oneVariable } from "./product.ts";

/** `[categories]`, up to a constant of each problem. */
export type CategoricalParameters = { readonly logits: readonly [number] };

export interface Categorical
  extends Distribution<CategoricalParameters>, Finite, Separable, Antithetic, Invertible, Measurable, Divergent<CategoricalParameters>, Entropic, Averaged {}

/**
 * One of `categories` choices: x ∈ {0 … categories − 1}, an index written as a number, P(x = k) = softmax(logits)ₖ.
 *
 * A logit of −∞ is an impossible category, which is never drawn. Draws are exact to 2⁻³² (f32) or 2⁻⁵² (f64) of the probabilities
 * in that precision. A smooth f cannot use an index: for relaxations take `oneHotCategorical`, whose draws are the same.
 *
 * @param categories  at least 1
 * @throws {TypeError} if `categories` is not a number
 * @throws {RangeError} if `categories` is not a positive integer
 */
export function categorical(categories: number): Categorical {
  integer("categorical", "categories", categories);
  return oneVariable<Omit<Categorical, "variable">>({
    name: "categorical",
    dim: 1,
    ...choice(categories, 1),
    sample: (kernels, { key, site, chunk }, rows, { batch, at }, x) =>
      kernels.categoricalSample(key.low, key.high, site, chunk, rows, batch, categories, at, x),
    logProb: (kernels, rows, { batch, at }, x, logProb) => kernels.categoricalLogProb(rows, batch, categories, at, x, logProb),
    score: (kernels, rows, { batch, at }, x, coefficient, terms) => kernels.categoricalScore(rows, batch, categories, at, x, coefficient, terms),
    support: {
      size: categories,
      enumerate: (kernels, from, to, batch, x) => kernels.categoricalEnumerate(from, to, batch, x),
    },
    antithetic: choicePairs(categories, 1),
    moments: (kernels, { batch, at }, mean, variance) => kernels.discreteMomentsOfIndex(batch, categories, at, mean, variance),
  });
}

type Choice = Pick<Categorical, "params" | "domains" | "verify" | "prepared" | "prepare" | "quantile" | "weak" | "divergence" | "entropy">;

/** What an index and its one-hot row share: everything but how x is written, `width` numbers each. */
export function choice(categories: number, width: number): Choice {
  const stride = Math.ceil(categories / 4) * 4;
  return {
    params: { logits: [categories] },
    domains: { logits: logitsOfChoice },
    verify: ({ logits }, batch) => impossible(logits, batch, categories),
    prepared: (batch) => 3 * batch * stride,
    prepare: (kernels, params, { batch, at }) => kernels.categoricalPrepare(batch, categories, params, at),
    quantile: {
      uniforms: 1,
      draw: (kernels, rows, { batch, at }, uniform, _, x) => kernels.quantilesCategorical(rows, batch, categories, width, at, uniform, x),
    },
    weak: {
      draw: (kernels, { key, site, chunk }, rows, { batch, at }, entry, _, x, plus, minus, constant) =>
        kernels.categoricalWeakDraw(key.low, key.high, site, chunk, rows, batch, categories, width, at, entry, x, plus, minus, constant),
    },
    divergence: (kernels, theta, prior, sign, value, gradient) =>
      kernels.categoricalDivergence(theta.batch, categories, theta.at, prior.batch, prior.at, sign, value, gradient),
    entropy: (kernels, { batch, at }, sign, value, gradient) => kernels.categoricalEntropy(batch, categories, at, sign, value, gradient),
  };
}

function impossible(logits: Points, batch: number, categories: number): string | undefined {
  for (let b = 0; b < batch; b++) {
    if (logits.subarray(b * categories, (b + 1) * categories).every((l: number) => l === -Infinity)) {
      return `"params.logits" expected a possible category, got −∞ for all ${categories} of problem ${b}`;
    }
  }
  return undefined;
}
