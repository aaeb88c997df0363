import { integer } from "../errors.ts";
import type { Distribution, Reparameterizable, Scored, Smooth } from "../vocabulary/distribution.ts";
import { relaxations } from "../wasm/modules.ts";
import type { BernoulliParameters } from "./bernoulli.ts";
import { real } from "./elementwise.ts";
import { type RelaxedOptions, temperatureOf } from "./temperature.ts";

export interface RelaxedBernoulli extends Distribution<BernoulliParameters>, Scored, Smooth, Reparameterizable {}

/**
 * Independent relaxed flips yⱼ = sigmoid((logitsⱼ + l) / temperature) ∈ (0, 1), l standard logistic noise: the binary Concrete distribution.
 *
 * P(yⱼ > ½) = sigmoid(logitsⱼ) at every temperature. A draw is never 0 or 1: it lies between the least normal number and the last number before 1, where log p is
 * finite; of 0 and 1 it is −∞. The score of such an end is the mean of the scores of what it stands for,
 * so that it is unbiased at low temperatures. Maddison, Mnih & Teh 2017.
 *
 * @param dim      coordinates of one draw, at least 1
 * @param options  `temperature`, above 0
 * @throws {TypeError} if `dim` or `temperature` is not a number
 * @throws {RangeError} if `dim` is not a positive integer, or `temperature` not a finite number above 0
 */
export function relaxedBernoulli(dim: number, options: RelaxedOptions): RelaxedBernoulli {
  integer("relaxedBernoulli", "dim", dim);
  const temperature = temperatureOf("relaxedBernoulli", options);
  const sample: Distribution["sample"] = (kernels, { key, site, chunk }, rows, { tile, at }, y) =>
    kernels.relaxedBernoulliSample(key.low, key.high, site, chunk, rows, dim, tile, temperature, at, y);
  return {
    name: "relaxedBernoulli",
    params: { logits: [dim] },
    domains: { logits: real },
    dim,
    modules: [relaxations],
    prepared: (_, tile) => tile,
    prepare: (kernels, params, { batch, tile, at }) => kernels.relaxedBernoulliPrepare(batch * dim, tile, params, at),
    sample,
    logProb: (kernels, rows, { tile, at }, y, logProb) => kernels.relaxedBernoulliLogProb(rows, dim, tile, temperature, at, y, logProb),
    score: (kernels, rows, { tile, at }, y, coefficient, terms) => kernels.relaxedBernoulliScore(rows, dim, tile, temperature, at, y, coefficient, terms),
    logProbGradient: (kernels, rows, { tile, at }, y, coefficient, out) =>
      kernels.relaxedBernoulliLogProbGradient(rows, dim, tile, temperature, at, y, coefficient, out),
    path: {
      noise: 0,
      draw: (kernels, stream, rows, theta, _, y) => sample(kernels, stream, rows, theta, y),
      pull: (kernels, rows, _, __, y, cotangent, terms) => kernels.relaxedBernoulliPull(rows * dim, temperature, y, cotangent, terms),
      push: (kernels, rows, _, __, y, tangent, out) => kernels.binaryConcretePull(rows * dim, y, temperature, tangent, out),
    },
  };
}
