import { integer } from "../errors.ts";
import type { Averaged, Distribution, Divergent, Entropic, Finite, Separable, Support } from "../vocabulary/distribution.ts";
import { counts as kernelsOfCounts } from "../wasm/modules.ts";
import { counts } from "./counts.ts";
import { extendedLogits } from "./domains.ts";
import { elementwise } from "./elementwise.ts";
import { ownCoordinate } from "./product.ts";

/** `[dim]`: the log-odds of each trial. */
export type BinomialParameters = { readonly logits: readonly [number] };

export interface Binomial extends Distribution<BinomialParameters>, Finite, Separable, Averaged, Divergent<BinomialParameters>, Entropic {}

/** Trials, at most: their number and what is missing to it are exact in every step. */
const MOST = 2 ** 31;

/**
 * Independent counts xⱼ ∈ {0 … count} of successes in `count` trials, each a success with p = sigmoid(logitsⱼ); mean count · p, variance
 * count · p (1 − p).
 *
 * Logits are extended real numbers: at ±∞ every trial is one or none is. Where count · min(p, 1 − p) is below 10 by inversion, else by transformed rejection
 * (Hörmann 1993): exact for every count, no normal approximation. log p is right for counts of 10⁹ as for small ones (Loader 2000). In f32 a
 * count above 2²⁴ is rounded to the nearest number there is. The entropy is a sum over the counts that matter, some 24 √variance.
 *
 * @param dim    coordinates of one draw, at least 1
 * @param count  trials of each, 1 … 2³¹
 * @throws {TypeError} if `dim` or `count` is not a number
 * @throws {RangeError} if `dim` or `count` is not a positive integer, or `count` is too large
 */
export function binomial(dim: number, count: number): Binomial {
  integer("binomial", "dim", dim);
  integer("binomial", "count", count, 1, MOST);
  return {
    name: "binomial",
    params: { logits: [dim] },
    domains: { logits: extendedLogits },
    dim,
    modules: [kernelsOfCounts],
    prepared: counts.prepared(dim, 6),
    prepare: (kernels, params, { batch, tile, at }) => kernels.binomialPrepare(batch * dim, tile, count, params, at),
    sample: elementwise.sample(dim, (kernels) => kernels.binomialSample),
    logProb: elementwise.logProb(dim, (kernels) => kernels.binomialLogProb),
    score: counts.score(dim),
    moments: counts.moments(dim),
    support: supportOf(dim, count),
    variable: ownCoordinate(dim, supportOf(1, count), elementwise.logProb(1, (kernels) => kernels.binomialLogProb)),
    divergence: elementwise.divergence(dim, (kernels) => kernels.binomialDivergence),
    entropy: elementwise.entropy(dim, (kernels) => kernels.binomialEntropy),
  };
}

const supportOf = (dim: number, count: number): Support => ({
  size: power(count + 1, dim),
  enumerate: (kernels, from, to, batch, x) => kernels.binomialEnumerate(from, to, count, batch, dim, x),
});

/** By products of integers, which every engine rounds alike. */
function power(base: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent && product < Infinity; i++) product *= base;
  return product;
}
