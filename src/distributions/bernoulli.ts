import { integer } from "../errors.ts";
import type { Averaged, Binary, Centred, Conditional, Distribution, Divergent, Entropic, Finite, Gapped, Invertible, Measurable, Separable, Support } from "../vocabulary/distribution.ts";
import { binaryConcrete, givenFlips } from "./binary-concrete.ts";
import { extendedLogits } from "./domains.ts";
import { mutualFlips } from "./mutual-flips.ts";
import { ownCoordinate } from "./product.ts";

/** `[dim]`: the log-odds of each coin. */
export type BernoulliParameters = { readonly logits: readonly [number] };

export interface Bernoulli
  extends Distribution<BernoulliParameters>, Finite, Separable, Conditional, Gapped, Binary, Centred, Invertible, Measurable, Divergent<BernoulliParameters>, Entropic, Averaged {}

/**
 * Independent coin flips x ∈ {0, 1}ᵈ with P(xⱼ = 1) = sigmoid(logitsⱼ).
 *
 * Logits are extended real numbers: ±∞ is a flip that is always 1 or always 0. P(xⱼ = 1) is exact to 2⁻⁴⁰ of f32 logits, to the last
 * place of f64 ones. Not reparameterizable: use `disarm()`, or the relaxation of `rebar()` and
 * `gumbelSoftmax()`.
 *
 * @param dim  d, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function bernoulli(dim: number): Bernoulli {
  integer("bernoulli", "dim", dim);
  return {
    name: "bernoulli",
    dim,
    params: { logits: [dim] },
    domains: { logits: extendedLogits },
    prepared: (_batch, tile) => 6 * tile + Math.ceil(tile / 4) + 16,
    prepare: (kernels, params, { batch, tile, at }) => kernels.bernoulliPrepare(batch * dim, tile, params, at),
    sample: (kernels, { key, site, chunk }, rows, { tile, at }, x) =>
      kernels.bernoulliSample(key.low, key.high, site, chunk, rows, dim, tile, at, x, 0),
    logProb: (kernels, rows, { tile, at }, x, logProb) => kernels.bernoulliLogProb(rows, dim, tile, at, x, logProb),
    score: (kernels, rows, { tile, at }, x, coefficient, terms) => kernels.bernoulliScore(rows, dim, tile, at, x, coefficient, terms),
    // Below 16 columns the terms are few, and their moments better taken by wide rows of many.
    ...(dim >= 16 && {
      scoreMoments: (kernels, samples, before, { batch, tile, at }, x, coefficient, mean, squares) =>
        kernels.bernoulliMomentsAccumulate(samples, batch, dim, before, tile, at, x, coefficient, mean, squares),
    }),
    support: supportOf(dim),
    variable: ownCoordinate(dim, supportOf(1), (kernels, count, { tile, at }, x, logProb) => kernels.bernoulliLogProb(count, 1, tile, at, x, logProb)),
    relaxation: binaryConcrete(dim),
    ...givenFlips(dim),
    antithetic: {
      uniforms: dim,
      prepared: () => 0,
      prepare: () => {},
      sample: (kernels, { key, site, chunk }, rows, { tile, at }, _, uniform, x, mirrored) =>
        uniform === 0
          ? kernels.bernoulliSample(key.low, key.high, site, chunk, rows, dim, tile, at, x, mirrored)
          : kernels.antitheticSample(key.low, key.high, site, chunk, rows, dim, tile, at, uniform, x, mirrored),
      arm: (kernels, rows, _, __, uniform, coefficient, terms) => kernels.armTerms(rows, dim, uniform, coefficient, terms),
      disarm: (kernels, rows, { tile, at }, _, x, mirrored, coefficient, terms) =>
        kernels.disarmTerms(rows, dim, tile, at, x, mirrored, coefficient, terms),
    },
    mutual: mutualFlips(dim),
    centre: {
      mean: (kernels, { batch, tile, at }, mean) => kernels.expansionsBernoulliMean(batch, dim, tile, at, mean),
      pull: (kernels, rows, { tile, at }, cotangent, terms) => kernels.meansPullFlips(rows, dim, tile, at, cotangent, terms),
    },
    quantile: {
      uniforms: dim,
      draw: (kernels, rows, { tile, at }, uniform, _, x) => kernels.quantilesBernoulli(rows, dim, tile, at, uniform, x),
    },
    weak: {
      draw: (kernels, { chunk }, rows, { tile, at }, entry, _, x, plus, minus, constant) =>
        kernels.bernoulliWeakDraw(chunk, rows, dim, tile, at, entry, x, plus, minus, constant),
    },
    moments: (kernels, { batch, tile, at }, mean, variance) => kernels.discreteMomentsOfFlips(batch * dim, tile, at, mean, variance),
    divergence: (kernels, { batch, tile, at }, prior, sign, value, gradient) =>
      kernels.bernoulliDivergence(batch, dim, tile, at, prior.tile, prior.at, sign, value, gradient),
    entropy: (kernels, { batch, tile, at }, sign, value, gradient) => kernels.bernoulliEntropy(batch, dim, tile, at, sign, value, gradient),
  };
}

const supportOf = (dim: number): Support => ({
  size: 2 ** dim,
  enumerate: (kernels, from, to, batch, x) => kernels.bernoulliEnumerate(from, to, batch, dim, x),
});
