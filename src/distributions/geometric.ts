import { integer } from "../errors.ts";
import type { Averaged, Distribution, Divergent, Domain, Entropic, Scored } from "../vocabulary/distribution.ts";
import { counts as kernelsOfCounts } from "../wasm/modules.ts";
import { counts } from "./counts.ts";
import { elementwise } from "./elementwise.ts";

/** `[dim]`: the log-odds of a success. */
export type GeometricParameters = { readonly logits: readonly [number] };

export interface Geometric extends Distribution<GeometricParameters>, Scored, Averaged, Divergent<GeometricParameters>, Entropic {}

const logits: Domain = { expected: "a finite number, or ∞ for a success at once", admits: (value) => value > -Infinity };

/**
 * Independent numbers of failures before the first success, xⱼ ∈ {0, 1, 2, …}: P(x) = p (1 − p)ˣ, p = sigmoid(logitsⱼ); mean (1 − p) / p.
 *
 * By inversion of exponential noise with 53 bits in both precisions. Never infinite: a draw that would overflow is the largest finite number. In f32
 * a count above 2²⁴ is rounded to the nearest number there is.
 *
 * @param dim  coordinates of one draw, at least 1
 * @throws {TypeError} if `dim` is not a number
 * @throws {RangeError} if `dim` is not a positive integer
 */
export function geometric(dim: number): Geometric {
  integer("geometric", "dim", dim);
  return {
    name: "geometric",
    params: { logits: [dim] },
    domains: { logits },
    dim,
    modules: [kernelsOfCounts],
    prepared: (_, tile) => 20 * tile, // ten parts in f64
    prepare: (kernels, params, { batch, tile, at }) => kernels.geometricPrepare(batch * dim, tile, params, at),
    sample: elementwise.sample(dim, (kernels) => kernels.geometricSample),
    logProb: elementwise.logProb(dim, (kernels) => kernels.geometricLogProb),
    score: counts.score(dim),
    moments: counts.moments(dim),
    divergence: elementwise.divergence(dim, (kernels) => kernels.geometricDivergence),
    entropy: elementwise.entropy(dim, (kernels) => kernels.geometricEntropy),
  };
}
