import { integer } from "../errors.ts";
import type { Averaged, Distribution, Divergent, Domain, Scored } from "../vocabulary/distribution.ts";
import { counts as kernelsOfCounts } from "../wasm/modules.ts";
import { counts } from "./counts.ts";
import { elementwise, real } from "./elementwise.ts";

/** `[dim]` each: the natural logarithm of the number of failures, a real number above 0; the log-odds of a success. */
export type NegativeBinomialParameters = { readonly logConcentration: readonly [number]; readonly logits: readonly [number] };

export interface NegativeBinomial extends Distribution<NegativeBinomialParameters>, Scored, Averaged, Divergent<NegativeBinomialParameters> {}

const logits: Domain = { expected: "a finite number, or −∞ for no success", admits: (value) => value < Infinity };

/**
 * Independent numbers of successes before r = exp(logConcentrationⱼ) failures, xⱼ ∈ {0, 1, 2, …}, r real:
 *
 *   P(x) = Γ(r + x) / (x! Γ(r)) (1 − p)ʳ pˣ, p = sigmoid(logitsⱼ); mean r exp(logits), variance mean (1 + exp(logits))
 *
 * The convention of PyTorch and TensorFlow Probability, of which others count the failures and call 1 − p the probability. A Poisson count whose rate is
 * gamma: shape r, mean that of x. Small means by inversion, others by that mixture (Marsaglia & Tsang 2000; Hörmann 1993). In f32 a count above
 * 2²⁴ is rounded to the nearest number there is. KL(p ‖ prior) has a closed form where both have the same r, and is refused where they do not;
 * the entropy has none.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function negativeBinomial(dim: number): NegativeBinomial {
  integer("negativeBinomial", "dim", dim);
  return {
    name: "negativeBinomial",
    params: { logConcentration: [dim], logits: [dim] },
    domains: { logConcentration: real, logits },
    dim,
    modules: [kernelsOfCounts],
    prepared: counts.prepared(dim, 9),
    prepare: (kernels, params, { batch, tile, at }) => kernels.negativeBinomialPrepare(batch * dim, tile, params, at),
    sample: elementwise.sample(dim, (kernels) => kernels.negativeBinomialSample),
    logProb: elementwise.logProb(dim, (kernels) => kernels.negativeBinomialLogProb),
    score: elementwise.score(dim, (kernels) => kernels.negativeBinomialScore),
    moments: counts.moments(dim),
    divergence: elementwise.divergence(dim, (kernels) => kernels.negativeBinomialDivergence),
    sameInPrior: ["logConcentration"],
  };
}
