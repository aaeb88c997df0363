import { integer } from "../errors.ts";
import type { Distribution, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { relaxations } from "../wasm/modules.ts";
import type { CategoricalParameters } from "./categorical.ts";
import { real } from "./elementwise.ts";
import { type RelaxedOptions, temperatureOf } from "./temperature.ts";

export interface RelaxedOneHotCategorical extends Distribution<CategoricalParameters>, Scored, Smooth, Reparameterizable {}

/** Numbers of one scratch array: see the kernels. */
const GROUP = 512;

/**
 * One of `categories` choices, relaxed: y = softmax((log p + g) / temperature) in the simplex, p = softmax(logits), g Gumbel noise: the Concrete distribution.
 *
 * P(yₖ is the largest) = pₖ at every temperature. No entry of a draw is below the least normal number, so that log p is finite; where an entry is 0 or less it is
 * −∞. That entries sum to 1 is not checked. At low temperatures the largest entry is 1 but for rounding and log p says little; the score of entries
 * at the least number is the mean of the scores of what they stand for, so that it is unbiased there too. Maddison, Mnih & Teh 2017; Jang, Gu & Poole 2017.
 *
 * @param categories  at least 1; also the width of a draw
 * @param options     `temperature`, above 0
 * @throws {TypeError} if `categories` or `temperature` is not a number
 * @throws {RangeError} if `categories` is not a positive integer, or `temperature` not a finite number above 0
 */
export function relaxedOneHotCategorical(categories: number, options: RelaxedOptions): RelaxedOneHotCategorical {
  integer("relaxedOneHotCategorical", "categories", categories);
  const temperature = temperatureOf("relaxedOneHotCategorical", options);
  const stride = (width: number): number => Math.ceil(width / 4) * 4;
  const sample: Distribution["sample"] = (kernels, { key, site, chunk }, rows, { batch, at }, y) =>
    kernels.relaxedOneHotCategoricalSample(key.low, key.high, site, chunk, rows, batch, categories, temperature, at, y);
  return {
    name: "relaxedOneHotCategorical",
    params: { logits: [categories] },
    domains: { logits: real },
    dim: categories,
    modules: [relaxations],
    prepared: (batch) => 3 * batch * stride(categories) + 2 * (stride(Math.max(GROUP, categories)) + 4),
    prepare: (kernels, params, { batch, at }) => kernels.categoricalPrepare(batch, categories, params, at),
    sample,
    logProb: (kernels, rows, { batch, at }, y, logProb) => kernels.relaxedOneHotCategoricalLogProb(rows, batch, categories, temperature, at, y, logProb),
    score: (kernels, rows, { batch, at }, y, coefficient, terms) =>
      kernels.relaxedOneHotCategoricalScore(rows, batch, categories, temperature, at, y, coefficient, terms),
    logProbGradient: (kernels, rows, { batch, at }, y, coefficient, out) =>
      kernels.relaxedOneHotCategoricalLogProbGradient(rows, batch, categories, temperature, at, y, coefficient, out),
    path: {
      noise: 0,
      draw: (kernels, stream, rows, theta, _, y) => sample(kernels, stream, rows, theta, y),
      pull: (kernels, rows, { batch, at }, _, y, cotangent, terms) =>
        kernels.relaxedOneHotCategoricalPull(rows, batch, categories, temperature, at, y, cotangent, terms),
      push: (kernels, rows, _, __, y, tangent, out) => kernels.concretePull(rows, categories, y, temperature, tangent, out),
    },
  };
}
